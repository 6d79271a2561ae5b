/** Filing a report for somebody whose browser runs no scripts: checked, sealed and stored here. */
import { equal, fromUtf8, toHex, utf8 } from "../../crypto/bytes.ts";
import type { ReportContent } from "../../crypto/content.ts";
import { openConversation, openReportWrap } from "../../crypto/envelope/open.ts";
import { generateEnvId, sealReport } from "../../crypto/envelope/seal.ts";
import { flagAssisted, formatEnvelopeWithSlots, parseEnvelope } from "../../crypto/envelope/wire.ts";
import { PortalError } from "../../crypto/errors.ts";
import { parseCaseKey, type Mailbox } from "../../crypto/keys.ts";
import { generateReceiptCode, readReceiptCode } from "../../crypto/receipt.ts";
import { readersOf, type RosterChain } from "../../crypto/roster.ts";
import { randomBytes, wipe } from "../../crypto/sodium.ts";
import { english } from "../../crypto/words.ts";
import { findQuestionnaire } from "../../data/policy/built-in-questionnaires.ts";
import { checkAnswers, summarize, type Answers } from "../../data/policy/questionnaire.ts";
import { findCase, readEnvelopes } from "../app/case-state.ts";
import type { Context } from "../app/context.ts";
import { submitReport } from "../app/submit-report.ts";
import { abandonUpload } from "../app/upload-object.ts";
import { secondsEach, type MailboxDeriver } from "./derive-mailbox.ts";
import type { Form } from "./form.ts";
import { problemOf, requireWhole, type Problem } from "./problems.ts";
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
  answers: Answers;
  excluded: number[];
  confirmed: boolean;
  /** Files were chosen; browsers do not let us choose them again for the person. */
  hadFiles: boolean;
  problems: Problem[];
}

export const answerField = (id: string): string => `answer-${id}`;

/** Names the list of readers that a page shows: those of a channel under a roster. */
export function readersSeen(chain: RosterChain, channel: string): string {
  return `${toHex(chain.current.hash)} ${channel}`;
}

/** A form with nothing in it, for one channel. */
export function newReport(chain: RosterChain, channel: string, ticket: string): KeptReport {
  const code = generateReceiptCode(english).canonical;
  const empty = { answers: {}, excluded: [], confirmed: false, hadFiles: false, problems: [] };
  return { code, ticket, channel, seen: readersSeen(chain, channel), ...empty };
}

/** What came in. Every known field is kept, also where it cannot be used. */
function readReport(form: Form, chain: RosterChain): KeptReport {
  const channel = form.one("channel");
  const { questions } = questionnaireOf(chain, channel);
  const answers: Answers = {};
  for (const { id, type } of questions) {
    const given = form.all(answerField(id));
    if (type === "choices") answers[id] = [...given];
    // Browsers send every line break as two characters.
    else if (given[0] !== undefined) answers[id] = given[0].replaceAll("\r\n", "\n");
  }
  const known = new Set(chain.current.members.map((member) => member.id));
  const typed = readReceiptCode(form.one("code"), english);
  return {
    code: typed.is === "code" ? typed.code.canonical : "",
    ticket: form.one("ticket").slice(0, 100),
    channel,
    seen: form.one("seen"),
    answers,
    excluded: [...new Set(form.all("exclude").map(Number))].filter((id) => known.has(id)).sort((a, b) => a - b),
    confirmed: form.one("confirm") === "yes",
    hadFiles: form.hasFiles,
    problems: [],
  };
}

export function questionnaireOf(chain: RosterChain, channelId: string): ReturnType<typeof findQuestionnaire> {
  return findQuestionnaire(chain.current.channels.find((each) => each.id === channelId)?.questionnaire ?? "");
}

/** What the person has to mend, in the order of the page. Empty: it can be sent. */
function checkReport(report: KeptReport, chain: RosterChain): Problem[] {
  const { current } = chain;
  if (current.channels.every((channel) => channel.id !== report.channel)) return [{ is: "channel" }];
  const problems: Problem[] = [];
  if (report.seen !== readersSeen(chain, report.channel)) problems.push({ is: "readersChanged" });
  if (readersOf(current, report.channel, report.excluded).length === 0) problems.push({ is: "readers" });
  const questionnaire = questionnaireOf(chain, report.channel);
  for (const { id, problem } of checkAnswers(questionnaire, report.answers)) {
    const question = questionnaire.questions.find((each) => each.id === id)?.labelKey ?? id;
    problems.push({ is: "answer", field: answerField(id), question, problem });
  }
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
  form: Form;
  /** BCP 47 tag of the page. */
  language: string;
}

/** `fault`: an error of the server itself, which somebody should hear of; else null. */
export type Received = { is: "filed" } | { is: "again"; kept: KeptReport; fault: unknown };

/** Takes a form in. What cannot be filed is answered whole, with what was wrong. */
export async function receiveReport(filing: Omit<Filing, "report">): Promise<Received> {
  const { form, chain } = filing;
  const report = readReport(form, chain);
  const again = (problems: Problem[], fault: unknown = null): Received => {
    return { is: "again", kept: withProblems(report, problems), fault };
  };
  try {
    requireWhole(form);
    const problems = checkReport(report, chain);
    if (problems.length > 0) return again(problems);
    await fileReport({ ...filing, report });
    return { is: "filed" };
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
async function fileReport(filing: Filing): Promise<void> {
  const { context, report } = filing;
  if (!context.book.intakeOpen) throw new PortalError("closed", "intake is not open");
  const turn = await filing.waiting.hold(report.ticket);
  let filed = false;
  try {
    await fileInTurn(filing, turn.order);
    filed = true;
  } finally {
    turn.end(filed);
  }
}

async function fileInTurn(filing: Filing, place: number): Promise<void> {
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
      await submitReport(context, sealed(filing, mailbox, envId, stored), () => {}); // paid for by waiting
    } catch (error) {
      await abandonUpload(context, envId);
      if (await isFiled(error, filing, mailbox, stored)) return;
      throw error;
    }
  } finally {
    wipe(mailbox.sign.secretKey, mailbox.kem.secretKey, mailbox.wrap);
  }
}

function contentOf({ chain, report, language }: Filing, files: StoredFiles["files"]): ReportContent {
  const { channel, excluded } = report;
  const answers = Object.fromEntries(
    Object.entries(report.answers).filter(([, answer]) =>
      Array.isArray(answer) ? answer.length > 0 : answer.trim() !== "",
    ),
  );
  return { channel, language, answers, readers: readersOf(chain.current, channel, excluded), excluded, files };
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
      flags: flagAssisted,
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
  return utf8(JSON.stringify(report));
}

/** Only of bytes that formatKept made and Held gave back. */
export function parseKept(bytes: Uint8Array): KeptReport {
  try {
    return JSON.parse(fromUtf8(bytes)) as KeptReport;
  } finally {
    wipe(bytes);
  }
}

/** Puts the faults into the kept report; another report under these words needs new ones. */
function withProblems(report: KeptReport, problems: Problem[]): KeptReport {
  const fresh = report.code === "" || problems.some(({ is }) => is === "taken");
  if (!fresh) return { ...report, problems };
  return { ...report, code: generateReceiptCode(english).canonical, confirmed: false, problems };
}
