/** Where an Office document reaches out from its own parts: connections to data, and fields with paths in them. */
import { finding, type Finding } from "./findings.ts";
import { leadsToFile } from "./links.ts";
import { attribute, elementsOf, type Document, type Element } from "./xml.ts";

/** Attributes that say how data are fetched. */
export const connections = new Set(["connection", "connectionString", "localConnection"]);
const identity =
  /(?:^|;)\s*(?:UID|User(?: ?ID| ?Name)?|PWD|Password|WSID|Workstation ID|APP|Application Name)\s*=\s*(?:"[^"]*"|'[^']*'|\{[^}]*\})?[^;]*/gi;

/** The connection without who asks, and from which machine. What is asked stays: the document would be another. */
export function withoutIdentity(connection: string): string {
  return connection.replace(identity, "").replace(/^;/, "");
}

/** Fields that show, or are made from, other files. */
const fetching = /\b(?:INCLUDE(?:PICTURE|TEXT)?|FILENAME|IMPORT|LINK|DDE(?:AUTO)?|DATABASE|RD)\s/i;
const link = /^\s*HYPERLINK\b(.*)$/is;
/** A bookmark, a tip or a window: words behind a switch. */
const switched = /(?<=\s)\\[lot]\s+(?:"[^"]*"|[^\s"]+)/gi;

function tellField(instruction: string, found: Finding[]): void {
  const behind = link.exec(instruction)?.[1]?.replace(switched, " ");
  const address = /"([^"]*)|[^\s\\"]\S*/.exec(behind ?? "");
  const leads =
    behind === undefined ? fetching.test(`${instruction} `) : leadsToFile(address?.[1] ?? address?.[0] ?? "");
  if (leads) found.push(finding("externalLink", instruction));
}

function tellConnection(element: Element, found: Finding[]): void {
  for (const name of connections) {
    const said = attribute(element, name);
    if (said !== null && said.includes("=")) found.push(finding("externalLink", said));
  }
  if (element.localName === "webPr" && (attribute(element, "url") ?? "") !== "")
    found.push(finding("externalLink", attribute(element, "url") ?? ""));
}

/** They stay, because what the document shows comes from there; the person is told. */
export function tellLinks(document: Document, found: Finding[]): void {
  // Word cuts an instruction into pieces as it likes; a mark of the field stands before and behind it.
  let instruction = "";
  const end = (): void => {
    tellField(instruction, found);
    instruction = "";
  };
  for (const element of elementsOf(document)) {
    const { localName } = element;
    if (localName === "instrText") instruction += element.textContent ?? "";
    else if (localName === "fldChar") end();
    else if (localName === "fldSimple") tellField(attribute(element, "instr") ?? "", found);
    else tellConnection(element, found);
  }
  end();
}
