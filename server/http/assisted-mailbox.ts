/** Assisted mode: coming back with the code, reading, writing, saving files, leaving. */
import { pipeline } from "node:stream/promises";
import { Router, type Request, type Response } from "express";
import { purposes } from "../../crypto/content.ts";
import { PortalError } from "../../crypto/errors.ts";
import { findMember, type Roster, type RosterChain } from "../../crypto/roster.ts";
import { nearWords } from "../../crypto/code-words.ts";
import { readCodeIn } from "../../crypto/receipt.ts";
import { listsFor } from "../../crypto/word-lists.ts";
import { findActive, type Answers, type Questionnaire } from "../../data/policy/questionnaire.ts";
import type { Context } from "../app/context.ts";
import { cleanName, mostFiles, readForm, type Form } from "../assisted/form.ts";
import { heldMinutes } from "../assisted/held.ts";
import {
  findDeleted,
  formatKept,
  formatKeptFile,
  longestMessage,
  openKeptFile,
  parseKept,
  parseKeptFile,
  readConversation,
  sendMessage,
  wipeKeys,
  wipeMailbox,
  type Conversation,
  type ConversationEntry,
  type KeptCode,
  type KeptMailbox,
} from "../assisted/mailbox.ts";
import { problemOf, requireWhole, type Problem } from "../assisted/problems.ts";
import { chainOf, isLimited, neutralTitle, postRoute, renderGone, type Assisted } from "./assisted-requests.ts";
import { entryLines, newsView, toldStatus } from "./assisted-news.ts";
import { sizeOf } from "../../views/locales/say.ts";
import { faultsOf, nameOf, namesOf, speechOf, statusFor, takenWords, type Speech } from "./assisted-words.ts";
import { describeFault } from "./errors.ts";
import { languageOf } from "./language-address.ts";
import { renderPage } from "./pages.ts";
import { answerRoom } from "./room.ts";

export function assistedMailbox(assisted: Assisted): Router {
  const { context, limits } = assisted;
  const read = (req: Request, res: Response): Promise<Form> => readForm(req, res, context.settings.maxFileBytes);
  const router = Router();
  router.get("/mailbox", (_req, res) => renderCode(res, { is: "code", typed: "", text: "", problems: [] }));
  router.post(
    "/mailbox",
    limits.mailbox,
    postRoute(assisted, async (req, res) => hold(assisted, await openByCode(assisted, await read(req, res), res))),
  );
  router.get("/mailbox/:token", async (req, res) => {
    const kept = lend(assisted, req.params.token, res);
    if (kept === null) renderGone(res, "mailbox");
    else if (kept.is === "code") renderCode(res, kept);
    else await renderMailbox(assisted, res, kept);
  });
  router.post(
    "/mailbox/message",
    limits.mailbox,
    postRoute(assisted, async (req, res) => hold(assisted, await writeMessage(assisted, await read(req, res), res))),
  );
  router.post(
    "/mailbox/look",
    postRoute(assisted, async (req, res) => {
      const form = await read(req, res);
      const kept = take(assisted, form.one("token"));
      return hold(assisted, kept?.is === "open" ? again(kept, form, { news: "looked" }) : late(form));
    }),
  );
  router.post(
    "/mailbox/leave",
    postRoute(assisted, async (req, res) => {
      const kept = take(assisted, (await read(req, res)).one("token"));
      if (kept?.is === "open") wipeMailbox(kept.mailbox);
      return "/assisted/left";
    }),
  );
  router.get("/left", (_req, res) => {
    res.set("Clear-Site-Data", '"cache"');
    renderPage(res, "reporter/assisted/left", neutralTitle);
  });
  router.get("/file/:token", (req, res) => sendFile(assisted, req.params.token, res));
  return router;
}

const message = (form: Form): string => form.one("message").replaceAll("\r\n", "\n");

/** Takes a page out; its files' tokens end with it. */
function take(assisted: Assisted, token: string): KeptCode | KeptMailbox | null {
  return opened(assisted, assisted.mailboxes.take(token));
}

/** The same for the page itself: when it does not arrive it can be fetched again. */
function lend(assisted: Assisted, token: string, res: Response): KeptCode | KeptMailbox | null {
  return opened(assisted, assisted.mailboxes.lend(token, res));
}

function opened({ context, files }: Assisted, held: Uint8Array | null): KeptCode | KeptMailbox | null {
  if (held === null) return null;
  const kept = parseKept(held, context.book.requireChain().portalId);
  if (kept.is === "open") for (const file of kept.files) files.forget(file);
  return kept;
}

/** Where the page can be fetched, once. Its keys are wiped here: they are in the sealed copy. */
function hold({ mailboxes }: Assisted, kept: KeptCode | KeptMailbox): string {
  const token = mailboxes.put(formatKept(kept));
  if (kept.is === "open") wipeMailbox(kept.mailbox);
  return `/assisted/mailbox/${token}`;
}

function again(kept: KeptMailbox, form: Form, change: Partial<KeptMailbox>): KeptMailbox {
  return {
    ...kept,
    text: message(form),
    problems: [],
    news: null,
    hadFiles: form.hasFiles,
    purpose: null,
    files: [],
    ...change,
  };
}

/** The page was used or is too old: the words are asked for again, the text stays. */
function late(form: Form): KeptCode {
  return { is: "code", typed: "", text: message(form), problems: [{ is: "late" }] };
}

/** For the page; faults of the server's own go to its log as well. */
function toldProblem(assisted: Assisted, error: unknown): Problem {
  const problem = problemOf(error);
  if (problem === null) assisted.log(describeFault(error));
  return problem === null || problem.is === "taken" ? { is: "error", code: "busy" } : problem;
}

async function openByCode(assisted: Assisted, form: Form, res: Response): Promise<KeptCode | KeptMailbox> {
  const { context, deriver } = assisted;
  const typed = form.one("code").slice(0, 1000);
  const refuse = (problem: Problem): KeptCode => ({ is: "code", typed, text: message(form), problems: [problem] });
  if (isLimited(res)) return refuse({ is: "error", code: "limited" });
  if (typed.trim() === "") return refuse({ is: "typed", problem: "empty" });
  const { typed: code, list } = readCodeIn(typed, listsFor(languageOf(res.req)));
  switch (code.is) {
    case "count":
      return refuse({ is: "count", words: code.words });
    case "unknown":
      return refuse({ is: "unknown", words: code.words.slice(0, 20), near: nearWords(code.words, list.words) });
    case "checksum":
      return refuse({ is: "typed", problem: "checksum" });
    case "code":
  }
  try {
    const mailbox = await deriver.derive(code.code.canonical, chainOf(assisted).portalId);
    const open = await readConversation(context, mailbox, answerRoom(res.req, res));
    if (open === null) {
      wipeMailbox(mailbox);
      const deleted = await findDeleted(context, mailbox);
      return refuse(deleted === null ? { is: "typed", problem: "missing" } : { is: "deleted", ...deleted });
    }
    wipeKeys(open.keys);
    const nothing = { problems: [], news: null, hadFiles: false, purpose: null, files: [] };
    return { is: "open", mailbox, text: message(form), ...nothing };
  } catch (error) {
    return refuse(toldProblem(assisted, error));
  }
}

async function writeMessage(assisted: Assisted, form: Form, res: Response): Promise<KeptCode | KeptMailbox> {
  const kept = take(assisted, form.one("token"));
  if (kept?.is !== "open") return late(form);
  const text = message(form);
  const purpose = purposes.find((each) => each === form.one("purpose")) ?? null;
  const refuse = (problem: Problem): KeptMailbox => again(kept, form, { problems: [problem], purpose });
  if (isLimited(res)) return refuse({ is: "error", code: "limited" });
  if (purpose === "withdraw" && form.one("sure") !== "yes") return again(kept, form, { purpose });
  if (purpose !== "withdraw" && text.trim() === "" && !form.hasFiles)
    return refuse({ is: "message", problem: "required" });
  if (text.length > longestMessage) return refuse({ is: "message", problem: "long" });
  try {
    requireWhole(form);
    await sendMessage(assisted.context, kept.mailbox, { text, purpose }, form, answerRoom(res.req, res));
    return again(kept, form, { text: "", news: "sent", hadFiles: false });
  } catch (error) {
    return refuse(toldProblem(assisted, error));
  }
}

function renderCode(res: Response, kept: KeptCode): void {
  const faults = faultsOf(kept.problems, false, speechOf(res));
  const { typed, text } = kept;
  const status = statusFor(kept.problems, res);
  renderPage(res, "reporter/assisted/code", { ...neutralTitle, status, values: { faults, typed, text } });
}

async function renderMailbox(assisted: Assisted, res: Response, kept: KeptMailbox): Promise<void> {
  const { context, mailboxes } = assisted;
  let open: Conversation | null;
  try {
    open = await readConversation(context, kept.mailbox, answerRoom(res.req, res));
    if (open === null) {
      const deleted = await findDeleted(context, kept.mailbox);
      if (deleted === null) throw new PortalError("missing", "no such case");
      wipeMailbox(kept.mailbox);
      renderCode(res, { is: "code", typed: "", text: kept.text, problems: [{ is: "deleted", ...deleted }] });
      return;
    }
  } catch (error) {
    wipeMailbox(kept.mailbox);
    renderCode(res, { is: "code", typed: "", text: kept.text, problems: [toldProblem(assisted, error)] });
    return;
  }
  wipeKeys(open.keys);
  const speech = speechOf(res);
  const { chain, report, entries } = open;
  const files: string[] = [];
  const news = newsView(entries, context.clock.today(), speech);
  const questionnaire = await questionnaireOf(context, open);
  const talk = entries.map((entry) => ({
    ...entryView(assisted, { chain, questionnaire, caseId: kept.mailbox.caseId }, entry, files, speech),
    ...entryLines(entry, speech),
    isNew: entry.author !== null && entry.seq >= news.firstNew,
  }));
  const faults = faultsOf(kept.problems, kept.hadFiles, speech);
  const token = mailboxes.put(formatKept({ ...kept, files }));
  wipeMailbox(kept.mailbox);
  const roster = rosterOf(chain, report.epoch);
  renderPage(res, "reporter/assisted/mailbox", {
    ...neutralTitle,
    status: statusFor(kept.problems, res),
    values: {
      faults,
      fault: Object.fromEntries(faults.map(({ field, text }) => [field, text]).reverse()),
      token,
      news: kept.news ?? "",
      whatIsNew: news,
      purpose: kept.purpose ?? "",
      hadFiles: kept.hadFiles,
      minutes: heldMinutes,
      status: toldStatus(entries),
      channel: roster.channels.find(({ id }) => id === report.content.channel)?.name ?? report.content.channel,
      taken: takenWords(report.content, roster, speech),
      readers: namesOf(roster, open.readers, speech),
      talk,
      silent: entries.every(({ author }) => author === null),
      text: kept.text,
      fileLimit: sizeOf(context.settings.maxFileBytes, speech.language),
      mostFiles,
    },
  });
}

/** The roster of the time: who wrote then may have left since. */
function rosterOf(chain: RosterChain, epoch: number): Roster {
  return chain.rosters.find((roster) => roster.epoch === epoch) ?? chain.current;
}

/** One entry of the talk; the tokens of its files are added to `tokens`. */
function entryView(
  { files: held }: Assisted,
  { chain, questionnaire, caseId }: { chain: RosterChain; questionnaire: Questionnaire; caseId: Uint8Array },
  entry: ConversationEntry,
  tokens: string[],
  speech: Speech,
): object {
  const { content, envId } = entry;
  const roster = rosterOf(chain, entry.epoch);
  const files = ("files" in content ? content.files : []).map((file, index) => {
    const token = held.put(formatKeptFile({ entry: file, index, caseId, envId }));
    tokens.push(token);
    return { name: cleanName(file.name), size: sizeOf(file.size, speech.language), path: `/assisted/file/${token}` };
  });
  return {
    seq: entry.seq,
    own: entry.author === null && entry.kind !== "damaged",
    from: fromWords(entry, roster, speech),
    answers: entry.kind === "report" ? answersView(entry.content.answers, questionnaire, speech) : [],
    text: textOf(entry, roster, speech),
    files,
  };
}

function textOf(entry: ConversationEntry, roster: Roster, speech: Speech): string {
  if (entry.kind === "damaged") return speech.t("common:damagedEntry");
  if (entry.kind !== "rekey") return "text" in entry.content ? entry.content.text : "";
  return speech.t("mailbox:newKeys", { readers: namesOf(roster, entry.content.readers, speech) });
}

function fromWords({ kind, author }: ConversationEntry, roster: Roster, speech: Speech): string {
  if (kind === "report") return speech.t("mailbox:yourReport");
  if (kind === "damaged") return speech.t("mailbox:unknownReader");
  if (author === null) return speech.t("mailbox:you");
  const member = findMember(roster, author);
  return member === null ? speech.t("mailbox:unknownReader") : nameOf(member, speech);
}

/** What was asked when this was filed; where nobody knows that any more, what its channel asks now. */
async function questionnaireOf({ presentation }: Context, { chain, report }: Conversation): Promise<Questionnaire> {
  const { asked, channel: id } = report.content;
  const text = asked === undefined ? null : await presentation.findQuestionnaire(asked).catch(() => null);
  if (text !== null) return JSON.parse(text) as Questionnaire;
  const channel = rosterOf(chain, report.epoch).channels.find((each) => each.id === id);
  return findActive(presentation.current().questionnaires, channel?.questionnaire ?? "").questionnaire;
}

/** In the order of the questions; answers that no question asked for stand under their ids. */
function answersView(answers: Answers, { questions }: Questionnaire, { t }: Speech): object[] {
  const ids = new Set([...questions.map(({ id }) => id), ...Object.keys(answers)]);
  return [...ids].flatMap((id) => {
    const question = questions.find((each) => each.id === id);
    const answer = answers[id];
    if (answer === undefined) return [];
    const wordsFor = (value: string): string => {
      const option = question?.options?.find((each) => each.value === value);
      return option === undefined ? value : t(`questionnaires:${option.labelKey}`);
    };
    const label =
      question === undefined ? t("mailbox:questionUnknown", { id }) : t(`questionnaires:${question.labelKey}`);
    const single = question?.options === undefined ? [] : [wordsFor(String(answer))];
    const chosen = Array.isArray(answer) ? answer.map(wordsFor) : single;
    return [{ label, chosen, text: chosen.length === 0 ? String(answer) : "" }];
  });
}

/** Streams one file to the disk of the person; a browser is never to show it. */
async function sendFile({ files, context }: Assisted, token: string, res: Response): Promise<void> {
  const held = files.lend(token, res);
  if (held === null) return renderGone(res, "link");
  const file = parseKeptFile(held);
  const pieces = await openKeptFile(context, file);
  res.attachment(cleanName(file.entry.name));
  res.set("Content-Type", "application/octet-stream");
  res.set("Content-Length", String(file.entry.size));
  await pipeline(pieces, res).catch((error: unknown) => {
    // Who stops a download is no fault; who got damaged bytes sees it stop short of its length.
    if (!res.destroyed) throw error;
  });
}
