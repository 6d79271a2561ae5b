/** Vectors of what the readers write among themselves: the team key, notes, decisions. */
import { concat, u8 } from "../../crypto/bytes.ts";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { sealByMember } from "../../crypto/envelope/seal-member.ts";
import { type Envelope } from "../../crypto/envelope/wire.ts";
import type { Roster } from "../../crypto/roster.ts";
import { recraft, type Crafting } from "../support/craft.ts";
import { placeAfter, seedFor, type FixtureMember } from "../support/fixtures.ts";
import { b64, flip, value, type CaseInput, type Collection } from "./collection.ts";
import {
  author,
  bytesOf,
  caseInput,
  extraField,
  organisation,
  report,
  spoilAny,
  teamKey,
  tip,
  utf8Replace,
} from "./make-envelopes.ts";

const { chain, firstChain, members } = organisation;
const { rosa, carl, olu, nia } = members;
const { caseKey } = report;

export async function makeTeamStream(to: Collection): Promise<void> {
  await makeTeams(to);
  await makeNotes(to);
}

function makeTeam(by: FixtureMember, audience = report.readers, roster: Roster = chain.current): Envelope {
  return sealByMember({
    kind: "team",
    place: placeAfter(report, null, roster),
    key: teamKey,
    envId: generateEnvId(),
    author: author(by),
    content: { audience, conversation: tip },
    readers: audience,
    object: null,
  });
}

const teamInput = (...team: Envelope[]): CaseInput => ({
  ...caseInput(report.envelope),
  teamKey: b64(teamKey),
  team: team.map((each) => b64(bytesOf(each))),
});

export const team = makeTeam(rosa);

async function makeTeams(to: Collection): Promise<void> {
  await to.valid("envelope-team", "§13 the team key, sealed to the report's readers", {
    "a team key": teamInput(team),
  });
  const craft = (how: Crafting): Envelope => recraft(team, teamKey, { inside: rosa.secrets, ...how });
  const at0 = (envelope: Envelope) => ({ "team.0": value(b64(bytesOf(envelope))) });
  const fail = (what: string, cls: string, change: Parameters<Collection["failure"]>[3]): void =>
    to.failure("envelope-team", what, cls, change);
  spoilAny(to, "team", team, "team.0", craft);
  fail("by-an-excluded-member", "forged", at0(makeTeam(carl)));
  fail("by-no-recipient", "forged", at0(makeTeam(olu)));
  fail("signed-by-another-member", "forged", at0(recraft(team, teamKey, { inside: nia.secrets })));
  fail("audience-too-wide", "forged", at0(makeTeam(rosa, [1, 2, 5, 6])));
  fail("audience-too-narrow", "forged", at0(makeTeam(rosa, [1, 5])));
  fail("audience-in-another-order", "forged", at0(makeTeam(rosa, [6, 5, 1])));
  fail("under-an-older-roster-than-the-report", "forged", at0(makeTeam(rosa, [1, 5], firstChain.current)));
  fail("under-the-case-key", "forged", { teamKey: value(b64(caseKey)) });
  const { slots } = team;
  fail("slots-swapped", "forged", at0({ ...team, slots: [slots[1]!, slots[0]!, ...slots.slice(2)] }));
  fail("flipped-slot", "forged", { "team.0": flip(bytesOf(team), bytesOf(team).length - 1) });
  fail("at-seq-1", "format", at0(craft({ header: (h) => ({ ...h, seq: 1, prevHash: seedFor("x") }) })));
  fail("a-report-in-its-place", "forged", at0(report.envelope));
}

async function makeNotes(to: Collection): Promise<void> {
  const place = placeAfter(report, team);
  const common = { place, key: teamKey, readers: [], object: null };
  const note = (by: FixtureMember): Envelope =>
    sealByMember({
      kind: "note",
      ...common,
      envId: generateEnvId(),
      author: author(by),
      content: { text: "Call the plant.", files: [], conversation: tip },
    });
  const act = sealByMember({
    kind: "act",
    ...common,
    envId: generateEnvId(),
    author: author(nia),
    content: {
      act: "status",
      phase: "closed",
      disposition: "substantiated",
      reason: "Guard is back.",
      conversation: tip,
    },
  });
  const first = note(rosa);
  const at1 = (envelope: Envelope) => ({ "team.1": value(b64(bytesOf(envelope))) });
  await to.valid("envelope-note", "§13 a note behind the team key", { "a note": teamInput(team, first) });
  const craftNote = (how: Crafting): Envelope => recraft(first, teamKey, { inside: rosa.secrets, ...how });
  spoilAny(to, "note", first, "team.1", craftNote);
  to.failure("envelope-note", "by-an-excluded-member", "forged", at1(note(carl)));
  to.failure("envelope-note", "without-the-team-key", "forged", { team: value([b64(bytesOf(first))]) });
  to.failure(
    "envelope-note",
    "wrong-previous",
    "forged",
    at1(craftNote({ header: (h) => ({ ...h, prevHash: seedFor("x") }) })),
  );
  to.failure("envelope-note", "with-slots", "format", at1(craftNote({ header: (h) => ({ ...h, slotCount: 1 }) })));
  to.failure("envelope-note", "in-the-conversation", "forged", { "conversation.1": value(b64(bytesOf(first))) });
  // Well made, with the key and the place of the stream that it does not belong to.
  const stray = {
    key: caseKey,
    place: placeAfter(report, report.envelope),
    envId: generateEnvId(),
    author: author(rosa),
  };
  const misplaced = sealByMember({
    kind: "note",
    ...common,
    ...stray,
    content: { text: "", files: [], conversation: tip },
  });
  to.failure("envelope-note", "under-the-case-key", "forged", { "conversation.1": value(b64(bytesOf(misplaced))) });
  const reply = sealByMember({
    kind: "reply",
    ...common,
    envId: generateEnvId(),
    author: author(rosa),
    content: { text: "", files: [], status: null },
  });
  to.failure("envelope-note", "a-reply-under-the-team-key", "forged", at1(reply));
  to.failure(
    "envelope-note",
    "text-changed-under-the-signature",
    "forged",
    at1(recraft(first, teamKey, { content: (rest) => extraField(rest) })),
  );

  await to.valid("envelope-act", "§13 a decision about the case's status", { "a closing": teamInput(team, act) });
  const craftAct = (how: Crafting): Envelope => recraft(act, teamKey, { inside: nia.secrets, ...how });
  spoilAny(to, "act", act, "team.1", craftAct);
  const saying = (from: string, with_: string) => at1(craftAct({ content: (rest) => utf8Replace(rest, from, with_) }));
  to.failure("envelope-act", "unknown-act", "format", saying('"act":"status"', '"act":"shred"'));
  to.failure("envelope-act", "unknown-phase", "format", saying('"closed"', '"burned"'));
  to.failure("envelope-act", "unknown-disposition", "format", saying('"substantiated"', '"inconvenient"'));
  to.failure("envelope-act", "signed-as-a-note", "forged", at1(craftAct({ label: "note" })));
  // Grants, rekeys and the like have a format, and no reader yet.
  const asGrant = concat(bytesOf(act).subarray(0, 5), u8(8), bytesOf(act).subarray(6));
  to.failure("envelope-act", "turned-into-a-share", "forged", { "team.1": value(b64(asGrant)) });
}
