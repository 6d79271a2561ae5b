/**
 * Everything secret of filing a report happens here, off the page's thread: keys and sealing. Opening what stands
 * under a receipt code is in mailbox.worker.ts, so that nobody who files waits for it to load.
 */
import { equal } from "../../crypto/bytes.ts";
import { flagUrgent } from "../../crypto/envelope/wire.ts";
import { PortalError } from "../../crypto/errors.ts";
import type { Receipt } from "../../crypto/log.ts";
import { checkProof, formatProof, type Proof } from "../../crypto/proof.ts";
import type { Roster } from "../../crypto/roster.ts";
import type { CodeLanguage } from "../../crypto/code-words.ts";
import { generateReceiptCode } from "../../crypto/receipt.ts";
import { dayOf } from "../../data/policy/update-date.ts";
import { summarize } from "../../data/policy/questionnaire.ts";
import { CodeLists } from "./client/code-lists.ts";
import { startFiling, type Filing } from "./client/report.ts";
import { workFor } from "./client/work.ts";
import type { FilingResult } from "./reporter/worker-api.ts";
import {
  api,
  knownPortal,
  loadPortal,
  lookAtPortal,
  memberView,
  PickedFiles,
  portalView,
  serve,
  softFailure,
  today,
  transferOf,
  type Handlers,
  type KnownPortal,
  type Options,
} from "./reporter/worker-shared.ts";

const codeLists = new CodeLists();
let filing: { filing: Filing; words: string[]; codeLanguage: CodeLanguage; files: PickedFiles } | null = null;
/** What the newest filing can be proved with. */
let filed: Proof | null = null;

function proofOf(
  { chain, signed }: KnownPortal,
  receipt: Receipt,
  envelopeHash: Uint8Array,
  { hash }: Roster,
): Proof | null {
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
      return { is: "readersChanged", portal: portalView({ ...(await loadPortal()), chain: result.chain }) };
    }
    const { words, codeLanguage } = filing;
    const known = await knownPortal();
    const roster = known.chain.current;
    workFor(api).stop();
    filing = null;
    filed = result.receipt === null ? null : proofOf(known, result.receipt, result.envelopeHash, roster);
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

const handlers: Handlers<"portal" | "prepare" | "file" | "fileAgain" | "proof" | "checkProof"> = {
  portal: lookAtPortal,
  prepare: async () => workFor(api).keepReady(),
  file: async (draft, options) => {
    const { chain } = await knownPortal();
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
  proof: async (about) => (filed === null ? null : formatProof(filed, about)),
  checkProof: async (text) => {
    const { chain } = await loadPortal();
    return checkProof(text, chain, dayOf(today())!);
  },
};

serve(handlers);
