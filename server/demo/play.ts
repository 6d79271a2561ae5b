/** Files the demo's cases and works on them, through HTTP and with the code that browsers run. */
import { toHex } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { flagUrgent } from "../../crypto/envelope/wire.ts";
import { generateReceiptCode } from "../../crypto/receipt.ts";
import { english } from "../../crypto/words.ts";
import { findQuestionnaire } from "../../data/policy/built-in-questionnaires.ts";
import { checkAnswers, summarize } from "../../data/policy/questionnaire.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import { incidentTests } from "../../data/policy/incident.ts";
import { textOfDay } from "../../data/policy/update-date.ts";
import { writeAct, type ActDraft, type VisibleChange } from "../../views/browser/client/case-acts.ts";
import { viewDuties } from "../../views/browser/client/case-duties.ts";
import { logPosted, remind } from "../../views/browser/console/worker-duties.ts";
import { decide, prepare, reply, summarise, writeNote } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { newDesk, syncFeed, type Desk } from "../../views/browser/client/held-cases.ts";
import { listCases } from "../../views/browser/client/listing.ts";
import { draftMessage, openMailboxByCode } from "../../views/browser/client/mailbox.ts";
import { startFiling } from "../../views/browser/client/report.ts";
import { Session } from "../../views/browser/client/session.ts";
import type { Translate } from "../http/i18n.ts";
import { channels, people, stories, type PersonKey, type Step, type Story } from "./stories.ts";
import { makeFile } from "./story-files.ts";
import { idOf, type TrialPortal } from "./trial-portal.ts";

export interface PlayedCase {
  story: Story;
  /** First line of the report. */
  title: string;
  /** Hex. */
  caseId: string;
  /** The reporter's words. */
  code: string;
}

export type PlayProgress = (step: "filed" | "worked", done: number, all: number, title: string) => void;

const wordsOf =
  (t: Translate, story: Story) =>
  (name: string): string =>
    t(`demo:cases.${story.id}.${name}`);

/** Files every case on its day, then does what its people do. */
export async function playStories(at: TrialPortal, t: Translate, progress: PlayProgress): Promise<PlayedCase[]> {
  const cases: PlayedCase[] = [];
  for (const story of stories) {
    at.setDaysAgo(story.daysAgo);
    const filed = await fileStory(at, story, t);
    cases.push(filed);
    progress("filed", cases.length, stories.length, filed.title);
  }
  at.setDaysAgo(0);
  const desks = await openDesks(at);
  for (const [i, played] of cases.entries()) {
    for (const step of played.story.steps) await takeStep(at, desks, played, step, wordsOf(t, played.story));
    await keepDates(desks, played);
    progress("worked", i + 1, cases.length, played.title);
  }
  for (const desk of desks.values()) await desk.session.end();
  return cases;
}

/** What a reader's console does whenever a case is opened: the server's one date follows what is owed. */
async function keepDates(desks: Map<PersonKey, Desk>, { caseId, story }: PlayedCase): Promise<void> {
  const last = story.steps.findLast((step) => "by" in step);
  const desk = last === undefined || !("by" in last) ? undefined : desks.get(last.by);
  if (desk === undefined) return;
  const open = await openCase(desk, caseId);
  await remind(desk, open, viewDuties(desk.session.chain, open, null, Date.now()));
}

async function fileStory(at: TrialPortal, story: Story, t: Translate): Promise<PlayedCase> {
  const words = wordsOf(t, story);
  const answers = { what: words("what"), when: words("when"), categories: [...story.categories] };
  const { questionnaire } = channels.find(({ id }) => id === story.channel)!;
  const problem = checkAnswers(findQuestionnaire(questionnaire), answers)[0];
  if (problem !== undefined)
    throw new PortalError("format", `the story ${story.id} has no right answer to ${problem.id}`);
  const code = generateReceiptCode(english).canonical;
  const { category, title } = summarize(answers);
  const filing = startFiling({
    api: { origin: at.portal.reporterUrl },
    chain: at.chain,
    code,
    channel: story.channel,
    answers,
    category,
    title,
    language: "en",
    excluded: (story.excluded ?? []).map(idOf),
    files: (story.files ?? []).map((file) => makeFile(file, words)),
    flags: story.urgent === true ? flagUrgent : 0,
  });
  const filed = await filing.send();
  if (filed.is !== "filed") throw new PortalError("superseded", "the roster changed during the demo");
  return { story, title, caseId: toHex(filed.caseId), code };
}

/** Everybody who reads signs in and looks through the feed; who is left out of a case finds nothing of it there. */
async function openDesks(at: TrialPortal): Promise<Map<PersonKey, Desk>> {
  const api = { origin: at.portal.consoleUrl };
  const desks = new Map<PersonKey, Desk>();
  for (const { key } of people) {
    const { seed } = at.trial.members.find(({ id }) => id === idOf(key))!;
    const desk = newDesk(await Session.begin(api, at.chain, [seed]));
    await syncFeed(desk);
    await listCases(desk);
    desks.set(key, desk);
  }
  return desks;
}

/** YYYY-MM-DD, so many days before the portal's today. */
const daysBefore = (at: TrialPortal, days: number): string => textOfDay(at.portal.context.clock.today() - days);

function actOf(
  at: TrialPortal,
  step: Step & { do: "assess" | "triage" | "draft" | "hold" | "retain" },
  words: (name: string) => string,
): { draft: ActDraft; visible: VisibleChange } {
  switch (step.do) {
    case "assess":
      return { draft: { act: "assess", on: daysBefore(at, step.daysAgo) }, visible: {} };
    case "triage": {
      const tests = Object.fromEntries(
        incidentTests.map(({ id }) => [id, step.met.includes(id) ? ("met" as const) : ("not-met" as const)]),
      );
      const draft = { act: "triage", on: daysBefore(at, 0), tests, imminent: "no", reason: words(step.text) } as const;
      return { draft, visible: {} };
    }
    case "draft": {
      const said = { date: words("when"), qualifies: words(step.qualifies), statement: words(step.text) };
      const id = toHex(randomBytes(8));
      const to = { recipient: "Cal OES", deadlines: [...step.deadlines], amends: null, filed: null, files: [] };
      return { draft: { act: "filing", id, ...to, ...said, internalUse: "yes" }, visible: {} };
    }
    case "hold":
      return {
        draft: {
          act: "hold",
          on: true,
          id: toHex(randomBytes(8)),
          matter: words(step.matter),
          scope: "",
          dated: daysBefore(at, 0),
          reason: words(step.text),
        },
        visible: {},
      };
    case "retain": {
      const deleteOn = daysBefore(at, -step.days);
      return { draft: { act: "retain", deleteOn, reason: words(step.text) }, visible: { deleteOn } };
    }
  }
}

async function takeStep(
  at: TrialPortal,
  desks: Map<PersonKey, Desk>,
  { caseId, code }: PlayedCase,
  step: Step,
  words: (name: string) => string,
): Promise<void> {
  if (step.do === "message") {
    const mailbox = await openMailboxByCode({ origin: at.portal.reporterUrl }, at.chain, code);
    if (mailbox === null) throw new PortalError("missing", "the code opens no mailbox");
    const files = (step.files ?? []).map((file) => makeFile(file, words));
    await draftMessage(mailbox, { text: words(step.text), files }).send();
    return;
  }
  const desk = desks.get(step.by)!;
  const open = await openCase(desk, caseId);
  const nothing = await prepare(desk, open.caseId, []);
  switch (step.do) {
    case "reply": {
      const files = (step.files ?? []).map((file) => makeFile(file, words));
      const prepared = await prepare(desk, open.caseId, files);
      const day = daysBefore(at, step.daysAgo ?? 0);
      const duty = step.duty === undefined ? {} : { duty: step.duty };
      const written = await reply(
        desk,
        caseId,
        { text: words(step.text), status: step.status, day, ...duty },
        prepared,
      );
      if (step.duty !== undefined)
        await logPosted(desk, written, prepared.envId, { is: step.duty, changed: true, reason: "" }, day);
      return;
    }
    case "assess":
    case "triage":
    case "draft":
    case "hold":
    case "retain": {
      const { draft, visible } = actOf(at, step, words);
      await writeAct(desk, caseId, draft, visible, nothing);
      return;
    }
    case "note":
      await writeNote(desk, caseId, words(step.text), nothing);
      return;
    case "open":
      await decide(desk, caseId, { phase: "open", disposition: null, reason: words(step.text), on: daysBefore(at, 0) });
      return;
    case "close": {
      const { disposition } = step;
      await decide(desk, caseId, { phase: "closed", disposition, reason: words(step.text), on: daysBefore(at, 0) });
      return;
    }
    case "read":
      await summarise(desk, caseId, open.entries.length - 1);
  }
}
