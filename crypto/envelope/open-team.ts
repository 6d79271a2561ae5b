/** PROTOCOL.md §13: opening the team's stream, which only readers can. Apart, so that a reporter's browser need not load it. */
import { PortalError } from "../errors.ts";
import { parseTeamKey, type MemberSecrets, type TeamKey } from "../keys.ts";
import type { Roster, RosterChain } from "../roster.ts";
import { teamShapes } from "../team-content.ts";
import { checkEnvelope } from "./check.ts";
import { openEntry, openOwnSlot, Walk, type Entry, type EntryOf, type OnDamage } from "./open.ts";
import { parseEnvelope, type Envelope } from "./wire.ts";

/** The team key from seq 0 of the team stream, or null: not in its audience. */
export function openTeamSlot(
  envelope: Envelope,
  chain: RosterChain,
  personId: number,
  secrets: MemberSecrets,
): TeamKey | null {
  if (envelope.header.kind !== "team") throw new PortalError("format", "not a team key");
  const roster = checkEnvelope(envelope, chain, new Uint8Array());
  const key = openOwnSlot(envelope, roster, personId, secrets);
  return key === null ? null : parseTeamKey(key);
}

/** Opens the team stream under its key. @throws PortalError "forged" | "format" */
export function openTeamStream(
  raw: Uint8Array[],
  chain: RosterChain,
  caseId: Uint8Array,
  teamKey: TeamKey,
  report: EntryOf<"report">,
  onDamage: OnDamage = "throw",
): Entry[] {
  const { readers } = report.content;
  // Never under an older roster than the report: keys that were replaced before it was filed have no part in it.
  const walk = new Walk(caseId, 1, report.epoch);
  return raw.map(parseEnvelope).map((envelope) => {
    const roster = checkEnvelope(envelope, chain, new Uint8Array());
    const hash = walk.step(envelope, roster);
    const judged = envelope.header.kind === "team" ? "throw" : onDamage;
    const entry = openEntry(envelope, hash, roster, teamKey, readers, judged, teamShapes);
    if (entry.kind === "team" && !sameIds(entry.content.audience, audienceOf(readers, roster)))
      throw new PortalError("forged", "the team key was given to the wrong people");
    return entry;
  });
}

/** (readers in the report) ∩ current recipients: who gets the team key. */
export function audienceOf(readers: readonly number[], roster: Roster): number[] {
  return roster.recipients.map((member) => member.id).filter((id) => readers.includes(id));
}

function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
