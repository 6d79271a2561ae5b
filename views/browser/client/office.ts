/**
 * The charter holder's acts: registering the portal, inviting people, checking who joined,
 * signing the next roster. PROTOCOL.md §8 and §11. No DOM and no clock: days come in as arguments.
 */
import { concat, equal, fromBase64, fromHex, toBase64, toBase64Url, toHex, utf8 } from "../../../crypto/bytes.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { hash } from "../../../crypto/hash.ts";
import { inviteSecret, openJoin } from "../../../crypto/join.ts";
import { portalIdOf, type CharterSecrets, type MemberKeys } from "../../../crypto/keys.ts";
import { charterMemberId, signLogin } from "../../../crypto/login.ts";
import {
  openRoster,
  roles,
  signRoster,
  type Channel,
  type Role,
  type Roster,
  type RosterChain,
  type RosterContent,
} from "../../../crypto/roster.ts";
import { hexOf, parseShape, textUpTo, z } from "../../../crypto/shape.ts";
import { randomBytes } from "../../../crypto/sodium.ts";
import { send, sendForJson, type Api, type Call } from "./http.ts";

/** Announces charter and office key, allowed by the set-up link's secret (16 bytes). @throws PortalError "refused" */
export async function registerPortal(api: Api, setupSecret: Uint8Array, charter: CharterSecrets): Promise<void> {
  await send(api, "/setup", {
    method: "POST",
    headers: { authorization: `Setup ${toBase64Url(setupSecret)}` },
    body: { charterPk: toHex(charter.sign.publicKey), officePk: toHex(charter.office.publicKey) },
  });
}

/** The charter holder at work: the keys, and a session that is renewed when it has expired. */
export interface Office {
  api: Api;
  charter: CharterSecrets;
  portalId: Uint8Array;
  token: string;
}

const nonceShape = z.object({ nonce: hexOf(32) });
const tokenShape = z.object({ token: textUpTo(64) });

async function signIn(api: Api, charter: CharterSecrets, portalId: Uint8Array): Promise<string> {
  const asked = await sendForJson(api, "/session/nonce", { method: "POST", body: { member: "charter" } });
  const { nonce } = parseShape(nonceShape, asked, "nonce");
  const challenge = { portalId, origin: api.origin, nonce: fromHex(nonce, 32), memberId: charterMemberId };
  const signature = toBase64Url(signLogin(charter.office.secretKey, challenge));
  const answer = await sendForJson(api, "/session", { method: "POST", body: { member: "charter", nonce, signature } });
  return parseShape(tokenShape, answer, "session").token;
}

/** Signs in with the office key. @throws PortalError "refused" when this charter is not the portal's */
export async function officeSession(api: Api, charter: CharterSecrets): Promise<Office> {
  const portalId = portalIdOf(charter.sign.publicKey);
  return { api, charter, portalId, token: await signIn(api, charter, portalId) };
}

export async function closeOffice(office: Office): Promise<void> {
  await send(office.api, "/session", { method: "DELETE", headers: { authorization: `Bearer ${office.token}` } });
}

async function sendFromOffice(office: Office, path: string, call: Call = {}): Promise<Response> {
  const once = (): Promise<Response> =>
    send(office.api, path, { ...call, headers: { authorization: `Bearer ${office.token}` } });
  try {
    return await once();
  } catch (error) {
    if (!(error instanceof PortalError) || error.code !== "refused") throw error;
    // Sessions end after half an hour without use; setting up takes days. The key is still here.
    office.token = await signIn(office.api, office.charter, office.portalId);
    return once();
  }
}

/** What an invitation is for. */
export interface Terms {
  name: string;
  title: string;
  roles: Role[];
}

const inviteBytes = 16;
const randomPart = 8;

/**
 * Invite id = 8 random bytes ‖ 8 bytes of a keyed hash over them and the terms: the server keeps
 * name, title and roles, and could otherwise hand the charter holder a reviewer in an operator's place.
 */
function inviteIdFor(charter: CharterSecrets, random: Uint8Array, terms: Terms): Uint8Array {
  const parts = [terms.name, terms.title, terms.roles.join(",")].map((text) => utf8(text));
  const mac = hash(inviteBytes, charter.invites, "th1/invite-terms", random, ...parts);
  return concat(random, mac.subarray(0, inviteBytes - randomPart));
}

/** CONSOLE_ORIGIN/join#<invite id, hex>.<secret, base64url>.<portal id, hex>: for one person's eyes. */
export function inviteLink(office: Office, inviteId: Uint8Array): string {
  const secret = toBase64Url(inviteSecret(office.charter, inviteId));
  return `${office.api.origin}/join#${toHex(inviteId)}.${secret}.${toHex(office.portalId)}`;
}

export async function createInvite(office: Office, terms: Terms): Promise<{ id: string; link: string }> {
  const inviteId = inviteIdFor(office.charter, randomBytes(randomPart), terms);
  const id = toHex(inviteId);
  const { name, title, roles: held } = terms;
  await sendFromOffice(office, "/invites", { method: "POST", body: { id, name, title, roles: held } });
  return { id, link: inviteLink(office, inviteId) };
}

export async function withdrawInvite(office: Office, id: string): Promise<void> {
  await sendFromOffice(office, `/invites/${id}`, { method: "DELETE" });
}

/**
 * - waiting: nobody has joined with it yet
 * - ready: joined, verified, not in any roster: the next signature admits them
 * - used: these keys stand or stood in a roster
 * - forged: not made by this charter, changed by the server, joined without the link, or with another's keys
 */
export type InviteState = "waiting" | "ready" | "used" | "forged";

export interface InviteSeen extends Terms {
  id: string;
  link: string;
  state: InviteState;
  /** Present exactly when ready. */
  keys: MemberKeys | null;
}

const invitesShape = z.array(
  z.object({
    id: hexOf(inviteBytes),
    name: textUpTo(120),
    title: textUpTo(120),
    roles: z.array(z.enum(roles)),
    join: z.nullable(z.string()),
  }),
);
type InviteTold = z.infer<typeof invitesShape>[number];

const keyNames = ["sign", "login", "export", "box", "kem"] as const;
const sharesAKey = (a: MemberKeys, b: MemberKeys): boolean => keyNames.some((name) => equal(a[name], b[name]));

/** Own keys of before are "used"; somebody else's among new ones would make the next roster unsignable. */
function judgeKeys(keys: MemberKeys, chain: RosterChain | null): InviteState {
  const known = (chain?.rosters ?? [])
    .flatMap((roster) => roster.members)
    .find((member) => sharesAKey(member.keys, keys));
  if (known === undefined) return "ready";
  // Also the keys of somebody who was removed: an old join must never admit them again.
  return keyNames.every((name) => equal(known.keys[name], keys[name])) ? "used" : "forged";
}

function judgeInvite(office: Office, told: InviteTold, chain: RosterChain | null): InviteSeen {
  const { name, title, roles: held } = told;
  const inviteId = fromHex(told.id, inviteBytes);
  const seen = { id: told.id, name, title, roles: held, link: inviteLink(office, inviteId), keys: null };
  if (!equal(inviteId, inviteIdFor(office.charter, inviteId.subarray(0, randomPart), seen)))
    return { ...seen, state: "forged" };
  if (told.join === null) return { ...seen, state: "waiting" };
  try {
    const join = openJoin(fromBase64(told.join), inviteSecret(office.charter, inviteId), office.portalId);
    if (join.name !== name) return { ...seen, state: "forged" };
    const state = judgeKeys(join.keys, chain);
    return { ...seen, state, keys: state === "ready" ? join.keys : null };
  } catch (error) {
    if (error instanceof PortalError) return { ...seen, state: "forged" };
    throw error;
  }
}

const byName = (a: InviteSeen, b: InviteSeen): number => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1);

/** Every invitation the server keeps, by name, each checked against the charter. */
export async function listInvites(office: Office, chain: RosterChain | null): Promise<InviteSeen[]> {
  const told: unknown = await (await sendFromOffice(office, "/invites")).json();
  const seen = parseShape(invitesShape, told, "invites")
    .map((each) => judgeInvite(office, each, chain))
    .sort(byName);
  const copies = (invite: InviteSeen): boolean =>
    seen.some(
      (other) => other !== invite && other.keys !== null && invite.keys !== null && sharesAKey(other.keys, invite.keys),
    );
  return seen.map((invite) => (copies(invite) ? { ...invite, state: "forged", keys: null } : invite));
}

/** A member by person id, or somebody about to be admitted by invite id. */
export type PersonRef = { member: number } | { invite: string };

export interface DraftChannel extends Omit<Channel, "readers"> {
  readers: PersonRef[];
}

/** Somebody whom the next signature admits. */
export interface Admission extends Terms {
  /** Invite id, hex; or any name unique in the draft when there was no invitation. */
  invite: string;
  keys: MemberKeys;
  /** The person's id of before, when they come back with new keys; null for somebody new. */
  person: number | null;
}

/** What the charter holder decided; everything else follows from the chain. */
export interface RosterDraft {
  organisation: string;
  assisted: boolean;
  /** Another member looks at each case file before it leaves. */
  approval: boolean;
  /** Only the first roster decides this: a trial stays one. */
  trial: boolean;
  recipientRoles: Role[];
  /** Person ids that leave. */
  removed: number[];
  admitted: Admission[];
  channels: DraftChannel[];
}

/** The same day one year later (29 February becomes 1 March). `day`: YYYY-MM-DD. */
export function yearAfter(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year + 1, month - 1, date)).toISOString().slice(0, 10);
}

function highestPersonId(chain: RosterChain | null): number {
  const ids = chain?.rosters.flatMap((roster) => roster.members.map((member) => member.id)) ?? [];
  return Math.max(0, ...ids);
}

function assertComesBack(person: number, chain: RosterChain | null): void {
  if (person < 1 || person > highestPersonId(chain)) throw new PortalError("format", "nobody had this person id");
}

type ListedMember = RosterContent["members"][number];

function listMember(id: number, terms: Terms, keys: MemberKeys): ListedMember {
  return {
    id,
    name: terms.name,
    title: terms.title,
    roles: terms.roles,
    keys: {
      sign: toBase64(keys.sign),
      login: toBase64(keys.login),
      export: toBase64(keys.export),
      box: toBase64(keys.box),
      kem: toBase64(keys.kem),
    },
  };
}

/**
 * The roster that follows the chain (null: the first). Person ids are permanent: a new person gets
 * the number after the highest that any roster ever had. Readers who left, or whose role gets no
 * reports, drop out of the channels.
 */
export function nextRoster(
  charter: CharterSecrets,
  logKey: Uint8Array,
  chain: RosterChain | null,
  draft: RosterDraft,
  today: string,
): RosterContent {
  const before = chain?.current ?? null;
  const idByInvite = new Map<string, number>();
  let newest = highestPersonId(chain);
  for (const each of draft.admitted) {
    if (each.person !== null) assertComesBack(each.person, chain);
    idByInvite.set(each.invite, each.person ?? ++newest);
  }
  const admittedIds = new Set(idByInvite.values());
  const staying = (before?.members ?? []).filter(({ id }) => !draft.removed.includes(id) && !admittedIds.has(id));
  const members = [
    ...staying.map((member) => listMember(member.id, member, member.keys)),
    ...draft.admitted.map((each) => listMember(idByInvite.get(each.invite)!, each, each.keys)),
  ].sort((a, b) => a.id - b.id);
  const recipients = new Set(
    members
      .filter((member) => member.roles.some((role) => role === "recovery" || draft.recipientRoles.includes(role)))
      .map((member) => member.id),
  );
  const idOf = (ref: PersonRef): number | undefined => ("member" in ref ? ref.member : idByInvite.get(ref.invite));
  const channels = draft.channels.map((channel) => {
    const ids = channel.readers.map(idOf).filter((id): id is number => id !== undefined && recipients.has(id));
    return { ...channel, readers: [...new Set(ids)].sort((a, b) => a - b) };
  });
  return {
    format: "tellhaven-roster-1",
    portalId: toHex(chain?.portalId ?? portalIdOf(charter.sign.publicKey)),
    charterKey: toBase64(charter.sign.publicKey),
    officeKey: toBase64(charter.office.publicKey),
    logKey: before?.logKey ?? toBase64(logKey),
    epoch: (before?.epoch ?? 0) + 1,
    previous: toHex(before?.hash ?? new Uint8Array(32)),
    issued: today,
    expires: yearAfter(today),
    trial: before?.trial ?? draft.trial,
    organisation: draft.organisation,
    settings: { assisted: draft.assisted, ...(draft.approval ? { approval: true } : {}) },
    recipientRoles: draft.recipientRoles,
    members,
    channels,
  };
}

/** Signs exactly this content, checks it as every client will, and posts it. @throws PortalError "superseded" */
export async function publishRoster(
  office: Office,
  content: RosterContent,
  chain: RosterChain | null,
): Promise<Roster> {
  const signed = signRoster(content, office.charter);
  const roster = openRoster(signed, office.charter.sign.publicKey, chain?.current ?? null);
  const body = { bytes: toBase64(signed.bytes), signature: toBase64(signed.signature) };
  await sendFromOffice(office, "/rosters", { method: "POST", body });
  return roster;
}
