/** What assisted mode's pages say and show: faults in words, people, sizes. */
import type { Response } from "express";
import type { ReportContent } from "../../crypto/content.ts";
import { findMember, type Member, type Roster } from "../../crypto/roster.ts";
import type { AnswerProblem } from "../../data/policy/questionnaire.ts";
import { formatDay } from "../../data/policy/update-date.ts";
import { listOf } from "../../views/locales/say.ts";
import type { Problem } from "../assisted/problems.ts";
import { translator, type Translate } from "./i18n.ts";
import { languageOf } from "./language-address.ts";
import { statusOf } from "./errors.ts";

/** The language of the answer and its words. */
export interface Speech {
  language: string;
  t: Translate;
}

export function speechOf(res: Response): Speech {
  const language = languageOf(res.req);
  return { language, t: translator(language) };
}

/** One line of the error summary. `field`: id of the element it leads to, "" for none. */
export interface Fault {
  field: string;
  text: string;
}

/** Files were chosen and are gone: browsers let nobody but the person choose them. */
export function faultsOf(problems: readonly Problem[], hadFiles: boolean, speech: Speech): Fault[] {
  const { t } = speech;
  const faults = problems.map((problem) => faultOf(problem, speech));
  if (problems.length > 0 && hadFiles) faults.push({ field: "files", text: t("assisted:problems.chooseAgain") });
  return faults;
}

function faultOf(problem: Problem, { t, language }: Speech): Fault {
  switch (problem.is) {
    case "answer": {
      const question = t(`questionnaires:${problem.question}`);
      const first = problem.problem === "required" && problem.field === "answer-what";
      const text = first ? t("report:answers.required") : answerWords(problem.problem, question, t);
      return { field: problem.field, text };
    }
    case "form":
      return { field: "files", text: t(`assisted:problems.form.${problem.problem}`) };
    case "channel":
      return { field: "channel", text: t("report:answers.channelRequired") };
    case "confirm":
      return { field: "confirm", text: t("assisted:problems.confirm") };
    case "readers":
      return { field: "exclude", text: t("report:answers.readersRequired") };
    case "readersNew":
      return { field: "readers-title", text: t("assisted:problems.readersNew") };
    case "readersChanged":
      return {
        field: "readers-title",
        text: `${t("report:readers.changedTitle")}. ${t("report:readers.changedText")}`,
      };
    case "code":
      return { field: "code-title", text: t("assisted:problems.code") };
    case "taken":
      return { field: "code-title", text: t("assisted:problems.taken") };
    case "late":
      return { field: "code", text: t("assisted:problems.late") };
    case "typed":
      return { field: "code", text: t(`mailbox:code.${problem.problem}`) };
    case "deleted": {
      const date = formatDay(problem.day, language);
      const [text, kept, next] = ["text", "kept", "do"].map((part) => t(`mailbox:deleted.${part}`));
      const backups =
        problem.backups === null
          ? t("mailbox:deleted.backupsGone")
          : t("mailbox:deleted.backups", { date: formatDay(problem.backups, language) });
      return { field: "", text: [`${t("mailbox:deleted.title", { date })}.`, text, kept, backups, next].join(" ") };
    }
    case "count":
      return { field: "code", text: t("mailbox:code.count", { count: problem.words }) };
    case "unknown": {
      const values = { count: problem.words.length, words: problem.words.join(", ") };
      const text = t("mailbox:code.unknown", values);
      const near = problem.near.length === 0 ? "" : ` ${t("mailbox:code.near", { words: problem.near.join(", ") })}`;
      return { field: "code", text: text + near };
    }
    case "wait":
      return { field: "", text: t("assisted:problems.wait", { seconds: problem.seconds }) };
    case "message":
      return { field: "message", text: t(`mailbox:write.${problem.problem}`) };
    case "error": {
      const sentences = ["title", "what", "next"].map((part) =>
        t(`errors:${problem.code}.${part}`).replace(/\.?$/, "."),
      );
      return { field: problem.code === "large" || problem.code === "full" ? "files" : "", text: sentences.join(" ") };
    }
  }
}

function answerWords(problem: AnswerProblem["problem"] | "unasked", question: string, t: Translate): string {
  switch (problem) {
    case "unasked":
      return t("assisted:problems.unasked", { question });
    case "required":
      return t("report:answers.requiredOther", { question });
    case "long":
      return t("report:answers.long", { question });
    case "format":
      return t("report:answers.format", { question });
  }
}

/** The status of a page that shows these: 400 for what the person can mend, the error's own otherwise. */
export function statusFor(problems: readonly Problem[], res: Response): number {
  if (problems.length === 0) return 200;
  const error = problems.find((problem) => problem.is === "error");
  const waits = problems.some((problem) => problem.is === "wait");
  const status = error === undefined ? (waits ? 503 : 400) : statusOf(error.code);
  if (status === 503) res.set("Retry-After", "5");
  return status;
}

/** Name and title, as the roster has them. */
export function nameOf({ name, title }: Member, { t }: Speech): string {
  return title === "" ? name : t("report:readers.who", { name, title });
}

/** Of a report that a member wrote down: who, and that they have seen the code. "" for any other. */
export function takenWords({ taken }: ReportContent, roster: Roster, speech: Speech): string {
  const member = taken === undefined ? null : findMember(roster, taken.by);
  if (taken === undefined || member === null) return "";
  return `${speech.t(`mailbox:taken.${taken.how}`, { name: member.name })} ${speech.t("mailbox:taken.seen")}`;
}

export function namesOf(roster: Roster, ids: readonly number[], speech: Speech): string {
  const names = ids.map((id) => {
    const member = findMember(roster, id);
    return member === null ? speech.t("mailbox:unknownReader") : nameOf(member, speech);
  });
  return listOf(names, speech.language);
}

export function rolesOf({ roles }: Member, speech: Speech): string {
  return listOf(
    roles.map((role) => speech.t(`report:roles.${role}`)),
    speech.language,
  );
}
