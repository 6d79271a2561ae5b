/** PDFs with metadata planted in every corner, made with pdf-lib and by hand. Every plant has "Plant" in it. */
import { PDFArray, PDFDocument, PDFHexString, PDFName, PDFString, StandardFonts, type PDFDict } from "@cantoo/pdf-lib";
import { plantedPicture, screenProfile } from "./metadata-pictures.ts";

/** Gone from what we give back. */
export const pdfPlants =
  "PlantTitle PlantAuthor PlantCustom PlantXmp PlantPageXmp PlantPiece PlantCommenter PlantUnused PlantOld PlantMake PlantArtist PlantScreen PlantC2pa PlantId PlantSigner PlantPath PlantThumbnail PlantLayerMaker PlantSpider PlantDeletedPage".split(
    " ",
  );
/** Content: still there. */
export const pdfContent = ["KeptComment", "KeptField", "KeptLayer", "KeptScript", "KeptBookmark"];
export const newText = "Newest words";

function xmp(words: string): string {
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq><rdf:li>${words}</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>`;
}

async function draw(folder: string): Promise<PDFDocument> {
  const document = await PDFDocument.create();
  const { context, catalog } = document;
  const text = (words: string): PDFString => PDFString.of(words);
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (const words of ["First page", "Second page"]) {
    const page = document.addPage([300, 200]);
    page.drawText(words, { x: 20, y: 150, size: 14, font });
  }
  const [page] = document.getPages();
  page!.drawImage(await document.embedJpg(plantedPicture("jpg", folder)), { x: 20, y: 20, width: 60, height: 40 });
  document.setTitle("PlantTitle");
  document.setAuthor("PlantAuthor");
  document.setCreationDate(new Date("2024-01-31T12:00:00Z"));
  const info = context.lookup(context.trailerInfo.Info) as PDFDict;
  info.set(PDFName.of("Matter"), text("PlantCustom"));
  const metadata = (words: string) =>
    context.register(context.stream(xmp(words), { Type: "Metadata", Subtype: "XML" }));
  catalog.set(PDFName.of("Metadata"), metadata("PlantXmp"));
  page!.node.set(PDFName.of("Metadata"), metadata("PlantPageXmp"));
  page!.node.set(PDFName.of("LastModified"), text("D:20240131120000Z"));
  page!.node.set(
    PDFName.of("PieceInfo"),
    context.obj({ Plant: { LastModified: text("D:20240131"), Private: { Who: text("PlantPiece") } } }),
  );
  page!.node.set(PDFName.of("Thumb"), context.register(context.stream("PlantThumbnail", { Width: 1, Height: 1 })));
  const note = context.obj({
    Type: "Annot",
    Subtype: "Text",
    Rect: [10, 10, 30, 30],
    Contents: text("KeptComment"),
    T: text("PlantCommenter"),
    M: text("D:20240131120000Z"),
    NM: text("PlantCommenter-4711"),
  });
  page!.node.set(PDFName.of("Annots"), context.obj([context.register(note)]));
  const profile = context.register(context.flateStream(screenProfile(), { N: 3 }));
  page!.node.normalizedEntries().Resources.set(PDFName.of("ColorSpace"), context.obj({ CS0: ["ICCBased", profile] }));
  const form = document.getForm();
  const field = form.createTextField("field");
  field.setText("KeptField");
  field.addToPage(page!, { x: 150, y: 20, width: 100, height: 20 });
  sign(document);
  const script = { S: "JavaScript", JS: text("app.alert('KeptScript')") };
  catalog.set(PDFName.of("OpenAction"), context.obj(script));
  catalog.set(PDFName.of("SpiderInfo"), context.obj({ V: 1, Who: text("PlantSpider") }));
  const layer = context.register(
    context.obj({ Type: "OCG", Name: text("KeptLayer"), Usage: { CreatorInfo: { Creator: text("PlantLayerMaker") } } }),
  );
  catalog.set(PDFName.of("OCProperties"), context.obj({ OCGs: [layer], D: { OFF: [layer] } }));
  await document.attach(plantedPicture("png", folder), "C:/Users/PlantPath/inside.png", {
    creationDate: new Date("2024-01-31T12:00:00Z"),
  });
  // A page that was deleted, and that a bookmark still leads to.
  const deleted = context.register(
    context.obj({
      Type: "Page",
      MediaBox: [0, 0, 9, 9],
      Contents: context.register(context.stream("PlantDeletedPage")),
    }),
  );
  const first = context.nextRef();
  const outlines = context.register(context.obj({ Type: "Outlines", First: first, Last: first, Count: 1 }));
  context.assign(first, context.obj({ Title: text("KeptBookmark"), Parent: outlines, Dest: [deleted, "Fit"] }));
  catalog.set(PDFName.of("Outlines"), outlines);
  context.register(context.obj({ Nobody: text("PlantUnused") }));
  const id = PDFHexString.of(Buffer.from("PlantId").toString("hex"));
  const ids = PDFArray.withContext(context);
  ids.push(id);
  ids.push(id);
  context.trailerInfo.ID = ids;
  return document;
}

function sign(document: PDFDocument): void {
  const { context, catalog } = document;
  const signature = context.obj({
    Type: "Sig",
    Filter: "Adobe.PPKLite",
    Name: PDFString.of("PlantSigner"),
    M: PDFString.of("D:20240131120000Z"),
    ByteRange: [0, 1, 2, 3],
    Contents: PDFHexString.of(Buffer.from("PlantSigner").toString("hex")),
  });
  const field = context.obj({ FT: "Sig", T: PDFString.of("signature"), V: context.register(signature) });
  const form = catalog.lookup(PDFName.of("AcroForm")) as PDFDict;
  (form.lookup(PDFName.of("Fields")) as PDFArray).push(context.register(field));
  form.set(PDFName.of("SigFlags"), context.obj(3));
}

/** Replaces the first page's words in a second version, appended as ISO 32000 has it. */
function appendVersion(first: Buffer): Buffer {
  const text = first.toString("latin1");
  const start = Number(text.match(/startxref\s+(\d+)\s+%%EOF\s*$/)![1]);
  const root = text.match(/\/Root (\d+ \d+ R)/)![1]!;
  const size = Number(text.match(/\/Size (\d+)/)![1]);
  const page = text.match(/(\d+) 0 obj\s*<<\s*\/Type \/Page\s[^]*?>>\s*endobj/)!;
  const contents = size;
  const drawing = `BT /F1 14 Tf 20 150 Td (${newText}) Tj ET`;
  const newPage = page[0]
    .replace(/\/Contents (?:\d+ \d+ R|\[[^\]]*\])/, `/Contents ${String(contents)} 0 R`)
    .replace(/\/Font <<[^>]*>>/, "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>");
  let update = "\n";
  const places: [number, number][] = [];
  const add = (object: number, body: string): void => {
    places.push([object, first.length + update.length]);
    update += `${body}\n`;
  };
  add(Number(page[1]), newPage);
  add(
    contents,
    `${String(contents)} 0 obj\n<< /Length ${String(drawing.length)} >>\nstream\n${drawing}\nendstream\nendobj`,
  );
  const table = first.length + update.length;
  update += `xref\n${places.map(([object, at]) => `${String(object)} 1\n${String(at).padStart(10, "0")} 00000 n \n`).join("")}`;
  update += `trailer\n<< /Size ${String(size + 1)} /Root ${root} /Prev ${String(start)} >>\nstartxref\n${String(table)}\n%%EOF\n`;
  return Buffer.concat([first, Buffer.from(update, "latin1")]);
}

/** Two pages; with object streams or without; `earlier`: the first page said "PlantOld" in an earlier version. */
export async function plantedPdf(folder: string, objectStreams: boolean): Promise<Buffer> {
  const document = await draw(folder);
  return Buffer.from(await document.save({ useObjectStreams: objectStreams, addDefaultPage: false }));
}

export async function twoVersions(): Promise<Buffer> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  const page = document.addPage([300, 200]);
  const stream = document.context.stream("BT /F1 14 Tf 20 150 Td (PlantOld words) Tj ET");
  page.node.set(PDFName.of("Contents"), document.context.register(stream));
  page.node.setFontDictionary(PDFName.of("F1"), font.ref);
  return appendVersion(Buffer.from(await document.save({ useObjectStreams: false })));
}
