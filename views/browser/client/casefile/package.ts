/**
 * Counsel's case file: a BagIt bag in a ZIP, signed with the exporter's export key, checkable with other people's tools.
 * Documents are printed and numbered first; sizes and digests of attachments are known from the verified envelopes, so
 * the whole is streamed, and an attachment that does not verify breaks the stream off.
 *
 * The same cases and choices give the same bytes under data/, data/logs apart: nothing else says who exported, or when.
 * Left out unless chosen: the readers' notes and acts, and file names as the reporter sent them. Never in it: what
 * counsel marked, whom the reporter left out, keys, the receipt code.
 */
import { predictLength, makeZip } from "client-zip";
import schema from "../../../../data/policy/case.schema.json" with { type: "json" };
import { concat, toHex } from "../../../../crypto/bytes.ts";
import { PortalError } from "../../../../crypto/errors.ts";
import type { ExportChoices } from "../../../../crypto/export-acts.ts";
import { formatMinisignKey, minisign } from "../../../../crypto/minisign.ts";
import type { PdfOrder, WrittenPdf } from "../../../pdf/write.ts";
import type { Translate } from "../../i18n.ts";
import { bagAround, fileOf, sha256Of, type BagEntry, type TagFile } from "../bag.ts";
import type { CaseProofs } from "../case-proofs.ts";
import { attachmentsReader } from "../case-files.ts";
import type { OpenCase } from "../casework.ts";
import type { Desk } from "../held-cases.ts";
import { noDate } from "../no-date.ts";
import { verifyScript } from "../verify-script.ts";
import { bytesOf, type Attachment } from "./attachment.ts";
import { checkSeries } from "./bates.ts";
import { claimedBesides, itemsOf, type Item, type ReadCase } from "./case-documents.ts";
import { caseJson } from "./case-json.ts";
import { logFiles } from "./case-logs.ts";
import { certificateOrder } from "./certificate.ts";
import type { Production } from "./documents.ts";
import { formatDat, formatOpt, type LoadRow } from "./load-files.ts";
import { ownWords } from "./own-words.ts";
import { produce, producedHashOf, type Printed } from "./produce.ts";

/** What a case file has, in numbers: told before it is made. */
export interface CaseFileCounts {
  cases: number;
  documents: number;
  pages: number;
  attachments: number;
  /** Passages, documents and attachments that are left out. */
  leftOut: number;
  /** Of these, claimed to be privileged. */
  privileged: number;
}

/** Everything but the attachments' bytes. */
export interface CaseFile {
  /** `<name>.zip` */
  fileName: string;
  /** Bytes of the ZIP. */
  length: number;
  /** Text of counsel.pub; belongs to the other side by another way than the bag. */
  publicKey: string;
  /** SHA-256 of tagmanifest-sha256.txt, hex: what stands for the whole bag in a log. */
  digest: string;
  /** What the exporter and an approver sign. */
  tagManifest: Uint8Array;
  folder: string;
  /** The tag manifest is the last of those before the payload. */
  files: TagFile[];
  attachments: Attachment[];
  /** Written last: whatever was half exported has none. */
  signatures: TagFile[];
  counts: CaseFileCounts;
  /** Every text that was left out, as it was written: for the check that none of it is left. */
  redacted: string[];
  /** What it says whatever is in its cases, casefile/own-words.ts. */
  ownWords: string;
}

export interface CaseFileInputs {
  cases: readonly OpenCase[];
  choices: ExportChoices;
  /** By case, in order; null: no extract of the log. */
  proofs: readonly CaseProofs[] | null;
  /** Who makes it, and on which day: person id, YYYY-MM-DD. */
  by: number;
  today: string;
  dir: "ltr" | "rtl";
  print(order: PdfOrder): Promise<WrittenPdf>;
  progress(done: number, total: number): void;
  /** Needs the namespaces casefile, console, duties, incident, questionnaires, shell, taken and work. */
  t: Translate;
}

const batesDigits = 6;

/** One case: its name. Several: a name of their own, the same for the same cases. */
export function nameOf(cases: readonly Pick<OpenCase, "caseId" | "listing">[]): string {
  const [first] = cases;
  if (cases.length === 1 && first !== undefined) return first.listing.name;
  return `cases-${cases.length}-${sha256Of(concat(...cases.map(({ caseId }) => caseId))).slice(0, 8)}`;
}

/**
 * Prints and numbers everything, and signs.
 * @throws PortalError "format" on a prefix that numbers nothing, "large" when numbers are used up, as `print` does;
 * "refused" | "forged" where marks cannot be read
 */
export async function planCaseFile(desk: Desk, inputs: CaseFileInputs): Promise<CaseFile> {
  const { choices, by, t, today, print, progress, proofs } = inputs;
  const { chain, secrets } = desk.session;
  for (const { team } of inputs.cases) requireMarks(team);
  const order = numbered(inputs.cases);
  const cases = order.map((i) => inputs.cases[i]!);
  const name = nameOf(cases);
  const items = cases.flatMap((of) => itemsOf(chain, of, choices, t));
  const unprinted = cases.flatMap((of) => claimedBesides(chain, of, choices, t));
  const series = checkSeries({ prefix: choices.prefix, digits: batesDigits, first: choices.first });
  let done = 0;
  const productionOf = ({ of }: Item): Production => productionIn(inputs, of);
  const printed = await produce(items, series, productionOf, print, () => progress(++done, items.length + 1));
  const attachments = printed.flatMap(({ attachment }) => attachment ?? []);
  const { organisation } = chain.current;
  const counts = countsOf(cases.length, printed, unprinted);
  const newest = cases
    .map(({ lookup }) => lookup.receivedOn)
    .sort()
    .at(-1)!;
  const certificate = await print(
    certificateOrder({ organisation, ...counts, day: newest }, { ...productionIn(inputs, cases[0]!), caseName: name }),
  );
  progress(items.length + 1, items.length + 1);
  const rows = loadRows(printed, organisation, choices);
  const same = [
    fileOf("data/case.json", caseJson(chain, name, cases, printed, choices, t)),
    fileOf("data/case.schema.json", `${JSON.stringify(schema, null, 2)}\n`),
    fileOf("data/certificate-902-DRAFT.pdf", certificate.bytes),
    fileOf("data/load/production.dat", formatDat(rows)),
    fileOf("data/load/production.opt", formatOpt(rows, volume)),
    ...printed.flatMap(({ pdfFile, textFile }) => [pdfFile, ...(textFile === null ? [] : [textFile])]),
  ];
  const ofLog = proofs === null ? null : order.map((i) => proofs[i]!);
  const logs = logFiles({ chain, cases, printed, unprinted, proofs: ofLog, by, today, notes: choices.notes });
  const payload = [...same, ...logs];
  const about = [
    ["Source-Organization", organisation],
    ["External-Identifier", name],
    ["Bagging-Date", today],
    ["Bag-Software-Agent", "Tellhaven"],
  ] as const;
  const verify = fileOf("VERIFY.md", `${t("casefile:verify", { name, organisation })}\n`);
  const tags = bagAround([...payload, ...attachments], about, [verify, fileOf("verify.sh", verifyScript(t))]);
  const tagManifest = tags.at(-1)!;
  const comment = `case file ${name} of portal ${toHex(chain.portalId)}, exported ${today}`;
  const signature = fileOf(`${tagManifest.path}.minisig`, minisign(tagManifest.bytes, secrets.export, comment));
  return withSignatures(
    {
      fileName: `${name}.zip`,
      length: 0,
      publicKey: formatMinisignKey(secrets.export.publicKey),
      digest: tagManifest.sha256,
      tagManifest: tagManifest.bytes,
      folder: name,
      files: [...tags, ...payload],
      attachments,
      signatures: [],
      counts,
      redacted: items.flatMap((item) => item.redacted),
      ownWords: ownWords(items, productionIn(inputs, cases[0]!), t),
    },
    [signature],
  );
}

/** Marks stand among the readers' notes: without these nobody knows what to leave out, and everything would be shown. */
function requireMarks({ state }: OpenCase["team"]): void {
  if (state === "notMine")
    throw new PortalError("refused", "the notes, and what is marked there, are not open to this member");
  if (state === "damaged") throw new PortalError("forged", "the notes, and what is marked there, do not verify");
}

/** Places of the cases in the order in which they are numbered: the oldest first, however they were chosen. */
function numbered(cases: readonly OpenCase[]): number[] {
  const keyOf = ({ lookup, caseId }: OpenCase): string => `${lookup.receivedOn} ${toHex(caseId)}`;
  return cases.map((_, i) => i).sort((a, b) => (keyOf(cases[a]!) < keyOf(cases[b]!) ? -1 : 1));
}

/** The same case file with these beside its tag manifest: signatures and time stamps, which it cannot list. */
export function withSignatures(file: CaseFile, more: readonly TagFile[]): CaseFile {
  const signatures = [...file.signatures, ...more];
  const all = [...file.files, ...file.attachments, ...signatures];
  const length = predictLength(all.map(({ path, size }) => ({ name: `${file.folder}/${path}`, size })));
  return { ...file, signatures, length: Number(length) };
}

const volume = "VOL001";

function productionIn({ choices, dir, t }: CaseFileInputs, of: ReadCase): Production {
  const { paper, language, designation } = choices;
  return {
    caseName: of.listing.name,
    receivedOn: of.lookup.receivedOn,
    paper,
    language,
    dir,
    designation: designation === "" ? null : designation,
    t,
  };
}

/** A document and its attachments, which stand one after the other, are a family. */
function familiesOf(printed: readonly Printed[]): Printed[][] {
  const families: Printed[][] = [];
  for (const each of printed)
    if (each.item.file === null) families.push([each]);
    else families.at(-1)!.push(each);
  return families;
}

function loadRows(printed: readonly Printed[], organisation: string, choices: ExportChoices): LoadRow[] {
  const rowIn = (family: readonly Printed[], each: Printed): LoadRow => {
    const { item, bates, pdfFile, textFile, native, pages } = each;
    return {
      bates: bates!,
      family: family.length > 1 ? { begin: family[0]!.bates!.begin, end: family.at(-1)!.bates!.end } : null,
      custodian: organisation,
      received: item.day ?? "",
      title: `${item.of.listing.name}: ${item.title}`,
      confidentiality: choices.designation,
      redacted: item.withheld.length > 0 || item.passages.length > 0,
      sha256: producedHashOf(each) ?? pdfFile.sha256,
      nativePath: native?.path ?? null,
      textPath: textFile?.path ?? null,
      pdfPath: pdfFile.path,
      pages,
    };
  };
  return familiesOf(printed).flatMap((family) => family.map((each) => rowIn(family, each)));
}

function countsOf(cases: number, printed: readonly Printed[], unprinted: readonly Item[]): CaseFileCounts {
  const items = printed.map(({ item }) => item);
  const leftOut = [...items, ...unprinted].flatMap(({ withheld, passages }) => [
    ...(withheld.length > 0 ? [withheld] : []),
    ...passages.map(({ marks }) => marks),
  ]);
  return {
    cases,
    documents: items.filter(({ document }) => document !== null).length,
    pages: printed.reduce((sum, { pages }) => sum + pages, 0),
    attachments: printed.filter(({ native }) => native !== null).length,
    leftOut: leftOut.length,
    privileged: leftOut.filter((marks) => marks.some(({ bases }) => bases.length > 0)).length,
  };
}

/** The ZIP's bytes. Errors when an attachment does not verify: what was written so far has no signature, and is no ZIP. */
export function streamCaseFile(desk: Desk, file: CaseFile, signal?: AbortSignal): ReadableStream<Uint8Array> {
  async function* entries(): AsyncGenerator<object> {
    const named = ({ path, size }: BagEntry): object => ({
      name: `${file.folder}/${path}`,
      lastModified: noDate,
      size,
    });
    const attachments = attachmentsReader(desk, signal);
    try {
      for (const each of file.files) yield { ...named(each), input: each.bytes };
      for (const each of file.attachments) yield { ...named(each), input: bytesOf(attachments, each) };
      await attachments.end();
      for (const each of file.signatures) yield { ...named(each), input: each.bytes };
    } finally {
      await attachments.stop();
    }
  }
  return makeZip(entries() as Parameters<typeof makeZip>[0]);
}
