/** Filing a report for somebody whose browser runs no scripts: checked, sealed and stored here. */
import { equal, toHex, utf8 } from "../../crypto/bytes.ts";
import type { ReportContent } from "../../crypto/content.ts";
import { openConversation, openReportWrap } from "../../crypto/envelope/open.ts";
import { generateEnvId, sealReport } from "../../crypto/envelope/seal.ts";
import {
  envelopeHashOf,
  flagAssisted,
  flagUrgent,
  formatEnvelopeWithSlots,
  parseEnvelope,
} from "../../crypto/envelope/wire.ts";
import { PortalError } from "../../crypto/errors.ts";
import { parseCaseKey, type Mailbox } from "../../crypto/keys.ts";
import { generateReceiptCode, readCodeIn } from "../../crypto/receipt.ts";
import { parseReceipt, type Receipt } from "../../crypto/log.ts";
import type { Proof } from "../../crypto/proof.ts";
import { readersOf, type RosterChain } from "../../crypto/roster.ts";
import { randomBytes, wipe } from "../../crypto/sodium.ts";
import { listsFor } from "../../crypto/word-lists.ts";
import { answersAsked, summarize, type Answers, type VersionedQuestionnaire } from "../../data/policy/questionnaire.ts";
import { findCase, readEnvelopes } from "../app/case-state.ts";
import type { Context } from "../app/context.ts";
import { textOfDay } from "../../data/policy/update-date.ts";
import { submitReport } from "../app/submit-report.ts";
import { abandonUpload } from "../app/upload-object.ts";
import { secondsEach, type MailboxDeriver } from "./derive-mailbox.ts";
import type { Form } from "./form.ts";
import { formatHeld, parseHeld } from "./held.ts";
import { problemOf, requireWhole, type Problem } from "./problems.ts";
import { findAsked, problemsOfAnswers, readAnswers, readLeftovers, type Asking } from "./questions.ts";
import { storeFiles, type StoredFiles } from "./store-files.ts";
import { WaitLonger, type Waiting } from "./waiting.ts";

/** Everything that was typed, as the page needs it to show it again. */
export interface KeptReport {
  /** Canonical words: the same before and after an error. */
  code: string;
  /** Says when the form was opened, see waiting.ts. */
  ticket: string;
  channel: string;
  /** Which readers the person saw, as `readersSeen` writes it. */
  seen: string;
  /** Version of the questions on the form; "": those in force. */
  asked: string;
  answers: Answers;
  /** Texts for questions that this channel does not ask. */
  leftovers: string[];
  excluded: number[];
  urgent: boolean;
  confirmed: boolean;
  /** Files were chosen; browsers do not let us choose them again for the person. */
  hadFiles: boolean;
  problems: Problem[];
}

/** Names the list of readers that a page shows: those of a channel under a roster. */
export function readersSeen(chain: RosterChain, channel: string): string {
  return `${toHex(chain.current.hash)} ${channel}`;
}

/** Words of the page's language, or English. */
function newCode(language: string): string {
  return generateReceiptCode(listsFor(language)[0]!.words).canonical;
}

/** A form with nothing in it, for one channel. */
export function newReport(chain: RosterChain, channel: string, ticket: string, language: string): KeptReport {
  const code = newCode(language);
  const empty = {
    asked: "",
    answers: {},
    leftovers: [],
    excluded: [],
    urgent: false,
    confirmed: false,
    hadFiles: false,
    problems: [],
  };
  return { code, ticket, channel, seen: readersSeen(chain, channel), ...empty };
}

/** What came in. Every known field is kept, also where it cannot be used. */
function readReport(form: Form, chain: RosterChain, asking: Asking): KeptReport {
  const known = new Set(chain.current.members.map((member) => member.id));
  const { typed } = readCodeIn(form.one("code").slice(0, 1000), listsFor("en"));
  return {
    code: typed.is === "code" ? typed.code.canonical : "",
    ticket: form.one("ticket").slice(0, 100),
    channel: form.one("channel"),
    seen: form.one("seen"),
    asked: asking.asked.version,
    answers: readAnswers(form, asking.asked.questionnaire),
    leftovers: readLeftovers(form, asking),
    excluded: [...new Set(form.all("exclude").map(Number))].filter((id) => known.has(id)).sort((a, b) => a - b),
    urgent: form.one("urgent") === "yes",
    confirmed: form.one("confirm") === "yes",
    hadFiles: form.hasFiles,
    problems: [],
  };
}

/** What the person has to mend, in the order of the page. Empty: it can be sent. */
function checkReport(report: KeptReport, chain: RosterChain, { questionnaire }: VersionedQuestionnaire): Problem[] {
  const { current } = chain;
  if (current.channels.every((channel) => channel.id !== report.channel)) return [{ is: "channel" }];
  const problems: Problem[] = [];
  if (report.seen !== readersSeen(chain, report.channel))
    problems.push({ is: report.seen.startsWith(readersSeen(chain, "")) ? "readersNew" : "readersChanged" });
  if (readersOf(current, report.channel, report.excluded).length === 0) problems.push({ is: "readers" });
  problems.push(...problemsOfAnswers(questionnaire, report.answers));
  if (report.code === "") problems.push({ is: "code" });
  else if (!report.confirmed) problems.push({ is: "confirm" });
  return problems;
}

export interface Filing {
  context: Context;
  deriver: MailboxDeriver;
  waiting: Waiting;
  chain: RosterChain;
  report: KeptReport;
  asked: VersionedQuestionnaire;
  form: Form;
  /** BCP 47 tag of the page. */
  language: string;
}

/** `fault`: an error of the server itself, which somebody should hear of; else null. */
export type Received = { is: "filed"; proof: Proof | null } | { is: "again"; kept: KeptReport; fault: unknown };

/** Takes a form in. What cannot be filed is answered whole, with what was wrong. */
export async function receiveReport(filing: Omit<Filing, "report" | "asked">): Promise<Received> {
  const { form, chain } = filing;
  const asking = await findAsked(filing.context, chain, form.one("channel"), form.one("asked"));
  const report = readReport(form, chain, asking);
  const again = (problems: Problem[], fault: unknown = null): Received => {
    return { is: "again", kept: withProblems(report, problems, filing.language), fault };
  };
  try {
    requireWhole(form);
    const problems = checkReport(report, chain, asking.asked);
    if (problems.length > 0) return again(problems);
    const proof = await fileReport({ ...filing, report, asked: asking.asked });
    return { is: "filed", proof: form.one("proof") === "yes" ? proof : null };
  } catch (error) {
    const problem = problemOf(error);
    return problem === null ? again([{ is: "error", code: "busy" }], error) : again([problem]);
  }
}

/**
 * Seals and stores. Resolves when the report is durable, also when it was already, from a first
 * click on the same button. Keys are wiped; whatever is stored of a filing that fails, is removed.
 * @throws PortalError "conflict" when another report stands under this code; what its parts throw
 */
async function fileReport(filing: Filing): Promise<Proof | null> {
  const { context, report } = filing;
  if (!context.book.intakeOpen) throw new PortalError("closed", "intake is not open");
  const turn = await filing.waiting.hold(report.ticket);
  let filed = false;
  try {
    const proof = await fileInTurn(filing, turn.order);
    filed = true;
    return proof;
  } finally {
    turn.end(filed);
  }
}

/** What it can be proved with; null when it was filed before, by a first click. */
async function fileInTurn(filing: Filing, place: number): Promise<Proof | null> {
  const { context, deriver, chain, report, form } = filing;
  const mailbox = await deriver.derive(report.code, chain.portalId, "file", place).catch((error: unknown) => {
    if (!(error instanceof PortalError) || error.code !== "busy") throw error;
    throw new WaitLonger(Math.ceil(deriver.waiting("file") * secondsEach) + 5);
  });
  const envId = generateEnvId();
  try {
    const stored = await storeFiles(context, { ...mailbox, envId }, form);
    try {
      requireWhole(form);
      const bytes = sealed(filing, mailbox, envId, stored);
      const receipt = parseReceipt(await submitReport(context, bytes, () => {})); // paid for by waiting
      return proofOf(filing, envelopeHashOf(parseEnvelope(bytes)), receipt);
    } catch (error) {
      await abandonUpload(context, envId);
      if (await isFiled(error, filing, mailbox, stored)) return null;
      throw error;
    }
  } finally {
    wipe(mailbox.sign.secretKey, mailbox.kem.secretKey, mailbox.wrap);
  }
}

/** The charter's word for the log's key is the roster in force. */
function proofOf({ context, chain }: Filing, envelopeHash: Uint8Array, receipt: Receipt): Proof {
  const roster = context.book.signed[chain.rosters.length - 1]!;
  return { portalId: chain.portalId, envelopeHash, receipt, roster };
}

function contentOf({ context, chain, report, asked, language }: Filing, files: StoredFiles["files"]): ReportContent {
  const { channel, excluded } = report;
  return {
    channel,
    language,
    answers: answersAsked(asked.questionnaire, report.answers),
    asked: asked.version,
    day: textOfDay(context.clock.today()),
    readers: readersOf(chain.current, channel, excluded),
    excluded,
    files,
  };
}

/** Envelope ‖ slots. */
function sealed(filing: Filing, mailbox: Mailbox, envId: Uint8Array, stored: StoredFiles): Uint8Array {
  const content = contentOf(filing, stored.files);
  const { channel, language } = content;
  const caseKey = parseCaseKey(randomBytes(32));
  try {
    const envelope = sealReport({
      mailbox,
      roster: filing.chain.current,
      caseKey,
      envId,
      flags: filing.report.urgent ? flagAssisted | flagUrgent : flagAssisted,
      content,
      summary: { channel, language, ...summarize(content.answers) },
      object: stored.object,
    });
    return formatEnvelopeWithSlots(envelope);
  } finally {
    wipe(caseKey);
  }
}

/** Whether the report that is in the way under this code says the same: then it is this one. */
async function isFiled(error: unknown, filing: Filing, mailbox: Mailbox, stored: StoredFiles): Promise<boolean> {
  if (!(error instanceof PortalError) || error.code !== "conflict") return false;
  const found = await findCase(filing.context, mailbox.caseId);
  if (found === null) return false;
  const [first] = await readEnvelopes(filing.context, found, 0, 0, 1);
  if (first === undefined) return false;
  const caseKey = openReportWrap(parseEnvelope(first), mailbox);
  try {
    const { report } = openConversation([first], filing.chain, mailbox.caseId, caseKey);
    return equal(substanceOf(report.content), substanceOf(contentOf(filing, stored.files)));
  } finally {
    wipe(caseKey);
  }
}

/** What the person gave, without what sealing draws at random. */
function substanceOf({ channel, answers, excluded, files }: ReportContent): Uint8Array {
  const given = files.map(({ name, size, sha256 }) => [name, size, sha256]);
  return utf8(JSON.stringify([channel, Object.entries(answers).sort(([a], [b]) => (a < b ? -1 : 1)), excluded, given]));
}

export function formatKept(report: KeptReport): Uint8Array {
  return formatHeld(report);
}

/** Only of bytes that formatKept made and Held gave back. */
export function parseKept(bytes: Uint8Array): KeptReport {
  try {
    return parseHeld(bytes) as KeptReport;
  } finally {
    wipe(bytes);
  }
}

/** Puts the faults into the kept report; another report under these words needs new ones. */
function withProblems(report: KeptReport, problems: Problem[], language: string): KeptReport {
  const fresh = report.code === "" || problems.some(({ is }) => is === "taken");
  if (!fresh) return { ...report, problems };
  return { ...report, code: newCode(language), confirmed: false, problems };
}
