/** What the screen "Take a report" holds: what is typed, and for a moment the words that are handed over. */
import type { WayTaken } from "../../../../crypto/content.ts";
import {
  answersAsked,
  askedQuestions,
  findActive,
  followed,
  problemOfAnswer,
  answerTo,
  type AnswerProblem,
  type Answers,
  type Question,
  type VersionedQuestionnaire,
} from "../../../../data/policy/questionnaire.ts";
import { hasBegun, postedOn } from "../own-time.ts";
import type { TakenInput, TakenReceipt, TakingChannel, TakingForm, TakingLanguage, TakingMember } from "./taken-api.ts";

export interface TakingDraft {
  channel: string;
  how: WayTaken | "";
  /** YYYY-MM-DD; null until somebody changed what is proposed. */
  day: string | null;
  /** BCP 47 tag; "" until somebody chose. */
  language: string;
  /** Also to questions that only another channel asks; by type and id, so that no tick becomes a text. */
  answers: Record<string, string | string[]>;
  excluded: number[];
  files: File[];
  urgent: boolean;
}

export interface TakingState {
  form: TakingForm | null;
  draft: TakingDraft;
  /** The list of readers changed since the form was drawn. */
  changed: boolean;
  /** A try got no answer. "locked": what was sealed then is gone, so the next try is another report. */
  unsure: "no" | "here" | "locked";
  /** Name of the file that could not be read. */
  unreadable: string | null;
  receipt: TakenReceipt | null;
  /** Which of the words is asked for, from 0. */
  asked: number;
  /** The words went with the lock before anybody said that they were handed over; "told": this screen said so. */
  lost: "no" | "untold" | "told";
}

export function emptyTaking(): TakingDraft {
  return { channel: "", how: "", day: null, language: "", answers: {}, excluded: [], files: [], urgent: false };
}

export function firstTaking(): TakingState {
  return {
    form: null,
    draft: emptyTaking(),
    changed: false,
    unsure: "no",
    unreadable: null,
    receipt: null,
    asked: 0,
    lost: "no",
  };
}

/** Whether anything would be lost with the window: what was typed, or words that nobody has yet. */
export function hasTaking({ draft, receipt }: TakingState): boolean {
  return receipt !== null || draft.files.length > 0 || Object.values(draft.answers).some((each) => each.length > 0);
}

/** What leaves the page when it locks: names of people, and the words. */
export function forgetTaking(taking: TakingState): void {
  if (taking.receipt !== null) taking.lost = "untold";
  Object.assign(taking, { form: null, receipt: null, changed: false });
  if (taking.unsure === "here") taking.unsure = "locked";
}

/** Where there is one channel only, nothing has to be chosen. */
export function channelOf({ form, draft }: TakingState): TakingChannel | null {
  const channels = form?.channels ?? [];
  return channels.find(({ id }) => id === draft.channel) ?? (channels.length === 1 ? channels[0]! : null);
}

/** The member's own language where reporters can come back in it. */
export function languageOf({ form, draft }: TakingState, own: string): TakingLanguage | null {
  const languages = form?.languages ?? [];
  const find = (tag: string): TakingLanguage | undefined => languages.find((each) => each.tag === tag);
  return find(draft.language) ?? find(own) ?? find("en") ?? languages[0] ?? null;
}

export const dayOf = ({ day }: TakingDraft): string => day ?? postedOn();

export function questionnaireOf(taking: TakingState): VersionedQuestionnaire | null {
  const channel = channelOf(taking);
  return taking.form === null || channel === null
    ? null
    : findActive(taking.form.questionnaires, channel.questionnaire);
}

const answerKey = ({ id, type }: Question): string => `${type} ${id}`;

export function answerOf({ answers }: TakingDraft, question: Question): string | string[] {
  return answerTo(answers, answerKey(question));
}

export function setAnswer({ answers }: TakingDraft, question: Question, answer: string | string[]): void {
  answers[answerKey(question)] = answer;
}

function answersOf({ draft }: TakingState, { questionnaire }: VersionedQuestionnaire): Answers {
  return Object.fromEntries(questionnaire.questions.map((each) => [each.id, answerOf(draft, each)]));
}

/** In the order in which they stand on the page. */
export function questionsAsked(taking: TakingState): Question[] {
  const asked = questionnaireOf(taking);
  return asked === null ? [] : followed(askedQuestions(asked.questionnaire, answersOf(taking, asked)));
}

export const isSpare = ({ roles }: TakingMember): boolean => roles.includes("recovery");

/** Who will be able to open it. */
export function readersNow(taking: TakingState): TakingMember[] {
  return (channelOf(taking)?.readers ?? []).filter(({ id }) => !taking.draft.excluded.includes(id));
}

export const fieldId = ({ id }: Question): string => `answer-${id}`;

const problemWords: Record<AnswerProblem["problem"], string> = {
  required: "taken:missing.required",
  long: "taken:missing.long",
  format: "taken:missing.format",
};

/** Fields that still need something, by element id, in the order of the page, with the key of what to say. */
export function missingOf(taking: TakingState): Record<string, string> {
  const { draft } = taking;
  const channel = channelOf(taking);
  const questions = questionsAsked(taking).flatMap((question) => {
    const problem = problemOfAnswer(question, answerOf(draft, question));
    return problem === null ? [] : [[fieldId(question), problemWords[problem]] as const];
  });
  return {
    ...(channel === null && { channel: "taken:missing.channel" }),
    ...(draft.how === "" && { how: "taken:missing.how" }),
    ...(!/^\d{4}-\d\d-\d\d$/.test(dayOf(draft)) || !hasBegun(dayOf(draft)) ? { day: "taken:missing.day" } : {}),
    ...(channel !== null && readersNow(taking).length === 0 && { exclude: "taken:missing.readers" }),
    ...Object.fromEntries(questions),
  };
}

/** Null: something is still missing. */
export function inputOf(taking: TakingState, own: string): TakenInput | null {
  const { form, draft } = taking;
  const { how } = draft;
  const [channel, language, asked] = [channelOf(taking), languageOf(taking, own), questionnaireOf(taking)];
  if (form === null || channel === null || language === null || asked === null || how === "") return null;
  const known = new Set(form.members.map(({ id }) => id));
  // Where the member is it may be tomorrow already: nothing is dated later than both clocks say.
  const day = dayOf(draft) > postedOn() ? postedOn() : dayOf(draft);
  return {
    rosterHash: form.rosterHash,
    channel: channel.id,
    how,
    day,
    language: language.tag,
    asked: asked.version,
    answers: answersAsked(asked.questionnaire, answersOf(taking, asked)),
    excluded: draft.excluded.filter((id) => known.has(id)).toSorted((a, b) => a - b),
    files: draft.files,
    urgent: draft.urgent,
  };
}
