import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { runWith } from "../testing/fake-host.js";

/** What bash offers after these words. */
async function offered(words: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await runWith(["completion", "bash"]);
  const line = `COMP_WORDS=(turnkeep ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}`;
  const script = `${stdout}\n${line}; _turnkeep; echo "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim().split(" ");
}

test("bash completes commands, their subcommands and their flags", async () => {
  expect(await offered(["qua"])).toEqual(["quarantine"]);
  expect(await offered(["quarantine", ""])).toEqual(["list", "show", "retry", "drop", "--help"]);
  expect(await offered(["quarantine", "retry", "some-id", "--y"])).toEqual(["--yes"]);
  expect(await offered(["completion", "z"])).toEqual(["zsh"]);
});

test("each shell's script names every command; another shell is refused", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { status, stdout } = await runWith(["completion", shell]);
    expect(status).toBe(0);
    for (const word of ["inspect", "quarantine", "canary"]) expect(stdout).toContain(word);
  }
  const { stdout } = await runWith(["completion", "zsh", "--json"]);
  expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ path: " migrate down" }));
  expect((await runWith(["completion", "powershell"])).status).toBe(2);
});
