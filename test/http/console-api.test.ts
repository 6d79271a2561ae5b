/** The console's API on a real server: what a token opens, who comes first, who gets nothing. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { concat, equal, toBase64Url, toHex, u64le } from "../../crypto/bytes.ts";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { sealByMember, type MembersKind } from "../../crypto/envelope/seal-member.ts";
import { formatEnvelopeWithSlots, parseEnvelope, type Envelope } from "../../crypto/envelope/wire.ts";
import type { ContentOf } from "../../crypto/team-content.ts";
import { openFeedItem, parseFeedPage } from "../../crypto/feed.ts";
import { parseCaseKey, parseTeamKey, tokenOf, type CaseKey, type TeamKey } from "../../crypto/keys.ts";
import { parseStreamAnswer } from "../../crypto/mailbox.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import { sealTeamSummary } from "../../crypto/team-summary.ts";
import { fileReport, makeMailbox, placeAfter, type FiledReport, type FixtureMember } from "../support/fixtures.ts";
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

let counter = 0;
/** Files a report of its own and answers it. */
async function filed(excluded: number[] = []): Promise<FiledReport> {
  const mailbox = makeMailbox(served.organisation.portalId, `console ${counter++}`);
  const report = fileReport(served.organisation, { mailbox, excluded, caseKey: parseCaseKey(randomBytes(32)) });
  assert.equal((await ask(served.portal.reporterUrl, "POST", "/reports", report.bytes)).status, 201);
  return report;
}

interface Written {
  envelope: Envelope;
  bytes: Uint8Array;
}

function write<K extends MembersKind>(
  report: FiledReport,
  kind: K,
  content: ContentOf[K],
  key: CaseKey | TeamKey,
  previous: Envelope | null,
  author = rosa,
  readers: number[] = [],
): Written {
  const place = placeAfter(report, previous);
  const envelope = sealByMember({ kind, place, key, envId: generateEnvId(), author, content, readers, object: null });
  return { envelope, bytes: formatEnvelopeWithSlots(envelope) };
}

const reply = (report: FiledReport, text: string, previous = report.envelope): Written =>
  write(report, "reply", { text, files: [], status: null }, report.caseKey, previous);

const conversationTip = { seq: 0, hash: "00".repeat(32) };

function headers(report: FiledReport | null, teamKey: TeamKey | null = null, session = bearer): Record<string, string> {
  return {
    authorization: session,
    ...(report === null ? {} : { "x-case-token": toBase64Url(tokenOf(report.caseKey)) }),
    ...(teamKey === null ? {} : { "x-team-token": toBase64Url(tokenOf(teamKey)) }),
  };
}

const console_ = (
  method: string,
  path: string,
  body?: Uint8Array | object,
  extra: Record<string, string> = {},
): Promise<Answer> => ask(served.portal.consoleUrl, method, path, body, extra);
const streamPath = (report: FiledReport, stream: number): string =>
  `/cases/${toHex(report.mailbox.caseId)}/streams/${stream}`;

/** Posts the team key's envelope; its author is Rosa. */
async function withTeam(report: FiledReport): Promise<{ teamKey: TeamKey; first: Written }> {
  const teamKey = parseTeamKey(randomBytes(32));
  const audience = report.readers;
  const first = write(report, "team", { audience, conversation: conversationTip }, teamKey, null, rosa, audience);
  assert.equal((await console_("POST", streamPath(report, 1), first.bytes, headers(report))).status, 201);
  return { teamKey, first };
}

test("the feed gives every recipient as many items, and only readers can open theirs", async () => {
  const { nia, carl } = served.organisation.members;
  const before = await Promise.all([rosa, nia, carl].map((who) => feedOf(who)));
  const report = await filed([nia.id]);
  const now = await Promise.all([rosa, nia, carl].map((who) => feedOf(who)));
  const news = now.map((items, i) => items.slice(before[i]!.length));
  assert.deepEqual(
    news.map((items) => items.length),
    [1, 1, 1],
  );
  const keys = [rosa, nia, carl].map((who, i) => openFeedItem(news[i]![0]!, who.secrets));
  assert.deepEqual(
    keys.map((key) => key !== null && equal(key, report.caseKey)),
    [true, false, true],
  );
});

async function feedOf(who: FixtureMember): Promise<ReturnType<typeof parseFeedPage>["items"]> {
  const { bytes } = await console_("GET", "/feed?after=0", undefined, { authorization: await served.signIn(who) });
  return parseFeedPage(bytes).items;
}

test("in a real portal every tick is the same size for everybody, filed or not", async () => {
  const { context } = served.portal;
  const sizes: number[] = [];
  for (let i = 0; i < 3; i++) {
    const before = (await feedOf(rosa)).length;
    await served.portal.tick();
    sizes.push((await feedOf(rosa)).length - before);
  }
  assert.deepEqual(sizes, Array<number>(3).fill(context.settings.feedItems));
});

test("lookup answers by case token only, null for anything else, in the order asked", async () => {
  const report = await filed();
  const { teamKey } = await withTeam(report);
  const body = concat(randomBytes(32), tokenOf(report.caseKey), tokenOf(teamKey));
  const { json } = await console_("POST", "/cases/lookup", body, { authorization: bearer });
  const answers = json as unknown as (Record<string, unknown> | null)[];
  assert.deepEqual(
    answers.map((answer) => answer?.["caseId"] ?? null),
    [null, toHex(report.mailbox.caseId), null],
  );
  assert.deepEqual([answers[1]!["phase"], answers[1]!["teamLength"]], ["received", 1]);
  assert.match(String(answers[1]!["receivedOn"]), /^\d{4}-\d\d-\d\d$/);
});

test("a conversation opens with its case token; a wrong token and a missing case answer the same", async () => {
  const report = await filed();
  const other = await filed();
  const good = await console_("GET", streamPath(report, 0), undefined, headers(report));
  assert.ok(equal(parseStreamAnswer(good.bytes)[0]!, report.bytes));
  const wrong = await console_("GET", streamPath(report, 0), undefined, headers(other));
  const none = await console_("GET", `/cases/${"ab".repeat(32)}/streams/0`, undefined, headers(report));
  const without = await console_("GET", streamPath(report, 0), undefined, headers(null));
  for (const answer of [wrong, none, without])
    assert.deepEqual([answer.status, answer.json], [404, { error: "missing" }]);
});

test("of two replies at once one is stored, the other gets the winner's bytes; the same bytes again are fine", async () => {
  const report = await filed();
  const [one, two] = [reply(report, "Thank you."), reply(report, "We are on it.")];
  const send = ({ bytes }: Written): Promise<Answer> => console_("POST", streamPath(report, 0), bytes, headers(report));
  const answers = await Promise.all([send(one), send(two)]);
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [201, 409],
  );
  const winner = answers[0].status === 201 ? one : two;
  const loser = answers.find(({ status }) => status === 409)!;
  assert.ok(equal(loser.bytes, winner.bytes));
  assert.equal((await send(winner)).status, 201);
  assert.equal(
    parseStreamAnswer((await console_("GET", streamPath(report, 0), undefined, headers(report))).bytes).length,
    2,
  );
});

test("the team's stream: first envelope by case token, the rest by team token, and only one team key", async () => {
  const report = await filed();
  const { teamKey, first } = await withTeam(report);
  const note = write(
    report,
    "note",
    { text: "Check.", files: [], conversation: conversationTip },
    teamKey,
    first.envelope,
  );
  assert.equal((await console_("POST", streamPath(report, 1), note.bytes, headers(report))).status, 404);
  assert.equal((await console_("POST", streamPath(report, 1), note.bytes, headers(report, teamKey))).status, 201);
  const read = async (h: Record<string, string>): Promise<number> =>
    parseStreamAnswer((await console_("GET", streamPath(report, 1), undefined, h)).bytes).length;
  assert.equal(await read(headers(report)), 1);
  assert.equal(await read(headers(report, teamKey)), 2);
  const rival = write(
    report,
    "team",
    { audience: report.readers, conversation: conversationTip },
    parseTeamKey(randomBytes(32)),
    null,
    rosa,
    report.readers,
  );
  const late = await console_("POST", streamPath(report, 1), rival.bytes, headers(report));
  assert.equal(late.status, 409);
  assert.ok(equal(late.bytes, first.bytes));
});

test("phases go only where they may, and only with an act", async () => {
  const report = await filed();
  const { teamKey, first } = await withTeam(report);
  let last = first.envelope;
  const act = async (phase: "open" | "closed", header: string | null): Promise<Answer> => {
    const disposition = phase === "closed" ? ("substantiated" as const) : null;
    const content = { act: "status" as const, phase, disposition, reason: "", conversation: conversationTip };
    const written = write(report, "act", content, teamKey, last);
    const h = { ...headers(report, teamKey), ...(header === null ? {} : { "x-phase": header }) };
    const answer = await console_("POST", streamPath(report, 1), written.bytes, h);
    if (answer.status === 201) last = written.envelope;
    return answer;
  };
  assert.equal((await act("open", "sideways")).json?.["error"], "format");
  assert.equal((await act("open", "open")).status, 201);
  assert.equal((await act("closed", "closed")).status, 201);
  assert.equal((await act("open", "open")).status, 201);
  const withPhase = { ...headers(report), "x-phase": "closed" };
  assert.equal(
    (await console_("POST", streamPath(report, 0), reply(report, "x").bytes, withPhase)).json?.["error"],
    "format",
  );
});

for (const [what, extra, error] of [
  ["a hold that is neither on nor off", { "x-hold": "maybe" }, "format"],
  ["a day of deletion that is no day", { "x-delete-on": "2026-02-30" }, "format"],
  ["a day of deletion of an open case", { "x-delete-on": "2999-01-01" }, "refused"],
  ["a day of deletion that is over", { "x-phase": "closed", "x-delete-on": "2020-01-01" }, "refused"],
] as const)
  test(`${what} is refused, and nothing of the act is stored`, async () => {
    const report = await filed();
    const { teamKey, first } = await withTeam(report);
    const content = { act: "hold" as const, on: true, reason: "", conversation: conversationTip };
    const written = write(report, "act", content, teamKey, first.envelope);
    const answer = await console_("POST", streamPath(report, 1), written.bytes, {
      ...headers(report, teamKey),
      ...extra,
    });
    assert.equal(answer.json?.["error"], error);
    const again = await console_("POST", streamPath(report, 1), written.bytes, headers(report, teamKey));
    assert.equal(again.status, 201, "its place was still free");
  });

test("summaries are versions: the next is stored, any other is a conflict", async () => {
  const report = await filed();
  const { teamKey } = await withTeam(report);
  const { portalId, caseId } = report.mailbox;
  const put = (version: number): Promise<Answer> => {
    const content = { title: "t", category: "c", phase: "open" as const, disposition: null, seen: 0 };
    const writer = { id: rosa.id, signKey: rosa.secrets.sign.secretKey };
    const sealed = sealTeamSummary(content, version, writer, { portalId, caseId, teamKey, caseKey: report.caseKey });
    return console_("PUT", `/cases/${toHex(caseId)}/summary`, concat(u64le(version), sealed), headers(null, teamKey));
  };
  assert.deepEqual(
    [(await put(1)).status, (await put(1)).status, (await put(3)).status, (await put(2)).status],
    [204, 409, 409, 204],
  );
});

const damages: [string, (bytes: Uint8Array) => Uint8Array, string][] = [
  ["truncated", (bytes) => bytes.subarray(0, -1), "format"],
  ["with a byte too many", (bytes) => concat(bytes, new Uint8Array(1)), "format"],
  ["of another case", () => new Uint8Array(), "format"],
];
for (const [what, spoil, code] of damages)
  test(`a reply ${what} is ${code} and leaves nothing`, async () => {
    const report = await filed();
    const answer = await console_("POST", streamPath(report, 0), spoil(reply(report, "x").bytes), headers(report));
    assert.equal(answer.json?.["error"], code);
    assert.equal(
      parseStreamAnswer((await console_("GET", streamPath(report, 0), undefined, headers(report))).bytes).length,
      1,
    );
  });

test("a reply moved to another case, or a gap in the sequence, is refused", async () => {
  const report = await filed();
  const other = await filed();
  const moved = await console_("POST", streamPath(other, 0), reply(report, "x").bytes, headers(other));
  assert.equal(moved.json?.["error"], "forged");
  const skipped = reply(report, "x", reply(report, "never sent").envelope);
  assert.equal(
    (await console_("POST", streamPath(report, 0), skipped.bytes, headers(report))).json?.["error"],
    "format",
  );
});

test("a reply sealed under the roster before is superseded", async () => {
  const report = await filed();
  const [old] = served.organisation.chain.rosters;
  const place = placeAfter(report, report.envelope, old);
  const content = { text: "x", files: [], status: null };
  const envelope = sealByMember({
    kind: "reply",
    place,
    key: report.caseKey,
    envId: generateEnvId(),
    author: rosa,
    content,
    readers: [],
    object: null,
  });
  const answer = await console_("POST", streamPath(report, 0), formatEnvelopeWithSlots(envelope), headers(report));
  assert.deepEqual([answer.status, answer.json], [409, { error: "superseded" }]);
  assert.equal(parseEnvelope(formatEnvelopeWithSlots(envelope)).header.kind, "reply");
});

test("no fault of the server was logged in all of this", () => {
  assert.deepEqual(served.portal.lines, []);
});
