/** Office files with metadata in the corners: at other places, in newer parts, in fields and connections. */
import {
  declaration,
  office,
  paragraph,
  relations,
  sheet,
  slide,
  types,
  word,
  zipped,
  type OfficeKind,
  type Part,
} from "./metadata-office.ts";

/** Gone from what we give back; a date is a plant as well. */
export const cornerPlants: Record<OfficeKind, string[]> = {
  docx: "PlantCreator PlantEditor PlantCustom PlantStore PlantStoreId PlantTasker PlantConnect PlantSource PlantRecipient PlantCommenter PlantPermitted PlantRelation PlantDeleted psmdcp 2024-02-29 2024-02-28".split(
    " ",
  ),
  xlsx: "PlantCreator PlantEditor PlantUser PlantPassword PlantMachine PlantRemark PlantInstruction PlantOdc".split(
    " ",
  ),
  pptx: "PlantCreator PlantEditor 2024-02-27 2024-02-28 2024-02-29".split(" "),
};

/** Content: still there. */
export const cornerContent: Record<OfficeKind, string[]> = {
  docx: ["KeptWords", "KeptComment", "KeptField", "KeptSeen"],
  xlsx: ["KeptCell", "KeptServer", "<!-- KeptData -->", "KeptPivot"],
  pptx: ["KeptModern", "KeptSlide"],
};

/** And what is told of it. */
export const cornersTold: Record<OfficeKind, string[]> = {
  docx: [
    "comments: KeptComment",
    'externalLink: INCLUDEPICTURE "C:\\\\Users\\\\jane.field\\\\a.png" \\d',
    'externalLink: HYPERLINK "..\\\\..\\\\Users\\\\jane.link\\\\b.docx"',
    'externalLink: INCLUDETEXT "/home/jane.simple/c.docx"',
    "externalLink: ../../../Users/jane.doe/plan.docx",
  ],
  xlsx: [
    "embeddedText: pivotCacheDefinition1.xml",
    "embeddedText: pivotCacheRecords1.xml",
    "externalLink: ODBC;DSN=KeptServer;DATABASE=figures",
    "externalLink: https://intranet.example/jane",
  ],
  pptx: ["comments: KeptModern"],
};

const packageRelations = "http://schemas.openxmlformats.org/package/2006/relationships/metadata";
const microsoft = "http://schemas.microsoft.com/office";
const coreProperties = `${declaration}<!-- made by a program --><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>PlantCreator</dc:creator><cp:lastModifiedBy>PlantEditor</cp:lastModifiedBy></cp:coreProperties>`;

function withDefault(contentTypes: string, extension: string): string {
  return contentTypes.replace(
    "<Override",
    `<Default Extension="${extension}" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/><Override`,
  );
}

const field = (...pieces: string[]): string =>
  `<w:r><w:fldChar w:fldCharType="begin"/></w:r>${pieces
    .map((piece) => `<w:r><w:instrText xml:space="preserve">${piece}</w:instrText></w:r>`)
    .join(
      "",
    )}<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>KeptField</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`;

function wordParts(): Record<string, Part> {
  const body = [
    paragraph("<w:r><w:t>KeptWords</w:t></w:r>"),
    paragraph(field("INCLUDE", 'PICTURE "C:\\\\Users\\\\jane', '.field\\\\a.png" \\d')),
    paragraph(field('HYPERLINK "..\\\\..\\\\Users\\\\jane.link\\\\b.docx"')),
    paragraph(field('HYPERLINK \\l "_Toc1" \\o "C:/tip"')),
    paragraph(field('HYPERLINK "https://example.org/"')),
    paragraph(
      '<w:fldSimple w:instr="INCLUDETEXT &quot;/home/jane.simple/c.docx&quot;"><w:r><w:t>x</w:t></w:r></w:fldSimple>',
    ),
    paragraph('<w:permStart w:id="1" w:ed="PlantPermitted@example.org"/><w:r><w:t>x</w:t></w:r><w:permEnd w:id="1"/>'),
  ];
  const utc = `xmlns:w16du="${microsoft}/word/2023/wordml/word16du" w16du:dateUtc`;
  const properties = "package/services/metadata/core-properties/0a1b.psmdcp";
  return {
    "[Content_Types].xml": withDefault(
      types({
        "word/document.xml": "openxmlformats-officedocument.wordprocessingml.document.main",
        "word/documenttasks/documenttasks1.xml": "ms-office.documenttasks",
        "elsewhere/custom.xml": "openxmlformats-officedocument.custom-properties",
      }),
      "psmdcp",
    ),
    "_rels/.rels": relations(
      ["officeDocument", "/word/document.xml"],
      [`${packageRelations}/core-properties`, `/${properties}`],
      ["custom-properties", "/elsewhere/custom.xml"],
    ).replace("<Relationship ", "<!-- PlantRelation --><Relationship "),
    [properties]: coreProperties,
    "elsewhere/custom.xml": `${declaration}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property name="Matter"><vt:lpwstr>PlantCustom</vt:lpwstr></property></Properties>`,
    "word/document.xml": `${declaration}<w:document xmlns:w="${word}" xmlns:r="${office}"><w:body>${body.join("")}</w:body></w:document>`,
    "word/_rels/document.xml.rels": relations(
      ["settings", "settings.xml"],
      ["comments", "remarks1.xml"],
      [`${microsoft}/2019/05/relationships/documenttasks`, "documenttasks/documenttasks1.xml"],
      ["customXml", "../store/item1.xml"],
      ["hyperlink", "../../../Users/jane.doe/plan.docx", true],
      ["hyperlink", "https://example.org/", true],
      ["thumbnail", "seen.xml"],
      ["header", "seen.xml"],
    ),
    "word/seen.xml": `${declaration}<w:hdr xmlns:w="${word}">${paragraph("<w:r><w:t>KeptSeen</w:t></w:r>")}</w:hdr>`,
    "store/item1.xml": "<store>PlantStore</store>",
    "store/_rels/item1.xml.rels": relations(["customXmlProps", "props1.xml"]),
    "store/props1.xml": '<x id="PlantStoreId"/>',
    "word/documenttasks/documenttasks1.xml": `${declaration}<t:Tasks xmlns:t="${microsoft}/tasks/2019/documenttasks"><t:Task id="{1}"><t:History><t:Event time="2024-02-29T12:00:00Z"><t:Attribution userId="S::PlantTasker@example.org" userName="PlantTasker"/></t:Event></t:History></t:Task></t:Tasks>`,
    "word/settings.xml": `${declaration}<w:settings xmlns:w="${word}" xmlns:r="${office}"><w:zoom w:percent="100"/><w:mailMerge><w:mainDocumentType w:val="formLetters"/><w:connectString w:val="Provider=x;User ID=PlantConnect;"/><w:dataSource r:id="rId1"/><w:odso><w:recipientData r:id="rId2"/></w:odso></w:mailMerge></w:settings>`,
    "word/_rels/settings.xml.rels": relations(
      ["mailMergeSource", "file:///C:/Users/PlantSource/list.xlsx", true],
      ["mailMergeRecipientData", "recipientData.xml"],
    ),
    "word/recipientData.xml": `${declaration}<w:recipients xmlns:w="${word}"><x>PlantRecipient</x></w:recipients>`,
    // Not where Word keeps them, with a deletion as well.
    "word/remarks1.xml": `${declaration}<w:comments xmlns:w="${word}"><w:comment w:id="0" w:author="PlantCommenter" w:date="2024-02-29T12:00:00Z" ${utc}="2024-02-28T12:00:00Z">${paragraph('<w:r><w:t>KeptComment</w:t></w:r><w:del w:id="3" w:author="x"><w:r><w:delText>PlantDeleted</w:delText></w:r></w:del>')}</w:comment></w:comments>`,
  };
}

function sheetParts(): Record<string, Part> {
  return {
    "[Content_Types].xml": types({
      "xl/workbook.xml": "openxmlformats-officedocument.spreadsheetml.sheet.main",
    }),
    "_rels/.rels": relations(
      ["officeDocument", "xl/workbook.xml"],
      [`${packageRelations}/core-properties`, "about.xml"],
    ),
    "about.xml": coreProperties,
    "xl/workbook.xml": `${declaration}<workbook xmlns="${sheet}" xmlns:r="${office}"><sheets><sheet name="Open" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations(
      ["worksheet", "worksheets/sheet1.xml"],
      ["connections", "connections.xml"],
      ["pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"],
    ),
    "xl/worksheets/sheet1.xml": `${declaration}<!-- PlantRemark --><worksheet xmlns="${sheet}"><?plant PlantInstruction?><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>KeptCell<![CDATA[<!-- KeptData -->]]></t></is></c></row></sheetData></worksheet>`,
    "xl/connections.xml": `${declaration}<connections xmlns="${sheet}"><connection id="1" name="figures" odcFile="C:\\Users\\PlantOdc\\figures.odc" type="1"><dbPr connection="ODBC;DSN=KeptServer;UID=PlantUser;PWD={PlantPassword;1};APP=Microsoft Office;WSID=PlantMachine;DATABASE=figures" command="SELECT 1"/></connection><connection id="2" type="4"><webPr url="https://intranet.example/jane"/></connection></connections>`,
    "xl/pivotCache/pivotCacheDefinition1.xml": `${declaration}<pivotCacheDefinition xmlns="${sheet}"><cacheFields><cacheField name="a"><sharedItems><s v="KeptPivot"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>`,
    "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": relations(["pivotCacheRecords", "pivotCacheRecords1.xml"]),
    "xl/pivotCache/pivotCacheRecords1.xml": `${declaration}<pivotCacheRecords xmlns="${sheet}"><r><x v="0"/></r></pivotCacheRecords>`,
  };
}

function slideParts(): Record<string, Part> {
  const comments = `xmlns:p188="${microsoft}/powerpoint/2018/8/main" xmlns:p="${slide}"`;
  return {
    "[Content_Types].xml": types({
      "ppt/presentation.xml": "openxmlformats-officedocument.presentationml.presentation.main",
    }),
    "_rels/.rels": relations(["officeDocument", "ppt/presentation.xml"]),
    // Nothing leads here.
    "ppt/lost.xml": coreProperties,
    "ppt/presentation.xml": `${declaration}<p:presentation xmlns:p="${slide}"><x>KeptSlide</x></p:presentation>`,
    "ppt/comments/modernComment_1.xml": `${declaration}<p188:cmLst ${comments}><p188:cm id="{B}" authorId="{A}" created="2024-02-27T12:00:00.000" startDate="2024-02-28T12:00:00.000"><x>KeptModern</x><p188:extLst><p:ext uri="{C}"><p223:reactions xmlns:p223="${microsoft}/powerpoint/2022/03/main"><p223:rxn type="&#x1f44d;"><p223:instance time="2024-02-29T12:00:00.000" authorId="{A}"/></p223:rxn></p223:reactions></p:ext></p188:extLst></p188:cm></p188:cmLst>`,
  };
}

export function cornerOffice(kind: OfficeKind): Promise<Buffer> {
  return zipped({ docx: wordParts, xlsx: sheetParts, pptx: slideParts }[kind]());
}
