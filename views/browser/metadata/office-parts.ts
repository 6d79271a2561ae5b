/** What goes from one XML part of an Office file, whichever program wrote it. */
import { finding, type Finding } from "./findings.ts";
import { connections, withoutIdentity } from "./office-links.ts";
import { attribute, dropAttribute, elementsOf, removeNode, setAttribute, type Document, type Element } from "./xml.ts";

/** Elements that say where, by whom or in how many steps the file was made, and nothing of what it shows. */
const dropped: Record<string, (element: Element) => Finding> = {
  rsids: () => finding("editingMarks"),
  docVars: () => finding("privateData"),
  docId: () => finding("documentId"),
  revisionPtr: () => finding("documentId"),
  absPath: () => finding("originalPath"),
  attachedTemplate: () => finding("originalPath"),
  saveThroughXslt: () => finding("originalPath"),
  dataBinding: () => finding("privateData"),
  custDataLst: () => finding("privateData"),
  creationId: () => finding("editingMarks"),
  modId: () => finding("editingMarks"),
  fileRecoveryPr: () => finding("editingMarks"),
  trackRevisions: () => finding("trackedChanges"),
  printerSettings: () => finding("printer"),
  mailMerge: (element) => finding("originalPath", connectionOf(element)),
};
/** Where a form letter has its addresses from. */
function connectionOf(mailMerge: Element): string {
  const said = Array.from(mailMerge.getElementsByTagNameNS("*", "connectString"))[0];
  return said === undefined ? "" : (attribute(said, "val") ?? "");
}

const emptyAround = new Set(["Choice", "AlternateContent", "ext", "extLst"]);
const path = /^(?:[A-Za-z]:\\|\\\\|file:|\/(?:Users|home|Volumes|private)\/)/;
const revisionNamespace = /\/revision\d*$|\/relationships\/revision/;
const drawnFor = /inkscape|sodipodi/;

/** Removes an element, and what only it filled. */
function removeWithShell(element: Element): void {
  let target: Element = element;
  for (;;) {
    const parent = target.parentNode as Element | null;
    if (parent === null || !emptyAround.has(parent.localName ?? "")) break;
    if (Array.from(parent.childNodes).some((child) => child !== target && child.nodeType === 1)) break;
    target = parent;
  }
  removeNode(target);
}

/** `dangling`: ids of relationships that were removed with their parts. */
export function scrubPart(document: Document, dangling: ReadonlySet<string>, found: Finding[]): void {
  for (const element of elementsOf(document)) {
    const told = dropped[element.localName ?? ""];
    if (told !== undefined) {
      const about = told(element);
      const value = attribute(element, "url") ?? "";
      found.push(value === "" ? about : finding(about.name, value));
      removeWithShell(element);
      continue;
    }
    if (element.localName === "metadata" && element.namespaceURI === "http://www.w3.org/2000/svg") {
      found.push(finding("privateData"));
      removeNode(element);
      continue;
    }
    scrubAttributes(element, dangling, found);
  }
}

function scrubAttributes(element: Element, dangling: ReadonlySet<string>, found: Finding[]): void {
  for (const each of Array.from(element.attributes)) {
    const name = each.localName ?? each.name;
    const space = each.namespaceURI ?? "";
    if (each.prefix === "xmlns" || each.name === "xmlns") continue;
    if (name.startsWith("rsid") && space !== "") drop(element, name, finding("editingMarks"), found);
    else if (name === "uid" && revisionNamespace.test(space)) drop(element, name, finding("editingMarks"), found);
    else if (drawnFor.test(space)) drop(element, name, finding("originalPath", each.value), found);
    else if (name === "refreshedBy" || (name === "userName" && element.localName === "fileSharing"))
      drop(element, name, finding("lastEditor", each.value), found);
    else if (name === "ed" && element.localName === "permStart")
      drop(element, name, finding("author", each.value), found);
    else if (name === "dateUtc" && space !== "") drop(element, name, finding("modified", each.value), found);
    else if (connections.has(name) && withoutIdentity(each.value) !== each.value) {
      found.push(finding("privateData", each.value));
      setAttribute(element, name, withoutIdentity(each.value));
    } else if (name === "refreshedDate" || name === "refreshedDateIso") drop(element, name, finding("modified"), found);
    else if (
      name === "id" &&
      space !== "" &&
      dangling.has(each.value) &&
      /^(?:pageSetup|printerSettings)$/.test(element.localName ?? "")
    )
      drop(element, name, finding("printer"), found);
    else if (["descr", "title", "name", "alt", "odcFile", "sourceFile"].includes(name) && path.test(each.value)) {
      found.push(finding("originalPath", each.value));
      setAttribute(element, name, each.value.split(/[/\\]/).at(-1) ?? "");
    }
  }
}

function drop(element: Element, name: string, about: Finding, found: Finding[]): void {
  found.push(about);
  dropAttribute(element, name);
}

/** Content that does not show at first sight: it stays, and the person is told. */
export function tellHidden(part: string, document: Document, found: Finding[]): void {
  let hiddenRuns = 0;
  for (const element of elementsOf(document)) {
    const { localName } = element;
    if (localName === "vanish" && element.parentNode?.parentNode?.nodeName.endsWith(":r") === true) hiddenRuns++;
    if (localName === "sheet" && /hidden/i.test(attribute(element, "state") ?? ""))
      found.push(finding("hiddenSheet", attribute(element, "name") ?? ""));
    if (localName === "sld" && /^(?:0|false)$/.test(attribute(element, "show") ?? ""))
      found.push(finding("hiddenSlide", numberIn(part)));
    // What a pivot table was made from, also where the sheet itself is gone.
    if (/^(?:pivotCacheRecords|sharedItems)$/.test(localName ?? "") && element.firstChild !== null)
      found.push(finding("embeddedText", part.slice(part.lastIndexOf("/") + 1)));
  }
  if (hiddenRuns > 0) found.push(finding("hiddenText", hiddenRuns));
  if (part.startsWith("ppt/notesSlides/")) {
    const text = elementsOf(document)
      .filter(({ localName }) => localName === "t")
      .map(({ textContent }) => textContent ?? "")
      .join(" ");
    if (text.trim() !== "") found.push(finding("speakerNotes", text));
  }
}

function numberIn(part: string): string {
  return part.match(/(\d+)\.xml$/)?.[1] ?? "";
}
