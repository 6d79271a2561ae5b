/**
 * A member's session at the console: keys opened on this device, one signed challenge, then a
 * bearer token. Keys and token stay in this object; no DOM, so that workers, tests and the demo
 * use the same code.
 */
import { equal, fromHex, toBase64Url } from "../../../crypto/bytes.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { openKeyFile } from "../../../crypto/keyfile.ts";
import { deriveMember, parseMemberSeed, type MemberSecrets, type MemberSeed } from "../../../crypto/keys.ts";
import { signLogin } from "../../../crypto/login.ts";
import type { Member, RosterChain } from "../../../crypto/roster.ts";
import { parseShape, z } from "../../../crypto/shape.ts";
import { wipe } from "../../../crypto/sodium.ts";
import { parseRecoveryWords } from "../../../crypto/words.ts";
import { send, sendForJson, type Api, type Call } from "./http.ts";
import { fetchPortal } from "./portal.ts";

/** What a key file or the paper words gave: current seed first. */
export interface Unlocked {
  seeds: MemberSeed[];
  /** The portal that the key file was made for; null on paper. */
  portalId: Uint8Array | null;
}

/**
 * Opens a member's key file; takes about a second, on purpose.
 * @throws PortalError "forged" (wrong passphrase) | "format" (no key file of a member) | "refused"
 */
export function unlockKeyFile(file: Uint8Array, passphrase: string): Unlocked {
  const opened = openKeyFile(file, passphrase);
  if (opened.purpose !== "member") throw new PortalError("format", "this key file belongs to the charter");
  return { seeds: opened.seeds.map(parseMemberSeed), portalId: opened.portalId };
}

/** @throws PortalError "format" when the 24 words or their checksum are wrong */
export function unlockRecoveryWords(words: string): Unlocked {
  return { seeds: [parseRecoveryWords(words)], portalId: null };
}

const nonceShape = z.object({ nonce: z.string() });
const tokenShape = z.object({ token: z.string() });

/** Wipes every secret key of a member. */
function forget(secrets: MemberSecrets): void {
  for (const pair of [secrets.sign, secrets.login, secrets.export, secrets.box, secrets.kem]) wipe(pair.secretKey);
  wipe(secrets.cache);
}

/** The first seed whose keys stand in the current roster. @throws PortalError "refused" */
function findSelf(chain: RosterChain, seeds: readonly MemberSeed[]): { me: Member; secrets: MemberSecrets } {
  for (const seed of seeds) {
    const secrets = deriveMember(seed);
    const me = chain.current.members.find((member) => equal(member.keys.sign, secrets.sign.publicKey));
    if (me !== undefined) return { me, secrets };
    forget(secrets);
  }
  throw new PortalError("refused", "this key is not on the current roster");
}

export class Session {
  readonly api: Api;
  readonly secrets: MemberSecrets;
  #chain: RosterChain;
  #me: Member;
  #token = "";

  private constructor(api: Api, chain: RosterChain, self: { me: Member; secrets: MemberSecrets }) {
    this.api = api;
    this.secrets = self.secrets;
    this.#chain = chain;
    this.#me = self.me;
  }

  /** @throws PortalError "refused" when no seed belongs to a member of the current roster */
  static async begin(api: Api, chain: RosterChain, seeds: readonly MemberSeed[]): Promise<Session> {
    const session = new Session(api, chain, findSelf(chain, seeds));
    try {
      await session.#signIn();
    } catch (cause) {
      forget(session.secrets);
      throw cause;
    }
    return session;
  }

  get chain(): RosterChain {
    return this.#chain;
  }

  get me(): Member {
    return this.#me;
  }

  /** The token as it is now; see withToken. */
  get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#token}` };
  }

  async #signIn(): Promise<void> {
    const { api, secrets } = this;
    const memberId = this.#me.id;
    const asked = await sendForJson(api, "/session/nonce", { method: "POST", body: { member: memberId } });
    const { nonce } = parseShape(nonceShape, asked, "challenge");
    const challenge = { portalId: this.#chain.portalId, origin: api.origin, nonce: fromHex(nonce, 32), memberId };
    const body = { member: memberId, nonce, signature: toBase64Url(signLogin(secrets.login.secretKey, challenge)) };
    this.#token = parseShape(tokenShape, await sendForJson(api, "/session", { method: "POST", body }), "session").token;
  }

  /**
   * Does what needs the session's token, with the headers that carry it. A session that ran out is renewed once, and
   * the same begun anew: the keys are here, so nobody has to type anything again.
   */
  async withToken<T>(work: (headers: Record<string, string>) => Promise<T>): Promise<T> {
    try {
      return await work(this.headers);
    } catch (error) {
      if (!(error instanceof PortalError) || error.code !== "refused") throw error;
      await this.#signIn();
      return work(this.headers);
    }
  }

  send(path: string, call: Call = {}): Promise<Response> {
    return this.withToken((headers) => send(this.api, path, { ...call, headers: { ...call.headers, ...headers } }));
  }

  async sendForBytes(path: string, call: Call = {}): Promise<Uint8Array> {
    return new Uint8Array(await (await this.send(path, call)).arrayBuffer());
  }

  async sendForJson(path: string, call: Call = {}): Promise<unknown> {
    return (await this.send(path, call)).json();
  }

  /**
   * Fetches the rosters again, which must continue the chain known so far.
   * @throws PortalError "forged" on a rollback or fork, "refused" when this member is gone
   */
  async refreshRosters(): Promise<void> {
    const { chain } = await fetchPortal(this.api, this.#chain.portalId, this.#chain.current.hash);
    if (chain === null) throw new PortalError("forged", "the rosters are gone");
    const me = chain.current.members.find((member) => equal(member.keys.sign, this.secrets.sign.publicKey));
    if (me === undefined) throw new PortalError("refused", "this key is not on the current roster any more");
    this.#chain = chain;
    this.#me = me;
  }

  /** Tells the server, if it can be reached, and forgets keys and token in any case. */
  async end(): Promise<void> {
    const headers = this.headers;
    this.#token = "";
    forget(this.secrets);
    await send(this.api, "/session", { method: "DELETE", headers }).catch(() => undefined);
  }
}
