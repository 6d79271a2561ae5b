/** Filing a report: derive the mailbox, send the files, seal, send, verify the signed receipt. */
import type { NewFile } from "../../../crypto/attachments.ts";
import { equal, fromBase64 } from "../../../crypto/bytes.ts";
import type { ReportContent } from "../../../crypto/content.ts";
import { generateEnvId, sealReport } from "../../../crypto/envelope/seal.ts";
import { envelopeHashOf, formatEnvelopeWithSlots, parseEnvelope } from "../../../crypto/envelope/wire.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { deriveMailbox, parseCaseKey, type Mailbox } from "../../../crypto/keys.ts";
import { parseReceipt, verifyReceipt, type Receipt } from "../../../crypto/log.ts";
import { readersOf, type RosterChain } from "../../../crypto/roster.ts";
import { randomBytes } from "../../../crypto/sodium.ts";
import type { Api } from "./http.ts";
import { readMailbox, sendObject, type TransferOptions } from "./mailbox-requests.ts";
import { fetchPortal } from "./portal.ts";
import { throwIfAborted } from "./uploads.ts";
import { sendWithWork, workFor } from "./work.ts";

export interface NewReport {
  api: Api;
  chain: RosterChain;
  /** The canonical words of the receipt code. */
  code: string;
  channel: string;
  /** Version of the questionnaire that was asked, and the day of asking, YYYY-MM-DD; old drafts have neither. */
  asked?: string;
  day?: string;
  /** By question id, as the channel's questionnaire asks. */
  answers: ReportContent["answers"];
  /** For the summary: the first category ticked or "", and the report's first line. */
  category: string;
  title: string;
  /** BCP 47 tag of the pages that the person read. */
  language: string;
  /** Person ids. */
  excluded: readonly number[];
  files: readonly NewFile[];
  /** flagUrgent or 0. */
  flags: number;
}

export type Filed =
  /** `receipt` is null when the answer was lost but the report is there. */
  | { is: "filed"; caseId: Uint8Array; receipt: Receipt | null; envelopeHash: Uint8Array; readers: number[] }
  /** A newer roster came into force and nothing was stored. `send` again seals to `after`, unless that is nobody. */
  | { is: "readersChanged"; chain: RosterChain; before: number[]; after: number[] };

/** One report on its way. `send` may be called until it answers "filed": what was done is not done twice. */
export interface Filing {
  send(options?: TransferOptions): Promise<Filed>;
}

interface Built {
  bytes: Uint8Array;
  envelopeHash: Uint8Array;
  readers: number[];
}

export function startFiling(report: NewReport): Filing {
  const { api } = report;
  let chain = report.chain;
  let mailbox: Mailbox | null = null;
  let envId = generateEnvId();
  let stored: Awaited<ReturnType<typeof sendObject>> | null = null;
  /** The bytes to send until the server says 201: only identical bytes are the same report. */
  let built: Built | null = null;
  /** Every version that left this device: the first may have arrived though its answer did not. */
  const sent: Built[] = [];

  const build = (own: Mailbox): Built => {
    const roster = chain.current;
    const readers = readersOf(roster, report.channel, report.excluded);
    if (readers.length === 0) throw new PortalError("refused", "nobody is left to read this");
    const { channel, language, answers, category, title, asked, day } = report;
    const about = { ...(asked !== undefined && { asked }), ...(day !== undefined && { day }) };
    const envelope = sealReport({
      mailbox: own,
      roster,
      caseKey: parseCaseKey(randomBytes(32)),
      envId,
      flags: report.flags,
      content: { channel, language, answers, ...about, readers, excluded: [...report.excluded], files: stored!.files },
      summary: { channel, category, language, title },
      object: stored!.object,
    });
    return { bytes: formatEnvelopeWithSlots(envelope), envelopeHash: envelopeHashOf(envelope), readers };
  };

  const filed = ({ envelopeHash, readers }: Built, caseId: Uint8Array, receipt: Receipt | null): Filed => ({
    is: "filed",
    caseId,
    receipt,
    envelopeHash,
    readers,
  });

  /** After 409 conflict: the case is there. Ours, when its first envelope is one we sent. */
  const findOwn = async (own: Mailbox): Promise<Built> => {
    const first = (await readMailbox(api, own))[0];
    const hash = first === undefined ? null : envelopeHashOf(parseEnvelope(first));
    const match = hash === null ? undefined : sent.find((version) => equal(version.envelopeHash, hash));
    if (match === undefined) throw new PortalError("conflict", "another report stands under this code");
    return match;
  };

  const sendReport = async (body: Uint8Array, onWork: TransferOptions["onWork"]): Promise<Uint8Array> => {
    const told = onWork === undefined ? {} : { onWork };
    const response = await sendWithWork(api, envId, "/reports", { method: "POST", body }, told);
    return new Uint8Array(await response.arrayBuffer());
  };

  const renew = async (before: number[]): Promise<Filed> => {
    const { chain: newer } = await fetchPortal(api, chain.portalId, chain.current.hash);
    if (newer === null) throw new PortalError("forged", "the roster is gone");
    chain = newer;
    built = null;
    const stands = chain.current.channels.some((channel) => channel.id === report.channel);
    const after = stands ? readersOf(chain.current, report.channel, report.excluded) : [];
    return { is: "readersChanged", chain, before, after };
  };

  return {
    async send(options = {}) {
      mailbox ??= deriveMailbox(report.code, chain.portalId);
      const { portalId, caseId } = mailbox;
      if (stored === null) {
        // A try that failed half-way left its upload behind under the old id.
        envId = generateEnvId();
        stored = await sendObject(api, { portalId, caseId, envId }, report.files, options);
      }
      built ??= build(mailbox);
      if (!sent.includes(built)) sent.push(built);
      // Before the point of no return: whoever waits for the sum may still stop.
      await workFor(api).pass(envId, options);
      throwIfAborted(options.signal);
      options.onStoring?.();
      try {
        // Not to be cancelled from here on: nobody could say whether the report was stored.
        const receipt = parseReceipt(await sendReport(built.bytes, options.onWork));
        verifyReceipt(receipt, built.envelopeHash, portalId, fromBase64(chain.current.logKey, 32));
        return filed(built, caseId, receipt);
      } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        if (error.code === "conflict") return filed(await findOwn(mailbox), caseId, null);
        if (error.code === "superseded") return renew(built.readers);
        throw error;
      }
    },
  };
}
