/** data/case.json: the whole case file for machines. Its shape is case-json-shape.ts, published as a JSON Schema. */
import { toHex } from "../../../../crypto/bytes.ts";
import type { ReportContent } from "../../../../crypto/content.ts";
import type { Entry } from "../../../../crypto/envelope/open.ts";
import type { Stream } from "../../../../crypto/envelope/wire.ts";
import type { RosterChain } from "../../../../crypto/roster.ts";
import type { ActContent } from "../../../../crypto/team-content.ts";
import type { Translate } from "../../i18n.ts";
import { channelOf, personOf } from "../case-view.ts";
import { newestStatus } from "../casework.ts";
import { teamEntries, type Item, type Passage, type ReadCase } from "./case-documents.ts";
import { redactText } from "./redact.ts";

/** Where an item went: paths within the bag and pages, as far as it has them. */
export interface Produced {
  item: Item;
  bates: { begin: string; end: string } | null;
  pdf: string | null;
  text: string | null;
  /** Of an attachment that is not withheld. */
  native: { path: string; sha256: string; bytes: number } | null;
}

export interface JsonChoices {
  conversation: boolean;
  notes: boolean;
  attachments: boolean;
  originalNames: boolean;
}

/** `name`: of the case file. `produced`: of all its cases. `t` needs the namespace casefile. */
export function caseJson(
  chain: RosterChain,
  name: string,
  cases: readonly ReadCase[],
  produced: readonly Produced[],
  choices: JsonChoices,
  t: Translate,
): string {
  const streams = cases.flatMap((of) => streamsOf(of, choices).map(([, entries]) => entries));
  const epochs = new Set(streams.flatMap((entries) => entries.map(({ epoch }) => epoch)));
  const { conversation, notes, attachments, originalNames } = choices;
  const content = {
    format: "tellhaven-case-2",
    case: name,
    portalId: toHex(chain.portalId),
    organisation: chain.current.organisation,
    choices: { conversation, notes, attachments, originalNames },
    rosters: chain.rosters
      .filter(({ epoch }) => epochs.has(epoch))
      .map(({ epoch, hash }) => ({ epoch, hash: toHex(hash) })),
    people: [...new Set(cases.flatMap((of) => peopleOf(of, choices)))]
      .sort((a, b) => a - b)
      .map((id) => personOf(chain, id))
      .map(({ id, name: called, title }) => ({ id, name: called, title })),
    cases: cases.map((of) => {
      const own = produced.filter(({ item }) => item.of === of);
      const told = (stream: Stream, entries: readonly Entry[]): object[] =>
        entries.map((entry) => entryJson(stream, entry, own, choices, t));
      return {
        case: of.listing.name,
        caseId: toHex(of.caseId),
        channel: channelOf(chain, of).name,
        receivedOn: of.lookup.receivedOn,
        phase: phaseOf(of),
        assisted: of.listing.assisted,
        urgent: of.listing.urgent,
        readers: [...of.readers].sort((a, b) => a - b),
        conversation: conversation ? told(0, of.entries) : null,
        team: notes ? told(1, teamEntries(of)) : null,
      };
    }),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** As the readers signed it, of the entries that are in it: the server's word may be of later, or wrong. */
function phaseOf({ team, lookup }: ReadCase): ReadCase["lookup"]["phase"] {
  if (team.state === "notMine" || team.state === "damaged") return lookup.phase;
  return newestStatus(team)?.phase ?? "received";
}

type Streams = readonly (readonly [Stream, readonly Entry[]])[];

const streamsOf = (of: ReadCase, { conversation, notes }: JsonChoices): Streams => [
  [0, conversation ? of.entries : []],
  [1, notes ? teamEntries(of) : []],
];

function peopleOf(of: ReadCase, choices: JsonChoices): number[] {
  const { taken } = of.report.content;
  const authors = streamsOf(of, choices).flatMap(([, entries]) => entries.flatMap(({ author }) => author ?? []));
  return [...of.readers, ...(taken === undefined ? [] : [taken.by]), ...authors];
}

/** What was left out stands as on the page: "[REDACTED – reason]". */
function entryJson(
  stream: Stream,
  entry: Entry,
  produced: readonly Produced[],
  choices: JsonChoices,
  t: Translate,
): object {
  const own = produced.filter(({ item }) => item.stream === stream && item.entry.seq === entry.seq);
  const document = own.find(({ item }) => item.document !== null) ?? null;
  const attachments = own.filter(({ item }) => item.file !== null);
  const about = {
    seq: entry.seq,
    kind: entry.kind,
    // Null is the reporter; of a damaged entry nobody knows.
    ...(entry.kind === "damaged" ? {} : { author: entry.author }),
    rosterEpoch: entry.epoch,
    envelopeHash: toHex(entry.hash),
    ...(document === null ? {} : placeJson(document)),
  };
  const withheld = document?.item.withheld ?? [];
  return {
    ...about,
    ...(withheld.length > 0 ? { withheld: true } : spokenJson(entry, document?.item.passages ?? [], t)),
    ...(choices.attachments ? { attachments: attachments.map((each) => attachmentJson(each, choices)) } : {}),
  };
}

const placeJson = ({ bates, pdf, text }: Produced): object => ({
  ...(bates === null ? {} : { bates: [bates.begin, bates.end] }),
  ...(pdf === null ? {} : { pdf }),
  ...(text === null ? {} : { textFile: text }),
});

function spokenJson(entry: Entry, passages: readonly Passage[], t: Translate): object {
  const shown = (name: string, text: string): string =>
    redactText(
      text,
      passages.filter((each) => each.name === name),
      (reason) => t("casefile:redacted", { reason }),
    ).replaceAll("\u2063", "");
  switch (entry.kind) {
    case "report": {
      const { language, taken, day } = entry.content;
      return {
        language,
        answers: answersJson(entry.content.answers, passages, shown, t),
        ...(taken === undefined ? {} : { taken, day: day ?? null }),
      };
    }
    case "message":
    case "note":
      return { text: shown("text", entry.content.text) };
    case "reply":
      return { text: shown("text", entry.content.text), status: entry.content.status };
    case "team":
    case "teamrekey":
      return { audience: entry.content.audience };
    case "rekey":
      return { readers: entry.content.readers };
    case "act": {
      const { conversation: _, ...act } = entry.content;
      return {
        ...withoutSecrets(act),
        ...("reason" in act ? { reason: shown("text", act.reason) } : {}),
      };
    }
    case "damaged":
      return {};
  }
}

/**
 * Keys of files stay where they are. A mark's place within a text would tell how long it is, and so which of two names;
 * by what stands for an earlier case file, or signs it, whoever has this one could try names.
 */
const untold: ReadonlySet<string> = new Set(["files", "span", "digest", "signature"]);

function withoutSecrets(act: Omit<ActContent, "conversation">): object {
  return Object.fromEntries(Object.entries(act).filter(([name]) => !untold.has(name)));
}

function answersJson(
  answers: ReportContent["answers"],
  passages: readonly Passage[],
  shown: (name: string, text: string) => string,
  t: Translate,
): ReportContent["answers"] {
  const told = Object.entries(answers).map(([id, answer]) => {
    const name = `answer:${id}`;
    if (typeof answer === "string") return [id, shown(name, answer)];
    const left = passages.find((each) => each.name === name);
    return [id, left === undefined ? answer : t("casefile:redacted", { reason: left.reason })];
  });
  return Object.fromEntries(told) as ReportContent["answers"];
}

/** Of what is withheld not even the hash: it would tell whoever has the file elsewhere. */
function attachmentJson(produced: Produced, { originalNames }: JsonChoices): object {
  const { item, native } = produced;
  const place = placeJson({ ...produced, text: null });
  if (native === null || item.file === null) return { ...place, withheld: true };
  return {
    ...place,
    path: native.path,
    bytes: native.bytes,
    sha256: native.sha256,
    type: item.file.entry.type,
    ...(originalNames ? { originalName: item.file.entry.name } : {}),
  };
}
