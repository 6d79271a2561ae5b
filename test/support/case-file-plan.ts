/** Case files in Node, with the press that the browser's worker has inside. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fontFiles } from "../../server/pdf/font-files.ts";
import { translator } from "../../server/http/i18n.ts";
import type { ExportChoices } from "../../crypto/export-acts.ts";
import type { ActDraft } from "../../views/browser/client/case-acts.ts";
import type { CaseProofs } from "../../views/browser/client/case-proofs.ts";
import type { OpenCase } from "../../views/browser/client/casework.ts";
import { planCaseFile, streamCaseFile, type CaseFile } from "../../views/browser/client/casefile/package.ts";
import { needlesOf } from "../../views/browser/client/casefile/leaks.ts";
import { PdfReader } from "../../views/browser/client/casefile/leaks/pdf-text.ts";
import { searchFile } from "../../views/browser/client/casefile/leaks/search-file.ts";
import type { Press } from "../../views/browser/client/casefile/press.ts";
import type { Searcher } from "../../views/browser/client/casefile/searcher.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { Fonts } from "../../views/pdf/fonts.ts";
import { countPages, writePdf } from "../../views/pdf/write.ts";

const fonts = new Fonts(fontFiles);

export const nodePress = (): Press => ({
  print: (order) => writePdf(order, fonts),
  count: (order) => countPages(order, fonts),
  stop() {},
});

export const plainChoices: ExportChoices = {
  conversation: true,
  notes: false,
  attachments: true,
  log: false,
  originalNames: false,
  prefix: "TH",
  first: 1,
  language: "en",
  designation: "",
  paper: "letter",
};

export interface PlanOptions {
  choices?: Partial<ExportChoices>;
  today?: string;
  proofs?: readonly CaseProofs[] | null;
}

export function planned(
  desk: Desk,
  cases: readonly OpenCase[],
  { choices = {}, today = "2026-11-23", proofs = null }: PlanOptions = {},
): Promise<CaseFile> {
  return planCaseFile(desk, {
    cases,
    choices: { ...plainChoices, ...choices },
    proofs,
    by: desk.session.me.id,
    today,
    dir: "ltr",
    print: (order) => writePdf(order, fonts),
    progress() {},
    t: translator("en"),
  });
}

export const bytesOfCaseFile = async (desk: Desk, file: CaseFile): Promise<Uint8Array> =>
  new Uint8Array(await new Response(streamCaseFile(desk, file)).arrayBuffer());

const pdfium = join(import.meta.dirname, "../../node_modules/@embedpdf/pdfium/dist/pdfium.wasm");

/** What searcher.worker.ts does, in this thread. */
export function nodeSearcher(texts: readonly string[]): Searcher {
  const needles = needlesOf(texts);
  const pdf = new PdfReader(async () => new Uint8Array(await readFile(pdfium)).buffer);
  return { search: ({ path, size, bytes }) => searchFile(path, bytes(), size, needles, { pdf }), stop() {} };
}

export const nodeStarts = { startPress: nodePress, startSearcher: nodeSearcher };

/** What must be the same whoever makes it again, and whenever: hashes of all that lies under data/, the logs apart. */
export const repeatableOf = ({ files, attachments }: CaseFile): string[] =>
  [...files, ...attachments]
    .filter(({ path }) => path.startsWith("data/") && !path.startsWith("data/logs/"))
    .map(({ path, sha256 }) => `${sha256}  ${path}`)
    .sort();

/** A mark on the report's words, as counsel's console writes it. `of`: what is otherwise. */
export const markDraft = (of: Partial<ActDraft<"redact">> = {}): ActDraft<"redact"> => ({
  act: "redact",
  id: "88".repeat(8),
  stream: 0,
  seq: 0,
  part: "answer:what",
  span: null,
  bases: [],
  description: "",
  on: true,
  dated: "2026-11-30",
  reason: "name of a person",
  ...of,
});
