/** What both of the reporter's workers do: know the portal, read files, answer the page's calls one by one. */
import { sealedFileBytes, type NewFile } from "../../../crypto/attachments.ts";
import { PortalError, failureOf } from "../../../crypto/errors.ts";
import { parseNoticePin, type NoticePin } from "../../../crypto/notice-pin.ts";
import { findMember, fingerprintWords, readersOf, type Roster, type RosterChain } from "../../../crypto/roster.ts";
import { english } from "../../../crypto/words.ts";
import type { TransferOptions } from "../client/mailbox-requests.ts";
import { fetchPortal, type PortalInfo } from "../client/portal.ts";
import { Valve } from "../client/valve.ts";
import { putPartInWorker } from "./put-part.ts";
import { readFile } from "./read-file.ts";
import type { Calls, FromWorker, MemberView, PortalView, Progress, ToWorker, Transfer } from "./worker-api.ts";

/** The part of DedicatedWorkerGlobalScope used here; TypeScript cannot load its types next to the page's. */
interface Scope {
  postMessage(message: FromWorker): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToWorker>) => void): void;
  location: { origin: string };
}
const scope = globalThis as unknown as Scope;
export const api = { origin: scope.location.origin };
/** What the printed notice says of the portal; null where the address did not come from one. */
let pin: NoticePin | null = null;
let known: KnownPortal | null = null;

export type KnownPortal = PortalInfo & { chain: RosterChain };
export type Options = TransferOptions & { signal: AbortSignal; valve: Valve; step: (progress: Progress) => void };
export type Handlers<K extends keyof Calls> = {
  [Name in K]: (argument: Parameters<Calls[Name]>[0], options: Options) => Promise<ReturnType<Calls[Name]>>;
};

/** Files as the client reads them: a slice at a time, never whole. Remembers which one failed. */
export class PickedFiles {
  unreadable: string | null = null;
  readonly newFiles: NewFile[];

  constructor(files: readonly File[]) {
    this.newFiles = files.map((file) => ({
      name: file.name,
      type: file.type,
      size: file.size,
      read: () => this.#read(file),
    }));
  }

  async *#read(file: File): AsyncGenerator<Uint8Array> {
    try {
      yield* readFile(file);
    } catch (cause) {
      // Moved, deleted, changed, or on a stick that was pulled out.
      this.unreadable = file.name;
      throw new PortalError("missing", "a file cannot be read", { cause });
    }
  }
}

function readPin(fragment: string): NoticePin {
  try {
    return parseNoticePin(fragment);
  } catch (cause) {
    // Cut off or changed on its way: it vouches for nothing, and nobody meant it to.
    throw new PortalError("forged", "the notice's address is damaged", { cause });
  }
}

/** The portal as it was looked at last; fetched where it was not yet. */
export const knownPortal = async (): Promise<KnownPortal> => known ?? loadPortal();

/** Fetches and verifies the portal anew. @throws PortalError as fetchPortal, "closed" without a roster */
export async function loadPortal(): Promise<KnownPortal> {
  const pinned = known?.chain.portalId ?? pin?.portalId;
  const info = await fetchPortal(api, pinned, known?.chain.current.hash, pin?.leastEpoch);
  if (info.chain === null) throw new PortalError("closed", "no roster was signed yet");
  known = { ...info, chain: info.chain };
  return known;
}

/** The call "portal" of both workers. */
export async function lookAtPortal({ pin: fragment }: { pin: string | null }): Promise<PortalView> {
  pin = fragment === null ? null : readPin(fragment);
  return portalView(await loadPortal());
}

/** YYYY-MM-DD, UTC. */
export const today = (): string => new Date().toISOString().slice(0, 10);

export function memberView(roster: Roster, id: number): MemberView {
  const member = findMember(roster, id);
  if (member === null) return { id, name: "", title: "", roles: [] };
  const { name, title, roles } = member;
  return { id, name, title, roles };
}

export function portalView({ chain, intakeOpen, maxFileBytes, keyringBackupDays }: KnownPortal): PortalView {
  const roster = chain.current;
  return {
    fingerprint: fingerprintWords(chain.portalId, english),
    pinned: pin !== null,
    organisation: roster.organisation,
    expired: roster.expires < today(),
    intakeOpen,
    maxFileBytes,
    keyringBackupDays,
    channels: roster.channels.map(({ id, name, questionnaire }) => ({
      id,
      name,
      questionnaire,
      readers: readersOf(roster, id, []).map((reader) => memberView(roster, reader)),
    })),
    members: roster.members.map((member) => memberView(roster, member.id)),
  };
}

/** What the page may show instead of an error. Once the server may have all of it, nothing was cancelled. */
export function softFailure(
  files: PickedFiles,
  { signal }: Options,
  mayBeStored: boolean,
): { is: "unreadable"; file: string } | { is: "cancelled" } | null {
  if (signal.aborted && !mayBeStored) return { is: "cancelled" };
  return files.unreadable === null ? null : { is: "unreadable", file: files.unreadable };
}

export function transferOf(options: Options, { newFiles }: PickedFiles): TransferOptions & { mayBeStored(): boolean } {
  let storing = false;
  return {
    mayBeStored: () => storing,
    onStoring() {
      storing = true;
      options.step({ step: "storing", part: 1 });
    },
    signal: options.signal,
    valve: options.valve,
    putPart: putPartInWorker,
    onWork: (part) => options.step({ step: "working", part }),
    onProgress: ({ sealed, sent, stored, total }) => {
      const transfer = { sent, total, halt: options.valve.halt, files: filesOnTheWay(newFiles, sent) };
      options.step({ step: "sending", part: (sealed + stored) / (2 * total), transfer });
    },
  };
}

/** Files stand in the object one after the other. */
function filesOnTheWay(files: readonly NewFile[], sent: number): Transfer["files"] {
  let start = 0;
  return files.map(({ name, size }) => {
    const length = sealedFileBytes(size);
    const part = Math.min(1, Math.max(0, (sent - start) / length));
    start += length;
    return { name, size, sent: Math.floor(part * size) };
  });
}

const running = new Map<number, { controller: AbortController; valve: Valve }>();

async function answer(handlers: object, id: number, call: keyof Calls, argument: unknown): Promise<void> {
  const controller = new AbortController();
  let told = "";
  let last: Progress | null = null;
  const tell = (progress: Progress): void => scope.postMessage({ is: "progress", id, progress });
  // Once for each percent, and four times a second: a message for each piece of a file would be thousands.
  const step = (progress: Progress): void => {
    last = progress;
    const { transfer } = progress;
    const moving = transfer === undefined ? "" : Math.floor(performance.now() / 250);
    const news = `${progress.step} ${Math.floor(progress.part * 100)} ${moving}`;
    if (news === told) return;
    told = news;
    tell(progress);
  };
  const valve = new Valve((halt) => {
    if (last?.transfer !== undefined) tell({ ...last, transfer: { ...last.transfer, halt } });
  });
  running.set(id, { controller, valve });
  try {
    const handle = (handlers as Partial<Record<string, unknown>>)[call] as (
      argument: unknown,
      options: Options,
    ) => Promise<unknown>;
    scope.postMessage({ is: "answer", id, answer: await handle(argument, { signal: controller.signal, valve, step }) });
  } catch (error) {
    scope.postMessage({ is: "error", id, code: failureOf(error).code });
  } finally {
    running.delete(id);
  }
}

/** Answers the page's calls from now on. */
export function serve(handlers: object): void {
  scope.addEventListener("message", ({ data }) => {
    if ("cancel" in data) running.get(data.cancel)?.controller.abort(new DOMException("cancelled", "AbortError"));
    else if ("halt" in data) {
      const valve = running.get(data.id)?.valve;
      if (data.closed) valve?.close(data.halt);
      else valve?.open(data.halt);
    } else void answer(handlers, data.id, data.call, data.argument);
  });
  // Only now may the page ask: what it sends while libsodium is still starting would be lost.
  scope.postMessage({ is: "ready" });
}
