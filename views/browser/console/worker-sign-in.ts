/** The keyholder's part in signing in: from key file or words to a session, and who that is. */
import { fromHex, toHex } from "../../../crypto/bytes.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { formatMinisignKey } from "../../../crypto/minisign.ts";
import type { Api } from "../client/http.ts";
import { fetchPortal } from "../client/portal.ts";
import { Session, unlockKeyFile, unlockRecoveryWords, type Unlocked } from "../client/session.ts";
import type { Credentials, Identity, Output, Refusal, SeenRosters } from "./keyholder-api.ts";

export class Refused extends Error {
  readonly why: Refusal;
  constructor(why: Refusal) {
    super(why);
    this.why = why;
  }
}

/** Runs one step of signing in; codes that mean something to the person become a refusal. */
async function step<T>(work: () => T | Promise<T>, meanings: Partial<Record<string, Refusal>>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const why = error instanceof PortalError ? meanings[error.code] : undefined;
    throw why === undefined ? error : new Refused(why);
  }
}

async function unlockWith(credentials: Credentials): Promise<Unlocked> {
  switch (credentials.by) {
    case "file": {
      const bytes = new Uint8Array(await credentials.file.slice(0, 64 * 1024).arrayBuffer());
      const meanings = { forged: "passphrase", format: "notKeyFile", refused: "notKeyFile" } as const;
      return step(() => unlockKeyFile(bytes, credentials.passphrase), meanings);
    }
    case "words":
      return step(() => unlockRecoveryWords(credentials.words), { format: "words" });
  }
}

export async function signIn(api: Api, credentials: Credentials, seen: SeenRosters): Promise<Session> {
  const unlocked = await unlockWith(credentials);
  const { seeds } = unlocked;
  // Paper names no portal: the one that answers then says which, and what was seen of it before must still hold.
  const portalId = unlocked.portalId ?? (await fetchPortal(api)).portalId;
  const hash = portalId === null ? undefined : seen[toHex(portalId)];
  const known = hash === undefined ? undefined : fromHex(hash, 32);
  const portal = await step(() => fetchPortal(api, portalId ?? undefined, known), { forged: "otherPortal" });
  const { chain } = portal;
  if (chain === null) throw new Refused("noRoster");
  return step(() => Session.begin(api, chain, seeds), { refused: "notOnRoster" });
}

export function identityOf({ me, chain }: Session): Identity {
  const { organisation, trial, expires, hash } = chain.current;
  const { id, name, title, roles } = me;
  const exportKey = formatMinisignKey(me.keys.export);
  const mayExport = roles.includes("counsel");
  const isRecipient = chain.current.recipients.some((each) => each.id === id);
  const known = { portalId: toHex(chain.portalId), rosterHash: toHex(hash) };
  return {
    id,
    name,
    title,
    roles: [...roles],
    isRecipient,
    organisation,
    trial,
    expires,
    exportKey,
    mayExport,
    ...known,
  };
}

/** Names for what cases say by id. */
export function namesOf({ chain }: Session): Pick<Output<"list">, "channels" | "people"> {
  const { channels, members } = chain.current;
  return {
    channels: channels.map(({ id, name }) => ({ id, name })),
    people: members.map(({ id, name }) => ({ id, name })),
  };
}
