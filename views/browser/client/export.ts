/**
 * Counsel's case file: a BagIt bag in a ZIP, signed with the exporter's export key, checkable
 * with sha256sum and minisign. Sizes and digests are known from the verified envelopes, so the
 * whole is streamed; an attachment that does not verify breaks the stream off.
 *
 * The same case and choices give the same bytes under data/: nothing in there says who exported
 * or when. (The desk notes each export for the other readers: with notes chosen, that note is
 * part of the next one.) Left out unless chosen: the readers' notes and decisions, and file names as the
 * reporter sent them (they identify people; they never become paths). Never in it: whom the
 * reporter left out, keys, the receipt code.
 */
import { makeZip, predictLength } from "client-zip";
import { toHex } from "../../../crypto/bytes.ts";
import type { FileEntry } from "../../../crypto/content.ts";
import type { Entry } from "../../../crypto/envelope/open.ts";
import type { Stream } from "../../../crypto/envelope/wire.ts";
import { formatMinisignKey, minisign } from "../../../crypto/minisign.ts";
import { findQuestionnaire } from "../../../data/policy/built-in-questionnaires.ts";
import type { Translate } from "../i18n.ts";
import { bagAround, checkPath, fileOf, type BagEntry, type TagFile } from "./bag.ts";
import { openAttachment, type FilePlace } from "./case-files.ts";
import type { ActContent } from "../../../crypto/team-content.ts";
import { channelOf, personOf, textOf } from "./case-view.ts";
import { actLines } from "./act-words.ts";
import { newestStatus, type Desk, type OpenCase } from "./casework.ts";

export interface ExportChoices {
  /** The team's stream: notes, decisions, dispositions. May be privileged: off unless chosen. */
  notes: boolean;
  /** File names as the reporter sent them, in case.json only. */
  originalNames: boolean;
}

/** Everything but the attachments' bytes. */
export interface CaseFile {
  /** `<case name>.zip` */
  fileName: string;
  /** Bytes of the ZIP. */
  length: number;
  /** Text of counsel.pub; belongs to the other side by another way than the bag. */
  publicKey: string;
  /** SHA-256 of tagmanifest-sha256.txt, hex: what stands for the whole bag in a log. */
  digest: string;
  folder: string;
  files: TagFile[];
  attachments: Attachment[];
}

interface Attachment extends BagEntry {
  place: FilePlace;
  file: FileEntry;
}

/** Of what others can open and nothing runs; anything else becomes .bin. */
const knownExtensions = new Set(
  "csv doc docx eml gif heic htm html jpeg jpg json log m4a md mkv mov mp3 mp4 msg odp ods odt ogg pdf png ppt pptx rtf tif tiff txt wav webm webp xls xlsx xml zip".split(
    " ",
  ),
);

function neutralName(number: number, original: string): string {
  const extension = /\.([a-z0-9]{1,5})$/.exec(original.toLowerCase())?.[1] ?? "";
  return `attachment-${String(number).padStart(4, "0")}.${knownExtensions.has(extension) ? extension : "bin"}`;
}

function listAttachments(streams: readonly (readonly [Stream, readonly Entry[]])[]): Attachment[] {
  const all = streams.flatMap(([stream, entries]) =>
    entries.flatMap((entry) =>
      ("files" in entry.content ? entry.content.files : []).map((file, index) => ({
        file,
        place: { stream, seq: entry.seq, index },
      })),
    ),
  );
  return all.map(({ file, place }, i) => ({
    path: checkPath(`data/attachments/${neutralName(i + 1, file.name)}`),
    size: file.size,
    sha256: file.sha256,
    place,
    file,
  }));
}

const textPath = (stream: Stream, entry: Entry): string =>
  `data/text/${stream === 0 ? "conversation" : "team"}-${String(entry.seq).padStart(4, "0")}-${entry.kind}.txt`;

const linesOf = (answer: string | string[], label: (value: string) => string): string =>
  typeof answer === "string" ? answer : answer.map((value) => `- ${label(value)}`).join("\n");

/** A report's answers under the questions as they were asked. */
function reportText(desk: Desk, open: OpenCase, t: Translate): string {
  const { answers } = open.report.content;
  const { questions } = findQuestionnaire(channelOf(desk.session.chain, open).questionnaire);
  const asked = new Set(questions.map(({ id }) => id));
  const ordered = [...questions.map(({ id }) => id), ...Object.keys(answers).filter((id) => !asked.has(id))];
  return ordered
    .filter((id) => answers[id] !== undefined && answers[id].length > 0)
    .map((id) => {
      const question = questions.find((each) => each.id === id);
      const heading = question === undefined ? id : t(`questionnaires:${question.labelKey}`);
      const label = (value: string): string => {
        const key = question?.options?.find((option) => option.value === value)?.labelKey;
        return key === undefined ? value : t(`questionnaires:${key}`);
      };
      return `${heading}\n\n${linesOf(answers[id]!, label)}\n`;
    })
    .join("\n\n");
}

/** Who wrote what, then what they wrote. */
function entryText(desk: Desk, open: OpenCase, entry: Entry, t: Translate): string {
  const person = entry.author === null ? null : personOf(desk.session.chain, entry.author);
  const author =
    entry.kind === "damaged"
      ? t("console:file.unknown")
      : person === null
        ? t("console:file.reporter")
        : `${person.name}${person.title === "" ? "" : `, ${person.title}`}`;
  const head = [
    open.listing.name,
    t(`console:file.kind.${entry.kind}`, { seq: entry.seq }),
    t("console:file.by", { author }),
    ...(entry.kind === "report" ? [t("console:file.receivedOn", { day: open.lookup.receivedOn })] : []),
    ...(entry.kind === "act" ? actLines(entry.content, t) : []),
  ];
  const body = entry.kind === "damaged" ? t("common:damagedEntry") : textOf(entry);
  return `${head.join("\n")}\n\n${entry.kind === "report" ? reportText(desk, open, t) : `${body}\n`}`;
}

/** An act as it was signed, without what only leads to its place and its files' keys. */
function actJson(content: ActContent): object {
  return Object.fromEntries(Object.entries(content).filter(([name]) => name !== "conversation" && name !== "files"));
}

/** One entry of case.json. */
function entryJson(stream: Stream, entry: Entry, attachments: readonly Attachment[], choices: ExportChoices): object {
  const own = attachments.filter(({ place }) => place.stream === stream && place.seq === entry.seq);
  return {
    seq: entry.seq,
    kind: entry.kind,
    // Null is the reporter; of a damaged entry nobody knows.
    ...(entry.kind === "damaged" ? {} : { author: entry.author }),
    rosterEpoch: entry.epoch,
    envelopeHash: toHex(entry.hash),
    ...(entry.kind === "team" ? {} : { textFile: textPath(stream, entry) }),
    ...(entry.kind === "report" ? { language: entry.content.language, answers: entry.content.answers } : {}),
    ...("text" in entry.content ? { text: entry.content.text } : {}),
    ...(entry.kind === "reply" ? { status: entry.content.status } : {}),
    ...(entry.kind === "team" ? { audience: entry.content.audience } : {}),
    ...(entry.kind === "act" ? actJson(entry.content) : {}),
    attachments: own.map(({ path, size, sha256, file }) => ({
      path,
      bytes: size,
      sha256,
      type: file.type,
      ...(choices.originalNames ? { originalName: file.name } : {}),
    })),
  };
}

type Streams = readonly (readonly [Stream, readonly Entry[]])[];

function caseJson(
  desk: Desk,
  open: OpenCase,
  streams: Streams,
  attachments: Attachment[],
  choices: ExportChoices,
): string {
  const { chain } = desk.session;
  const people = new Set([
    ...open.readers,
    ...streams.flatMap(([, entries]) => entries.flatMap(({ author }) => author ?? [])),
  ]);
  const epochs = new Set(streams.flatMap(([, entries]) => entries.map(({ epoch }) => epoch)));
  const told = streams.map(([stream, entries]) =>
    entries.map((entry) => entryJson(stream, entry, attachments, choices)),
  );
  const content = {
    format: "tellhaven-case-1",
    case: open.listing.name,
    caseId: toHex(open.caseId),
    portalId: toHex(chain.portalId),
    organisation: chain.current.organisation,
    channel: channelOf(chain, open).name,
    receivedOn: open.lookup.receivedOn,
    phase: newestStatus(open.team)?.phase ?? open.lookup.phase,
    assisted: open.listing.assisted,
    urgent: open.listing.urgent,
    choices: { notes: choices.notes, originalNames: choices.originalNames },
    rosters: chain.rosters
      .filter(({ epoch }) => epochs.has(epoch))
      .map(({ epoch, hash }) => ({ epoch, hash: toHex(hash) })),
    people: [...people]
      .sort((a, b) => a - b)
      .map((id) => personOf(chain, id))
      .map(({ id, name, title }) => ({ id, name, title, reader: open.readers.includes(id) })),
    conversation: told[0] ?? [],
    team: choices.notes ? (told[1] ?? []) : null,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/**
 * Prepares a case file from a case that was read and verified. `t` needs the namespaces console
 * and questionnaires; `today`: YYYY-MM-DD, in bag-info.txt and in the signed comment only.
 */
export function planExport(desk: Desk, open: OpenCase, choices: ExportChoices, t: Translate, today: string): CaseFile {
  const { session } = desk;
  const { name } = open.listing;
  const team = open.team.state === "open" && choices.notes ? open.team.entries : [];
  const streams = [[0, open.entries] as const, [1, team] as const];
  const attachments = listAttachments(streams);
  const texts = streams.flatMap(([stream, entries]) =>
    entries
      .filter((entry) => entry.kind !== "team")
      .map((entry) => fileOf(textPath(stream, entry), entryText(desk, open, entry, t))),
  );
  const payload = [fileOf("data/case.json", caseJson(desk, open, streams, attachments, choices)), ...texts];
  const about = [
    ["Source-Organization", session.chain.current.organisation],
    ["External-Identifier", name],
    ["Bagging-Date", today],
    ["Bag-Software-Agent", "Tellhaven"],
  ] as const;
  const verify = fileOf(
    "VERIFY.md",
    `${t("console:file.verify", { name, organisation: session.chain.current.organisation })}\n`,
  );
  const tags = bagAround([...payload, ...attachments], about, [verify]);
  const tagManifest = tags.at(-1)!;
  const comment = `case file ${name} of portal ${toHex(session.chain.portalId)}, exported ${today}`;
  const signature = minisign(tagManifest.bytes, session.secrets.export, comment);
  const files = [...tags, fileOf(`${tagManifest.path}.minisig`, signature), ...payload];
  return {
    fileName: `${name}.zip`,
    length: Number(
      predictLength([...files, ...attachments].map(({ path, size }) => ({ name: `${name}/${path}`, size }))),
    ),
    publicKey: formatMinisignKey(session.secrets.export.publicKey),
    digest: tagManifest.sha256,
    folder: name,
    files,
    attachments,
  };
}

/** The first day that ZIP can say: its times are local and would otherwise tell of the exporter's clock. */
const noDate = new Date(1980, 0, 1);

/** The ZIP's bytes. Errors when an attachment does not verify: what was written so far is then no case file. */
export function streamExport(
  desk: Desk,
  open: OpenCase,
  file: CaseFile,
  signal?: AbortSignal,
): ReadableStream<Uint8Array> {
  async function* entries(): AsyncGenerator<{
    name: string;
    lastModified: Date;
    input: Uint8Array | AsyncIterable<Uint8Array>;
    size: number;
  }> {
    const named = (path: string, size: number): { name: string; lastModified: Date; size: number } => ({
      name: `${file.folder}/${path}`,
      lastModified: noDate,
      size,
    });
    for (const { path, size, bytes } of file.files) yield { ...named(path, size), input: bytes };
    for (const { path, size, place } of file.attachments)
      yield { ...named(path, size), input: openAttachment(desk, open, place, signal) };
  }
  return makeZip(entries() as Parameters<typeof makeZip>[0]);
}
