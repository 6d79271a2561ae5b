/** What the properties of an Office file tell (docProps), for the findings; the parts are dropped whole. */
import type { Bytes } from "./binary.ts";
import { finding, type Finding, type FindingName } from "./findings.ts";
import { attribute, childElements, elementsOf, parseXml } from "./xml.ts";

const names: Record<string, FindingName> = {
  creator: "author",
  lastModifiedBy: "lastEditor",
  created: "created",
  modified: "modified",
  lastPrinted: "printed",
  title: "title",
  subject: "caption",
  description: "caption",
  keywords: "keywords",
  category: "keywords",
  revision: "editingMarks",
  Company: "organisation",
  Manager: "organisation",
  Application: "software",
  Template: "originalPath",
  HyperlinkBase: "originalPath",
  TotalTime: "editingTime",
};

const beginning = 4096; // bytes of a part in which its first element begins
const root = /^\uFEFF?\s*(?:<\?[^>]*\?>\s*|<!--(?:(?!-->)[^])*-->\s*)*<(?:[\w.-]+:)?(?:coreProperties|Properties)[\s>]/;

/** Whether a part holds properties, wherever it lies: .NET keeps them in package/services. */
export function isProperties(bytes: Bytes): boolean {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe ? "utf-16be" : "utf-8";
  return root.test(new TextDecoder(wide).decode(bytes.subarray(0, beginning)));
}

/** Of parts that hold properties. */
export function readProperties(parts: Iterable<Bytes>): Finding[] {
  const found: Finding[] = [];
  for (const bytes of parts)
    for (const element of elementsOf(parseXml(bytes))) {
      if (element.localName === "property") {
        found.push(finding("customField", `${attribute(element, "name") ?? ""}: ${element.textContent ?? ""}`));
        continue;
      }
      const name = childElements(element).length === 0 ? names[element.localName ?? ""] : undefined;
      if (name !== undefined && (element.textContent ?? "") !== "")
        found.push(finding(name, element.textContent ?? ""));
    }
  return found;
}
