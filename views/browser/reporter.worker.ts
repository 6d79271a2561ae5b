/**
 * Everything secret of the reporter's pages happens here, off the page's thread: keys, sealing,
 * opening. The page closes it to forget.
 */
import { sealedFileBytes, type NewFile } from "../../crypto/attachments.ts";
import { equal } from "../../crypto/bytes.ts";
import type { Entry } from "../../crypto/envelope/open.ts";
import { flagUrgent } from "../../crypto/envelope/wire.ts";
import { PortalError } from "../../crypto/errors.ts";
import type { Receipt } from "../../crypto/log.ts";
import { parseNoticePin, type NoticePin } from "../../crypto/notice-pin.ts";
import { checkProof, formatProof, type Proof } from "../../crypto/proof.ts";
import { findMember, fingerprintWords, readersOf, type Roster, type RosterChain } from "../../crypto/roster.ts";
import { nearWords, type CodeLanguage } from "../../crypto/code-words.ts";
import { generateReceiptCode } from "../../crypto/receipt.ts";
import { english } from "../../crypto/words.ts";
import { dayOf, statusTold } from "../../data/policy/update-date.ts";
import { summarize } from "../../data/policy/questionnaire.ts";
import {
  downloadFile,
  draftMessage,
  findMailboxByCode,
  lookAgain,
  type FoundMailbox,
  type MessageDraft,
  type OpenMailbox,
  type TransferOptions,
} from "./client/mailbox.ts";
import { CodeLists } from "./client/code-lists.ts";
import { fetchPortal, type PortalInfo } from "./client/portal.ts";
import { startFiling, type Filing } from "./client/report.ts";
import { openSeen, sealSeen, seenName } from "./client/seen.ts";
import { Valve } from "./client/valve.ts";
import { workFor } from "./client/work.ts";
import { counted, deliver } from "./console/worker-streams.ts";
import { safeFileName } from "./file-names.ts";
import { readFile } from "./reporter/read-file.ts";
import { putPartInWorker } from "./reporter/put-part.ts";
import type {
  Calls,
  EntryView,
  FilingResult,
  FromWorker,
  MailboxView,
  MemberView,
  MessageResult,
  OpenResult,
  PortalView,
  Progress,
  ToWorker,
  Transfer,
} from "./reporter/worker-api.ts";

/** The part of DedicatedWorkerGlobalScope used here; TypeScript cannot load its types next to the page's. */
interface Scope {
  postMessage(message: FromWorker): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToWorker>) => void): void;
  location: { origin: string };
}
const scope = globalThis as unknown as Scope;
const api = { origin: scope.location.origin };
const codeLists = new CodeLists();

/** What the printed notice says of the portal; null where the address did not come from one. */
let pin: NoticePin | null = null;
let known: (PortalInfo & { chain: RosterChain }) | null = null;
let filing: { filing: Filing; words: string[]; codeLanguage: CodeLanguage; files: PickedFiles } | null = null;
/** What the newest filing can be proved with. */
let filed: Proof | null = null;
let mailbox: OpenMailbox | null = null;
let message: { draft: MessageDraft; files: PickedFiles } | null = null;

type Options = TransferOptions & { signal: AbortSignal; valve: Valve; step: (progress: Progress) => void };
type Answer<K extends keyof Calls> = Promise<ReturnType<Calls[K]>>;

/** Files as the client reads them: a slice at a time, never whole. Remembers which one failed. */
class PickedFiles {
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

async function loadPortal(): Promise<PortalInfo & { chain: RosterChain }> {
  const pinned = known?.chain.portalId ?? pin?.portalId;
  const info = await fetchPortal(api, pinned, known?.chain.current.hash, pin?.leastEpoch);
  if (info.chain === null) throw new PortalError("closed", "no roster was signed yet");
  known = { ...info, chain: info.chain };
  return known;
}

/** YYYY-MM-DD, UTC. */
const today = (): string => new Date().toISOString().slice(0, 10);

function memberView(roster: Roster, id: number): MemberView {
  const member = findMember(roster, id);
  if (member === null) return { id, name: "", title: "", roles: [] };
  const { name, title, roles } = member;
  return { id, name, title, roles };
}

function portalView({
  chain,
  intakeOpen,
  maxFileBytes,
  keyringBackupDays,
}: PortalInfo & { chain: RosterChain }): PortalView {
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

/** The member as the roster of that entry's time names them: they may have left since. */
function entryView(chain: RosterChain, entry: Entry): EntryView {
  const roster = chain.rosters.find((each) => each.epoch === entry.epoch) ?? chain.current;
  const { content } = entry;
  return {
    seq: entry.seq,
    damaged: entry.kind === "damaged",
    from: entry.author === null ? null : memberView(roster, entry.author),
    text: "text" in content ? content.text : "",
    files: "files" in content ? content.files.map(({ name, size }) => ({ name: safeFileName(name), size })) : [],
    day: ("day" in content ? content.day : undefined) ?? null,
    purpose: (entry.kind === "message" ? entry.content.purpose : undefined) ?? null,
    status: entry.kind === "reply" ? entry.content.status : null,
    updateBy: (entry.kind === "reply" ? entry.content.updateBy : undefined) ?? null,
    duty: (entry.kind === "reply" ? entry.content.duty : undefined) ?? null,
  };
}

function mailboxView(open: OpenMailbox): MailboxView {
  const { report, entries, chain } = open;
  const told = entries.flatMap((entry) => (entry.kind === "reply" ? [entry.content.status] : []));
  const roster = chain.rosters.find((each) => each.epoch === report.epoch) ?? chain.current;
  const channel = roster.channels.find((each) => each.id === report.content.channel);
  return {
    channel: channel?.name ?? report.content.channel,
    questionnaire: channel?.questionnaire ?? "",
    asked: report.content.asked ?? null,
    answers: report.content.answers,
    readers: report.content.readers.map((id) => memberView(roster, id)),
    status: statusTold(told),
    entries: entries.map((entry) => entryView(chain, entry)),
    seen: { name: seenName(open.mailbox), value: sealSeen(open.mailbox, entries.length) },
  };
}

/** Keeps what was found and answers what the page may see of it. */
function opened(found: FoundMailbox): OpenResult {
  mailbox = found.is === "open" ? found.open : null;
  return found.is === "open" ? { is: "open", mailbox: mailboxView(found.open) } : found;
}

/** What the page may show instead of an error. Once the server may have all of it, nothing was cancelled. */
function softFailure(
  files: PickedFiles,
  { signal }: Options,
  mayBeStored: boolean,
): { is: "unreadable"; file: string } | { is: "cancelled" } | null {
  if (signal.aborted && !mayBeStored) return { is: "cancelled" };
  return files.unreadable === null ? null : { is: "unreadable", file: files.unreadable };
}

function transferOf(options: Options, { newFiles }: PickedFiles): TransferOptions & { mayBeStored(): boolean } {
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

function proofOf(receipt: Receipt, envelopeHash: Uint8Array, { hash }: Roster): Proof | null {
  const { chain, signed } = known!;
  const roster = signed[chain.rosters.findIndex((each) => equal(each.hash, hash))];
  return roster === undefined ? null : { portalId: chain.portalId, envelopeHash, receipt, roster };
}

async function sendFiling(options: Options): Promise<FilingResult> {
  if (filing === null) throw new PortalError("format", "nothing was begun");
  options.step({ step: "locking", part: 0 });
  const transfer = transferOf(options, filing.files);
  try {
    const result = await filing.filing.send(transfer);
    if (result.is === "readersChanged") {
      known = { ...(await loadPortal()), chain: result.chain };
      return { is: "readersChanged", portal: portalView(known) };
    }
    const { words, codeLanguage } = filing;
    const roster = known!.chain.current;
    workFor(api).stop();
    filing = null;
    filed = result.receipt === null ? null : proofOf(result.receipt, result.envelopeHash, roster);
    const readers = result.readers.map((id) => memberView(roster, id));
    return { is: "filed", words, codeLanguage, readers, day: result.receipt?.day ?? null };
  } catch (error) {
    const soft = softFailure(filing!.files, options, transfer.mayBeStored());
    if (soft === null) throw error;
    // A file that was mended or left out makes another report: begin afresh.
    filing = soft.is === "unreadable" ? null : filing;
    return soft;
  }
}

async function sendMessageDraft(options: Options): Promise<MessageResult> {
  if (message === null) throw new PortalError("format", "nothing was begun");
  options.step({ step: "locking", part: 0 });
  const transfer = transferOf(options, message.files);
  try {
    mailbox = await message.draft.send(transfer);
    message = null;
    return { is: "sent", mailbox: mailboxView(mailbox) };
  } catch (error) {
    const soft = softFailure(message!.files, options, transfer.mayBeStored());
    if (soft === null) throw error;
    return soft;
  }
}

function openNow(): OpenMailbox {
  if (mailbox === null) throw new PortalError("refused", "no mailbox is open");
  return mailbox;
}

const handlers: { [K in keyof Calls]: (argument: Parameters<Calls[K]>[0], options: Options) => Answer<K> } = {
  portal: async ({ pin: fragment }) => {
    pin = fragment === null ? null : readPin(fragment);
    return portalView(await loadPortal());
  },
  prepare: async () => workFor(api).keepReady(),

  file: async (draft, options) => {
    const { chain } = known ?? (await loadPortal());
    const list = await codeLists.forNewCode(draft.language);
    const code = generateReceiptCode(list.words);
    const files = new PickedFiles(draft.files);
    const { channel, asked, answers, excluded, language, urgent } = draft;
    const report = {
      api,
      chain,
      code: code.canonical,
      channel,
      asked,
      day: today(),
      answers,
      excluded,
      language,
      files: files.newFiles,
      flags: urgent ? flagUrgent : 0,
    };
    filing = {
      filing: startFiling({ ...report, ...summarize(answers) }),
      words: code.words,
      codeLanguage: list.language,
      files,
    };
    return sendFiling(options);
  },
  fileAgain: (_none, options) => sendFiling(options),

  readCode: async (text) => {
    const { typed, list } = await codeLists.read(text);
    if (typed.is === "unknown") return { ...typed, near: nearWords(typed.words, list.words) };
    // The page typed it and needs no copy of it.
    return typed.is === "code" ? { is: "code" } : typed;
  },
  open: async (text) => {
    const { typed } = await codeLists.read(text);
    if (typed.is !== "code") throw new PortalError("format", "not a receipt code");
    // The list may have changed while the page stood there: a reply under a newer one is no forgery.
    const { chain } = await loadPortal();
    return opened(await findMailboxByCode(api, chain, typed.code.canonical));
  },
  refresh: async () => opened(await lookAgain(openNow())) as Exclude<OpenResult, { is: "nothing" }>,
  readSeen: async (value) => openSeen(openNow().mailbox, value),
  proof: async (about) => (filed === null ? null : formatProof(filed, about)),
  checkProof: async (text) => {
    const { chain } = await loadPortal();
    return checkProof(text, chain, dayOf(today())!);
  },
  send: async ({ text, files, purpose }, options) => {
    const picked = new PickedFiles(files);
    const content = { text, files: picked.newFiles, day: today(), ...(purpose === null ? {} : { purpose }) };
    message = { draft: draftMessage(openNow(), content), files: picked };
    return sendMessageDraft(options);
  },
  sendAgain: (_none, options) => sendMessageDraft(options),

  fetchFile: async ({ seq, index, port }, { step, signal }) => {
    const open = openNow();
    const entry = open.entries[seq];
    if (entry === undefined) throw new PortalError("missing", "no such entry");
    const { size = 0 } = "files" in entry.content ? (entry.content.files[index] ?? {}) : {};
    const count = (done: number): void => step({ step: "sending", part: size === 0 ? 1 : done / size });
    return deliver(counted(downloadFile(open, entry, index, signal), count, signal), port);
  },
};

const running = new Map<number, { controller: AbortController; valve: Valve }>();

async function answer(id: number, call: keyof Calls, argument: unknown): Promise<void> {
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
    const handle = handlers[call] as (argument: unknown, options: Options) => Promise<unknown>;
    scope.postMessage({ is: "answer", id, answer: await handle(argument, { signal: controller.signal, valve, step }) });
  } catch (error) {
    scope.postMessage({ is: "error", id, code: error instanceof PortalError ? error.code : "busy" });
  } finally {
    running.delete(id);
  }
}

scope.addEventListener("message", ({ data }) => {
  if ("cancel" in data) running.get(data.cancel)?.controller.abort(new DOMException("cancelled", "AbortError"));
  else if ("halt" in data) {
    const valve = running.get(data.id)?.valve;
    if (data.closed) valve?.close(data.halt);
    else valve?.open(data.halt);
  } else void answer(data.id, data.call, data.argument);
});
// Only now may the page ask: what it sends while libsodium is still starting would be lost.
scope.postMessage({ is: "ready" });
