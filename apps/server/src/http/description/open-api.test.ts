import { Validator } from "@seriousme/openapi-schema-validator";
import { problemCodes } from "@turnkeep/api/schemas";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask } from "../../testing/test-player.js";
import { startTestServer, type TestServer } from "../../testing/test-server.js";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ demo: true });
});
afterAll(() => server.stop());

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly responses: Record<string, unknown>;
}

interface Description {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, { properties?: Record<string, { enum?: string[] }> }> };
}

const describeApi = async () => (await ask(server.address, "/openapi.json")).body as unknown as Description;

test("the API's description is valid OpenAPI 3.1, and a broken one would be noticed", async () => {
  const description = await describeApi();
  expect(description.openapi).toBe("3.1.0");
  expect(await new Validator().validate({ ...structuredClone(description) })).toEqual({ valid: true });
  expect(await new Validator().validate({ ...structuredClone(description), paths: 3 })).toMatchObject({ valid: false });
});

test("every route of the API has a name of its own, a summary, and problems beside its answer", async () => {
  const { paths } = await describeApi();
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ where: `${method} ${path}`, ...operation })),
  );
  expect(operations.map(({ where }) => where)).toEqual(
    expect.arrayContaining(["post /games", "post /games/{gameId}/actions", "get /history", "get /readyz"]),
  );
  const names = operations.map(({ operationId }) => operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { where, operationId, summary, responses } of operations) {
    expect(operationId, where).toMatch(/^[a-z][A-Za-z]+$/);
    expect(summary, where).toBeTruthy();
    const statuses = Object.keys(responses);
    expect(
      statuses.some((status) => status.startsWith("2")),
      where,
    ).toBe(true);
    if (!where.endsWith("z")) expect(statuses, where).toEqual(expect.arrayContaining(["400", "429", "500", "503"]));
  }
});

test("it names every error code, and shows what a game looks like", async () => {
  const { components } = await describeApi();
  expect(components.schemas.Problem?.properties?.code?.enum).toEqual(problemCodes);
  expect(Object.keys(components.schemas.GameView?.properties ?? {})).toContain("currentPlayerId");
  expect(JSON.stringify(components.schemas.ActionInput)).toContain("concede");
  expect(Object.keys(components.schemas.RulesInput?.properties ?? {})).toContain("turnTimeMs");
});

test("its page needs no inline code and no other host", async () => {
  const page = await ask(server.address, "/docs/");
  const policy = page.headers.get("content-security-policy");
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toContain("unsafe");
  const html = String(page.body.text);
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\son\w+=|https?:\/\//);
  const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = ""]) => file);
  expect(files.length).toBeGreaterThan(3);
  for (const file of files)
    expect((await ask(server.address, new URL(file, "http://x/docs/").pathname)).status).toBe(200);
});
