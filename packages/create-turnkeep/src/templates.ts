/** What a project can begin with. */
interface Template {
  readonly hint: string;
  /** Folders of `templates/` that make it up; a later one's files replace those of an earlier one. */
  readonly layers: readonly string[];
  /** What it needs beside what every project does. */
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
  /** What others ask for must have just the version that is tested here. */
  readonly overrides?: readonly string[];
}

const ownGame = (name: string, hint: string, ...dependencies: string[]): Template => ({
  hint,
  layers: ["own-game", name],
  dependencies: ["express", ...dependencies],
  devDependencies: ["@turnkeep/testing", "@types/express"],
});

export const templates: Readonly<Record<string, Template>> = {
  minimal: ownGame("minimal", "two players take stones in turn: nothing is hidden"),
  "hidden-information": ownGame("hidden-information", "two players with hidden cards choose at the same time"),
  chess: ownGame("chess", "chess, by the rules of chess.js", "chess.js"),
  "boardgame-io": {
    hint: "a game of boardgame.io, on its own server",
    layers: ["boardgame-io"],
    dependencies: ["@turnkeep/boardgame-io", "boardgame.io", "esbuild"],
    devDependencies: [],
    // A later one breaks the lobby of boardgame.io 0.50.
    overrides: ["koa-compose"],
  },
};

export const templateNames = Object.keys(templates);
