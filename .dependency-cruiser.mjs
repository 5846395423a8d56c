/**
 * Who may import whom. `npm run check` applies these rules, and shows by samples that each of them bites
 * (scripts/checks/import-order.mjs).
 */

/** What the shipped code of a package may import beside itself. A package that is not named may import nothing. */
const order = {
  "packages/core": [],
  "packages/game-state": ["packages/core"],
  "packages/redis-cache": ["packages/core"],
  "packages/sql-store": ["packages/core"],
  "packages/memory": ["packages/core"],
  "packages/conformance": ["packages/core"],
  "packages/manager": ["packages/core"],
  "packages/operations": ["packages/core"],
  "packages/boardgame-io": ["packages/core", "packages/manager"],
  "packages/create-turnkeep": [],
  "packages/daemon": ["packages/core", "packages/manager"],
  "packages/testing": ["packages/conformance", "packages/core", "packages/manager", "packages/memory"],
  "packages/api": ["packages/core", "packages/game-state"],
  "packages/card-rules": ["packages/core", "packages/game-state"],
  "packages/service-kit": ["packages/core", "packages/redis-cache", "packages/sql-store"],
  "apps/[^/]+": [
    "packages/api",
    "packages/core",
    "packages/daemon",
    "packages/game-state",
    "packages/manager",
    "packages/redis-cache",
    "packages/sql-store",
    "packages/memory",
    "packages/card-rules",
    "packages/operations",
    "packages/service-kit",
  ],
  "examples/[^/]+": ["packages/[^/]+", "testing/[^/]+"],
  "testing/dev-services": [],
  "testing/faults": [
    "packages/conformance",
    "packages/core",
    "packages/game-state",
    "packages/manager",
    "packages/operations",
    "packages/redis-cache",
    "packages/sql-store",
    "testing/dev-services",
  ],
  "testing/deploy": ["packages/service-kit", "testing/dev-services", "testing/match-kit"],
  "testing/match-kit": ["packages/[^/]+", "testing/dev-services"],
  bench: [
    "packages/core",
    "packages/game-state",
    "packages/card-rules",
    "packages/manager",
    "packages/operations",
    "packages/redis-cache",
    "packages/sql-store",
    "testing/dev-services",
    "testing/match-kit",
  ],
  protocol: ["testing/dev-services"],
  scripts: ["testing/dev-services", "protocol"],
};

/** The layers of a package, from the top down: folders or files of its `src`. An import goes down, never up. */
const layers = {
  "packages/manager": [
    ["index", "create-manager", "manager"],
    ["background", "watch"],
    ["operations"],
    ["write"],
    ["archive"],
    ["load", "validate"],
    ["flush"],
    ["context"],
    ["process"],
    ["util", "errors", "events", "settings"],
  ],
};

/** Tests and what serves them alone. */
const testCode = String.raw`\.test\.ts$|/src/(test|testing|fixtures)/`;

const packageRules = Object.entries(order).map(([folder, allowed]) => ({
  name: `import-order:${folder}`,
  severity: "error",
  comment: `${folder} may import ${allowed.length > 0 ? allowed.join(", ") : "no other package"}.`,
  from: { path: `^${folder}/`, pathNot: testCode },
  to: {
    path: "^(packages|apps|examples|testing|bench|scripts|protocol)/",
    pathNot: [`^${folder}/`, ...allowed.map((other) => `^${other}/`)],
  },
}));

const layerRules = Object.entries(layers).flatMap(([folder, fromTheTop]) =>
  fromTheTop.slice(1).map((names, above) => ({
    name: `layers:${folder}`,
    severity: "error",
    comment: `An import goes down the layers of ${folder}, never up.`,
    from: { path: `^${folder}/src/(${names.join("|")})(/|[.]ts$)`, pathNot: testCode },
    to: {
      path: `^${folder}/src/(${fromTheTop
        .slice(0, above + 1)
        .flat()
        .join("|")})(/|[.]ts$)`,
    },
  })),
);

/**
 * Clients of servers belong to the package that adapts them, and to programs that compose them.
 * @param {string} name
 * @param {string} owner
 * @param {string} modules
 */
const clientRule = (name, owner, modules) => ({
  name,
  severity: "error",
  comment: `Only ${owner}, dev-services, apps, examples and tests import ${modules}.`,
  from: { path: "^(packages|scripts)/", pathNot: [`^${owner}/`, "^testing/dev-services/", testCode] },
  to: { path: `(^|/)node_modules/(${modules})/` },
});

export default {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    ...packageRules,
    ...layerRules,
    {
      name: "apps-stand-alone",
      severity: "error",
      comment: "An app is started, never imported.",
      from: { path: "^(packages|apps/([^/]+)|examples|testing|bench|scripts)/" },
      to: { path: "^apps/", pathNot: "^apps/$2/" },
    },
    {
      name: "tests-are-not-shipped",
      severity: "error",
      from: { pathNot: testCode },
      to: { path: testCode, pathNot: "^(testing|packages/conformance)/" },
    },
    {
      name: "core-knows-no-port",
      severity: "error",
      from: { path: "^packages/core/src/", pathNot: ["^packages/core/src/ports/", testCode] },
      to: { path: "^packages/core/src/ports/" },
    },
    {
      name: "core-depends-on-zod-alone",
      severity: "error",
      from: { path: "^packages/(core|game-state)/src/", pathNot: testCode },
      to: { path: "(^|/)node_modules/", pathNot: "(^|/)node_modules/zod/" },
    },
    clientRule("redis-client", "packages/redis-cache", "ioredis"),
    clientRule("postgres-client", "packages/sql-store", "sequelize|pg|umzug"),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|\\.turbo|coverage|create-turnkeep/templates)/" },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@turnkeep/source", "import", "node", "default"],
      mainFields: ["module", "main"],
    },
  },
};
