/** The notice on paper: the poster for a wall and the letter with its slip, as blocks of a PDF. */
import type { Block, TextBlock } from "../../views/pdf/blocks.ts";
import type { Direction } from "../../views/pdf/lines.ts";
import type { Paper, PdfOrder } from "../../views/pdf/write.ts";
import type { NoticeContent, Point, RightSaid } from "./content.ts";
import { qrSquares } from "./qr.ts";

export const sheets = ["poster", "letter"] as const;
export type Sheet = (typeof sheets)[number];

/** Points; 4.2 cm. Scanned from a step away. */
const pictureSize = 120;
/** Its remark says what people get wrong: that telling it alone protects them. */
const alwaysRemarked = "oes";

export interface SheetOrder {
  sheet: Sheet;
  paper: Paper;
  dir: Direction;
  /** YYYY-MM-DD */
  day: string;
}

export function sheetOrder(content: NoticeContent, { sheet, paper, dir, day }: SheetOrder): PdfOrder {
  const common = { title: content.title, language: content.language, dir, paper, day };
  return sheet === "poster"
    ? { ...common, fit: "page", variants: [poster(content, true), poster(content, false)], foot: content.version }
    : { ...common, fit: "flow", variants: [letter(content)], foot: `${content.version} · {page}/{pages}` };
}

function poster(content: NoticeContent, withDetails: boolean): Block[] {
  const hidden = !withDetails && content.places.some(({ rows }) => rows.some(({ details }) => details !== ""));
  return [
    { is: "text", role: "H1", text: content.title, size: 20, weight: "bold", after: 3 },
    ...warnings(content),
    { is: "text", role: "P", text: content.lead, size: 10, after: 6 },
    panel(content),
    {
      is: "columns",
      gap: 18,
      blocks: [
        ...content.points.flatMap(pointBlocks),
        ...rights(content),
        ...places(content, withDetails, true),
        ...elsewhere(content, hidden),
        ...small(content),
      ],
    },
  ];
}

/** What nobody may overlook who hangs it up or reads it. */
function warnings({ isDraft, version, trial }: NoticeContent): Block[] {
  const said = [...(isDraft ? [version] : []), ...(trial === "" ? [] : [trial])];
  return said.map((text) => ({ is: "text", role: "P", text, size: 12, weight: "bold", after: 4 }));
}

function letter(content: NoticeContent): Block[] {
  return [
    { is: "text", role: "H1", text: content.title, size: 18, weight: "bold", after: 4 },
    ...(content.isDraft
      ? []
      : [{ is: "text", role: "P", text: content.version, size: 9, quiet: true, after: 8 } as const]),
    ...warnings(content),
    { is: "text", role: "P", text: content.lead, size: 10.5, after: 10 },
    panel(content),
    ...content.points.flatMap(pointBlocks),
    ...rights(content),
    ...places(content, true, false),
    ...small(content),
    { is: "rule", before: 8, after: 4 },
    { is: "text", role: "H2", text: content.receipt.title, size: 12, weight: "bold", before: 2 },
    { is: "text", role: "P", text: content.receipt.to, weight: "bold", keep: true },
    { is: "text", role: "P", text: content.receipt.text, keep: true },
    { is: "text", role: "P", text: content.receipt.return, keep: true },
    { is: "text", role: "P", text: content.version, size: 9, quiet: true, keep: true },
    ...content.receipt.fields.slice(0, -1).map((label): Block => ({ is: "field", label, keep: true })),
    { is: "field", label: content.receipt.fields.at(-1)!, keep: false },
  ];
}

function panel({ portal, qr }: NoticeContent): Block {
  const label = (text: string): TextBlock => ({ is: "text", role: "P", text, size: 8.5, quiet: true, after: 0 });
  const value = (text: string): TextBlock => ({
    is: "text",
    role: "P",
    text,
    size: 12,
    weight: "bold",
    dir: "ltr",
    after: 5,
  });
  return {
    is: "panel",
    picture: { squares: qrSquares(qr), size: pictureSize, alt: portal.picture },
    blocks: [
      { is: "text", role: "P", text: portal.scan, size: 10.5, after: 5 },
      label(portal.addressLabel),
      value(portal.address),
      ...(portal.onion === null ? [] : [label(portal.onionLabel), { ...value(portal.onion), size: 9 }]),
      label(portal.wordsLabel),
      { ...value(portal.words), size: 10.5 },
      { is: "text", role: "P", text: portal.check, size: 9, after: 0 },
    ],
  };
}

const heading = (text: string): TextBlock => ({
  is: "text",
  role: "H2",
  text,
  size: 12,
  weight: "bold",
  before: 7,
  after: 2,
});
const group = (text: string): TextBlock => ({
  is: "text",
  role: "H3",
  text,
  size: 9.5,
  weight: "bold",
  before: 2,
  after: 0.5,
});
const paragraph = (text: string): TextBlock => ({ is: "text", role: "P", text, size: 9.5, after: 1.5 });
const item = (text: string): TextBlock => ({ is: "text", role: "LI", text, bullet: true, size: 9.5, after: 1.5 });

function pointBlocks({ title, rows, after }: Point): Block[] {
  return [
    heading(title),
    ...rows.map(item),
    ...after.map((text): Block => ({ is: "text", role: "P", text, size: 9.5, after: 2.5 })),
  ];
}

function rights({ rightsTitle, rights: groups }: NoticeContent): Block[] {
  return [
    heading(rightsTitle),
    ...groups.flatMap((each) => [...(each.group === "" ? [] : [group(each.group)]), ...each.rows.flatMap(rightBlocks)]),
  ];
}

/** A right stays with the law that it is from, what leads to a list with the first of it. */
function rightBlocks({ text, list, after, citation }: RightSaid): Block[] {
  const said = [...list.map(item), ...(after === "" ? [] : [paragraph(after)])];
  const law = citation === "" ? [] : [{ ...paragraph(citation), size: 8, quiet: true, after: 3 }];
  const blocks = [paragraph(text), ...said, ...law];
  const kept = new Set([...(list.length > 0 ? [0] : []), ...(law.length > 0 ? [blocks.length - 2] : [])]);
  return blocks.map((block, i) => ({ ...block, keep: kept.has(i) }));
}

/** `brief`: names, without what is said about each. */
function places(content: NoticeContent, withDetails: boolean, brief: boolean): Block[] {
  return [
    heading(content.placesTitle),
    { is: "text", role: "P", text: content.placesLead, size: 9.5, after: 2 },
    ...content.places.flatMap((each) => [
      group(each.group),
      ...each.rows.flatMap(({ id, name, remark, details, checked }): Block[] => [
        {
          ...item(brief && id !== alwaysRemarked ? name : [name, remark].filter((words) => words !== "").join(": ")),
          keep: withDetails && details !== "",
        },
        ...(withDetails && details !== ""
          ? [
              { ...paragraph(details), dir: "auto", under: true, weight: "bold", after: 0.5, keep: true } as const,
              { ...paragraph(checked), under: true, size: 8, quiet: true, after: 2 },
            ]
          : []),
      ]),
    ]),
  ];
}

function elsewhere(content: NoticeContent, hidden: boolean): Block[] {
  return hidden ? [{ is: "text", role: "P", text: content.elsewhere, size: 9.5, before: 2 }] : [];
}

function small({ small: lines }: NoticeContent): Block[] {
  return lines.map((text, i) => ({ is: "text", role: "P", text, size: 8.5, before: i === 0 ? 5 : 0, after: 1 }));
}
