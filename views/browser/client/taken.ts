/**
 * Filing what a member wrote down for somebody: a code and a mailbox as a reporter's browser would make them, then
 * the report, posted with the member's session. The server is told of the code as little as ever.
 */
import type { NewFile } from "../../../crypto/attachments.ts";
import type { NamedList, CodeLanguage } from "../../../crypto/code-words.ts";
import type { ReportContent, WayTaken } from "../../../crypto/content.ts";
import { generateEnvId, sealReport } from "../../../crypto/envelope/seal.ts";
import { envelopeHashOf, formatEnvelopeWithSlots } from "../../../crypto/envelope/wire.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { fromBase64 } from "../../../crypto/bytes.ts";
import { deriveMailbox, parseCaseKey } from "../../../crypto/keys.ts";
import { parseReceipt, verifyReceipt } from "../../../crypto/log.ts";
import { generateReceiptCode } from "../../../crypto/receipt.ts";
import { readersOf } from "../../../crypto/roster.ts";
import { randomBytes, wipe } from "../../../crypto/sodium.ts";
import { summarize } from "../../../data/policy/questionnaire.ts";
import { sendObject, type TransferOptions } from "./mailbox-requests.ts";
import type { Session } from "./session.ts";
import { throwIfAborted } from "./uploads.ts";

export interface TakenReport {
  session: Session;
  /** Of the language in which the reporter comes back. */
  list: NamedList;
  how: WayTaken;
  channel: string;
  /** Version of the questionnaire that was asked, and the day on which the report came, YYYY-MM-DD. */
  asked: string;
  day: string;
  answers: ReportContent["answers"];
  /** BCP 47 tag. */
  language: string;
  /** Person ids. */
  excluded: readonly number[];
  files: readonly NewFile[];
  /** flagUrgent or 0. */
  flags: number;
}

export type Taken =
  /** `day`: of the signed receipt, since 1970-01-01. The words exist nowhere else from now on. */
  | { is: "stored"; words: string[]; codeLanguage: CodeLanguage; caseId: Uint8Array; day: number; readers: number[] }
  /** A newer roster came into force and nothing was stored. `send` again seals to its readers. */
  | { is: "readersChanged" };

/** One report on its way. `send` may be called until it answers "stored": the same bytes go out each time. */
export interface Taking {
  send(options?: TransferOptions): Promise<Taken>;
}

interface Built {
  bytes: Uint8Array;
  envelopeHash: Uint8Array;
  readers: number[];
}

export function startTaking(report: TakenReport): Taking {
  const { session, list } = report;
  const { portalId } = session.chain;
  const code = generateReceiptCode(list.words);
  const mailbox = deriveMailbox(code.canonical, portalId);
  const { caseId } = mailbox;
  let envId = generateEnvId();
  let stored: Awaited<ReturnType<typeof sendObject>> | null = null;
  /** What goes out until the server says 201: only identical bytes are the same report. */
  let built: Built | null = null;

  const build = ({ files, object }: Awaited<ReturnType<typeof sendObject>>): Built => {
    const roster = session.chain.current;
    const { channel, language, answers, asked, day, how } = report;
    const readers = readersOf(roster, channel, report.excluded);
    if (readers.length === 0) throw new PortalError("refused", "nobody is left to read this");
    const taken = { by: session.me.id, how };
    const caseKey = parseCaseKey(randomBytes(32));
    const envelope = sealReport({
      mailbox,
      roster,
      caseKey,
      envId,
      flags: report.flags,
      content: { channel, language, answers, asked, day, readers, excluded: [...report.excluded], files, taken },
      summary: { channel, language, ...summarize(answers) },
      object,
    });
    wipe(caseKey);
    return { bytes: formatEnvelopeWithSlots(envelope), envelopeHash: envelopeHashOf(envelope), readers };
  };

  const upload = (options: TransferOptions): ReturnType<typeof sendObject> =>
    session.withToken(async (headers) => {
      // A try that failed half-way left its upload behind under the old id.
      envId = generateEnvId();
      return sendObject(session.api, { portalId, caseId, envId }, report.files, { ...options, headers });
    });

  return {
    async send(options = {}) {
      stored ??= await upload(options);
      built ??= build(stored);
      throwIfAborted(options.signal);
      options.onStoring?.();
      try {
        const receipt = parseReceipt(await session.sendForBytes("/reports", { method: "POST", body: built.bytes }));
        verifyReceipt(receipt, built.envelopeHash, portalId, fromBase64(session.chain.current.logKey, 32));
        wipe(mailbox.sign.secretKey, mailbox.kem.secretKey, mailbox.wrap);
        const { words } = code;
        return { is: "stored", words, codeLanguage: list.language, caseId, day: receipt.day, readers: built.readers };
      } catch (error) {
        if (!(error instanceof PortalError) || error.code !== "superseded") throw error;
        // Sealed for a list that no longer holds: nothing was stored, now or by an earlier try.
        built = null;
        await session.refreshRosters();
        return { is: "readersChanged" };
      }
    },
  };
}
