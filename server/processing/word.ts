/**
 * The document as a Word file (Office Open XML, ECMA-376): a few small parts in a ZIP whose dates are the
 * member list's, so that the same settings give the same bytes.
 */
import { downloadZip } from "client-zip";
import { type Block, type ProcessingDocument, type Run, type Section } from "../../data/policy/processing-document.ts";

const main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const packageTypes = "http://schemas.openxmlformats.org/package/2006";
const officeTypes = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml";
const declaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n`;

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text of operators may hold anything; what XML cannot say at all is left out. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/[&<>"]/g, (character) => entities[character]!);
}

function runXml({ text, blank }: Run): string {
  const looks = blank ? `<w:rPr><w:rStyle w:val="Blank"/></w:rPr>` : "";
  return `<w:r>${looks}<w:t xml:space="preserve">${escaped(text)}</w:t></w:r>`;
}

function paragraph(runs: readonly Run[], style: string): string {
  return `<w:p><w:pPr><w:pStyle w:val="${style}"/></w:pPr>${runs.map(runXml).join("")}</w:p>`;
}

const plain = (text: string): Run[] => [{ text, blank: false }];

/** Twentieths of a point across the page between its margins. */
const textWidth = 9638;
const border = `w:val="single" w:sz="4" w:space="0" w:color="9FB4BD"`;
const borders = ["top", "left", "bottom", "right", "insideH", "insideV"]
  .map((side) => `<w:${side} ${border}/>`)
  .join("");

function tableXml(head: readonly string[], rows: readonly Run[][][]): string {
  // Of two columns the first one names and the second one tells.
  const shares = head.length === 2 ? [1, 2] : head.map(() => 1);
  const all = shares.reduce((sum, share) => sum + share, 0);
  const part = Math.floor(textWidth / all);
  const widths = shares.map((share) => share * part);
  const cell = (content: string, i: number): string =>
    `<w:tc><w:tcPr><w:tcW w:w="${widths[i]!}" w:type="dxa"/></w:tcPr>${content}</w:tc>`;
  const header = head.map((words, i) => cell(paragraph(plain(words), "TableHead"), i)).join("");
  const body = rows
    .map((row) => row.map((runs, i) => cell(paragraph(runs, i === 0 ? "TableFirst" : "TableText"), i)).join(""))
    .map((cells) => `<w:tr><w:trPr><w:cantSplit/></w:trPr>${cells}</w:tr>`)
    .join("");
  const grid = widths.map((width) => `<w:gridCol w:w="${width}"/>`).join("");
  return (
    `<w:tbl><w:tblPr><w:tblW w:w="${part * all}" w:type="dxa"/><w:tblBorders>${borders}</w:tblBorders>` +
    `<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>` +
    `<w:tblGrid>${grid}</w:tblGrid>` +
    // The header row comes again on each page.
    `<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>${header}</w:tr>${body}</w:tbl>${paragraph([], "TableText")}`
  );
}

function blockXml(block: Block): string {
  switch (block.is) {
    case "heading":
      return paragraph(plain(block.text), "Heading3");
    case "text":
      return paragraph(block.runs, "Normal");
    case "list":
      return block.items.map((runs) => paragraph(runs, "ListBullet")).join("");
    case "table":
      return tableXml(block.head, block.rows);
  }
}

function sectionXml({ law, title, blocks }: Section): string {
  const heading = paragraph(plain(`${law}: ${title}`), "Heading2");
  return heading + blocks.map(blockXml).join("");
}

function documentXml({ title, preface, parts }: ProcessingDocument): string {
  const body = [
    paragraph(plain(title), "Title"),
    ...preface.map((runs) => paragraph(runs, "Normal")),
    ...parts.flatMap((part) => [
      paragraph(plain(part.title), "Heading1"),
      paragraph(plain(part.lead), "Normal"),
      ...part.sections.map(sectionXml),
    ]),
  ].join("");
  // A4, 2 cm around.
  const page = `<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>`;
  return `${declaration}<w:document xmlns:w="${main}" xmlns:r="${officeTypes}"><w:body>${body}${page}</w:body></w:document>`;
}

interface Style {
  id: string;
  name: string;
  paragraph?: string;
  run?: string;
  outline?: number;
}

const styles: readonly Style[] = [
  { id: "Title", name: "Title", paragraph: `<w:spacing w:after="240"/>`, run: `<w:b/><w:sz w:val="40"/>` },
  {
    id: "Heading1",
    name: "heading 1",
    paragraph: `<w:keepNext/><w:spacing w:before="480" w:after="160"/>`,
    run: `<w:b/><w:sz w:val="32"/>`,
    outline: 0,
  },
  {
    id: "Heading2",
    name: "heading 2",
    paragraph: `<w:keepNext/><w:spacing w:before="320" w:after="120"/>`,
    run: `<w:b/><w:sz w:val="26"/>`,
    outline: 1,
  },
  {
    id: "Heading3",
    name: "heading 3",
    paragraph: `<w:keepNext/><w:spacing w:before="200" w:after="80"/>`,
    run: `<w:b/>`,
  },
  {
    id: "ListBullet",
    name: "List Bullet",
    paragraph: `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:spacing w:after="80"/>`,
  },
  {
    id: "TableHead",
    name: "Table Head",
    paragraph: `<w:keepNext/><w:spacing w:before="40" w:after="40"/>`,
    run: `<w:b/><w:sz w:val="20"/>`,
  },
  {
    id: "TableFirst",
    name: "Table First",
    paragraph: `<w:spacing w:before="40" w:after="40"/>`,
    run: `<w:b/><w:sz w:val="20"/>`,
  },
  {
    id: "TableText",
    name: "Table Text",
    paragraph: `<w:spacing w:before="40" w:after="40"/>`,
    run: `<w:sz w:val="20"/>`,
  },
];

function styleXml({ id, name, paragraph: looks = "", run = "", outline }: Style): string {
  const level = outline === undefined ? "" : `<w:outlineLvl w:val="${outline}"/>`;
  return `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>${looks}${level}</w:pPr><w:rPr>${run}</w:rPr></w:style>`;
}

function stylesXml(language: string): string {
  const fonts = `<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/>`;
  return (
    `${declaration}<w:styles xmlns:w="${main}"><w:docDefaults><w:rPrDefault><w:rPr>${fonts}<w:sz w:val="22"/><w:lang w:val="${language}"/></w:rPr></w:rPrDefault></w:docDefaults>` +
    `<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:pPr><w:spacing w:after="120"/></w:pPr></w:style>` +
    styles.map(styleXml).join("") +
    `<w:style w:type="character" w:styleId="Blank"><w:name w:val="Blank"/><w:rPr><w:i/><w:shd w:val="clear" w:color="auto" w:fill="FFF2B3"/></w:rPr></w:style></w:styles>`
  );
}

const numberingXml =
  `${declaration}<w:numbering xmlns:w="${main}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>` +
  `<w:pPr><w:ind w:left="360" w:hanging="260"/></w:pPr></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`;

function footerXml({ title }: ProcessingDocument): string {
  return `${declaration}<w:ftr xmlns:w="${main}"><w:p><w:pPr><w:pStyle w:val="TableText"/></w:pPr>${runXml({ text: `${title} · `, blank: false })}<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>`;
}

function relationsXml(targets: readonly [type: string, target: string][]): string {
  const each = targets.map(([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${type}" Target="${target}"/>`);
  return `${declaration}<Relationships xmlns="${packageTypes}/relationships">${each.join("")}</Relationships>`;
}

/** No author and no time: who downloads it is nobody's business. */
function coreXml({ title }: ProcessingDocument): string {
  return `${declaration}<cp:coreProperties xmlns:cp="${packageTypes}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${escaped(title)}</dc:title></cp:coreProperties>`;
}

const contentTypesXml =
  `${declaration}<Types xmlns="${packageTypes}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
  `<Override PartName="/word/document.xml" ContentType="${wordType}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="${wordType}.styles+xml"/>` +
  `<Override PartName="/word/numbering.xml" ContentType="${wordType}.numbering+xml"/><Override PartName="/word/footer1.xml" ContentType="${wordType}.footer+xml"/>` +
  `<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`;

export const wordMediaType = `${wordType}.document`;

/** `day`: YYYY-MM-DD that stands in the ZIP. */
export async function wordFile(document: ProcessingDocument, day: string): Promise<Uint8Array> {
  const parts: [name: string, xml: string][] = [
    ["[Content_Types].xml", contentTypesXml],
    [
      "_rels/.rels",
      relationsXml([
        [`${officeTypes}/officeDocument`, "word/document.xml"],
        [`${packageTypes}/relationships/metadata/core-properties`, "docProps/core.xml"],
      ]),
    ],
    ["docProps/core.xml", coreXml(document)],
    [
      "word/_rels/document.xml.rels",
      relationsXml([
        [`${officeTypes}/styles`, "styles.xml"],
        [`${officeTypes}/numbering`, "numbering.xml"],
        [`${officeTypes}/footer`, "footer1.xml"],
      ]),
    ],
    ["word/document.xml", documentXml(document)],
    ["word/footer1.xml", footerXml(document)],
    ["word/numbering.xml", numberingXml],
    ["word/styles.xml", stylesXml(document.language)],
  ];
  // A ZIP holds local time: so noon here is the same bytes everywhere.
  const lastModified = new Date(`${day}T12:00:00`);
  const zip = downloadZip(parts.map(([name, input]) => ({ name, input, lastModified })));
  return new Uint8Array(await zip.arrayBuffer());
}
