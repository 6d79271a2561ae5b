/** What taking metadata out costs, against reading the same file and doing nothing with it. */
import { PDFDocument } from "@cantoo/pdf-lib";
import { randomFillSync } from "node:crypto";
import { mkdtempSync, openAsBlob, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { downloadZip } from "client-zip";
import { cleanFile } from "../../views/browser/metadata/clean.ts";
import { compare, type Round, type Row } from "./measure.ts";

const megabyte = 1e6;

/** A photograph as far as its structure goes: a camera's EXIF and `bytes` of coded data that is noise. */
function photograph(bytes: number): Uint8Array<ArrayBuffer> {
  const exif = Buffer.from("4578696600004d4d002a000000080001010f0002000000025800000000000000", "hex");
  const head = Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, exif.length + 2]),
    exif,
    // one grey component, 4000 × 3000, and the head of its scan
    Buffer.from("ffc0000b080bb80fa001011100ffda0008010100003f00", "hex"),
  ]);
  const noise = randomFillSync(Buffer.alloc(bytes)).map((byte) => (byte === 0xff ? 0xfe : byte));
  return new Uint8Array(Buffer.concat([head, noise, Buffer.from([0xff, 0xd9])]));
}

async function scans(pages: number): Promise<Uint8Array<ArrayBuffer>> {
  const document = await PDFDocument.create();
  for (let i = 0; i < pages; i++) {
    const image = await document.embedJpg(photograph(megabyte));
    document.addPage().drawImage(image, { x: 0, y: 0, width: 500, height: 700 });
  }
  return new Uint8Array(await document.save());
}

async function report(paragraphs: number): Promise<Uint8Array<ArrayBuffer>> {
  const word = "openxmlformats-officedocument.wordprocessingml.document.main";
  const lines = Array.from(
    { length: paragraphs },
    (_, i) => `<w:p w:rsidR="00AB12CD"><w:r><w:t>Paragraph ${String(i)} of a long report.</w:t></w:r></w:p>`,
  );
  const files = {
    "[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.${word}+xml"/></Types>`,
    "_rels/.rels":
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/document.xml": `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${lines.join("")}</w:body></w:document>`,
  };
  const entries = Object.entries(files).map(([name, input]) => ({ name, input }));
  return new Uint8Array(await downloadZip(entries).arrayBuffer());
}

function megabytesPerSecond(bytes: number, act: () => Promise<unknown>): Round {
  return async () => {
    const start = performance.now();
    await act();
    return bytes / megabyte / ((performance.now() - start) / 1000);
  };
}

/** One row for each sort of file. */
export async function measureMetadata(): Promise<Row[]> {
  const files: [what: string, bytes: Uint8Array<ArrayBuffer>][] = [
    ["metadata out of a photograph, 8 MB", photograph(8 * megabyte)],
    ["metadata out of a PDF of scans, 8 MB", await scans(8)],
    ["metadata out of a Word file, 1 MB of XML", await report(13_000)],
  ];
  const folder = mkdtempSync(join(tmpdir(), "metadata-bench-"));
  const path = join(folder, "file");
  const rows: Row[] = [];
  for (const [what, bytes] of files) {
    writeFileSync(path, bytes);
    const file = await openAsBlob(path);
    const clean = async (): Promise<void> => {
      const result = await cleanFile(file);
      if (result.is !== "cleaned") throw new Error(`${what}: ${result.reason}`);
    };
    const about = { what, unit: "MB/s", against: "reading the same file, and nothing else" };
    const read = megabytesPerSecond(bytes.length, () => file.arrayBuffer());
    rows.push(await compare(about, megabytesPerSecond(bytes.length, clean), read));
  }
  rmSync(folder, { recursive: true });
  return rows;
}
