/** What a receipt code opens: everything secret of it happens here, off the page's thread. The page closes it to forget. */
import { PortalError } from "../../crypto/errors.ts";
import { nearWords } from "../../crypto/code-words.ts";
import {
  downloadFile,
  draftMessage,
  findMailboxByCode,
  lookAgain,
  type FoundMailbox,
  type MessageDraft,
  type OpenMailbox,
} from "./client/mailbox.ts";
import { CodeLists } from "./client/code-lists.ts";
import { openSeen } from "./client/seen.ts";
import { counted, deliver } from "./console/worker-streams.ts";
import { mailboxView } from "./reporter/mailbox-view.ts";
import type { MessageResult, OpenResult } from "./reporter/worker-api.ts";
import {
  api,
  loadPortal,
  lookAtPortal,
  PickedFiles,
  serve,
  softFailure,
  today,
  transferOf,
  type Handlers,
  type Options,
} from "./reporter/worker-shared.ts";

const codeLists = new CodeLists();
let mailbox: OpenMailbox | null = null;
let message: { draft: MessageDraft; files: PickedFiles } | null = null;

/** Keeps what was found and answers what the page may see of it. */
function opened(found: FoundMailbox): OpenResult {
  mailbox = found.is === "open" ? found.open : null;
  return found.is === "open" ? { is: "open", mailbox: mailboxView(found.open) } : found;
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

const handlers: Handlers<"portal" | "readCode" | "open" | "refresh" | "readSeen" | "send" | "sendAgain" | "fetchFile"> =
  {
    portal: lookAtPortal,
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

serve(handlers);
