/**
 * The logs of a case file as tables: what was redacted, what is privileged, who had it. Columns are in English and
 * never translated: for who reads the file with a program.
 */
import type { PrivilegeBasis } from "../../../../crypto/export-acts.ts";
import { formatCsv } from "../csv.ts";

/** One redacted span or attachment. */
export interface RedactionRow {
  /** Path within the bag. */
  document: string;
  /** Bates number of the page that it stands on. */
  bates: string;
  /** From 1; null: the whole document. */
  page: number | null;
  /**
   * What it was taken from: the hash of the sealed envelope, "envelope …" in hex. It commits to the content, and nobody can
   * find the content by trying; the hash of a text with one name in it is found by trying names.
   */
  original: string;
  /** Hex: of the text or file as it is here; null: withheld. */
  redactedSha256: string | null;
  reason: string;
  /** Name and roles of who redacted it. */
  by: string;
  /** YYYY-MM-DD */
  day: string;
}

/** What Rule 26(b)(5)(A) of the Federal Rules of Civil Procedure asks to be told without telling the content. */
export interface PrivilegeRow {
  /** The first Bates number of what stands for it; "": it was not chosen for this case file, and nothing stands for it. */
  bates: string;
  /** YYYY-MM-DD */
  day: string;
  /** What it is: "note", "message". */
  type: string;
  /** Of the day on which it was written. */
  authorRole: string;
  /** Who could read it then. */
  recipients: readonly string[];
  description: string;
  bases: readonly PrivilegeBasis[];
  treatment: "withheld" | "redacted";
}

/** One step between the reporter and the bag. */
export interface CustodyRow {
  /** YYYY-MM-DD */
  day: string;
  /** What was done: "received", "opened", "exported". */
  event: string;
  /** Name and roles of who did it. */
  by: string;
  /** Path within the bag, or the entry of the case. */
  object: string;
  /** Hex; null where the step has none. */
  sha256: string | null;
}

export function formatRedactions(rows: readonly RedactionRow[]): string {
  return table(
    ["number", "document", "bates", "page", "original", "redacted_sha256", "reason", "by", "day"],
    rows.map((row) => [
      row.document,
      row.bates,
      row.page === null ? "all" : String(row.page),
      row.original,
      row.redactedSha256 ?? "withheld",
      row.reason,
      row.by,
      row.day,
    ]),
  );
}

export function formatPrivilege(rows: readonly PrivilegeRow[]): string {
  return table(
    ["number", "bates", "date", "type", "author_role", "recipients", "description", "basis", "treatment"],
    rows.map((row) => [
      row.bates,
      row.day,
      row.type,
      row.authorRole,
      row.recipients.join("; "),
      row.description,
      row.bases.join("; "),
      row.treatment,
    ]),
  );
}

export function formatCustody(rows: readonly CustodyRow[]): string {
  return table(
    ["number", "day", "event", "by", "object", "sha256"],
    rows.map(({ day, event, by, object, sha256 }) => [day, event, by, object, sha256 ?? ""]),
  );
}

/** Rows are numbered, so that one that is gone is missed. */
function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return formatCsv([columns, ...rows.map((row, i) => [String(i + 1), ...row])]);
}
