/** PROTOCOL.md §15: what the readers' list shows of a case. Apart, so that a reporter's browser need not load it. */
import { concat, u16le, u32le, u64le, utf8 } from "./bytes.ts";
import { summaryPlainBytes } from "./envelope/wire.ts";
import { PortalError } from "./errors.ts";
import { hash } from "./hash.ts";
import { summaryKeyOf, type CaseKey, type TeamKey } from "./keys.ts";
import { findMember, type Roster } from "./roster.ts";
import { count, parseJson, parseShape, textUpTo, z } from "./shape.ts";
import { sign, signatureBytes, verify } from "./signature.ts";
import { checkZeros, fitTitle, openPlain, sealPlain } from "./summary.ts";
import { longestTag, severities } from "./work-acts.ts";

const teamSummaryShape = z.strictObject({
  title: textUpTo(120),
  category: textUpTo(40),
  phase: z.enum(["received", "open", "closed"]),
  disposition: z.nullable(textUpTo(40)),
  /** Newest conversation seq the team has dealt with: what lies beyond is unread. */
  seen: count,
  /** Who works on it, by person id. */
  assignee: z._default(z.nullable(count), null),
  severity: z._default(z.nullable(z.enum(severities)), null),
  tags: z._default(z.array(textUpTo(longestTag)), []),
  muted: z._default(z.boolean(), false),
  /** Person ids of those who declared that they have no conflict, and of those who have one and whose keys still open it. */
  cleared: z._default(z.array(count), []),
  recused: z._default(z.array(count), []),
});
/** What the readers' newest version says, with its writer. */
export type TeamSummary = z.infer<typeof teamSummaryShape>;

type Added = "assignee" | "severity" | "tags" | "muted" | "cleared" | "recused";
/** As it is written: what is not said is nobody, nothing, none. */
export type NewTeamSummary = Omit<TeamSummary, Added> & Partial<Pick<TeamSummary, Added>>;

/** A case with its keys of one moment: a summary under another pair does not open. */
export interface SummaryKeys {
  portalId: Uint8Array;
  caseId: Uint8Array;
  caseKey: CaseKey;
  teamKey: TeamKey;
}

/**
 * Under both keys. Anybody can seal a made-up team key to a reader; without the case key, which nobody but the
 * reporter and the readers has, no list of cases can be told a lie with it.
 */
const teamSummaryKey = ({ caseKey, teamKey }: SummaryKeys): Uint8Array =>
  hash(32, summaryKeyOf(teamKey), "th1/team-summary", summaryKeyOf(caseKey));

const teamJsonBytes = summaryPlainBytes - 4 - signatureBytes - 2;
/** What a title keeps before anything else gives way. */
const leastTitle = 60; // characters

/** So that it fits: a long title is cut first, then tags and the oldest declarations go; the acts have them all. */
function fitTeamSummary(summary: TeamSummary): TeamSummary {
  const fits = (each: TeamSummary): boolean => utf8(JSON.stringify(each)).length <= teamJsonBytes;
  const short = { ...summary, title: [...summary.title].slice(0, leastTitle).join("") };
  if (fits(short)) return fitTitle(summary, teamJsonBytes);
  const bare = { ...short, tags: [...summary.tags], cleared: [...summary.cleared] };
  while (!fits(bare) && bare.tags.length > 0) bare.tags.pop();
  while (!fits(bare) && bare.cleared.length > 0) bare.cleared.shift();
  return fitTitle(bare, teamJsonBytes);
}

/** u32le person id ‖ signature 64 ‖ u16le length ‖ JSON ‖ zeros. `version` counts from 1. */
export function sealTeamSummary(
  summary: NewTeamSummary,
  version: number,
  writer: { id: number; signKey: Uint8Array },
  of: SummaryKeys,
): Uint8Array {
  const fitted = fitTeamSummary(parseShape(teamSummaryShape, summary, "summary"));
  const json = utf8(JSON.stringify(fitted));
  const signature = sign(writer.signKey, "summary", of.portalId, of.caseId, u64le(version), u32le(writer.id), json);
  const plain = concat(u32le(writer.id), signature, u16le(json.length), json);
  return sealPlain(plain, teamSummaryKey(of), of.caseId, version);
}

/** `readers`: null where nobody knows them yet. @throws PortalError "forged" when its writer is not among them */
export function openTeamSummary(
  sealed: Uint8Array,
  version: number,
  roster: Roster,
  readers: readonly number[] | null,
  of: SummaryKeys,
): TeamSummary & { writer: number } {
  const reader = openPlain(sealed, teamSummaryKey(of), of.caseId, version);
  const id = reader.u32le();
  const signature = reader.take(signatureBytes);
  const json = reader.take(reader.u16le());
  checkZeros(reader);
  const writer = findMember(roster, id);
  if (writer === null || readers?.includes(id) === false)
    throw new PortalError("forged", "summary by somebody who is no reader");
  verify(signature, writer.keys.sign, "summary", of.portalId, of.caseId, u64le(version), u32le(id), json);
  return { ...parseJson(teamSummaryShape, json, "summary"), writer: id };
}
