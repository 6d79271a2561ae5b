/** One organisation, and what its members and strangers write into its cases. */
import { toHex } from "../../crypto/bytes.ts";
import { openConversation, type EntryOf } from "../../crypto/envelope/open.ts";
import { openTeamSlot, openTeamStream } from "../../crypto/envelope/open-team.ts";
import { generateEnvId, type Place } from "../../crypto/envelope/seal.ts";
import { sealByMember } from "../../crypto/envelope/seal-member.ts";
import {
  envelopeHashOf,
  formatEnvelopeWithSlots,
  formatHeader,
  reporterSignedParts,
  type Envelope,
  type Header,
} from "../../crypto/envelope/wire.ts";
import { type TeamKey } from "../../crypto/keys.ts";
import { type RosterChain } from "../../crypto/roster.ts";
import { sign } from "../../crypto/signature.ts";
import { makeOrganisation, makeTeamKey, placeAfter, type FiledReport, type FixtureMember } from "./fixtures.ts";

export const organisation = makeOrganisation();
export const { chain, firstChain, members } = organisation;
export const { rosa, carl, dana, olu, paper, nia } = members;
export const author = ({ id, secrets }: FixtureMember) => ({ id, secrets });

export type Conversation = ReturnType<typeof openConversation>;

export function opened(report: FiledReport, ...later: Envelope[]): Conversation {
  const raw = [report.bytes, ...later.map(formatEnvelopeWithSlots)];
  return openConversation(raw, chain, report.mailbox.caseId, report.caseKey);
}

/** As a reader does: the key from their slot, then the stream under it; null when the slot is not theirs. */
export function takeTeamKey(
  team: Envelope,
  over: RosterChain,
  caseId: Uint8Array,
  report: EntryOf<"report">,
  { id, secrets }: Pick<FixtureMember, "id" | "secrets">,
): TeamKey | null {
  const key = openTeamSlot(team, over, id, secrets);
  if (key !== null) openTeamStream([formatEnvelopeWithSlots(team)], over, caseId, key, report);
  return key;
}

export interface TeamMaking {
  by?: FixtureMember;
  readers?: number[];
  audience?: number[];
  place?: Place;
}

/** A team key envelope by Rosa to everybody who may have it, unless told otherwise. */
export function makeTeam(report: FiledReport, making: TeamMaking = {}): Envelope {
  const audience = making.audience ?? report.readers;
  return sealByMember({
    kind: "team",
    place: making.place ?? placeAfter(report, null),
    key: makeTeamKey(),
    envId: generateEnvId(),
    author: author(making.by ?? rosa),
    content: { audience, conversation: { seq: 0, hash: toHex(envelopeHashOf(report.envelope)) } },
    readers: making.readers ?? audience,
    object: null,
  });
}

export function makeReply(
  report: FiledReport,
  by: FixtureMember,
  place = placeAfter(report, report.envelope),
): Envelope {
  return sealByMember({
    kind: "reply",
    place,
    key: report.caseKey,
    envId: generateEnvId(),
    author: author(by),
    content: { text: "Thank you.", files: [], status: "open" },
    readers: [],
    object: null,
  });
}

export function makeNote(
  report: FiledReport,
  team: Envelope,
  by: FixtureMember,
  tip: Envelope,
  seq = tip.header.seq,
): Envelope {
  return sealByMember({
    kind: "note",
    place: placeAfter(report, team),
    key: makeTeamKey(),
    envId: generateEnvId(),
    author: author(by),
    content: { text: "Call the plant.", files: [], conversation: { seq, hash: toHex(envelopeHashOf(tip)) } },
    readers: [],
    object: null,
  });
}

/** The report again with a changed header, signed anew by its reporter: what a strange client could send. */
export function resigned(report: FiledReport, change: (header: Header) => Header): Envelope {
  const header = change(report.envelope.header);
  const headerBytes = formatHeader(header);
  const parts = reporterSignedParts(headerBytes, report.envelope.chunks);
  return {
    ...report.envelope,
    header,
    headerBytes,
    signature: sign(report.mailbox.sign.secretKey, "report", ...parts),
  };
}
