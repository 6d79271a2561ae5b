/**
 * A notice to those who have to keep records for a matter. It says nothing of the report: not what it is about, not
 * that there is one, nobody's name but those that counsel typed. Whoever gets it may be the one it is about.
 */
import type { Block } from "../../../pdf/blocks.ts";
import { placeMark } from "../../../pdf/place-mark.ts";
import type { Paper, PdfOrder } from "../../../pdf/write.ts";
import type { Translate } from "../../i18n.ts";
import type { Hold } from "../holds.ts";

export interface HoldNotice {
  /** The organisation that the roster names. */
  organisation: string;
  caseName: string;
  hold: Pick<Hold<unknown>, "matter" | "scope" | "from">;
  /** Names, one a line, as counsel typed them; "": none. */
  recipients: string;
  /** YYYY-MM-DD: the day of the notice. */
  day: string;
  paper: Paper;
}

const prohibitions = ["not1", "not2", "not3", "not4", "not5", "not6"] as const;

/** In English: `t` needs the namespace casefile. */
export function holdNoticeOrder({ organisation, caseName, hold, ...rest }: HoldNotice, t: Translate): PdfOrder {
  const { recipients, day, paper } = rest;
  const { matter, scope, from } = hold;
  const say = (key: string, values: Record<string, string> = {}): string => t(`casefile:holdNotice.${key}`, values);
  const paragraph = (text: string): Block => ({ is: "text", role: "P", text, after: 5 });
  const heading = (key: string): Block => ({
    is: "text",
    role: "H2",
    text: say(key),
    size: 12,
    weight: "bold",
    before: 8,
    after: 3,
  });
  const field = (key: string): Block => ({ is: "field", label: say(key), keep: false });
  return {
    title: say("title"),
    language: "en",
    dir: "ltr",
    paper,
    day,
    fit: "flow",
    variants: [
      [
        { is: "text", role: "H1", text: say("title"), size: 16, weight: "bold", after: 4 },
        { is: "text", role: "P", text: say("review"), weight: "bold", after: 4 },
        { is: "rule" },
        ...typed(recipients === "" ? "" : `${say("to")}\n${recipients}`),
        ...typed(matter === "" ? say("noMatter") : say("matter", { matter })),
        ...typed(say("asks", { organisation })),
        ...typed(say("reference", { name: caseName })),
        ...(from === null ? [] : [paragraph(say("from", { day: from }))]),
        paragraph(say("day", { day })),
        heading("keepTitle"),
        paragraph(say("keep")),
        ...(scope.trim() === "" ? [] : [paragraph(say("scope")), ...typed(scope)]),
        paragraph(say("doubt")),
        heading("notTitle"),
        ...prohibitions.map((key): Block => ({ is: "text", role: "LI", text: say(key), bullet: true, after: 3 })),
        heading("mayTitle"),
        paragraph(say("may")),
        heading("longTitle"),
        paragraph(say("long")),
        field("issuer"),
        field("signature"),
        heading("ackTitle"),
        { is: "text", role: "P", text: say("ack"), after: 4, keep: true },
        field("ackName"),
        field("ackPlaces"),
        field("ackSignature"),
      ],
    ],
    head: say("head"),
    foot: t("casefile:foot", { name: caseName, page: "{page}", pages: "{pages}" }),
  };
}

/** What somebody typed, line by line and each in its own direction. */
function typed(text: string): Block[] {
  const lines = text.replaceAll(placeMark, "").split(/\r\n|[\n\r]/);
  return lines
    .filter((line) => line.trim() !== "")
    .map((line): Block => ({ is: "text", role: "P", text: line, dir: "own", after: 3 }));
}
