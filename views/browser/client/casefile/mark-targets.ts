/** What of a case can be left out of case files: its documents, their texts, their attachments. No key, no DOM. */
import type { ActContent } from "../../../../crypto/team-content.ts";
import type { Stream } from "../../../../crypto/envelope/wire.ts";
import type { CaseView, EntryView, FileView, PersonView } from "../case-view.ts";
import type { Mark } from "./marks.ts";

/** A text of a document, under the name that a mark calls it by (crypto/export-acts.ts). */
export interface TargetPart {
  part: string;
  /** As it was sent: a mark's span counts its UTF-16 code units. */
  text: string;
  /** A passage of it can be left out; false: all of it or nothing, as of a choice from a list. */
  passages: boolean;
  /** Words of the question that it answers, and of what was chosen; null: there are none of ours. */
  labelKey: string | null;
  chosen: (string | null)[];
}

/** One document of the case. */
export interface MarkTarget {
  stream: Stream;
  seq: number;
  kind: "report" | "message" | "reply" | "note" | "act";
  /** Null: the reporter. */
  author: PersonView | null;
  /** YYYY-MM-DD as its writer said. */
  day: string | null;
  act: ActContent | null;
  linked: string;
  parts: TargetPart[];
  files: FileView[];
  /** Words that stand in the document outside its parts: they go with the whole only. */
  besides: string;
}

/** The parts of an entry that is no report: message, reply and note have their text, an act has its reason. */
const textPart = (text: string): TargetPart[] =>
  text === "" ? [] : [{ part: "text", text, passages: true, labelKey: null, chosen: [] }];

function answerParts({ answers, review }: CaseView["report"]): TargetPart[] {
  return review
    .filter(({ id, values }) => Object.hasOwn(answers, id) && values.length > 0)
    .map(({ id, labelKey, isList, values }) => ({
      part: `answer:${id}`,
      text: values.map(({ text }) => text).join("\n"),
      passages: !isList && values.every((value) => value.labelKey === null),
      labelKey,
      chosen: values.map((value) => value.labelKey),
    }));
}

/** Of an act: what leads to other things of the case, says how it was decided, or is a part by itself. */
const noWords = new Set(["act", "id", "case", "conversation", "reason", "files", "digest", "signature"]);

function wordsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => (noWords.has(name) ? [] : wordsIn(each)));
}

function targetOf(stream: Stream, entry: EntryView): MarkTarget[] {
  const { seq, kind, author, day, act, linked, text, files } = entry;
  switch (kind) {
    case "message":
    case "reply":
    case "note":
    case "act":
      // What says that something is left out is itself no document: its words are read by the other side anyway.
      if (act?.act === "redact") return [];
      return [
        { stream, seq, kind, author, day, act, linked, parts: textPart(text), files, besides: wordsIn(act).join("\n") },
      ];
    case "report":
    case "rekey":
    case "team":
    case "teamrekey":
    case "damaged":
      return [];
  }
}

/** In the order of a case file: the report, the conversation, then what readers wrote among themselves. */
export function markTargets({
  report,
  conversation,
  team,
}: Pick<CaseView, "report" | "conversation" | "team">): MarkTarget[] {
  const first: MarkTarget = {
    stream: 0,
    seq: 0,
    kind: "report",
    author: null,
    day: report.day,
    act: null,
    linked: "",
    parts: answerParts(report),
    files: report.files,
    besides: "",
  };
  return [
    first,
    ...conversation.flatMap((entry) => targetOf(0, entry)),
    ...team.entries.flatMap((entry) => targetOf(1, entry)),
  ];
}

/** What a mark is on. */
export type MarkPlace = Pick<Mark, "stream" | "seq" | "part" | "span">;

export const targetAt = (targets: readonly MarkTarget[], { stream, seq }: Pick<MarkPlace, "stream" | "seq">) =>
  targets.find((each) => each.stream === stream && each.seq === seq) ?? null;

/** The words that a mark leaves out; of an attachment its name. "": it leads nowhere. */
export function wordsAt(target: MarkTarget, { part, span }: Pick<MarkPlace, "part" | "span">): string {
  if (part === "document") return [...target.parts.map(({ text }) => text), target.besides].join("\n").trim();
  if (part.startsWith("file:")) return target.files[Number(part.slice("file:".length))]?.name ?? "";
  const text = target.parts.find((each) => each.part === part)?.text ?? "";
  return span === null ? text : text.slice(span.start, span.end);
}

/** A text field counts every line end as one. */
export const fieldText = (text: string): string => text.replaceAll(/\r\n?/g, "\n");

/** Where in the text as it was sent a place in the field lies that shows it. */
export function offsetInText(text: string, inField: number): number {
  let at = 0;
  for (let shown = 0; shown < inField && at < text.length; shown++) at += text.startsWith("\r\n", at) ? 2 : 1;
  return at;
}

/** The other way round. */
export const offsetInField = (text: string, inText: number): number => fieldText(text.slice(0, inText)).length;
