/** PROTOCOL.md §21: signing in to the console: a challenge signed with the login key, no password anywhere. */
import { u32le, utf8 } from "./bytes.ts";
import { sign, verify } from "./signature.ts";

/** The office key's id: the charter holder's sessions, which manage invites and post rosters. */
export const charterMemberId = 0xffff_ffff;

export interface Challenge {
  portalId: Uint8Array;
  /** The console's origin: a phished signature opens nothing here. */
  origin: string;
  nonce: Uint8Array;
  memberId: number;
}

function parts(challenge: Challenge): Uint8Array[] {
  return [challenge.portalId, utf8(challenge.origin), challenge.nonce, u32le(challenge.memberId)];
}

export function signLogin(secretKey: Uint8Array, challenge: Challenge): Uint8Array {
  return sign(secretKey, "login", ...parts(challenge));
}

/** @throws PortalError "forged" */
export function verifyLogin(signature: Uint8Array, publicKey: Uint8Array, challenge: Challenge): void {
  verify(signature, publicKey, "login", ...parts(challenge));
}
