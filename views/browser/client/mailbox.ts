/** The reporter's way back: what a receipt code opens, and what can be added to it. */
import { toHex } from "../../../crypto/bytes.ts";
import { openFile, type NewFile } from "../../../crypto/attachments.ts";
import type { Purpose } from "../../../crypto/content.ts";
import {
  followRekeyByMailbox,
  openConversation,
  openReportWrap,
  type Entry,
  type EntryOf,
} from "../../../crypto/envelope/open.ts";
import { generateEnvId, sealMessage } from "../../../crypto/envelope/seal.ts";
import { formatEnvelopeWithSlots, parseEnvelope } from "../../../crypto/envelope/wire.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { deriveMailbox, type CaseKey, type Mailbox } from "../../../crypto/keys.ts";
import type { RosterChain } from "../../../crypto/roster.ts";
import { send, type Api } from "./http.ts";
import { askMailbox, authorize, sendObject, type TransferOptions } from "./mailbox-requests.ts";
import { sealedFileOf } from "./object-bytes.ts";
import { fetchPortal } from "./portal.ts";
import { throwIfAborted } from "./uploads.ts";

/** A message that meets another writer this often in a row has met something else. */
const mostTries = 5;

/** What an open mailbox holds; `entries` begin with the report. */
export interface OpenMailbox {
  api: Api;
  chain: RosterChain;
  mailbox: Mailbox;
  /** Case keys by epoch; null where a reader made a new one that was not given to this mailbox, or does not verify. */
  keys: (CaseKey | null)[];
  report: EntryOf<"report">;
  entries: Entry[];
  /** Person ids of who reads what comes next. */
  readers: number[];
}

/** What a receipt code leads to. That a report was deleted, and when, is the server's word alone. */
export type FoundMailbox =
  | { is: "open"; open: OpenMailbox }
  | { is: "nothing" }
  /** Days since 1970-01-01, UTC. */
  | { is: "deleted"; on: number };

/** Reads and verifies everything. @throws PortalError "forged" when the server's answer does not hold */
export async function findMailbox(api: Api, chain: RosterChain, mailbox: Mailbox): Promise<FoundMailbox> {
  const { envelopes: raw, deletedOn } = await askMailbox(api, mailbox);
  if (deletedOn !== null) return { is: "deleted", on: deletedOn };
  const first = raw[0];
  if (first === undefined) return { is: "nothing" };
  const caseKey = openReportWrap(parseEnvelope(first), mailbox);
  const { report, entries, readers, keys } = openConversation(raw, chain, mailbox.caseId, caseKey, "mark", (rekey) =>
    followRekeyByMailbox(rekey, mailbox),
  );
  return { is: "open", open: { api, chain, mailbox, keys, report, entries, readers } };
}

/** Null: nothing stands under this code, or not any more. @throws PortalError "forged" */
export async function openMailbox(api: Api, chain: RosterChain, mailbox: Mailbox): Promise<OpenMailbox | null> {
  const found = await findMailbox(api, chain, mailbox);
  return found.is === "open" ? found.open : null;
}

/** As findMailbox; `code`: the canonical words. Takes a quarter of a second of pure computing before it asks. */
export async function findMailboxByCode(api: Api, chain: RosterChain, code: string): Promise<FoundMailbox> {
  return findMailbox(api, chain, deriveMailbox(code, chain.portalId));
}

/** `code`: the canonical words. Takes a quarter of a second of pure computing before it asks. */
export async function openMailboxByCode(api: Api, chain: RosterChain, code: string): Promise<OpenMailbox | null> {
  return openMailbox(api, chain, deriveMailbox(code, chain.portalId));
}

/** Reads again; what was seen before must still be there, unless all of it was deleted. @throws PortalError "forged" */
export async function lookAgain(open: OpenMailbox): Promise<Exclude<FoundMailbox, { is: "nothing" }>> {
  const seen = open.chain.current.hash;
  const { chain } = await fetchPortal(open.api, open.chain.portalId, seen);
  if (chain === null) throw new PortalError("forged", "the roster is gone");
  const now = await findMailbox(open.api, chain, open.mailbox);
  if (now.is === "deleted") return now;
  const newest = open.entries.at(-1)!;
  const same = now.is === "open" ? now.open.entries[newest.seq] : undefined;
  if (now.is !== "open" || same === undefined || toHex(same.hash) !== toHex(newest.hash))
    throw new PortalError("forged", "messages that were here before are gone");
  return now;
}

/** @throws PortalError "missing" when the report was deleted meanwhile, "forged" as lookAgain() */
export async function refreshMailbox(open: OpenMailbox): Promise<OpenMailbox> {
  const now = await lookAgain(open);
  if (now.is === "deleted") throw new PortalError("missing", "the report was deleted");
  return now.open;
}

/** A message that is being sent: can be tried again after an error without sending its files twice. */
export interface MessageDraft {
  send(options?: TransferOptions): Promise<OpenMailbox>;
}

/** What a message says. `day`: the writer's, YYYY-MM-DD, UTC; their own statement. */
export interface NewMessage {
  text: string;
  files: readonly NewFile[];
  day?: string;
  purpose?: Purpose;
}

/** `send` answers the mailbox as it is afterwards, the new message in it. */
export function draftMessage(start: OpenMailbox, message: NewMessage): MessageDraft {
  const { api, mailbox } = start;
  const { portalId, caseId } = mailbox;
  let open = start;
  let envId = generateEnvId();
  let stored: Awaited<ReturnType<typeof sendObject>> | null = null;

  const build = (): Uint8Array => {
    const { files, object } = stored!;
    const last = open.entries.at(-1)!;
    const caseKey = open.keys.at(-1);
    if (caseKey == null) throw new PortalError("forged", "the case's newest key does not verify");
    const stream = { seq: last.seq + 1, prevHash: last.hash, keyEpoch: open.keys.length - 1 };
    const place = { portalId, caseId, roster: open.chain.current, ...stream };
    const { text, day, purpose } = message;
    const content = {
      text,
      files,
      ...(purpose === undefined ? {} : { purpose }),
      ...(day === undefined ? {} : { day }),
    };
    return formatEnvelopeWithSlots(sealMessage({ mailbox, place, caseKey, envId, flags: 0, content, object }));
  };
  const isStored = (): boolean => open.entries.some((entry) => toHex(entry.envId) === toHex(envId));

  return {
    async send(options = {}) {
      if (stored === null) {
        // A try that failed half-way left its upload behind under the old id.
        envId = generateEnvId();
        stored = await sendObject(api, { portalId, caseId, envId }, message.files, options);
      }
      for (let tries = 1; ; tries++) {
        const body = build();
        try {
          const headers = await authorize(api, mailbox, "POST /mailbox/messages", body);
          throwIfAborted(options.signal);
          options.onStoring?.();
          await send(api, "/mailbox/messages", { method: "POST", headers, body });
          return await refreshMailbox(open);
        } catch (error) {
          const again = error instanceof PortalError && (error.code === "conflict" || error.code === "superseded");
          if (!again || tries === mostTries) throw error;
          // Somebody wrote first, the roster changed, or our own message arrived and its answer was lost.
          open = await refreshMailbox(open);
          if (isStored()) return open;
        }
      }
    },
  };
}

/**
 * The plain bytes of file number `index` of an entry, as they arrive. Keep them to yourself until
 * the iteration ends without an error: only then the whole file was verified.
 * @throws PortalError "missing" | "forged"
 */
export async function* downloadFile(
  open: OpenMailbox,
  entry: Entry,
  index: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { api, mailbox } = open;
  const file = "files" in entry.content ? entry.content.files[index] : undefined;
  if (file === undefined) throw new PortalError("missing", "no such file");
  const path = `/mailbox/objects/${toHex(entry.envId)}`;
  const body = new Uint8Array();
  const headers = await authorize(api, mailbox, `POST ${path}`, body);
  const abort = signal === undefined ? {} : { signal };
  const response = await send(api, path, { method: "POST", headers, body, ...abort });
  const place = { portalId: mailbox.portalId, caseId: mailbox.caseId, envId: entry.envId };
  yield* openFile(file, index, place, sealedFileOf(response, file));
}
