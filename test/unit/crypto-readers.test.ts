/** Who can read and write what (PROTOCOL.md, "Who can read what"): every promise with somebody who tries to break it. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { equal, toHex } from "../../crypto/bytes.ts";
import type { ReportContent } from "../../crypto/content.ts";
import { checkEnvelope } from "../../crypto/envelope/check.ts";
import { openConversation, openReportSlot, openReportWrap } from "../../crypto/envelope/open.ts";
import { openTeamStream } from "../../crypto/envelope/open-team.ts";
import { generateEnvId, sealMessage, sealReport } from "../../crypto/envelope/seal.ts";
import {
  envelopeHashOf,
  formatEnvelope,
  formatEnvelopeWithSlots,
  parseEnvelope,
  type Envelope,
} from "../../crypto/envelope/wire.ts";
import { makeFiller, newFeedItem, openFeedItem } from "../../crypto/feed.ts";
import { caseIdOf, parseCaseKey, parseMemberSeed, deriveMember, type TeamKey } from "../../crypto/keys.ts";
import { openRosterChain, readersOf, rosterHashOf, signRoster, type RosterContent } from "../../crypto/roster.ts";
import { openSlot, slotCtx } from "../../crypto/slot.ts";
import { openReportSummary } from "../../crypto/summary.ts";
import { openTeamSummary, sealTeamSummary } from "../../crypto/team-summary.ts";
import {
  fileReport,
  makeMailbox,
  makeMember,
  makeTeamKey,
  placeAfter,
  rosterMember,
  seedFor,
  type FixtureMember,
} from "../support/fixtures.ts";
import {
  organisation,
  chain,
  firstChain,
  rosa,
  carl,
  dana,
  olu,
  paper,
  nia,
  opened,
  takeTeamKey,
  makeTeam,
  makeReply,
  makeNote,
  resigned,
} from "../support/writings.ts";

suite("a report", () => {
  const report = fileReport(organisation, { excluded: [carl.id] });

  test("is read by every reader and by its reporter", () => {
    for (const reader of [rosa, paper, nia]) {
      const key = openReportSlot(report.envelope, chain, reader.id, reader.secrets);
      assert.deepEqual(key, report.caseKey, reader.name);
    }
    assert.deepEqual(openReportWrap(report.envelope, report.mailbox), report.caseKey);
    assert.equal(opened(report).report.content.answers["what"], "The guard of press 4 was taken off.");
  });

  test("tells its readers who they are and who was left out", () => {
    const { readers, excluded } = opened(report).report.content;
    assert.deepEqual({ readers, excluded }, { readers: [1, 5, 6], excluded: [2] });
  });

  for (const outsider of [carl, olu, dana])
    test(`gives ${outsider.name} nothing through any slot`, () => {
      assert.equal(openReportSlot(report.envelope, chain, outsider.id, outsider.secrets), null);
      const { header, slots } = report.envelope;
      for (const slot of slots)
        for (const [i, member] of chain.current.recipients.entries())
          assert.equal(openSlot(slot, slotCtx({ ...header, kind: 1 }, i, member.keys), outsider.secrets), null);
    });

  test("whose readers and excluded overlap is not sealed", () => {
    for (const [readers, excluded] of [
      [[1, 2], [2]],
      [[1, olu.id], []],
      [[1, dana.id], []],
      [[1, 1], []],
      [[], []],
    ] as const)
      assert.throws(() => sealWith({ readers: [...readers], excluded: [...excluded] }), { code: "refused" });
  });

  function sealWith(who: Pick<ReportContent, "readers" | "excluded" | "taken">): Envelope {
    const content = { channel: "general", language: "en", answers: {}, files: [], ...who };
    const summary = { channel: "general", category: "", language: "en", title: "" };
    const { mailbox, caseKey, roster } = report;
    return sealReport({ mailbox, roster, caseKey, envId: generateEnvId(), flags: 0, content, summary, object: null });
  }

  // Under the mailbox's signature: a reporter may name anybody, but nobody who is no member.
  for (const [who, taken, code] of [
    ["a reader", { by: rosa.id, how: "phone" }, null],
    ["a member whom it excludes", { by: carl.id, how: "letter" }, null],
    ["a member who is no recipient", { by: olu.id, how: "inPerson" }, null],
    ["somebody who has left the roster", { by: dana.id, how: "phone" }, "format"],
    ["nobody", { by: 77, how: "phone" }, "format"],
  ] as const)
    test(`taken by ${who} ${code === null ? "says so" : `is ${code}`}`, () => {
      const envelope = sealWith({ readers: [...report.readers], excluded: [carl.id], taken });
      const open = () => opened({ ...report, bytes: formatEnvelopeWithSlots(envelope) }).report.content.taken;
      if (code === null) assert.deepEqual(open(), taken);
      else assert.throws(open, { code });
    });

  for (const [what, taken] of [
    ["by no number", { by: "1", how: "phone" }],
    ["in a way that there is not", { by: 1, how: "mail" }],
    ["without saying how", { by: 1 }],
    ["with more than that", { by: 1, how: "phone", at: "12:00" }],
  ] as const)
    test(`taken ${what} is not sealed`, () => {
      const odd = taken as unknown as NonNullable<ReportContent["taken"]>;
      assert.throws(() => sealWith({ readers: [1, 5, 6], excluded: [], taken: odd }), { code: "format" });
    });

  test("with a mailbox key that no rekey could be sealed to is refused before it is stored", () => {
    const mailboxKem = new Uint8Array(1216).fill(255);
    const { portalId, sign: pair } = report.mailbox;
    const envelope = resigned(report, (header) => ({
      ...header,
      caseId: caseIdOf(portalId, pair.publicKey, mailboxKem),
      report: { ...header.report!, mailboxKem },
    }));
    assert.throws(() => checkEnvelope(envelope, chain, pair.publicKey), { code: "format" });
  });

  test("cannot be rewritten by a reader, who holds its key", () => {
    const forged = fileReport(organisation, {
      mailbox: { ...report.mailbox, sign: rosa.secrets.sign },
      what: "Nothing.",
    });
    const raw = [formatEnvelopeWithSlots(forged.envelope)];
    assert.throws(() => openConversation(raw, chain, report.mailbox.caseId, report.caseKey), { code: "forged" });
  });

  test("cannot be moved to another case", () => {
    assert.throws(
      () => openConversation([report.bytes], chain, makeMailbox(organisation.portalId, "other").caseId, report.caseKey),
      { code: "forged" },
    );
  });
});

suite("an excluded member who is given everything that is stored", () => {
  const report = fileReport(organisation, { excluded: [carl.id] });
  const team = makeTeam(report);
  const note = makeNote(report, team, rosa, report.envelope);
  const summary = sealTeamSummary(
    { title: "t", category: "c", phase: "open", disposition: null, seen: 0 },
    1,
    { id: rosa.id, signKey: rosa.secrets.sign.secretKey },
    {
      portalId: organisation.portalId,
      caseId: report.mailbox.caseId,
      caseKey: report.caseKey,
      teamKey: makeTeamKey(),
    },
  );
  const { sign: s, login, export: e, box, kem, cache } = carl.secrets;
  const own = [carl.seed, cache, ...[s, login, e, box, kem].flatMap((pair) => [pair.secretKey, pair.publicKey])].map(
    (key) => key.slice(0, 32),
  );

  test("opens no slot of report or team key, in no context", () => {
    for (const envelope of [report.envelope, team])
      for (const slot of envelope.slots)
        for (const kind of [1, 7])
          for (let index = 0; index < 4; index++)
            for (const member of chain.current.members) {
              const ctx = slotCtx({ ...envelope.header, kind }, index, member.keys);
              assert.equal(openSlot(slot, ctx, carl.secrets), null);
            }
  });

  test("opens no body, wrap or summary with any secret of their own", () => {
    for (const key of own.map(parseCaseKey)) {
      assert.throws(() => openConversation([report.bytes], chain, report.mailbox.caseId, key), { code: "forged" });
      assert.throws(() => openReportSummary(report.envelope.header.report!.summary, key, report.mailbox.caseId), {
        code: "forged",
      });
      assert.throws(() => openReportWrap(report.envelope, { ...report.mailbox, wrap: key }), { code: "forged" });
      const of = {
        portalId: organisation.portalId,
        caseId: report.mailbox.caseId,
        caseKey: key,
        teamKey: key as unknown as ReturnType<typeof makeTeamKey>,
      };
      const raw = [team, note].map(formatEnvelopeWithSlots);
      assert.throws(() => openTeamStream(raw, chain, report.mailbox.caseId, of.teamKey, opened(report).report), {
        code: "forged",
      });
      assert.throws(() => openTeamSummary(summary, 1, chain.current, report.readers, of), { code: "forged" });
    }
  });

  test("finds the same in their feed as in filler: a box of theirs around what they cannot open", () => {
    const index = chain.current.recipients.findIndex((member) => member.id === carl.id);
    const ctx = slotCtx({ ...report.envelope.header, kind: 1 }, index, carl.keys);
    const item = newFeedItem(ctx, report.envelope.slots[index]!);
    for (const each of [item, makeFiller(carl.keys)]) {
      assert.equal(openFeedItem(each, carl.secrets), null);
      assert.deepEqual([each.itemId.length, each.ctx.length, each.slot.length], [16, 32, 1216]);
    }
  });

  test("cannot write into the case, whoever gave them the key", () => {
    assert.throws(() => opened(report, makeReply(report, carl)), { code: "forged" });
    const raw = [team, makeNote(report, team, carl, report.envelope)].map(formatEnvelopeWithSlots);
    assert.throws(() => openTeamStream(raw, chain, report.mailbox.caseId, makeTeamKey(), opened(report).report), {
      code: "forged",
    });
  });
});

suite("the reporter", () => {
  const report = fileReport(organisation);

  test("cannot read the team's stream with the case key", () => {
    const raw = [formatEnvelopeWithSlots(makeTeam(report))];
    const caseKey = report.caseKey as unknown as ReturnType<typeof makeTeamKey>;
    assert.throws(() => openTeamStream(raw, chain, report.mailbox.caseId, caseKey, opened(report).report), {
      code: "forged",
    });
  });

  test("cannot write as a member, nor a member as the reporter", () => {
    const message = sealMessage({
      mailbox: makeMailbox(organisation.portalId, "somebody else"),
      place: placeAfter(report, report.envelope),
      caseKey: report.caseKey,
      envId: generateEnvId(),
      flags: 0,
      content: { text: "I take it back.", files: [] },
      object: null,
    });
    assert.throws(() => opened(report, message), { code: "forged" });
    const posing = { ...rosa, secrets: { ...rosa.secrets, sign: report.mailbox.sign } };
    assert.throws(() => opened(report, makeReply(report, posing)), { code: "forged" });
  });
});

suite("the team key", () => {
  const report = fileReport(organisation, { excluded: [carl.id] });
  const conversation = opened(report);
  const take = (team: Envelope, by: FixtureMember): TeamKey | null =>
    takeTeamKey(team, chain, report.mailbox.caseId, conversation.report, by);

  test("reaches the readers who are recipients, and nobody else", () => {
    const team = makeTeam(report);
    for (const reader of [rosa, paper, nia]) assert.deepEqual(take(team, reader), makeTeamKey());
    for (const outsider of [carl, dana, olu]) assert.equal(take(team, outsider), null);
  });

  test("made by an excluded member is refused before anybody uses it", () => {
    const team = makeTeam(report, { by: carl });
    assert.throws(() => take(team, rosa), { code: "forged" });
  });

  test("made by the server, which can seal but not sign, is refused before anybody uses it", () => {
    const team = makeTeam(report, { by: { ...rosa, secrets: deriveMember(parseMemberSeed(seedFor("the server"))) } });
    assert.throws(() => take(team, rosa), { code: "forged" });
  });

  test("whose audience says too many or too few is refused", () => {
    for (const audience of [
      [1, 2, 5, 6],
      [1, 5],
      [6, 5, 1],
    ])
      assert.throws(() => take(makeTeam(report, { audience, readers: audience }), rosa), { code: "forged" });
  });

  test("is not sealed to others than its content says", () => {
    assert.throws(() => makeTeam(report, { readers: [1, 2, 5, 6] }), { code: "refused" });
  });

  test("of another case is refused", () => {
    const other = fileReport(organisation, {
      mailbox: makeMailbox(organisation.portalId, "other"),
      excluded: [carl.id],
    });
    assert.throws(() => take(makeTeam(other), rosa), { code: "forged" });
  });

  test("made under an older roster than the report, by keys that were replaced since, is refused", () => {
    // Carl lost his key file: the next roster lists him with new keys. The thief has the old ones, and the server.
    const fresh = makeMember(carl.id, "Carl's new keys", ["counsel"]);
    const contents = organisation.contents[1]!;
    const third: RosterContent = {
      ...contents,
      epoch: 3,
      previous: toHex(rosterHashOf(organisation.signed[1]!.bytes)),
      members: contents.members.map((member) => (member.id === carl.id ? rosterMember(fresh) : member)),
    };
    const longer = openRosterChain([...organisation.signed, signRoster(third, organisation.charter)]);
    const filed = fileReport(organisation, { roster: longer.current });
    const talk = openConversation([filed.bytes], longer, filed.mailbox.caseId, filed.caseKey);
    const planted = makeTeam(filed, { by: carl, place: placeAfter(filed, null, longer.rosters[1]) });
    assert.throws(() => takeTeamKey(planted, longer, filed.mailbox.caseId, talk.report, rosa), { code: "forged" });
    const honest = makeTeam(filed);
    assert.deepEqual(takeTeamKey(honest, longer, filed.mailbox.caseId, talk.report, fresh), makeTeamKey());
  });
});

suite("somebody who lost their place", () => {
  /** Carl stays a member, as operator only. */
  const contents = organisation.contents[1]!;
  const third: RosterContent = {
    ...contents,
    epoch: 3,
    previous: toHex(rosterHashOf(organisation.signed[1]!.bytes)),
    members: contents.members.map((member) => (member.id === carl.id ? { ...member, roles: ["operator"] } : member)),
    channels: contents.channels.map((channel) => ({ ...channel, readers: [1, 6] })),
  };
  const longer = openRosterChain([...organisation.signed, signRoster(third, organisation.charter)]);
  const report = fileReport(organisation);
  const place = placeAfter(report, report.envelope, longer.current);

  test("as a recipient cannot answer any more, though still a member", () => {
    const raw = (by: FixtureMember): Uint8Array[] => [
      report.bytes,
      formatEnvelopeWithSlots(makeReply(report, by, place)),
    ];
    const { caseId } = report.mailbox;
    assert.equal(openConversation(raw(rosa), longer, caseId, report.caseKey).entries[1]!.author, rosa.id);
    assert.throws(() => openConversation(raw(carl), longer, caseId, report.caseKey), { code: "forged" });
  });

  test("and left cannot add to a conversation that went on under a newer roster", () => {
    const early = fileReport(organisation, { roster: firstChain.current });
    const first = makeReply(early, rosa, placeAfter(early, early.envelope, chain.current));
    const late = makeReply(early, dana, placeAfter(early, first, firstChain.current));
    assert.throws(() => opened(early, first, late), { code: "forged" });
  });

  test("gets a dummy in every later report", () => {
    const later = fileReport(organisation, { roster: longer.current });
    assert.deepEqual(readersOf(longer.current, "general", []), [1, 5, 6]);
    assert.equal(openReportSlot(later.envelope, longer, carl.id, carl.secrets), null);
  });
});

suite("the chain of envelopes", () => {
  const report = fileReport(organisation);
  const reply = makeReply(report, rosa);
  const second = makeReply(report, nia, placeAfter(report, reply));
  const team = makeTeam(report);

  test("gives every entry with its author", () => {
    const { entries } = opened(report, reply, second);
    assert.deepEqual(
      entries.map((entry) => [entry.kind, entry.author]),
      [
        ["report", null],
        ["reply", 1],
        ["reply", 6],
      ],
    );
  });

  for (const [what, ...later] of [
    ["a gap", second],
    ["a repeated envelope", reply, reply],
    ["another order", second, reply],
    ["another answer in the place of one", makeReply(report, nia), second],
    ["a team envelope in the conversation", team],
  ] as [string, ...Envelope[]][])
    test(`with ${what} is forged`, () => assert.throws(() => opened(report, ...later), { code: "forged" }));

  test("with a token of another key is forged", () => {
    const wrong = resigned(report, (header) => ({ ...header, tokenHash: seedFor("another token") }));
    assert.throws(
      () => openConversation([formatEnvelopeWithSlots(wrong)], chain, report.mailbox.caseId, report.caseKey),
      {
        code: "forged",
      },
    );
  });

  test("slots are outside the chain, yet none can be changed", () => {
    assert.equal(equal(envelopeHashOf(report.envelope), envelopeHashOf(parseEnvelope(report.bytes))), true);
    const slots = report.envelope.slots.toReversed();
    assert.throws(() => checkEnvelope({ ...report.envelope, slots }, chain, report.mailbox.sign.publicKey), {
      code: "forged",
    });
    assert.equal(formatEnvelope(report.envelope).length + 4 * 1216, report.bytes.length);
  });
});
