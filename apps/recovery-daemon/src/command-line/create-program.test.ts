import { settingLines } from "@turnkeep/service-kit";
import { expect, test } from "vitest";
import { settings } from "../config.js";
import { runWith } from "../testing/fake-host.js";

const commands = ["run", "inspect", "list", "history", "replay", "log", "watch", "verify", "canary", "recover"].concat([
  "quarantine",
  "expire",
  "end",
  "delete",
  "migrate",
  "doctor",
  "top",
  "config",
  "completion",
]);

test("the help names every command, and each command's help its examples, flags and exit statuses", async () => {
  const { status, stdout } = await runWith(["--help"]);
  expect(status).toBe(0);
  for (const name of commands) {
    expect(stdout).toMatch(new RegExp(`^ {2}${name} `, "m"));
    const help = await runWith([name, "--help"]);
    expect(help.status).toBe(0);
    expect(help.stdout).toMatch(new RegExp(`Examples:\\n {2}turnkeep ${name}`));
    expect(help.stdout).toContain("--json");
    expect(help.stdout).toContain("Exit status:\n  0  done");
  }
  const run = await runWith(["run", "--help"]);
  for (const { name } of settingLines(settings.usual)) expect(run.stdout).toContain(name);
});

test("the version is that of the package", async () => {
  expect(await runWith(["--version"])).toMatchObject({ status: 0, stdout: "0.0.0\n" });
});

test.each([
  [["run", "--onec"], "unknown option '--onec'"],
  [["inspct"], "unknown command 'inspct'"],
  [["inspect"], "missing required argument 'gameId'"],
  [["inspect", "one", "two"], "too many arguments"],
  [["list", "--status", "gone"], "argument 'gone' is invalid"],
  [["list", "--limit", "0"], "expected a whole number from 1"],
  [["list", "--after", "nope"], "a game id is a lower-case UUID"],
  [["top", "--every", "soon"], "expected a whole number from 1"],
  [["top", "--metrics", "http://u:secret-word@db/metrics"], "--metrics takes an http or https address"],
  [["run", "now"], "too many arguments"],
  [["run", "--json"], "--json goes with --once"],
  [["inspect", "nope"], "a game id is a lower-case UUID"],
  [["inspect", "00000000-0000-4000-8000-000000000000"], "DATABASE_URL: is required"],
])("%j is not followed, and the reason is one sentence", async (args, sentence) => {
  const { status, stdout, stderr } = await runWith(args);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(sentence);
  expect(stderr).not.toMatch(/secret-word|^\s+at /m);
});

test("what went wrong is red on a terminal alone", async () => {
  const args = ["inspect", "nope"];
  expect((await runWith(args, {}, { hasColour: true })).stderr).toContain("\u001b[31mturnkeep:\u001b[39m a game id is");
  expect((await runWith(args)).stderr).toMatch(/^turnkeep: a game id is/);
});

test("without a command the help says what there is", async () => {
  const { status, stderr } = await runWith([]);
  expect(status).toBe(2);
  expect(stderr).toContain("Commands:");
});
