/** Who gets a case's next key, and what a client refuses to follow. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { toBase64 } from "../../crypto/bytes.ts";
import { heirsOf } from "../../crypto/envelope/heirs.ts";
import { openKeySlot, openNextCaseKey } from "../../crypto/envelope/open-key.ts";
import { followRekeyByMailbox, openConversation, openOwnSlot } from "../../crypto/envelope/open.ts";
import { openTeamSlot, openTeamStream } from "../../crypto/envelope/open-team.ts";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { sealByMember } from "../../crypto/envelope/seal-member.ts";
import {
  formatEnvelope,
  formatEnvelopeWithSlots,
  formatHeader,
  kinds,
  parseEnvelope,
  parseWithoutSlots,
  type Envelope,
} from "../../crypto/envelope/wire.ts";
import type { CaseKey } from "../../crypto/keys.ts";
import type { Roster } from "../../crypto/roster.ts";
import { sealSlot, slotCtx, slotsHashOf } from "../../crypto/slot.ts";
import { fileReport, makeCaseKey, makeMember, makeOrganisation, makeTeamKey, placeAfter } from "../support/fixtures.ts";
import type { FixtureMember } from "../support/fixtures.ts";

const organisation = makeOrganisation();
const { chain, members } = organisation;
const { rosa, carl, nia, paper, olu } = members;
const report = fileReport(organisation, { excluded: [nia.id] });
const { mailbox } = report;
const keysOfMailbox = { sign: mailbox.sign.publicKey, kem: mailbox.kem.publicKey };
const next = makeCaseKey("next");
const stay = chain.current.recipients.map(({ id }) => id).filter((id) => id === rosa.id || id === paper.id);

interface Spoilt {
  by?: FixtureMember;
  previous?: Uint8Array;
  readers?: number[];
  keyEpoch?: number;
  mailbox?: typeof keysOfMailbox;
}

/** A rekey that leaves out Carl, or what `spoilt` makes of it. */
function rekey({ by = rosa, previous = report.caseKey, readers = stay, keyEpoch = 1, ...rest }: Spoilt = {}): Envelope {
  return sealByMember({
    kind: "rekey",
    place: { ...placeAfter(report, report.envelope), keyEpoch },
    key: next,
    envId: generateEnvId(),
    author: { id: by.id, secrets: by.secrets },
    content: { previous: toBase64(previous), readers },
    readers,
    object: null,
    mailbox: rest.mailbox ?? keysOfMailbox,
  });
}

function replyAfter(previous: Envelope, key: CaseKey, keyEpoch: number, by = rosa): Envelope {
  return sealByMember({
    kind: "reply",
    place: { ...placeAfter(report, previous), keyEpoch },
    key,
    envId: generateEnvId(),
    author: { id: by.id, secrets: by.secrets },
    content: { text: "after", files: [], status: null },
    readers: [],
    object: null,
  });
}

const raw = (...envelopes: Envelope[]): Uint8Array[] => [report.envelope, ...envelopes].map(formatEnvelopeWithSlots);
const openAs = (who: FixtureMember, envelopes: Uint8Array[], onDamage: "throw" | "mark" = "throw") =>
  openConversation(envelopes, chain, mailbox.caseId, report.caseKey, onDamage, (each, roster) =>
    openOwnSlot(each, roster, who.id, who.secrets),
  );

suite("a rekey", () => {
  const good = rekey();
  const after = replyAfter(good, next, 1);

  test("is followed by who stays and by the reporter, and by nobody else", () => {
    for (const who of [rosa, paper]) {
      const { readers, keys, entries } = openAs(who, raw(good, after));
      assert.deepEqual([readers, keys.length, entries.at(-1)!.kind], [stay, 2, "reply"]);
    }
    const follow = (each: Envelope): Uint8Array | null => followRekeyByMailbox(each, mailbox);
    const theirs = openConversation(raw(good, after), chain, mailbox.caseId, report.caseKey, "throw", follow);
    assert.deepEqual([theirs.readers, theirs.entries.length], [stay, 3]);
    for (const who of [carl, nia]) {
      assert.equal(openKeySlot(good.header, slotOf(good, who), chain, who.id, who.secrets), null);
      assert.throws(() => openAs(who, raw(good, after)), { code: "forged" });
      const marked = openAs(who, raw(good, after), "mark");
      assert.deepEqual(
        marked.entries.map(({ kind }) => kind),
        ["report", "damaged", "damaged"],
      );
      assert.equal(marked.keys.at(-1), null, "under which nothing is written");
    }
  });

  const strangers = chain.current.recipients.map(({ id }) => id).filter((id) => [rosa.id, nia.id].includes(id));
  const rows: [what: string, spoilt: Spoilt][] = [
    ["by somebody who does not know the key before", { previous: makeCaseKey("another") }],
    ["given to somebody whom the reporter left out", { readers: strangers }],
    ["given in another order than the roster's", { readers: stay.toReversed() }],
    ["given to nobody", { readers: [] }],
    ["given to one twice", { readers: [stay[0]!, stay[0]!] }],
    ["by a reader who has no part in it", { by: carl }],
    ["by somebody who is no reader", { by: nia, readers: strangers }],
    ["by no recipient", { by: olu }],
    ["that skips an epoch", { keyEpoch: 2 }],
    ["that begins no epoch", { keyEpoch: 0 }],
  ];
  for (const [what, spoilt] of rows)
    test(`${what} is forged`, () => assert.throws(() => openAs(rosa, raw(rekey(spoilt))), { code: "forged" }));

  suite("that a server hands out without its other slots", () => {
    const take = (envelope: Envelope, who: FixtureMember, slot = slotOf(envelope, who)): CaseKey | null =>
      openNextCaseKey(parseWithoutSlots(formatEnvelope(envelope)), slot, report.caseKey, chain, who.id, who.secrets);

    test("gives its key to who stays, and to nobody else", () => {
      for (const who of [rosa, paper]) assert.deepEqual(take(good, who), next);
      for (const who of [carl, nia]) assert.equal(take(good, who), null);
    });
    for (const [what, bad] of [
      ["by somebody who does not know the key before", rekey({ previous: makeCaseKey("another") })],
      ["by no recipient", rekey({ by: olu })],
      ["signed by another than it says", rekey({ by: { ...rosa, secrets: olu.secrets } })],
      ["that is none", after],
    ] as const)
      test(`${what} is forged`, () =>
        assert.throws(() => take(bad, rosa, slotOf(bad.slots.length > 0 ? bad : good, rosa)), { code: "forged" }));
    test("with a slot of another key is forged", () => {
      const place = { ...good.header, kind: kinds.rekey };
      const index = chain.current.recipients.findIndex(({ id }) => id === rosa.id);
      const slot = sealSlot(makeCaseKey("planted"), slotCtx(place, index, rosa.keys), rosa.keys);
      assert.throws(() => take(good, rosa, slot), { code: "forged" });
    });
    test("with its slots is no envelope without", () =>
      assert.throws(() => parseWithoutSlots(formatEnvelopeWithSlots(good)), { code: "format" }));
  });

  test("that does not hold hides what comes after it, and nothing before", () => {
    const bad = rekey({ previous: makeCaseKey("another") });
    const marked = openAs(rosa, raw(bad, replyAfter(bad, next, 1)), "mark");
    assert.deepEqual(
      marked.entries.map(({ kind }) => kind),
      ["report", "damaged", "damaged"],
    );
    assert.deepEqual([marked.keys.at(-1), marked.readers], [null, report.readers]);
  });

  test("that gives the reporter nothing is no key of theirs", () => {
    const other = fileReport(organisation).mailbox;
    const bad = rekey({ mailbox: { sign: other.sign.publicKey, kem: makeOtherKem() } });
    assert.equal(followRekeyByMailbox(bad, mailbox), null);
  });

  test("is not left again: what is sealed under the key before is forged", () =>
    assert.throws(() => openAs(rosa, raw(good, replyAfter(good, report.caseKey, 0))), { code: "forged" }));

  test("ends the words of who has no part in it", () =>
    assert.throws(() => openAs(rosa, raw(good, replyAfter(good, next, 1, carl))), { code: "forged" }));
});

const makeOtherKem = (): Uint8Array => makeMember(99, "Somebody", ["reviewer"]).keys.kem;

function slotOf({ slots, header }: Envelope, { id }: FixtureMember): Uint8Array {
  const roster = chain.rosters.find(({ hash }) => hash.every((byte, i) => byte === header.rosterHash[i]))!;
  return slots[roster.recipients.findIndex((each) => each.id === id)]!;
}

const byId = (a: number, b: number): number => a - b;

test("heirs are those who had the key, are listed still, and have the same keys", () => {
  const { current } = chain;
  const had = [rosa.id, carl.id, paper.id];
  assert.deepEqual(heirsOf(had, current, current).toSorted(byId), had.toSorted(byId));
  const replaced = makeMember(carl.id, "Carl Counsel, new key", ["counsel"]);
  const swap = (each: Roster["members"][number]): Roster["members"][number] =>
    each.id === carl.id ? { ...each, keys: { ...each.keys, box: makeMember(7, "x", ["reviewer"]).keys.box } } : each;
  assert.equal(replaced.id, carl.id);
  const later = { ...current, members: current.members.map(swap), recipients: current.recipients.map(swap) };
  assert.deepEqual(
    heirsOf(had, current, later).toSorted(byId),
    [rosa.id, paper.id].toSorted(byId),
    "not who has other keys",
  );
  const gone = { ...current, recipients: current.recipients.filter(({ id }) => id !== rosa.id) };
  assert.ok(!heirsOf(had, current, gone).includes(rosa.id), "nor who left");
  assert.ok(!heirsOf(had, current, current).includes(nia.id), "nor who never had it");
});

suite("a team's next key", () => {
  const first = makeTeamKey("first");
  const second = makeTeamKey("second");
  const tip = { seq: 0, hash: "00".repeat(32) };
  const audience = chain.current.recipients.map(({ id }) => id).filter((id) => report.readers.includes(id));
  const author = (who: FixtureMember) => ({ id: who.id, secrets: who.secrets });
  const team = sealByMember({
    kind: "team",
    place: placeAfter(report, null),
    key: first,
    envId: generateEnvId(),
    author: author(rosa),
    content: { audience, conversation: tip },
    readers: audience,
    object: null,
  });
  const teamrekey = (by: FixtureMember, previous: Uint8Array, to: number[]): Envelope =>
    sealByMember({
      kind: "teamrekey",
      place: { ...placeAfter(report, team), keyEpoch: 1 },
      key: second,
      envId: generateEnvId(),
      author: author(by),
      content: { previous: toBase64(previous), audience: to, conversation: tip },
      readers: to,
      object: null,
    });
  const opened = openConversation(raw(), chain, mailbox.caseId, report.caseKey).report;
  const open = (...envelopes: Envelope[]) =>
    openTeamStream(envelopes.map(formatEnvelopeWithSlots), chain, mailbox.caseId, second, opened);

  test("opens the whole stream for who stays, and not its own envelope for who does not", () => {
    const good = teamrekey(rosa, first, stay);
    const { audience: now, keys, entries } = open(team, good);
    assert.deepEqual([now, keys.length, entries.length], [stay, 2, 2]);
    assert.notEqual(openTeamSlot(good, chain, rosa.id, rosa.secrets), null);
    assert.equal(openTeamSlot(good, chain, carl.id, carl.secrets), null);
  });

  test("is not taken from a slot that carries another", () => {
    const index = chain.current.recipients.findIndex(({ id }) => id === rosa.id);
    const ctx = slotCtx({ ...team.header, kind: kinds.team }, index, rosa.keys);
    const slots = team.slots.with(index, sealSlot(makeTeamKey("planted"), ctx, rosa.keys));
    const headerBytes = formatHeader({ ...team.header, slotsHash: slotsHashOf(slots) });
    const mixed = parseEnvelope(formatEnvelopeWithSlots({ ...team, headerBytes, slots }));
    assert.throws(() => openTeamSlot(mixed, chain, rosa.id, rosa.secrets), { code: "forged" });
  });

  for (const [what, bad] of [
    ["by somebody who does not know the key before", teamrekey(rosa, makeTeamKey("another"), stay)],
    ["by a reader who has no part in it", teamrekey(carl, first, stay)],
    [
      "given to somebody who was left out",
      teamrekey(
        rosa,
        first,
        [...stay, nia.id].toSorted((a, b) => a - b),
      ),
    ],
  ] as const)
    test(`${what} is forged`, () => assert.throws(() => open(team, bad), { code: "forged" }));
});
