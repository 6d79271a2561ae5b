/** What is produced, as orders for PDFs and as plain text: each document by itself, numbered, in the words of its author. */
import type { Block } from "../../../pdf/blocks.ts";
import { codeOf } from "../../../pdf/choose.ts";
import type { Direction } from "../../../pdf/lines.ts";
import type { Paper, PdfOrder, Series } from "../../../pdf/write.ts";
import { placeMark } from "../../../pdf/blocks.ts";
import type { Translate } from "../../i18n.ts";
import { redactText, type RedactedSpan } from "./redact.ts";

/** One report, message, reply, note or decision. */
export interface CaseDocument {
  /** What it is, in words: "Reply 3". */
  title: string;
  /** The role of who wrote it, in words; never a reporter's name. */
  by: string;
  /** YYYY-MM-DD; nothing finer is known. Null: its writer said none. */
  day: string | null;
  /** BCP 47 tag of its text; null when nobody said. */
  language: string | null;
  /** A report has one for each question that was answered. */
  parts: readonly DocumentPart[];
}

export interface DocumentPart {
  /** Empty: none. */
  heading: string;
  text: string;
  redactions: readonly RedactedSpan[];
}

/** A page in the place of what is not on paper. */
export interface SlipSheet {
  title: string;
  by: string;
  day: string | null;
  /** Produced as a file: its path within the case file and its hash in hex. Withheld: the reason, in words. */
  why: { is: "native"; path: string; sha256: string; bytes: number } | { is: "withheld"; reason: string };
}

/** What all documents of a case file have in common. `t` needs the namespace casefile. */
export interface Production {
  caseName: string;
  /** YYYY-MM-DD on which the report came: the day of what has none. */
  receivedOn: string;
  paper: Paper;
  /** Of our words, and which way it runs. */
  language: string;
  dir: Direction;
  /** At the head of each page; null: none. */
  designation: string | null;
  t: Translate;
}

/** `series`: its first number is that of the document's first page. @throws PortalError "format" as `redactText` does */
export function documentOrder(document: CaseDocument, series: Series, production: Production): PdfOrder {
  const blocks = document.parts.flatMap((part) => partBlocks(part, document, production));
  return orderOf(document, blocks, series, production);
}

export function slipOrder(slip: SlipSheet, series: Series, production: Production): PdfOrder {
  const { t } = production;
  const lines =
    slip.why.is === "native"
      ? [
          t("casefile:slip.native"),
          t("casefile:slip.path", { path: slip.why.path }),
          t("casefile:slip.size", { bytes: slip.why.bytes }),
          t("casefile:slip.hash", { sha256: slip.why.sha256 }),
        ]
      : [t("casefile:slip.withheld"), t("casefile:slip.reason", { reason: slip.why.reason })];
  const blocks = lines.map((text, i): Block => ({
    is: "text",
    role: "P",
    text,
    ...(i === 0 ? { size: 14, weight: "bold", after: 10 } : {}),
  }));
  return orderOf(slip, blocks, series, production);
}

/** The same words as the PDF has, for data/text: redacted as the page is. @throws PortalError "format" as `redactText` does */
export function documentText(document: CaseDocument, production: Production): string {
  const { title, parts } = document;
  const texts = parts.map((part) => {
    const text = redacted(part, production).replaceAll(placeMark, "");
    return part.heading === "" ? text : `${part.heading}\n\n${text}`;
  });
  return `${title}\n${lineAbout(document, production)}\n\n${texts.join("\n\n")}\n`;
}

function orderOf(
  about: Pick<CaseDocument, "title" | "by" | "day">,
  blocks: readonly Block[],
  series: Series,
  production: Production,
): PdfOrder {
  const { caseName, receivedOn, paper, language, dir, designation, t } = production;
  const heading: Block[] = [
    { is: "text", role: "H1", text: about.title.replaceAll(placeMark, ""), size: 16, weight: "bold", after: 4 },
    { is: "text", role: "P", text: lineAbout(about, production), size: 9, quiet: true },
    { is: "rule", before: 4, after: 8 },
  ];
  return {
    title: `${caseName} · ${about.title}`,
    language,
    dir,
    paper,
    day: about.day ?? receivedOn,
    fit: "flow",
    variants: [[...heading, ...blocks]],
    ...(designation === null ? {} : { head: designation }),
    foot: t("casefile:foot", { name: caseName, page: "{page}", pages: "{pages}" }),
    series,
  };
}

const lineAbout = ({ by, day }: Pick<CaseDocument, "by" | "day">, { caseName, t }: Production): string =>
  t("casefile:about", { by, day: day ?? t("casefile:noDay"), name: caseName });

const redacted = ({ text, redactions }: DocumentPart, { t }: Production): string =>
  redactText(text, redactions, (reason) => t("casefile:redacted", { reason }));

/** Where Unicode says that a line must end (UAX #14). */
const lineEnd = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
/** They would show letters in another order than they were typed; shown as what they are. */
const overrides = /[\u202d\u202e]/g;

function partBlocks(part: DocumentPart, { language }: CaseDocument, production: Production): Block[] {
  const heading: Block[] =
    part.heading === ""
      ? []
      : [
          {
            is: "text",
            role: "H2",
            text: part.heading.replaceAll(placeMark, ""),
            size: 11,
            weight: "bold",
            before: 8,
            after: 4,
          },
        ];
  const own = language === null ? {} : { language };
  const lines = redacted(part, production).split(lineEnd);
  const text = lines.map((line): Block => ({
    is: "text",
    role: "P",
    text: line.replace(overrides, codeOf),
    dir: "own",
    ...own,
  }));
  return [...heading, ...text];
}
