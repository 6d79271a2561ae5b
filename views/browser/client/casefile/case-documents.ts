/**
 * A case as documents and attachments, in the order in which a case file numbers them, with what counsel marked taken
 * out. Both the case file and `tellhaven open` tell a case by these.
 */
import { fromHex } from "../../../../crypto/bytes.ts";
import type { FileEntry } from "../../../../crypto/content.ts";
import type { Entry, EntryOf } from "../../../../crypto/envelope/open.ts";
import type { Stream } from "../../../../crypto/envelope/wire.ts";
import type { ExportExtent } from "../../../../crypto/export-acts.ts";
import type { RosterChain } from "../../../../crypto/roster.ts";
import type { ActContent } from "../../../../crypto/team-content.ts";
import { caseName } from "../../../../crypto/words.ts";
import { findQuestionnaire } from "../../../../data/policy/built-in-questionnaires.ts";
import type { Translate } from "../../i18n.ts";
import { actLines } from "../act-words.ts";
import { channelOf, dayIn, personOf, textOf } from "../case-view.ts";
import type { OpenCase } from "../casework.ts";
import type { Lookup } from "../held-cases.ts";
import type { CaseListing } from "../listing.ts";
import { takenLine } from "../taken-words.ts";
import type { CaseDocument, DocumentPart } from "./documents.ts";
import { gapsOf, type Gap } from "./mark-rules.ts";
import { marksAt, marksOf, type Mark } from "./marks.ts";

/** What is told of a case: as it was opened at the console, or from a sealed copy. */
export type ReadCase = Pick<OpenCase, "caseId" | "report" | "entries" | "readers" | "team"> & {
  listing: Pick<CaseListing, "name" | "assisted" | "urgent">;
  lookup: Pick<Lookup, "receivedOn" | "phase">;
};

/** One document of a case file, or one attachment. */
export interface Item {
  of: ReadCase;
  stream: Stream;
  entry: Entry;
  /** What was written in the entry; null: an attachment. */
  document: CaseDocument | null;
  /** Its place in the entry; null: a document. */
  file: { index: number; entry: FileEntry } | null;
  title: string;
  /** Who wrote it, in words. */
  by: string;
  /** YYYY-MM-DD */
  day: string | null;
  /** All of it is left out, for these reasons; empty: it is shown, parts of a document perhaps not. */
  withheld: Mark[];
  /** In the order of the document's parts and places. */
  passages: Passage[];
  /** What is left out of a document, as somebody wrote it: none of it may be found in the case file. */
  redacted: string[];
}

/** A passage that is left out, of one mark or of several that overlap. */
export interface Passage extends Gap {
  /** Which part of the document, and what marks call it. */
  part: number;
  name: string;
}

export interface ItemChoices {
  conversation: boolean;
  notes: boolean;
  attachments: boolean;
}

/** Entries of the team's stream as far as they were read. */
export const teamEntries = ({ team }: Pick<ReadCase, "team">): readonly Entry[] =>
  team.state === "open" ? team.entries : [];

/** The case as it was when it had so many entries. */
export function upTo<T extends ReadCase>(open: T, extent: ExportExtent): T {
  const entries = open.entries.slice(0, extent.conversation);
  const rekey = entries.findLast((entry) => entry.kind === "rekey");
  const readers = rekey?.kind === "rekey" ? rekey.content.readers : open.report.content.readers;
  const { team } = open;
  if (team.state !== "open") return { ...open, entries, readers };
  return { ...open, entries, readers, team: { ...team, entries: team.entries.slice(0, extent.team) } };
}

export const extentOf = (open: ReadCase): ExportExtent => ({
  conversation: open.entries.length,
  team: teamEntries(open).length,
});

const notSpoken: ReadonlySet<Entry["kind"]> = new Set(["team", "teamrekey", "rekey"]);

/** `t` needs the namespaces casefile, common, console, duties, incident, questionnaires, taken and work. */
export function itemsOf(
  chain: RosterChain,
  open: ReadCase,
  choices: ItemChoices,
  t: Translate,
  marks: readonly Mark[] = marksOf(chain, teamEntries(open)),
): Item[] {
  const streams = [
    [0, choices.conversation ? open.entries : []],
    [1, choices.notes ? teamEntries(open) : []],
  ] as const;
  return streams.flatMap(([stream, entries]) =>
    entries.flatMap((entry) => {
      if (notSpoken.has(entry.kind)) return [];
      const own = marksAt(marks, stream, entry.seq);
      const document = documentItem(chain, open, stream, entry, own, t);
      const files = choices.attachments && "files" in entry.content ? entry.content.files : [];
      return [document, ...files.map((file, index) => attachmentItem(document, file, index, own, t))];
    }),
  );
}

/**
 * What is claimed as privileged in parts of the case that were not chosen: a privilege log tells of it all the same,
 * Rule 26(b)(5)(A).
 */
export function claimedBesides(chain: RosterChain, open: ReadCase, choices: ItemChoices, t: Translate): Item[] {
  const isChosen = ({ stream, file }: Item): boolean =>
    (stream === 0 ? choices.conversation : choices.notes) && (file === null || choices.attachments);
  const everything = { conversation: true, notes: true, attachments: true };
  return itemsOf(chain, open, everything, t).filter(
    (item) =>
      !isChosen(item) &&
      [...item.withheld, ...item.passages.flatMap(({ marks }) => marks)].some(({ bases }) => bases.length > 0),
  );
}

function documentItem(
  chain: RosterChain,
  open: ReadCase,
  stream: Stream,
  entry: Entry,
  marks: readonly Mark[],
  t: Translate,
): Item {
  const parts = partsOf(chain, open, entry, t);
  const title = t(`console:file.kind.${entry.kind}`, { seq: entry.seq });
  const about = { title, by: authorOf(chain, entry, t), day: dayOf(open, entry) };
  const passages = parts.flatMap((part, i) => passagesOf(marks, part, i));
  const redacted = parts.map(({ heading, text }, part): DocumentPart => ({
    heading,
    text,
    redactions: passages.filter((each) => each.part === part),
  }));
  const language = entry.kind === "report" ? tagOf(entry.content.language) : null;
  const withheld = marks.filter(({ part }) => part === "document");
  return {
    of: open,
    stream,
    entry,
    file: null,
    document: { ...about, language, parts: redacted },
    ...about,
    withheld,
    passages,
    redacted: redactedTexts(parts, withheld.length > 0, passages),
  };
}

/** The reporter's software says it, and may say anything; pages are made only in languages that can be. */
function tagOf(language: string): string | null {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? null;
  } catch {
    return null;
  }
}

function attachmentItem(document: Item, file: FileEntry, index: number, marks: readonly Mark[], t: Translate): Item {
  return {
    ...document,
    document: null,
    file: { index, entry: file },
    title: t("casefile:attachment", { number: index + 1, of: document.title }),
    withheld: marks.filter(({ part }) => part === `file:${index}`),
    passages: [],
    redacted: [],
  };
}

/** Headings and labels of choices are our words, and may stand elsewhere. */
function redactedTexts(parts: readonly NamedPart[], isWithheld: boolean, passages: readonly Passage[]): string[] {
  const isWritten = ({ name, isList = false }: NamedPart): boolean => name !== null && !isList;
  const texts = isWithheld
    ? parts.filter(isWritten).map(({ text }) => text)
    : passages
        .filter(({ part }) => isWritten(parts[part]!))
        .map(({ part, start, end }) => parts[part]!.text.slice(start, end));
  return texts.filter((text) => text.trim() !== "");
}

/** Its day as far as anybody said: the server's of the report, the writer's of all else. */
function dayOf(open: ReadCase, { kind, content }: Entry): string | null {
  return kind === "report" ? open.lookup.receivedOn : dayIn(content);
}

function authorOf(chain: RosterChain, { kind, author }: Entry, t: Translate): string {
  if (kind === "damaged") return t("console:file.unknown");
  if (author === null) return t("console:file.reporter");
  const { name, title } = personOf(chain, author);
  return title === "" ? name : `${name}, ${title}`;
}

/** `name` as marks call it; null: words of ours, in which nothing can be marked. */
interface NamedPart {
  name: string | null;
  heading: string;
  text: string;
  /** Of choices that were ticked: our words, of which nobody marks a part. */
  isList?: boolean;
}

function partsOf(chain: RosterChain, open: ReadCase, entry: Entry, t: Translate): NamedPart[] {
  const written = { name: "text", heading: "", text: textOf(entry) };
  switch (entry.kind) {
    case "report":
      return reportParts(chain, open, entry, t);
    case "act":
      return [
        { name: null, heading: "", text: actLines(toldOf(entry.content), t, namesIn(chain, entry.content)).join("\n") },
        written,
      ];
    case "damaged":
      return [{ name: null, heading: "", text: t("common:damagedEntry") }];
    case "message":
    case "reply":
    case "note":
    case "rekey":
    case "team":
    case "teamrekey":
      return [written];
  }
}

/** Answers under the questions as they were asked, those that nobody asked last. */
function reportParts(chain: RosterChain, open: ReadCase, { content }: EntryOf<"report">, t: Translate): NamedPart[] {
  const { answers } = content;
  const { questions } = findQuestionnaire(channelOf(chain, open).questionnaire);
  const asked = new Set(questions.map(({ id }) => id));
  const ordered = [...asked, ...Object.keys(answers).filter((id) => !asked.has(id))];
  const told = ordered.flatMap((id): NamedPart[] => {
    const answer = answers[id];
    if (answer === undefined || answer.length === 0) return [];
    const question = questions.find((each) => each.id === id);
    const heading = question === undefined ? id : t(`questionnaires:${question.labelKey}`);
    const label = (value: string): string => {
      const key = question?.options?.find((option) => option.value === value)?.labelKey;
      return key === undefined ? value : t(`questionnaires:${key}`);
    };
    const name = `answer:${id}`;
    if (typeof answer === "string") return [{ name, heading, text: answer }];
    return [{ name, heading, text: answer.map((value) => `- ${label(value)}`).join("\n"), isList: true }];
  });
  const about = [t("console:file.receivedOn", { day: open.lookup.receivedOn }), ...takenLines(chain, content, t)];
  return [{ name: null, heading: "", text: about.join("\n") }, ...told];
}

/** Of an earlier case file not what stands for it: by that, whoever has this one could try names. */
function toldOf(act: ActContent): ActContent {
  return "digest" in act ? { ...act, digest: "" } : act;
}

function namesIn(chain: RosterChain, act: ActContent): { person(id: number): string; linked: string } {
  return {
    person: (id) => personOf(chain, id).name,
    linked: act.act === "link" ? caseName(fromHex(act.case, 32)) : "",
  };
}

/** That a member wrote it down, and so has seen the code; the report alone says so. */
function takenLines(chain: RosterChain, { taken, day }: EntryOf<"report">["content"], t: Translate): string[] {
  if (taken === undefined) return [];
  const { name } = personOf(chain, taken.by);
  return [takenLine({ name, how: taken.how, day: day ?? null }, t), t("taken:mark.seen", { name })];
}

/** What is left out of a part of a document; of what was chosen from a list all or nothing. */
function passagesOf(marks: readonly Mark[], { name, text, isList = false }: NamedPart, part: number): Passage[] {
  if (name === null) return [];
  const own = marks.filter((mark) => mark.part === name).map((mark) => (isList ? { ...mark, span: null } : mark));
  return gapsOf(own, text).map((gap) => ({ ...gap, part, name }));
}
