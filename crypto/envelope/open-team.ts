/** PROTOCOL.md §13: opening the team's stream, which only readers can. Apart, so that a reporter's browser need not load it. */
import { equal, fromBase64, Reader } from "../bytes.ts";
import { parseContent } from "../content.ts";
import { PortalError } from "../errors.ts";
import { parseTeamKey, type MemberSecrets, type TeamKey } from "../keys.ts";
import type { Roster, RosterChain } from "../roster.ts";
import { signatureBytes } from "../signature.ts";
import { teamShapes } from "../team-content.ts";
import { checkEnvelope } from "./check.ts";
import { checkHeirs } from "./heirs.ts";
import { openBody, openEntry, openOwnSlot, Walk, type Entry, type EntryOf, type OnDamage } from "./open.ts";
import { commitOf } from "./seal.ts";
import { parseEnvelope, type Envelope, type Kind } from "./wire.ts";

const personIdBytes = 4;

/**
 * The team key from one of its envelopes, the first or a later one; null: not in its audience.
 * @throws PortalError "forged" also when the slot carries another key than the envelope
 */
export function openTeamSlot(
  envelope: Envelope,
  chain: RosterChain,
  personId: number,
  secrets: MemberSecrets,
): TeamKey | null {
  if (!givesTeamKey(envelope.header.kind)) throw new PortalError("format", "not a team key");
  const roster = checkEnvelope(envelope, chain, new Uint8Array());
  const given = openOwnSlot(envelope, roster, personId, secrets);
  if (given === null) return null;
  const key = parseTeamKey(given);
  if (!equal(envelope.header.commit, commitOf(key, envelope.header)))
    throw new PortalError("forged", "a slot carries another key than its envelope");
  return key;
}

const givesTeamKey = (kind: Kind): boolean => kind === "team" || kind === "teamrekey";

/** A team's stream, verified. */
export interface OpenedTeam {
  entries: Entry[];
  /** By epoch. */
  keys: TeamKey[];
  /** Who has the newest key, by person id. */
  audience: number[];
  /** The roster under which it was given out. */
  keyRoster: Roster;
}

/** Opens the team stream; `teamKey`: its newest. @throws PortalError "forged" | "format" */
export function openTeamStream(
  raw: Uint8Array[],
  chain: RosterChain,
  caseId: Uint8Array,
  teamKey: TeamKey,
  report: EntryOf<"report">,
  onDamage: OnDamage = "throw",
): OpenedTeam {
  const envelopes = raw.map(parseEnvelope);
  const keys = teamKeysOf(envelopes, teamKey);
  // Never under an older roster than the report: keys that were replaced before it was filed have no part in it.
  const walk = new Walk(caseId, 1, report.epoch);
  let { readers } = report.content;
  let keyRoster = chain.current;
  const entries = envelopes.map((envelope) => {
    const roster = checkEnvelope(envelope, chain, new Uint8Array());
    const hash = walk.step(envelope, roster);
    const { kind, keyEpoch } = envelope.header;
    const judged = givesTeamKey(kind) ? "throw" : onDamage;
    const entry = openEntry(envelope, hash, roster, keys[keyEpoch] ?? null, readers, judged, teamShapes);
    if (entry.kind === "team" && !sameIds(entry.content.audience, audienceOf(readers, roster)))
      throw new PortalError("forged", "the team key was given to the wrong people");
    if (entry.kind === "teamrekey")
      checkHeirs(entry, keys[keyEpoch - 1]!, entry.content.audience, { readers, keyRoster, roster });
    if (entry.kind === "team" || entry.kind === "teamrekey") [readers, keyRoster] = [entry.content.audience, roster];
    return entry;
  });
  return { entries, keys, audience: readers, keyRoster };
}

/** By epoch: each later key's envelope carries the one before. Nothing of it counts before the stream was verified. */
function teamKeysOf(envelopes: readonly Envelope[], newest: TeamKey): TeamKey[] {
  const keys = [newest];
  for (const envelope of envelopes.filter(({ header }) => header.kind === "teamrekey").toReversed()) {
    const reader = new Reader(openBody(envelope, keys[0]!));
    reader.take(signatureBytes + personIdBytes);
    const { previous } = parseContent(teamShapes.teamrekey, "teamrekey", reader.take(reader.left));
    keys.unshift(parseTeamKey(fromBase64(previous)));
  }
  return keys;
}

/** (readers in the report) ∩ current recipients: who gets the first team key. */
export function audienceOf(readers: readonly number[], roster: Roster): number[] {
  return roster.recipients.map((member) => member.id).filter((id) => readers.includes(id));
}

function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
