/**
 * Worksheets and their strings as text: they can have a hundred megabytes, too many for a tree, and what
 * must go from them stands in a few attributes.
 */
import { finding, type Finding } from "./findings.ts";
import type { Bytes } from "./binary.ts";
import { decodeXml } from "./xml.ts";

const attributes = String.raw`(?:[^<>"']|"[^"<]*"|'[^'<]*')*`;
const pageSetup = new RegExp(`<(?:\\w+:)?pageSetup\\b${attributes}>`, "g");
const marked = new RegExp(`<${attributes}\\sxr\\d*:uid=${attributes}>`, "g");
const hiddenLine = /<(?:\w+:)?(?:row|col)\s[^<>]*\bhidden="(?:1|true)"/g;

/** Throws "damaged" where the text is no XML of the plain sort. */
export function scrubSheetText(bytes: Bytes, dangling: ReadonlySet<string>, found: Finding[]): Bytes {
  const text = decodeXml(bytes);
  const hidden = text.match(hiddenLine)?.length ?? 0;
  if (hidden > 0) found.push(finding("hiddenRows", hidden));
  if (!/:uid=|pageSetup/.test(text)) return bytes; // the usual case, and the quickest
  const scrubbed = text
    .replace(pageSetup, (tag) =>
      tag.replace(/\s\w+:id=(?:"([^"]*)"|'([^']*)')/, (whole, double?: string, single?: string) => {
        if (!dangling.has(double ?? single ?? "")) return whole;
        found.push(finding("printer"));
        return "";
      }),
    )
    .replace(marked, (tag) => {
      found.push(finding("editingMarks"));
      return tag.replace(/\sxr\d*:uid=(?:"[^"]*"|'[^']*')/g, "");
    });
  return scrubbed === text ? bytes : new TextEncoder().encode(scrubbed);
}
