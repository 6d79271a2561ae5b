/** Accepts the tracked changes of a Word part: what was deleted goes for good, what was inserted stays plain. */
import { finding, type Finding } from "./findings.ts";
import { attribute, childElements, elementsOf, removeNode, unwrap, type Document, type Element } from "./xml.ts";

const word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const strictWord = "http://purl.oclc.org/ooxml/wordprocessingml/main";
const removed = new Set(["del", "moveFrom"]);
const kept = new Set(["ins", "moveTo"]);
/** Records of how something was formatted before, and marks around what moved. */
const records =
  /^(?:(?:r|p|sect|tbl|tblGrid|tc|tr|tblPrEx|numbering)(?:Pr)?Change|numberingChange|tblPrExChange|(?:moveFrom|moveTo|customXml(?:Ins|Del|MoveFrom|MoveTo))Range(?:Start|End)|cellIns|cellMerge)$/;
/** Where a mark stands for the thing around it instead of holding content. */
const properties = new Set(["rPr", "trPr", "tcPr", "pPr", "ctrlPr"]);

function isChange(element: Element): boolean {
  const name = element.localName ?? "";
  if (element.namespaceURI !== word && element.namespaceURI !== strictWord) return false;
  return removed.has(name) || kept.has(name) || name === "cellDel" || records.test(name);
}

export function acceptChanges(document: Document, found: Finding[]): void {
  const changes = elementsOf(document).filter(isChange);
  if (changes.length === 0) return;
  found.push(finding("trackedChanges", changes.length));
  for (const change of changes) {
    const author = attribute(change, "author");
    if (author !== null) found.push(finding("author", author));
    const time = attribute(change, "date");
    if (time !== null) found.push(finding("modified", time));
  }
  // From the inside out: a deletion inside an insertion was both.
  for (const change of changes.toReversed()) accept(change);
}

function accept(change: Element): void {
  const name = change.localName ?? "";
  const parent = change.parentNode as Element | null;
  if (parent === null) return;
  const isMark = properties.has(parent.localName ?? "");
  const above = parent.parentNode as Element | null;
  if (isMark && removed.has(name) && parent.localName === "trPr" && above !== null) removeNode(above);
  else if (name === "cellDel" && above !== null) removeNode(above);
  else if (isMark && removed.has(name) && parent.localName === "rPr" && above?.localName === "pPr") {
    removeNode(change);
    joinWithNext(above.parentNode as Element);
  } else if (kept.has(name) && !isMark) unwrap(change);
  else removeNode(change);
}

/** The end of a paragraph was deleted: what it holds begins the next one. */
function joinWithNext(paragraph: Element): void {
  let next = paragraph.nextSibling;
  while (next !== null && next.nodeType !== 1) next = next.nextSibling;
  if (next === null || (next as Element).localName !== "p") return;
  const into = next as Element;
  const before =
    childElements(into, "pPr")[0]?.nextSibling ?? (childElements(into, "pPr").length > 0 ? null : into.firstChild);
  for (const child of Array.from(paragraph.childNodes))
    if ((child as Element).localName !== "pPr") into.insertBefore(child, before);
  removeNode(paragraph);
}
