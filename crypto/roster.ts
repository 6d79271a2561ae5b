/**
 * PROTOCOL.md §8: the roster, the charter's signed list of members. Verify bytes, then parse
 * those bytes; a roster has one encoding only.
 */
import { equal, fromBase64, toHex, utf8 } from "./bytes.ts";
import { PortalError } from "./errors.ts";
import { hash } from "./hash.ts";
import { checkMemberKeys, kemPublicKeyBytes, portalIdOf, type CharterSecrets, type MemberKeys } from "./keys.ts";
import { minisign, verifyMinisign } from "./minisign.ts";
import { base64Of, count, dayText, hexOf, parseJson, textUpTo, z } from "./shape.ts";

export const roles = ["reviewer", "counsel", "director", "ombuds", "custodian", "operator", "recovery"] as const;
export type Role = (typeof roles)[number];

/** Envelopes carry person ids as u32; 2^32 - 1 is the charter holder's in a login. */
const greatestPersonId = 0xffff_fffe;

const role = z.enum(roles);
const key = base64Of(32);

const rosterShape = z.strictObject({
  format: z.literal("tellhaven-roster-1"),
  portalId: hexOf(32),
  charterKey: key,
  officeKey: key,
  logKey: key,
  epoch: count.check(z.gte(1)),
  /** Hash of the roster before; zeros for the first. */
  previous: hexOf(32),
  issued: dayText,
  expires: dayText,
  trial: z.boolean(),
  organisation: textUpTo(200).check(z.minLength(1)),
  settings: z.strictObject({
    assisted: z.boolean(),
    /** Another member looks at each case file before it leaves. Policy: whoever can read a case can copy it. */
    approval: z.optional(z.boolean()),
  }),
  recipientRoles: z.array(role),
  members: z.array(
    z.strictObject({
      /** Permanent person id, never given to anybody else. */
      id: count.check(z.gte(1), z.lte(greatestPersonId)),
      name: textUpTo(120).check(z.minLength(1)),
      title: textUpTo(120),
      roles: z.array(role).check(z.minLength(1)),
      keys: z.strictObject({ sign: key, login: key, export: key, box: key, kem: base64Of(kemPublicKeyBytes) }),
    }),
  ),
  channels: z.array(
    z.strictObject({
      id: textUpTo(40).check(z.regex(/^[a-z0-9-]+$/)),
      name: textUpTo(120).check(z.minLength(1)),
      questionnaire: textUpTo(40).check(z.regex(/^[a-z0-9-]+$/)),
      /** Person ids of the default readers; recovery members read every channel besides. */
      readers: z.array(count),
    }),
  ),
});

/** What stands in the signed bytes. */
export type RosterContent = z.infer<typeof rosterShape>;
export type Channel = RosterContent["channels"][number];

export interface Member {
  id: number;
  name: string;
  title: string;
  roles: Role[];
  keys: MemberKeys;
}

/** A roster whose signature and place in the chain were verified. */
export interface Roster extends Omit<RosterContent, "members"> {
  hash: Uint8Array;
  members: Member[];
  /** The members that get slots, in roster order: slot i belongs to recipients[i]. */
  recipients: Member[];
}

export interface SignedRosterBytes {
  bytes: Uint8Array;
  /** minisign signature file, UTF-8. */
  signature: Uint8Array;
}

/** The one encoding: fields in the order of the shape, no white space, one newline. */
export function formatRoster(content: RosterContent): Uint8Array {
  const { members, channels, settings, ...rest } = content;
  const ordered: RosterContent = {
    format: rest.format,
    portalId: rest.portalId,
    charterKey: rest.charterKey,
    officeKey: rest.officeKey,
    logKey: rest.logKey,
    epoch: rest.epoch,
    previous: rest.previous,
    issued: rest.issued,
    expires: rest.expires,
    trial: rest.trial,
    organisation: rest.organisation,
    settings: {
      assisted: settings.assisted,
      ...(settings.approval === undefined ? {} : { approval: settings.approval }),
    },
    recipientRoles: rest.recipientRoles,
    members: members.map(({ id, name, title, roles: held, keys }) => ({
      id,
      name,
      title,
      roles: held,
      keys: { sign: keys.sign, login: keys.login, export: keys.export, box: keys.box, kem: keys.kem },
    })),
    channels: channels.map(({ id, name, questionnaire, readers }) => ({ id, name, questionnaire, readers })),
  };
  return utf8(`${JSON.stringify(ordered)}\n`);
}

export function rosterHashOf(bytes: Uint8Array): Uint8Array {
  return hash(32, null, "th1/roster", bytes);
}

/** The charter holder signs; the result is what the server and every client verify. */
export function signRoster(content: RosterContent, charter: CharterSecrets): SignedRosterBytes {
  const bytes = formatRoster(content);
  const comment = `tellhaven roster ${content.portalId} epoch ${content.epoch}`;
  return { bytes, signature: utf8(minisign(bytes, charter.sign, comment)) };
}

/** Refuses what the shape cannot say. @throws PortalError "format" */
function checkRoster(content: RosterContent): Member[] {
  const members = content.members.map((member) => ({
    ...member,
    keys: {
      sign: fromBase64(member.keys.sign, 32),
      login: fromBase64(member.keys.login, 32),
      export: fromBase64(member.keys.export, 32),
      box: fromBase64(member.keys.box, 32),
      kem: fromBase64(member.keys.kem, kemPublicKeyBytes),
    },
  }));
  for (const member of members) checkMemberKeys(member.keys);
  const unique = (values: unknown[]): boolean => new Set(values).size === values.length;
  const ids = members.map((member) => member.id);
  if (!unique(ids)) throw new PortalError("format", "two members share a person id");
  // Also the sealing keys: whoever listed another's as their own would let that other open what is sealed to them.
  for (const name of ["sign", "login", "export", "box", "kem"] as const)
    if (!unique(content.members.map((member) => member.keys[name])))
      throw new PortalError("format", `two members share a ${name} key`);
  if (!unique(content.channels.map((channel) => channel.id)))
    throw new PortalError("format", "two channels share an id");
  const recipients = new Set(recipientsOf(members, content.recipientRoles).map((member) => member.id));
  if (content.channels.some((channel) => !unique(channel.readers) || channel.readers.some((id) => !recipients.has(id))))
    throw new PortalError("format", "a channel names a reader who is no recipient");
  return members;
}

function recipientsOf(members: Member[], recipientRoles: Role[]): Member[] {
  return members.filter((member) => member.roles.some((held) => held === "recovery" || recipientRoles.includes(held)));
}

/**
 * Verifies and parses the roster that follows `previous` (null: the first).
 * @throws PortalError "forged" on a signature, portal, epoch or link that does not fit; "format" on its shape
 */
export function openRoster(signed: SignedRosterBytes, charterKey: Uint8Array, previous: Roster | null): Roster {
  verifyMinisign(signed.bytes, signed.signature, charterKey);
  const content = parseJson(rosterShape, signed.bytes, "roster");
  if (!equal(formatRoster(content), signed.bytes)) throw new PortalError("format", "roster is not in its one encoding");
  const portalId = previous?.portalId ?? toHex(portalIdOf(charterKey));
  const linked =
    content.portalId === portalId &&
    equal(fromBase64(content.charterKey, 32), charterKey) &&
    content.epoch === (previous?.epoch ?? 0) + 1 &&
    content.previous === toHex(previous?.hash ?? new Uint8Array(32)) &&
    // A trial can only be erased: what was filed under one must never look like a real portal's.
    content.trial === (previous?.trial ?? content.trial);
  if (!linked) throw new PortalError("forged", "roster does not continue the chain");
  const members = checkRoster(content);
  return {
    ...content,
    hash: rosterHashOf(signed.bytes),
    members,
    recipients: recipientsOf(members, content.recipientRoles),
  };
}

/** Every roster from the first, verified link by link: a rollback or a fork is refused. */
export interface RosterChain {
  portalId: Uint8Array;
  rosters: Roster[];
  current: Roster;
}

/**
 * Verifies a whole chain. `pinned`: a portal id that is known already (from the notice, a key
 * file or an earlier visit); `seen`: the newest roster hash seen before, which must still stand in it;
 * `leastEpoch`: from the printed notice, which no current roster may be older than.
 * @throws PortalError "forged" | "format" | "missing" (no roster yet)
 */
export function openRosterChain(
  signed: SignedRosterBytes[],
  pinned?: Uint8Array,
  seen?: Uint8Array,
  leastEpoch = 1,
): RosterChain {
  const first = signed[0];
  if (first === undefined) throw new PortalError("missing", "there is no roster yet");
  // The first roster names its charter key; the portal id, its hash, is what is trusted or pinned.
  const claimed = parseJson(rosterShape, first.bytes, "roster");
  const charterKey = fromBase64(claimed.charterKey, 32);
  const portalId = portalIdOf(charterKey);
  if (pinned !== undefined && !equal(portalId, pinned)) throw new PortalError("forged", "this is another portal");
  const chain: Roster[] = [];
  for (const each of signed) chain.push(openRoster(each, charterKey, chain.at(-1) ?? null));
  if (seen !== undefined && !chain.some((roster) => equal(roster.hash, seen)))
    throw new PortalError("forged", "a roster that was seen before is missing");
  if (chain.length < leastEpoch) throw new PortalError("forged", "the newest roster is older than the printed notice");
  return { portalId, rosters: chain, current: chain.at(-1)! };
}

/** @throws PortalError "forged" for a roster that is not in the chain */
export function rosterByHash(chain: RosterChain, rosterHash: Uint8Array): Roster {
  const roster = chain.rosters.find((each) => equal(each.hash, rosterHash));
  if (roster === undefined) throw new PortalError("forged", "made under an unknown roster");
  return roster;
}

/** Whether that member was counsel in the roster of that epoch: some acts count from counsel only. */
export function wasCounsel(chain: RosterChain, epoch: number, id: number): boolean {
  const roster = chain.rosters.find((each) => each.epoch === epoch);
  return roster !== undefined && (findMember(roster, id)?.roles.includes("counsel") ?? false);
}

export function findMember(roster: Roster, id: number): Member | null {
  return roster.members.find((member) => member.id === id) ?? null;
}

/**
 * Who will be able to read a new report: the channel's default readers and the recovery members,
 * less the excluded. Person ids in roster order.
 */
export function readersOf(roster: Roster, channelId: string, excluded: readonly number[]): number[] {
  const channel = roster.channels.find((each) => each.id === channelId);
  if (channel === undefined) throw new PortalError("missing", "no such channel");
  return roster.recipients
    .filter((member) => channel.readers.includes(member.id) || member.roles.includes("recovery"))
    .map((member) => member.id)
    .filter((id) => !excluded.includes(id));
}

/** What the launch checklist still asks for before intake opens. Empty: intake is open. */
export type Missing = "roster" | "recipients" | "channel" | "channelReaders";

export function missingForIntake(roster: Roster | null): Missing[] {
  if (roster === null) return ["roster"];
  const missing: Missing[] = [];
  // A single lost key file must not close every case: two recipients, of whom one may be the recovery member.
  if (roster.recipients.length < 2) missing.push("recipients");
  if (roster.channels.length === 0) missing.push("channel");
  if (roster.channels.some((channel) => channel.readers.length === 0)) missing.push("channelReaders");
  return missing;
}

/** 132 bits of the portal id, as the indices of 12 words of a 2,048-word list. */
export function fingerprintWords(portalId: Uint8Array, wordList: readonly string[]): string[] {
  const bits = [...portalId.subarray(0, 17)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return Array.from({ length: 12 }, (_, i) => wordList[Number.parseInt(bits.slice(11 * i, 11 * i + 11), 2)]!);
}
