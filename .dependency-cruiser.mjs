/**
 * Who may import whom. `npm run check` applies these rules, and shows by samples that each of them bites
 * (scripts/checks/import-order.mjs).
 */

/** What the shipped code of a room may import beside itself. A room that is not named may import nothing. */
const order = {
  "packages/game-state": [],
  "packages/redis-cache": ["packages/game-state"],
  "packages/sql-store": ["packages/game-state"],
  "packages/memory": ["packages/game-state"],
  "packages/conformance": ["packages/game-state"],
  "packages/manager": ["packages/game-state"],
  "packages/boardgame-io": ["packages/game-state", "packages/manager"],
  "packages/card-rules": ["packages/game-state"],
  "packages/app-kit": [],
  "packages/dev-services": [],
  "apps/[^/]+": [
    "packages/game-state",
    "packages/manager",
    "packages/redis-cache",
    "packages/sql-store",
    "packages/memory",
    "packages/card-rules",
    "packages/app-kit",
  ],
  "examples/[^/]+": ["packages/[^/]+"],
  faults: [
    "packages/game-state",
    "packages/manager",
    "packages/redis-cache",
    "packages/sql-store",
    "packages/dev-services",
  ],
  protocol: ["packages/dev-services"],
  scripts: ["packages/dev-services", "protocol"],
};

/** Tests and what serves them alone. */
const testCode = String.raw`\.test\.ts$|/src/(holes|crashes|model-based|testing|test-support|fixtures)/`;

const roomRules = Object.entries(order).map(([room, allowed]) => ({
  name: `order-of-the-house:${room}`,
  severity: "error",
  comment: `${room} may import ${allowed.length > 0 ? allowed.join(", ") : "no other room"}.`,
  from: { path: `^${room}/`, pathNot: testCode },
  to: {
    path: "^(packages|apps|examples|faults|scripts|bench|protocol)/",
    pathNot: [`^${room}/`, ...allowed.map((other) => `^${other}/`)],
  },
}));

/**
 * Clients of servers belong to the package that adapts them, and to whoever composes.
 * @param {string} name
 * @param {string} owner
 * @param {string} modules
 */
const clientRule = (name, owner, modules) => ({
  name,
  severity: "error",
  comment: `Only ${owner}, dev-services, apps, examples and tests import ${modules}.`,
  from: { path: "^(packages|scripts)/", pathNot: [`^${owner}/`, "^packages/dev-services/", testCode] },
  to: { path: `(^|/)node_modules/(${modules})/` },
});

export default {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    ...roomRules,
    {
      name: "apps-stand-alone",
      severity: "error",
      comment: "An app is started, never imported.",
      from: { path: "^(packages|apps/([^/]+)|examples|scripts)/" },
      to: { path: "^apps/", pathNot: "^apps/$2/" },
    },
    {
      name: "tests-are-not-shipped",
      severity: "error",
      from: { pathNot: testCode },
      to: { path: testCode, pathNot: "^packages/(dev-services|conformance)/" },
    },
    {
      name: "core-is-the-lowest",
      severity: "error",
      from: { path: "^packages/game-state/src/core/", pathNot: testCode },
      to: { path: "^packages/game-state/src/", pathNot: "^packages/game-state/src/core/" },
    },
    {
      name: "ports-know-the-core-alone",
      severity: "error",
      from: { path: "^packages/game-state/src/ports/", pathNot: testCode },
      to: { path: "^packages/game-state/src/", pathNot: "^packages/game-state/src/(core|ports)/" },
    },
    {
      name: "game-state-depends-on-zod-alone",
      severity: "error",
      from: { path: "^packages/game-state/src/", pathNot: testCode },
      to: { path: "(^|/)node_modules/", pathNot: "(^|/)node_modules/zod/" },
    },
    clientRule("redis-client", "packages/redis-cache", "ioredis"),
    clientRule("postgres-client", "packages/sql-store", "sequelize|pg|umzug"),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|\\.turbo|coverage)/" },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@turnkeep/source", "import", "node", "default"],
      mainFields: ["module", "main"],
    },
  },
};
