/**
 * The promise that an excluded member opens nothing, ever: not with the raw database, not with
 * the keyring and its master key, not with her own keys, not after the others' first note. And
 * that the recovery member's paper opens what it should.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import Database from "better-sqlite3";
import { equal, fromHex } from "../../crypto/bytes.ts";
import type { RosterChain } from "../../crypto/roster.ts";
import { boxKeyPair, openSealedBox, type KeyPair } from "../../crypto/sodium.ts";
import { formatRecoveryWords } from "../../crypto/words.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { newDesk, syncFeed, type Desk } from "../../views/browser/client/held-cases.ts";
import { listCases } from "../../views/browser/client/listing.ts";
import { prepare, reply, writeNote } from "../../views/browser/client/case-writing.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { startFiling } from "../../views/browser/client/report.ts";
import { Session, unlockRecoveryWords } from "../../views/browser/client/session.ts";
import { makeReceiptCode, type FixtureMember } from "../support/fixtures.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { slotsOpened, steal } from "../support/theft.ts";

const secrets = {
  report: "plant-report-kumquat",
  reply: "plant-reply-persimmon",
  note: "plant-note-tamarind",
  file: "plant-file-rambutan.txt",
};

let served: ServedOrganisation;
let chain: RosterChain;
let excluded: FixtureMember;

async function deskOf(member: FixtureMember): Promise<Desk> {
  const session = await Session.begin({ origin: served.portal.consoleUrl }, chain, [member.seed]);
  const desk = newDesk(session);
  await syncFeed(desk);
  return desk;
}

before(async () => {
  served = await serveOrganisation();
  const { rosa, carl, nia } = served.organisation.members;
  excluded = nia;
  const api = { origin: served.portal.reporterUrl };
  chain = (await fetchPortal(api)).chain!;
  const text = new TextEncoder().encode(secrets.report);
  const filing = startFiling({
    api,
    chain,
    code: makeReceiptCode().canonical,
    channel: "general",
    answers: { what: secrets.report },
    category: "",
    title: secrets.report,
    language: "en",
    excluded: [nia.id],
    files: [
      {
        name: secrets.file,
        type: "text/plain",
        size: text.length,
        async *read() {
          yield text;
        },
      },
    ],
    flags: 0,
  });
  assert.equal((await filing.send()).is, "filed");
  // Two readers write: the excluded member must gain nothing from the team key either.
  for (const [member, written] of [
    [rosa, secrets.note],
    [carl, `${secrets.note} again`],
  ] as const) {
    const desk = await deskOf(member);
    const [listed] = (await listCases(desk)).listings;
    const caseId = listed!.caseId;
    const nothing = await prepare(desk, fromHex(caseId, 32), []);
    await reply(desk, caseId, { text: secrets.reply, status: "open" }, nothing);
    await writeNote(desk, caseId, written, await prepare(desk, fromHex(caseId, 32), []));
  }
});
after(() => served.portal.discard());

test("she is shown no case, while the others are", async () => {
  const { rosa, carl } = served.organisation.members;
  assert.deepEqual((await listCases(await deskOf(excluded))).listings, []);
  for (const member of [rosa, carl]) {
    const desk = await deskOf(member);
    const [listed] = (await listCases(desk)).listings;
    assert.equal(listed!.title, "", "nothing was said of a conflict yet");
    const open = await openCase(desk, listed!.caseId);
    assert.deepEqual(
      open.entries.map((entry) => entry.kind),
      ["report", "reply", "reply"],
    );
    assert.equal(open.team.state === "open" ? open.team.entries.length : 0, 3);
  }
});

test("with database, keyring, master key and her own keys she opens no slot; a reader's keys open theirs", async () => {
  const { envelopes, feed } = await steal(served.portal.dataDir);
  assert.deepEqual(envelopes.map(({ header }) => header.kind).toSorted(), [
    "note",
    "note",
    "reply",
    "reply",
    "report",
    "team",
  ]);
  assert.equal(slotsOpened(chain, excluded, envelopes, feed), 0);
  // The report's slot, the team's and the feed's item. Both rosters list Rosa at the same place.
  assert.ok(slotsOpened(chain, served.organisation.members.rosa, envelopes, feed) >= 3);
});

test("nothing written can be read in what was stolen, even with every key she has tried as a box key", async () => {
  const { envelopes, states } = await steal(served.portal.dataDir);
  const own: KeyPair[] = [excluded.secrets.box, boxKeyPair(excluded.seed)];
  const all = [...states, ...envelopes.flatMap(({ headerBytes, chunks, slots }) => [headerBytes, chunks, ...slots])];
  const opened = all.flatMap((bytes) => own.flatMap((pair) => openSealedBox(bytes, pair) ?? []));
  const text = [...all, ...opened].map((bytes) => Buffer.from(bytes).toString("latin1")).join("");
  for (const plant of Object.values(secrets)) assert.ok(!text.includes(plant), plant);
  // Her dummy slots are real sealed boxes to her: what is inside is an encapsulation to nobody.
  assert.ok(opened.length > 0);
});

test("her dummy slots look like everybody's: same length, and they open as boxes to her key", async () => {
  const { envelopes } = await steal(served.portal.dataDir);
  const report = envelopes.find(({ header }) => header.kind === "report")!;
  const index = chain.current.recipients.findIndex(({ id }) => id === excluded.id);
  assert.deepEqual(new Set(report.slots.map(({ length }) => length)), new Set([1216]));
  assert.equal(openSealedBox(report.slots[index]!, excluded.secrets.box)?.length, 1168);
});

test("without the keyring a stolen database is noise: no case id, no kind, no size that tells one from another", async () => {
  const { envelopes } = await steal(served.portal.dataDir);
  const portal = new Database(join(served.portal.dataDir, "portal.sqlite"), { readonly: true });
  const everything = portal
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
    .all()
    .flatMap(
      (table) =>
        portal
          .prepare(`SELECT * FROM "${(table as { name: string }).name}"`)
          .raw()
          .all() as unknown[][],
    )
    .flat()
    .filter((value): value is Buffer => Buffer.isBuffer(value));
  const sizes = new Set(
    (portal.prepare("SELECT length(sealed) AS n FROM events").all() as { n: number }[]).map(({ n }) => n),
  );
  portal.close();
  assert.equal(sizes.size, 1);
  const { caseId, envId } = envelopes[0]!.header;
  for (const id of [caseId, envelopes[0]!.header.rosterHash])
    assert.ok(!everything.some((value) => value.includes(Buffer.from(id))), "an id stands in the clear");
  assert.ok(everything.every((value) => value.length === 16 || !value.includes(Buffer.from(envId))));
});

test("the recovery member's 24 paper words sign in and open the case", async () => {
  const { paper } = served.organisation.members;
  const words = formatRecoveryWords(paper.seed);
  assert.equal(words.length, 24);
  const unlocked = unlockRecoveryWords(words.join("\n").toUpperCase());
  const desk = newDesk(await Session.begin({ origin: served.portal.consoleUrl }, chain, unlocked.seeds));
  await syncFeed(desk);
  const [listed] = (await listCases(desk)).listings;
  const { report, team } = await openCase(desk, listed!.caseId);
  assert.equal(report.content.answers["what"], secrets.report);
  assert.ok(
    team.state === "open" && team.entries.some((entry) => entry.kind === "note" && entry.content.text === secrets.note),
  );
  assert.ok(equal(desk.session.secrets.box.publicKey, paper.keys.box));
});
