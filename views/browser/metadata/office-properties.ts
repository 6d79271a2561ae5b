/** What the properties of an Office file tell (docProps), for the findings; the parts are dropped whole. */
import { finding, type Finding, type FindingName } from "./findings.ts";
import { attribute, childElements, elementsOf, parseXml } from "./xml.ts";
import type { Parts } from "./zip-parts.ts";

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

export function readProperties(parts: Parts): Finding[] {
  const found: Finding[] = [];
  for (const [part, bytes] of parts) {
    if (!/^docProps\/[^/]+\.xml$/i.test(part)) continue;
    for (const element of elementsOf(parseXml(bytes))) {
      if (element.localName === "property") {
        found.push(finding("customField", `${attribute(element, "name") ?? ""}: ${element.textContent ?? ""}`));
        continue;
      }
      const name = childElements(element).length === 0 ? names[element.localName ?? ""] : undefined;
      if (name !== undefined && (element.textContent ?? "") !== "")
        found.push(finding(name, element.textContent ?? ""));
    }
  }
  return found;
}
