/** Office files written part by part, with metadata planted in them. Every plant has "Plant" in it. */
import { downloadZip } from "client-zip";
import { plantedPicture } from "./metadata-pictures.ts";

export type OfficeKind = "docx" | "xlsx" | "pptx";
export type Part = string | Buffer;

/** Gone from what we give back. */
export const officePlants: Record<OfficeKind, string[]> = {
  docx: "PlantCreator PlantEditor PlantCompany PlantTemplate PlantCustom PlantDeleted PlantMoved PlantRow PlantChanger PlantCommenter PlantPerson PlantVariable PlantRsid PlantStore PlantThumb PlantMake PlantArtist PlantPath PlantPrinter PlantRemark PlantInner PlantLabel".split(
    " ",
  ),
  xlsx: "PlantCreator PlantEditor PlantCommenter PlantPerson PlantAbsPath PlantRefresher PlantPrinter PlantUid PlantMake PlantSharer PlantRevision".split(
    " ",
  ),
  pptx: "PlantCreator PlantEditor PlantCommenter PlantModern PlantTag PlantMake PlantThumb PlantChange PlantPath".split(
    " ",
  ),
};

/** Content: still there. */
export const officeContent: Record<OfficeKind, string[]> = {
  docx: [
    "KeptBefore",
    "KeptInserted",
    "KeptMoved",
    "KeptJoined",
    "KeptComment",
    "KeptHidden",
    "KeptInner",
    "caf\u00e9 &amp; <w:tab/>".slice(0, 4),
  ],
  xlsx: ["KeptCell", "KeptHiddenSheet", "KeptComment", "KeptThread", "KeptFormula"],
  pptx: ["KeptSlide", "KeptNotes", "KeptComment", "KeptModern", "KeptHiddenSlide"],
};

export const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
export const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
export const word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
export const sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
export const slide = "http://schemas.openxmlformats.org/presentationml/2006/main";
const drawing = "http://schemas.openxmlformats.org/drawingml/2006/main";
const date = 'w:date="2024-01-31T12:00:00Z"';

/** The list of content types with these parts in it. */
export function types(overrides: Record<string, string>): string {
  const defaults = ["rels:application/vnd.openxmlformats-package.relationships+xml", "xml:application/xml"];
  const others = ["jpeg:image/jpeg", "png:image/png", "bin:application/octet-stream", "docx:application/octet-stream"];
  return `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${[
    ...defaults,
    ...others,
  ]
    .map((each) => `<Default Extension="${each.split(":")[0]!}" ContentType="${each.split(":")[1]!}"/>`)
    .join("")}${Object.entries(overrides)
    .map(([part, type]) => `<Override PartName="/${part}" ContentType="application/vnd.${type}+xml"/>`)
    .join("")}</Types>`;
}

/** A part of relationships, named rId1 and so on. */
export function relations(...targets: [type: string, target: string, external?: boolean][]): string {
  return `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${targets
    .map(
      ([type, target, external], i) =>
        `<Relationship Id="rId${String(i + 1)}" Type="${type.includes(":") ? type : `${office}/${type}`}" Target="${target}"${external === true ? ' TargetMode="External"' : ""}/>`,
    )
    .join("")}</Relationships>`;
}

const packageRelations = "http://schemas.openxmlformats.org/package/2006/relationships/metadata";

function properties(main: string): Record<string, Part> {
  return {
    "_rels/.rels": relations(
      ["officeDocument", main],
      [`${packageRelations}/core-properties`, "docProps/core.xml"],
      ["extended-properties", "docProps/app.xml"],
      ["custom-properties", "docProps/custom.xml"],
      [`${packageRelations}/thumbnail`, "docProps/thumbnail.jpeg"],
      ["http://schemas.microsoft.com/office/2020/02/relationships/classificationlabels", "docMetadata/LabelInfo.xml"],
    ),
    "docProps/core.xml": `${declaration}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"><dc:creator>PlantCreator</dc:creator><cp:lastModifiedBy>PlantEditor</cp:lastModifiedBy><dcterms:created>2024-01-31T12:00:00Z</dcterms:created></cp:coreProperties>`,
    "docProps/app.xml": `${declaration}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Company>PlantCompany</Company><Template>PlantTemplate</Template><TotalTime>42</TotalTime></Properties>`,
    "docProps/custom.xml": `${declaration}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="Matter"><vt:lpwstr>PlantCustom</vt:lpwstr></property></Properties>`,
    "docProps/thumbnail.jpeg": Buffer.from("PlantThumb"),
    "docMetadata/LabelInfo.xml": `${declaration}<labelList xmlns="urn:x"><label siteId="PlantLabel"/></labelList>`,
  };
}

export function paragraph(runs: string, paragraphProperties = ""): string {
  return `<w:p w:rsidR="PlantRsid">${paragraphProperties === "" ? "" : `<w:pPr>${paragraphProperties}</w:pPr>`}${runs}</w:p>`;
}

const run = (text: string, runProperties = ""): string =>
  `<w:r>${runProperties}<w:t xml:space="preserve">${text}</w:t></w:r>`;

function wordParts(folder: string, inner: Buffer | null): Record<string, Part> {
  const change = (id: number): string => `w:id="${String(id)}" w:author="PlantChanger" ${date}`;
  const body = [
    paragraph(
      run("KeptBefore ") +
        `<w:ins ${change(1)}>${run("KeptInserted ")}<w:del ${change(2)}><w:r><w:delText>PlantDeleted</w:delText></w:r></w:del></w:ins>` +
        `<w:del ${change(3)}><w:r><w:delText>PlantDeleted</w:delText></w:r></w:del>` +
        run("formatted", `<w:rPr><w:b/><w:rPrChange ${change(4)}><w:rPr/></w:rPrChange></w:rPr>`),
    ),
    paragraph(
      `<w:moveFromRangeStart ${change(5)} w:name="PlantMoved"/><w:moveFrom ${change(6)}>${run("PlantMoved")}</w:moveFrom><w:moveFromRangeEnd w:id="5"/>` +
        `<w:moveTo ${change(7)}>${run("KeptMoved")}</w:moveTo>`,
    ),
    paragraph(run("KeptJoined one "), `<w:rPr><w:del ${change(8)}/></w:rPr>`),
    paragraph(
      `${run("two")}<w:commentRangeStart w:id="0"/>${run(" caf\u00e9 &amp; &lt;more&gt;\u2028&#13; ")}<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>`,
    ),
    paragraph(run("KeptHidden", "<w:rPr><w:vanish/></w:rPr>")),
    `<w:tbl><w:tr><w:trPr><w:del ${change(9)}/></w:trPr><w:tc>${paragraph(run("PlantRow"))}</w:tc></w:tr><w:tr><w:tc>${paragraph(run("cell"))}</w:tc></w:tr></w:tbl>`,
    paragraph(
      '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:docPr id="1" name="C:\\Users\\PlantPath\\photo.jpg" descr="file:///C:/Users/PlantPath/photo.jpg"/></wp:inline></w:drawing></w:r>',
    ),
  ];
  return {
    "[Content_Types].xml": types({
      "word/document.xml": "openxmlformats-officedocument.wordprocessingml.document.main",
      "word/comments.xml": "openxmlformats-officedocument.wordprocessingml.comments",
      "word/people.xml": "openxmlformats-officedocument.wordprocessingml.people",
      "word/settings.xml": "openxmlformats-officedocument.wordprocessingml.settings",
      "docProps/core.xml": "openxmlformats-package.core-properties",
    }),
    ...properties("word/document.xml"),
    "word/document.xml": `${declaration}<!-- PlantRemark --><w:document xmlns:w="${word}" xmlns:r="${office}"><w:body>${body.join("")}<w:sectPr w:rsidR="PlantRsid"><w:printerSettings r:id="rId5"/></w:sectPr></w:body></w:document>`,
    "word/_rels/document.xml.rels": relations(
      ["settings", "settings.xml"],
      ["comments", "comments.xml"],
      ["http://schemas.microsoft.com/office/2011/relationships/people", "people.xml"],
      ["customXml", "../customXml/item1.xml"],
      ["printerSettings", "printerSettings/printerSettings1.bin"],
      ["image", "media/image1.jpeg"],
      ["package", "embeddings/inner.docx"],
      ["oleObject", "embeddings/oleObject1.bin"],
    ),
    "word/settings.xml": `${declaration}<w:settings xmlns:w="${word}" xmlns:r="${office}"><w:attachedTemplate r:id="rId1"/><w:trackRevisions/><w:docVars><w:docVar w:name="x" w:val="PlantVariable"/></w:docVars><w:rsids><w:rsid w:val="PlantRsid"/></w:rsids></w:settings>`,
    "word/_rels/settings.xml.rels": relations([
      "attachedTemplate",
      "file:///C:\\Users\\PlantTemplate\\Normal.dotm",
      true,
    ]),
    "word/comments.xml": `${declaration}<w:comments xmlns:w="${word}"><w:comment w:id="0" w:author="PlantCommenter" w:initials="PC" ${date}>${paragraph(run("KeptComment"))}</w:comment></w:comments>`,
    "word/people.xml": `${declaration}<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"><w15:person w15:author="PlantPerson"/></w15:people>`,
    "word/printerSettings/printerSettings1.bin": Buffer.from("PlantPrinter", "utf16le"),
    "word/media/image1.jpeg": plantedPicture("jpg", folder),
    "word/embeddings/oleObject1.bin": Buffer.from("\xd0\xcf\x11\xe0 something", "latin1"),
    "customXml/item1.xml": `<store>PlantStore</store>`,
    ...(inner === null ? {} : { "word/embeddings/inner.docx": inner }),
  };
}

function sheetParts(folder: string): Record<string, Part> {
  return {
    "[Content_Types].xml": types({
      "xl/workbook.xml": "openxmlformats-officedocument.spreadsheetml.sheet.main",
      "xl/worksheets/sheet1.xml": "openxmlformats-officedocument.spreadsheetml.worksheet",
      "xl/worksheets/sheet2.xml": "openxmlformats-officedocument.spreadsheetml.worksheet",
    }),
    ...properties("xl/workbook.xml"),
    "xl/workbook.xml": `${declaration}<workbook xmlns="${sheet}" xmlns:r="${office}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x15"><fileSharing userName="PlantSharer"/><mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath url="C:\\Users\\PlantAbsPath\\" xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"/></mc:Choice></mc:AlternateContent><xr:revisionPtr documentId="PlantRevision" xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"/><sheets><sheet name="Open" sheetId="1" r:id="rId1"/><sheet name="KeptHiddenSheet" sheetId="2" state="hidden" r:id="rId2"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations(
      ["worksheet", "worksheets/sheet1.xml"],
      ["worksheet", "worksheets/sheet2.xml"],
      ["sharedStrings", "sharedStrings.xml"],
      ["pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"],
      ["http://schemas.microsoft.com/office/2017/10/relationships/person", "persons/person.xml"],
    ),
    "xl/worksheets/sheet1.xml": `${declaration}<worksheet xmlns="${sheet}" xmlns:r="${office}" xr:uid="{PlantUid}" xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><f>LEN("KeptFormula&gt;")</f><v>12</v></c></row><row r="2" hidden="1"><c r="A2"><v>7</v></c></row></sheetData><pageSetup orientation="portrait" r:id="rId2"/><legacyDrawing r:id="rId9"/></worksheet>`,
    "xl/worksheets/_rels/sheet1.xml.rels": relations(
      ["comments", "../comments1.xml"],
      ["printerSettings", "../printerSettings/printerSettings1.bin"],
      [
        "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
        "../threadedComments/threadedComment1.xml",
      ],
    ),
    "xl/worksheets/sheet2.xml": `${declaration}<worksheet xmlns="${sheet}"><sheetData/></worksheet>`,
    "xl/sharedStrings.xml": `${declaration}<sst xmlns="${sheet}" count="1" uniqueCount="1"><si><t xml:space="preserve"> KeptCell </t></si></sst>`,
    "xl/comments1.xml": `${declaration}<comments xmlns="${sheet}"><authors><author>PlantCommenter</author></authors><commentList><comment ref="A1" authorId="0"><text><r><t>PlantCommenter:</t></r><r><t>KeptComment</t></r></text></comment></commentList></comments>`,
    "xl/threadedComments/threadedComment1.xml": `${declaration}<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><threadedComment ref="A1" dT="2024-01-31T12:00:00.00" personId="{1}" id="{2}"><text>KeptThread</text></threadedComment></ThreadedComments>`,
    "xl/persons/person.xml": `${declaration}<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><person displayName="PlantPerson" id="{1}" userId="S::PlantPerson@example.org" providerId="AD"/></personList>`,
    "xl/pivotCache/pivotCacheDefinition1.xml": `${declaration}<pivotCacheDefinition xmlns="${sheet}" refreshedBy="PlantRefresher" refreshedDate="45322.5"/>`,
    "xl/printerSettings/printerSettings1.bin": Buffer.from("PlantPrinter", "utf16le"),
    "xl/media/image1.png": plantedPicture("png", folder),
  };
}

function slideParts(folder: string): Record<string, Part> {
  const text = (words: string): string =>
    `<p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r><a:t>${words}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld>`;
  const spaces = `xmlns:p="${slide}" xmlns:a="${drawing}" xmlns:r="${office}"`;
  return {
    "[Content_Types].xml": types({
      "ppt/presentation.xml": "openxmlformats-officedocument.presentationml.presentation.main",
      "ppt/slides/slide1.xml": "openxmlformats-officedocument.presentationml.slide",
      "ppt/slides/slide2.xml": "openxmlformats-officedocument.presentationml.slide",
    }),
    ...properties("ppt/presentation.xml"),
    "ppt/presentation.xml": `${declaration}<p:presentation ${spaces}><p:sldIdLst><p:sldId id="256" r:id="rId1"/><p:sldId id="257" r:id="rId2"/></p:sldIdLst><p:custDataLst><p:tags r:id="rId3"/></p:custDataLst></p:presentation>`,
    "ppt/_rels/presentation.xml.rels": relations(
      ["slide", "slides/slide1.xml"],
      ["slide", "slides/slide2.xml"],
      ["tags", "tags/tag1.xml"],
      ["commentAuthors", "commentAuthors.xml"],
      ["http://schemas.microsoft.com/office/2018/10/relationships/authors", "authors.xml"],
      ["http://schemas.microsoft.com/office/2016/11/relationships/changesInfo", "changesInfos/changesInfo1.xml"],
    ),
    "ppt/tags/tag1.xml": `${declaration}<p:tagLst ${spaces}><p:tag name="PATH" val="PlantTag"/></p:tagLst>`,
    "ppt/slides/slide1.xml": `${declaration}<p:sld ${spaces}>${text("KeptSlide")}<p:pic><p:nvPicPr><p:cNvPr id="4" name="Picture 3" descr="/home/PlantPath/x.png"/></p:nvPicPr></p:pic></p:sld>`,
    "ppt/slides/_rels/slide1.xml.rels": relations(
      ["comments", "../comments/comment1.xml"],
      ["http://schemas.microsoft.com/office/2018/10/relationships/comments", "../comments/modernComment_1.xml"],
      ["notesSlide", "../notesSlides/notesSlide1.xml"],
      ["image", "../media/image1.jpeg"],
    ),
    "ppt/slides/slide2.xml": `${declaration}<p:sld ${spaces} show="0">${text("KeptHiddenSlide")}</p:sld>`,
    "ppt/notesSlides/notesSlide1.xml": `${declaration}<p:notes ${spaces}>${text("KeptNotes")}</p:notes>`,
    "ppt/commentAuthors.xml": `${declaration}<p:cmAuthorLst ${spaces}><p:cmAuthor id="1" name="PlantCommenter" initials="PC" lastIdx="1" clrIdx="0"/></p:cmAuthorLst>`,
    "ppt/authors.xml": `${declaration}<p188:authorLst xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main"><p188:author id="{A}" name="PlantModern" initials="PM" userId="S::PlantModern@example.org" providerId="AD"/></p188:authorLst>`,
    "ppt/comments/comment1.xml": `${declaration}<p:cmLst ${spaces}><p:cm authorId="1" dt="2024-01-31T12:00:00" idx="1"><p:text>KeptComment</p:text></p:cm></p:cmLst>`,
    "ppt/comments/modernComment_1.xml": `${declaration}<p188:cmLst xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main" xmlns:a="${drawing}"><p188:cm id="{B}" authorId="{A}" created="2024-01-31T12:00:00.000"><p188:txBody><a:p><a:r><a:t>KeptModern</a:t></a:r></a:p></p188:txBody></p188:cm></p188:cmLst>`,
    "ppt/changesInfos/changesInfo1.xml": `${declaration}<x xmlns="urn:x">PlantChange</x>`,
    "ppt/media/image1.jpeg": plantedPicture("jpg", folder),
  };
}

/** Packed with today's date in every entry. */
export async function zipped(parts: Record<string, Part>): Promise<Buffer> {
  const entries = Object.entries(parts).map(([name, input]) => ({
    name,
    input,
    lastModified: new Date("2024-01-31T12:34:56"),
  }));
  return Buffer.from(await downloadZip(entries).arrayBuffer());
}

export async function plantedOffice(
  kind: OfficeKind,
  folder: string,
  more: Record<string, Part> = {},
): Promise<Buffer> {
  if (kind === "xlsx") return zipped({ ...sheetParts(folder), ...more });
  if (kind === "pptx") return zipped({ ...slideParts(folder), ...more });
  const inner = await zipped({
    "[Content_Types].xml": types({
      "word/document.xml": "openxmlformats-officedocument.wordprocessingml.document.main",
    }),
    "_rels/.rels": relations(
      ["officeDocument", "word/document.xml"],
      [`${packageRelations}/core-properties`, "docProps/core.xml"],
    ),
    "docProps/core.xml": `<x><creator>PlantInner</creator></x>`,
    "word/document.xml": `${declaration}<w:document xmlns:w="${word}"><w:body>${paragraph(run("KeptInner"))}</w:body></w:document>`,
  });
  return zipped({ ...wordParts(folder, inner), ...more });
}
