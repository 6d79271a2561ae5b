/**
 * What data/case.json says of itself. Programs differ in what they take for JSON: one reads over a BOM, a second
 * document or a broken letter, another does not. So it is read only in the spelling in which the console writes it,
 * line by line; verify.sh looks at the same before it asks jq.
 */
import { fromUtf8 } from "../../../crypto/bytes.ts";

/** Lists and objects in each other. jq reads some 250. */
const deepest = 100;
const quoted = /"[^"\\]*(?:\\(?:["\\/bfnrt]|u[0-9a-f]{4})[^"\\]*)*"/g;
/** Of a line without what it is set in by, "_" for what is quoted. */
const lineShape =
  /^(?:[\]}]|(?:_: )?(?:_|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null|\[\]|\{\}|[[{])),?$/;
/** A NUL in a name would be lost in a shell. */
const nameShape = /^[A-Za-z0-9._-]*$/;

/** "": it does not say, or is not as the console writes it. */
export function readCaseJson(bytes: Uint8Array): { is: string; portal: string } {
  try {
    const text = fromUtf8(bytes);
    const content = (isOurSpelling(text) ? JSON.parse(text) : {}) as { case?: unknown; portalId?: unknown };
    const name = (value: unknown): string => (typeof value === "string" && nameShape.test(value) ? value : "");
    return { is: name(content.case), portal: name(content.portalId) };
  } catch {
    return { is: "", portal: "" };
  }
}

/** One document, a value or a bracket a line, set in by two for each bracket that is open, no control character. */
function isOurSpelling(text: string): boolean {
  if (!text.startsWith("{\n") || !text.endsWith("\n}\n") || /[^\n -\uffff]/.test(text)) return false;
  const lines = text.slice(0, -1).split("\n");
  let depth = 0;
  for (const [i, line] of lines.entries()) {
    const rest = line.replace(/^ +/, "");
    if (/^[\]}]/.test(rest)) depth--;
    if (line.length - rest.length !== 2 * depth || !lineShape.test(rest.replaceAll(quoted, "_"))) return false;
    if (/[[{]$/.test(rest)) depth++;
    // Nothing stands behind the last bracket.
    if (depth > deepest || (depth === 0) !== (i === lines.length - 1)) return false;
  }
  return true;
}
