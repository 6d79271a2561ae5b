/**
 * Load files, by which review platforms take a production in: Concordance DAT (one row for each document, its
 * fields) and Opticon OPT (where its pages are). Both have no standard but common practice; every file here is
 * written so that each reading of that practice gives the same.
 */
import { utf8 } from "../../../../crypto/bytes.ts";
import { PortalError } from "../../../../crypto/errors.ts";
import { checkPath } from "../bag.ts";
import type { BatesRange } from "./bates.ts";

/** One document or attachment that was produced. */
export interface LoadRow {
  bates: BatesRange;
  /** From the first page of what it is attached to, to the last of its last attachment; null: none. */
  family: BatesRange | null;
  /** Role or organisation from whom it was collected. */
  custodian: string;
  /** YYYY-MM-DD */
  received: string;
  title: string;
  /** Designation; empty: none. */
  confidentiality: string;
  redacted: boolean;
  /** Hex: of the native file; of the text when there is none. */
  sha256: string;
  /** Within the bag, with slashes; null: none. */
  nativePath: string | null;
  textPath: string | null;
  pdfPath: string;
  pages: number;
}

const datColumns = [
  "BEGBATES",
  "ENDBATES",
  "BEGATTACH",
  "ENDATTACH",
  "CUSTODIAN",
  "DATERCVD",
  "TITLE",
  "CONFIDENTIALITY",
  "REDACTED",
  "SHA256HASH",
  "NATIVEPATH",
  "TEXTPATH",
] as const;

const separator = "\u0014";
const quote = "\u00fe"; // þ
const newline = "\u00ae"; // ®

/** Concordance DAT, UTF-8 with its mark, lines end with CR LF. @throws PortalError "format" on a path that leaves the bag */
export function formatDat(rows: readonly LoadRow[]): Uint8Array {
  const lines = [[...datColumns], ...rows.map(datCells)].map((cells) => cells.map(datCell).join(separator));
  return utf8(`\ufeff${lines.map((line) => `${line}\r\n`).join("")}`);
}

function datCells(row: LoadRow): string[] {
  return [
    row.bates.begin,
    row.bates.end,
    row.family?.begin ?? "",
    row.family?.end ?? "",
    row.custodian,
    row.received,
    row.title,
    row.confidentiality,
    row.redacted ? "Yes" : "No",
    row.sha256,
    row.nativePath === null ? "" : windowsPath(row.nativePath),
    row.textPath === null ? "" : windowsPath(row.textPath),
  ];
}

/** There is no way to write ® that is not taken for a new line, nor a separator that every program leaves in its cell. */
function datCell(text: string): string {
  const plain = text
    .replaceAll(newline, "(R)")
    .replaceAll(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/g, newline)
    .replaceAll(/\p{Cc}/gu, " ")
    .replaceAll(quote, quote + quote);
  return `${quote}${plain}${quote}`;
}

const volumeShape = /^[A-Z0-9-]{1,20}$/;

/**
 * Opticon OPT: image key, volume, path, document break, folder break, box break, pages. One line for each PDF.
 * @throws PortalError "format" on a comma where the format knows no quotes, and on a path that leaves the bag
 */
export function formatOpt(rows: readonly LoadRow[], volume: string): Uint8Array {
  if (!volumeShape.test(volume)) throw new PortalError("format", "a volume is named in capitals, digits, hyphens");
  const lines = rows.map(({ bates, pdfPath, pages }) => {
    if (/[,"\r\n]/.test(bates.begin)) throw new PortalError("format", "a Bates number has a comma");
    return [bates.begin, volume, windowsPath(pdfPath), "Y", "", "", String(pages)].join(",");
  });
  return utf8(lines.map((line) => `${line}\r\n`).join(""));
}

/** As these programs write paths; `checkPath` lets no backslash in. */
const windowsPath = (path: string): string => checkPath(path).replaceAll("/", "\\");
