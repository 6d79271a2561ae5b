/**
 * Opens and verifies a sealed copy as the console does (PROTOCOL.md §13), with the seeds of one member. What cannot be
 * opened is told apart: not this member's, or not whole.
 */
import { equal, fromHex } from "../../../crypto/bytes.ts";
import { flagAssisted, flagUrgent, parseEnvelope } from "../../../crypto/envelope/wire.ts";
import { openConversation, openOwnSlot, openReportSlot } from "../../../crypto/envelope/open.ts";
import { openTeamSlot } from "../../../crypto/envelope/open-team.ts";
import { orNull, PortalError } from "../../../crypto/errors.ts";
import { deriveMember, type CaseKey, type MemberSecrets, type MemberSeed } from "../../../crypto/keys.ts";
import { openRosterChain, type Member, type RosterChain } from "../../../crypto/roster.ts";
import { caseName } from "../../../crypto/words.ts";
import { hidesTail, openTeam, type RawTeam } from "../../../views/browser/client/casework.ts";
import type { ReadCase } from "../../../views/browser/client/casefile/case-documents.ts";
import { gateFor } from "../../../views/browser/client/recusal.ts";
import type { StoredCase } from "./stored-case.ts";

export type Refusal = "otherPortal" | "rosters" | "notOnRoster" | "notReader" | "withdrawn" | "conflict" | "damaged";

export interface OpenedCase {
  chain: RosterChain;
  me: Member;
  of: ReadCase;
  /** "ask": the member has not said yet whether they have a conflict. */
  gate: "open" | "ask";
  /** A later case key does not verify. */
  closedLater: boolean;
  tailHidden: boolean;
}

interface Self {
  me: Member;
  secrets: MemberSecrets;
}

/**
 * `pinned`: the portal that the key file was made for; null: paper words do not say.
 * @returns a refusal when nothing may be shown: keys, portal, conflict, or a conversation that does not verify
 */
export function readCase(
  stored: StoredCase,
  seeds: readonly MemberSeed[],
  pinned: Uint8Array | null,
): { is: "open"; opened: OpenedCase } | { is: "refused"; why: Refusal } {
  const refused = (why: Refusal): { is: "refused"; why: Refusal } => ({ is: "refused", why });
  const portalId = fromHex(stored.index.portalId, 32);
  if (pinned !== null && !equal(pinned, portalId)) return refused("otherPortal");
  const chain = orNull(() => openRosterChain(stored.signed, portalId));
  if (chain === null) return refused("rosters");
  const selves = seeds.flatMap((seed) => findSelf(chain, seed));
  if (selves.length === 0) return refused("notOnRoster");
  const [raw, rawTeam] = stored.streams;
  const caseId = fromHex(stored.index.caseId, 32);
  const found = orNull(() => findCaseKey(raw[0] ?? new Uint8Array(), chain, selves));
  if (found === null) return refused("damaged");
  if (found === "notMine") return refused("notReader");
  const { me, secrets, caseKey } = found;
  let isWithheld = false;
  const conversation = orNull(() =>
    openConversation(raw, chain, caseId, caseKey, "mark", (rekey, roster) => {
      const key = openOwnSlot(rekey, roster, me.id, secrets);
      isWithheld ||= key === null;
      return key;
    }),
  );
  if (conversation === null) return refused("damaged");
  // As the console's list, which shows such a case no more: most often its member stepped back.
  if (isWithheld) return refused("withdrawn");
  const { report, entries, readers, keys } = conversation;
  const team =
    rawTeam.length === 0 && stored.index.team === "closed"
      ? ({ state: "notMine" } as const)
      : openTeam(chain, caseId, rawTeam.length === 0 ? null : withKey(rawTeam, chain, found), report);
  const gate = gateFor(me.id, team, false);
  if (gate === "gone") return refused("conflict");
  const { receivedOn, phase } = stored.index;
  const has = (flag: number): boolean => (report.flags & flag) !== 0;
  const listing = { name: caseName(caseId), assisted: has(flagAssisted), urgent: has(flagUrgent) };
  const of = { caseId, report, entries, readers, team, listing, lookup: { receivedOn, phase } };
  const closedLater = keys.at(-1) === null;
  return { is: "open", opened: { chain, me, of, gate, closedLater, tailHidden: hidesTail(entries, team) } };
}

/** The newest entry that lists the seed's keys. Former members keep what they could read: nobody can take that back. */
function findSelf(chain: RosterChain, seed: MemberSeed): Self[] {
  const secrets = deriveMember(seed);
  const members = chain.rosters.flatMap((roster) => roster.members);
  const me = members.findLast((member) => equal(member.keys.sign, secrets.sign.publicKey));
  return me === undefined ? [] : [{ me, secrets }];
}

function findCaseKey(
  report: Uint8Array,
  chain: RosterChain,
  selves: readonly Self[],
): (Self & { caseKey: CaseKey }) | "notMine" {
  const envelope = parseEnvelope(report);
  for (const self of selves) {
    const caseKey = openReportSlot(envelope, chain, self.me.id, self.secrets);
    if (caseKey !== null) return { ...self, caseKey };
  }
  return "notMine";
}

/** The newest envelope that gives a team key is looked at, as the console does. */
function withKey(raw: Uint8Array[], chain: RosterChain, { me, secrets }: Self): RawTeam | "damaged" {
  const key = orNull(() => {
    const newest = raw
      .map(parseEnvelope)
      .findLast(({ header }) => header.kind === "team" || header.kind === "teamrekey");
    if (newest === undefined) throw new PortalError("forged", "notes without a team key");
    return { of: openTeamSlot(newest, chain, me.id, secrets) };
  });
  return key === null ? "damaged" : { key: key.of, raw };
}
