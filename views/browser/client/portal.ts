/** What either app tells of itself: the roster chain, verified here, and whether intake is open. */
import { fromBase64, fromHex } from "../../../crypto/bytes.ts";
import { openRosterChain, type RosterChain, type SignedRosterBytes } from "../../../crypto/roster.ts";
import { count, parseShape, z } from "../../../crypto/shape.ts";
import { sendForJson, type Api } from "./http.ts";

const portalShape = z.object({
  portalId: z.nullable(z.string()),
  intakeOpen: z.boolean(),
  maxFileBytes: count,
  keyringBackupDays: count,
  /** The log's key, for the first roster; null on the reporter's app. */
  logPk: z.optional(z.string()),
  rosters: z.array(z.object({ bytes: z.string(), signature: z.string() })),
});

export interface PortalInfo {
  portalId: Uint8Array | null;
  intakeOpen: boolean;
  /** Largest single attachment, bytes. */
  maxFileBytes: number;
  /** Days for which the operator keeps backups of the keyring; 0: none. The operator's word alone. */
  keyringBackupDays: number;
  logKey: Uint8Array | null;
  /** As the charter signed them, oldest first. */
  signed: SignedRosterBytes[];
  /** Null until the first roster is signed. */
  chain: RosterChain | null;
}

/**
 * Fetches and verifies every roster. `pinned`: the portal id that is known already; `seen`: the
 * newest roster hash seen before; `leastEpoch`: the notice's, which no current roster may be older than.
 * @throws PortalError "forged" on a rollback, a fork or another portal
 */
export async function fetchPortal(
  api: Api,
  pinned?: Uint8Array,
  seen?: Uint8Array,
  leastEpoch?: number,
): Promise<PortalInfo> {
  const told = parseShape(portalShape, await sendForJson(api, "/rosters"), "portal");
  const signed = told.rosters.map(({ bytes, signature }) => ({
    bytes: fromBase64(bytes),
    signature: fromBase64(signature),
  }));
  return {
    portalId: told.portalId === null ? null : fromHex(told.portalId, 32),
    intakeOpen: told.intakeOpen,
    maxFileBytes: told.maxFileBytes,
    keyringBackupDays: told.keyringBackupDays,
    logKey: told.logPk === undefined ? null : fromHex(told.logPk, 32),
    signed,
    chain: signed.length === 0 ? null : openRosterChain(signed, pinned, seen, leastEpoch),
  };
}
