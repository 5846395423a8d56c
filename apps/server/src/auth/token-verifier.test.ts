import { createServer } from "node:http";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KeySet } from "./key-set.js";
import { keySetVerifier, secretVerifier } from "./token-verifier.js";

const secret = "the shared secret of these tests, long enough";
const playerId = "3f6d3a1e-4c46-4b55-9b0a-6a3f6a0d1c11";
const soon = () => Math.floor(Date.now() / 1_000) + 60;

function sign(claims: JWTPayload, key = secret, alg = "HS256"): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key));
}

const refused = { code: "Unauthenticated" };

test("a token of the secret names the player and when it runs out", async () => {
  const exp = soon();
  const identity = await secretVerifier(secret).verify(await sign({ sub: playerId, exp }));
  expect(identity).toEqual({ playerId, expiresAt: exp * 1_000 });
});

test.each<[string, () => Promise<string>]>([
  ["expired", () => sign({ sub: playerId, exp: soon() - 3_600 })],
  ["signed with another secret", () => sign({ sub: playerId, exp: soon() }, "some other secret of sufficient length")],
  ["without an end", () => sign({ sub: playerId })],
  ["without a subject", () => sign({ exp: soon() })],
  ["of a subject that is no UUID", () => sign({ sub: "admin", exp: soon() })],
  ["of a subject in capitals", () => sign({ sub: playerId.toUpperCase(), exp: soon() })],
  [
    "of a subject that only looks like a UUID",
    () => sign({ sub: "3f6d3a1e-4c46-0b55-0b0a-6a3f6a0d1c11", exp: soon() }),
  ],
  ["not yet valid", () => sign({ sub: playerId, exp: soon(), nbf: soon() })],
  ["of another algorithm", () => sign({ sub: playerId, exp: soon() }, secret, "HS512")],
  ["no token at all", async () => "nonsense"],
])("a token is refused that is %s", async (_what, make) => {
  await expect(secretVerifier(secret).verify(await make())).rejects.toMatchObject(refused);
});

test("an unsigned token is refused", async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = `${part({ alg: "none" })}.${part({ sub: playerId, exp: soon() })}.`;
  await expect(secretVerifier(secret).verify(token)).rejects.toMatchObject(refused);
});

test("issuer and audience are demanded where they are set", async () => {
  const verifier = secretVerifier(secret, { issuer: "us", audience: "games" });
  const claims = { sub: playerId, exp: soon() };
  await expect(verifier.verify(await sign({ ...claims, iss: "us", aud: "games" }))).resolves.toMatchObject({
    playerId,
  });
  await expect(verifier.verify(await sign({ ...claims, iss: "them", aud: "games" }))).rejects.toMatchObject(refused);
  await expect(verifier.verify(await sign({ ...claims, iss: "us" }))).rejects.toMatchObject(refused);
});

const keys = await generateKeyPair("ES256");
let isDown = false;
const provider = createServer(async (_request, response) => {
  if (isDown) return void response.writeHead(502).end();
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: "one", alg: "ES256" };
  response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: [jwk] }));
});
let url = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const address = provider.address();
  url = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}/jwks` : "";
});
afterAll(() => provider.close());

const signOwn = (kid: string) =>
  new SignJWT({ sub: playerId, exp: soon() }).setProtectedHeader({ alg: "ES256", kid }).sign(keys.privateKey);

/** A key set in virtual time, and what it reported. */
function keySet() {
  const runtime = createVirtualRuntime();
  const reported: string[] = [];
  const set = new KeySet(url, runtime, { onDown: () => reported.push("down"), onUp: () => reported.push("up") });
  return { runtime, reported, set, verifier: keySetVerifier(set) };
}

const unknown = { code: "KeysUnavailable", details: { retryAfterMs: 5_000 } };

test("while the key server is away a token is neither valid nor refused, and it is tried again", async () => {
  const { runtime, reported, set, verifier } = keySet();
  isDown = true;
  for (let tries = 0; tries < 3; tries += 1)
    await expect(verifier.verify(await signOwn("one"))).rejects.toMatchObject(unknown);
  isDown = false;
  await expect(verifier.verify(await signOwn("one"))).rejects.toMatchObject(unknown);
  expect([set.isUp, reported]).toEqual([false, ["down"]]);
  await runtime.advance(5_000);
  await expect(verifier.verify(await signOwn("one"))).resolves.toMatchObject({ playerId });
  expect([set.isUp, reported]).toEqual([true, ["down", "up"]]);
});

test("known keys serve on for a day while the key server is away, and unknown ones may be newer", async () => {
  const { runtime, reported, verifier } = keySet();
  await verifier.verify(await signOwn("one"));
  isDown = true;
  await runtime.advance(23 * 3_600_000);
  await expect(verifier.verify(await signOwn("one"))).resolves.toMatchObject({ playerId });
  await expect(verifier.verify(await signOwn("two"))).rejects.toMatchObject(unknown);
  expect(reported).toEqual(["down"]);
  await runtime.advance(3_700_000);
  await expect(verifier.verify(await signOwn("one"))).rejects.toMatchObject(unknown);
  isDown = false;
});

test("a key set vouches for its own keys, and never for a shared secret", async () => {
  const { verifier } = keySet();
  const claims = { sub: playerId, exp: soon() };
  const own = await signOwn("one");
  await expect(verifier.verify(own)).resolves.toMatchObject({ playerId });
  const strangers = await generateKeyPair("ES256");
  const foreign = await new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid: "one" }).sign(strangers.privateKey);
  await expect(verifier.verify(foreign)).rejects.toMatchObject(refused);
  await expect(verifier.verify(await sign(claims))).rejects.toMatchObject(refused);
});
