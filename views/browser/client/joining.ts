/** A new member's acts: reading the link, making the keys and their file, handing the public keys in. PROTOCOL.md §11. */
import { equal, fromBase64Url, fromHex } from "../../../crypto/bytes.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { inviteIdBytes, inviteSecretBytes, sealJoin } from "../../../crypto/join.ts";
import { openKeyFile, sealKeyFile } from "../../../crypto/keyfile.ts";
import { deriveMember, parseMemberSeed, type MemberSeed } from "../../../crypto/keys.ts";
import { roles } from "../../../crypto/roster.ts";
import { parseShape, textUpTo, z } from "../../../crypto/shape.ts";
import { randomBytes, wipe } from "../../../crypto/sodium.ts";
import { send, sendForJson, type Api } from "./http.ts";
import type { Terms } from "./office.ts";

export interface InviteLink {
  id: string;
  secret: Uint8Array;
  portalId: Uint8Array;
}

/** The fragment of the link, without "#". @throws PortalError "format" */
export function parseInviteFragment(fragment: string): InviteLink {
  const [id, secret, portalId, ...rest] = fragment.split(".");
  if (id === undefined || secret === undefined || portalId === undefined || rest.length > 0)
    throw new PortalError("format", "not an invitation");
  fromHex(id, inviteIdBytes);
  return { id, secret: fromBase64Url(secret, inviteSecretBytes), portalId: fromHex(portalId, 32) };
}

export interface Invitation extends Terms {
  joined: boolean;
}

const invitationShape = z.object({
  name: textUpTo(120),
  title: textUpTo(120),
  roles: z.array(z.enum(roles)),
  joined: z.boolean(),
});

/** What the server keeps under the link. @throws PortalError "missing" when it knows no such invitation */
export async function readInvitation(api: Api, link: InviteLink): Promise<Invitation> {
  return parseShape(invitationShape, await sendForJson(api, `/invites/${link.id}`), "invitation");
}

export function generateMemberSeed(): MemberSeed {
  return parseMemberSeed(randomBytes(32));
}

/** The text of a member's key file; about a second of work. `label`: for its holder's eyes. */
export function memberKeyFile(seed: MemberSeed, passphrase: string, label: string, portalId: Uint8Array): string {
  return sealKeyFile([seed], passphrase, { purpose: "member", label, portalId });
}

/**
 * Proves that a saved key file opens to this seed.
 * @throws PortalError "forged" (wrong passphrase), "format" (no key file), "conflict" (another key)
 */
export function proveKeyFile(bytes: Uint8Array, passphrase: string, seed: Uint8Array): void {
  const opened = openKeyFile(bytes, passphrase);
  const [current] = opened.seeds;
  const same = current !== undefined && equal(current, seed);
  wipe(...opened.seeds);
  if (!same) throw new PortalError("conflict", "this file holds another key");
}

/** Hands the public keys in. @throws PortalError "conflict" when somebody joined with the link already */
export async function join(api: Api, link: InviteLink, seed: MemberSeed, name: string): Promise<void> {
  const body = sealJoin(deriveMember(seed), name, link.secret, link.portalId);
  await send(api, `/invites/${link.id}/join`, { method: "POST", body });
}

/** "Ana Ödön" becomes "tellhaven-ana-odon.json": a name that every file system takes. */
export function keyFileName(name: string): string {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 40);
  return `tellhaven-${plain === "" ? "member" : plain}.json`;
}
