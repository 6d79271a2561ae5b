/** Getting in: set-up, sign-in, sessions, invites and rosters on a real server. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fromHex, toBase64, toBase64Url, toHex } from "../../crypto/bytes.ts";
import { inviteSecret, sealJoin } from "../../crypto/join.ts";
import { signLogin } from "../../crypto/login.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import { makeMember, type FixtureMember } from "../support/fixtures.ts";
import { ask, serveOrganisation, type Answer, type ServedOrganisation } from "../support/organisation-server.ts";

let served: ServedOrganisation;
let rosa: FixtureMember;
let bearer: string;
before(async () => {
  served = await serveOrganisation();
  rosa = served.organisation.members.rosa;
  bearer = await served.signIn(rosa);
});
after(() => served.portal.discard());

const console_ = (
  method: string,
  path: string,
  body?: Uint8Array | object,
  extra: Record<string, string> = {},
): Promise<Answer> => ask(served.portal.consoleUrl, method, path, body, extra);

test("sign-in: a wrong key, another origin, an old nonce, a repeated one and a stranger all get the same answer", async () => {
  const { portalId } = served.organisation;
  const origin = served.portal.consoleUrl;
  const nonceOf = async (): Promise<Uint8Array> =>
    fromHex(String((await console_("POST", "/session/nonce", { member: 1 })).json?.["nonce"]), 32);
  const attempt = async (
    change: Partial<{ origin: string; nonce: Uint8Array; id: number; key: Uint8Array }>,
  ): Promise<Answer> => {
    const nonce = change.nonce ?? (await nonceOf());
    const memberId = change.id ?? rosa.id;
    const challenge = { portalId, origin: change.origin ?? origin, nonce, memberId };
    const signature = signLogin(change.key ?? rosa.secrets.login.secretKey, challenge);
    return console_("POST", "/session", { member: memberId, nonce: toHex(nonce), signature: toBase64Url(signature) });
  };
  const kept = await nonceOf();
  const reporters = await ask(served.portal.reporterUrl, "POST", "/mailbox/nonce");
  assert.equal((await attempt({ nonce: kept })).status, 201);
  const { carl } = served.organisation.members;
  for (const change of [
    { nonce: kept },
    { nonce: randomBytes(32) },
    { nonce: fromHex(String(reporters.json?.["nonce"]), 32) },
    { key: carl.secrets.login.secretKey },
    { key: rosa.secrets.sign.secretKey },
    { origin: "https://phish.example" },
    { id: 999 },
  ]) {
    const { status, json } = await attempt(change);
    assert.deepEqual([status, json], [403, { error: "refused" }]);
  }
});

const closed: [string, string][] = [
  ["GET", "/feed"],
  ["POST", "/cases/lookup"],
  ["GET", `/cases/${"00".repeat(32)}/streams/0`],
  ["GET", `/cases/${"00".repeat(32)}/objects/${"00".repeat(16)}`],
  ["PUT", `/cases/${"00".repeat(32)}/summary`],
  ["POST", `/cases/${"00".repeat(32)}/streams/0`],
  ["POST", "/uploads"],
  ["GET", "/invites"],
  ["POST", "/invites"],
  ["POST", "/rosters"],
  ["DELETE", `/invites/${"00".repeat(16)}`],
];
for (const [method, path] of closed)
  test(`${method} ${path.replace(/0{8,}/g, "…")} without a session is refused`, async () => {
    const body = method === "GET" || method === "DELETE" ? undefined : new Uint8Array(1);
    for (const authorization of ["", `Bearer ${"A".repeat(43)}`]) {
      const { status, json } = await console_(method, path, body, authorization === "" ? {} : { authorization });
      assert.deepEqual([status, json], [403, { error: "refused" }]);
    }
  });

test("a member's session does not do the charter holder's work, nor the other way round", async () => {
  assert.equal((await console_("GET", "/invites", undefined, { authorization: bearer })).status, 403);
  const office = await served.signIn("charter");
  assert.equal((await console_("GET", "/feed", undefined, { authorization: office })).status, 403);
});

test("signing out ends the session", async () => {
  const authorization = await served.signIn(rosa);
  assert.equal((await console_("GET", "/feed", undefined, { authorization })).status, 200);
  assert.equal((await console_("DELETE", "/session", undefined, { authorization })).status, 204);
  assert.equal((await console_("GET", "/feed", undefined, { authorization })).status, 403);
});

test("a second set-up is refused, with the old link and without", async () => {
  const body = { charterPk: toHex(randomBytes(32)), officePk: toHex(randomBytes(32)) };
  const { status, json } = await console_("POST", "/setup", body, {
    authorization: `Setup ${toBase64Url(randomBytes(16))}`,
  });
  assert.deepEqual([status, json], [403, { error: "refused" }]);
});

test("a member who left is signed out by the next roster, and who joined gets in", async () => {
  const first = await serveOrganisation({}, 1);
  try {
    const { dana, nia } = first.organisation.members;
    const authorization = await first.signIn(dana);
    const feed = (): Promise<Answer> => ask(first.portal.consoleUrl, "GET", "/feed", undefined, { authorization });
    assert.equal((await feed()).status, 200);
    await assert.rejects(first.signIn(nia), /403/);
    assert.equal((await first.postRoster(2)).status, 201);
    assert.equal((await feed()).status, 403);
    await first.signIn(nia);
  } finally {
    await first.portal.discard();
  }
});

test("rosters: the same epoch again is superseded, one by another charter is forged", async () => {
  assert.equal((await served.postRoster(2)).status, 409);
  const authorization = await served.signIn("charter");
  const [, second] = served.organisation.signed;
  const next = JSON.parse(Buffer.from(second!.bytes).toString()) as Record<string, unknown>;
  const bytes = Buffer.from(`${JSON.stringify({ ...next, epoch: 3 })}\n`);
  const body = { bytes: toBase64(new Uint8Array(bytes)), signature: toBase64(second!.signature) };
  assert.equal((await console_("POST", "/rosters", body, { authorization })).json?.["error"], "forged");
});

test("invites: one join each; unknown, malformed and late ones are told apart", async () => {
  const { charter, portalId } = served.organisation;
  const authorization = await served.signIn("charter");
  const id = randomBytes(16);
  const body = { id: toHex(id), name: "Vera", title: "Reviewer", roles: ["reviewer"] };
  assert.equal((await console_("POST", "/invites", body, { authorization })).status, 201);
  assert.equal((await console_("POST", "/invites", body, { authorization })).json?.["error"], "conflict");
  const bytes = sealJoin(makeMember(7, "Vera", ["reviewer"]).secrets, "Vera", inviteSecret(charter, id), portalId);
  const join = (to: string, with_: Uint8Array): Promise<Answer> => console_("POST", `/invites/${to}/join`, with_);
  const spoiled = bytes.slice();
  spoiled[1000]! ^= 1;
  assert.ok(["forged", "format"].includes(String((await join(toHex(id), spoiled)).json?.["error"])));
  assert.equal((await join("00".repeat(16), bytes)).json?.["error"], "missing");
  assert.equal((await join(toHex(id), bytes)).status, 201);
  assert.equal((await join(toHex(id), bytes)).json?.["error"], "conflict");
  assert.deepEqual((await console_("GET", `/invites/${toHex(id)}`)).json, {
    name: "Vera",
    title: "Reviewer",
    roles: ["reviewer"],
    joined: true,
  });
  assert.equal((await console_("DELETE", `/invites/${toHex(id)}`, undefined, { authorization })).status, 204);
  assert.equal((await console_("GET", `/invites/${toHex(id)}`)).status, 404);
});

test("no fault of the server was logged in all of this", () => {
  assert.deepEqual(served.portal.lines, []);
});
