/**
 * Worksheets and their strings as text: they can have a hundred megabytes, too many for a tree, and what
 * must go from them stands in a few attributes.
 */
import { finding, type Finding } from "./findings.ts";
import type { Bytes } from "./binary.ts";
import { damaged } from "./cannot-clean.ts";
import { decodeXml } from "./xml.ts";

const attributes = String.raw`(?:[^<>"']|"[^"<]*"|'[^'<]*')*`;
const pageSetup = new RegExp(`<(?:\\w+:)?pageSetup\\b${attributes}>`, "g");
const mark = /\sxr\d*:uid=(?:"[^"<]*"|'[^'<]*')/g;
const longestTag = 10_000; // characters
const hiddenLine = /<(?:\w+:)?(?:row|col)\s[^<>]*\bhidden="(?:1|true)"/g;

/** Comments and processing instructions mean nothing to Excel; what looks like one may be words in CDATA. */
function withoutRemarks(text: string): string {
  let kept = "";
  let from = 0;
  const begins = /<!--|<\?(?!xml\s)|<!\[CDATA\[/g;
  for (let begin = begins.exec(text); begin !== null; begin = begins.exec(text)) {
    const end = { "<!--": "-->", "<?": "?>" }[begin[0]] ?? "]]>";
    const at = text.indexOf(end, begins.lastIndex);
    if (at < 0) throw damaged("a remark without end");
    begins.lastIndex = at + end.length;
    if (end === "]]>") continue;
    kept += text.slice(from, begin.index);
    from = begins.lastIndex;
  }
  return kept + text.slice(from);
}

/** Throws "damaged" where the text is no XML of the plain sort. */
export function scrubSheetText(bytes: Bytes, dangling: ReadonlySet<string>, found: Finding[]): Bytes {
  const all = decodeXml(bytes);
  const text = withoutRemarks(all);
  const hidden = text.match(hiddenLine)?.length ?? 0;
  if (hidden > 0) found.push(finding("hiddenRows", hidden));
  if (text === all && !/:uid=|pageSetup/.test(text)) return bytes; // the usual case, and the quickest
  const scrubbed = text
    .replace(pageSetup, (tag) =>
      tag.replace(/\s\w+:id=(?:"([^"]*)"|'([^']*)')/, (whole, double?: string, single?: string) => {
        if (!dangling.has(double ?? single ?? "")) return whole;
        found.push(finding("printer"));
        return "";
      }),
    )
    .replace(mark, (whole, at: number, all: string) => {
      // The same characters may stand in a cell's words.
      const before = all.slice(Math.max(0, at - longestTag), at);
      if (before.lastIndexOf("<") <= before.lastIndexOf(">")) return whole;
      found.push(finding("editingMarks"));
      return "";
    });
  return scrubbed === all ? bytes : new TextEncoder().encode(scrubbed);
}
