/** XML parts of Office files as trees. What a document type could do (entities, other files) is refused. */
import { DOMParser, XMLSerializer, type Document, type Element, type Node } from "@xmldom/xmldom";
import type { Bytes } from "./binary.ts";
import { damaged } from "./cannot-clean.ts";

export type { Document, Element, Node };

/** UTF-8, or UTF-16 with its mark. Throws "damaged". */
export function decodeXml(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe ? "utf-16be" : "utf-8";
  const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw damaged("a document type");
  return encoding === "utf-8" ? text : text.replace(/^<\?xml[^>]*\?>/, '<?xml version="1.0" encoding="UTF-8"?>');
}

/** As XML 1.0 has it. The library would also turn U+2028 and U+0085 into line feeds, which are text here. */
function lineEndings(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/** Throws "damaged" at anything that is not well-formed. */
export function parseXml(bytes: Uint8Array): Document {
  const refuse = (level: string, message: string): never => {
    throw damaged(`${level}: ${message}`);
  };
  const parser = new DOMParser({ onError: refuse, locator: false, normalizeLineEndings: lineEndings });
  const document = parser.parseFromString(decodeXml(bytes), "text/xml");
  if (document.documentElement === null) throw damaged("no element");
  return document;
}

export function writeXml(document: Document): Bytes {
  // A carriage return written as itself would be read as a line feed the next time.
  return new TextEncoder().encode(new XMLSerializer().serializeToString(document).replaceAll("\r", "&#13;"));
}

/** Every element in document order, taken before anything changes. */
export function elementsOf(document: Document): Element[] {
  const elements: Element[] = [];
  for (let node: Node | null = document.documentElement; node !== null; node = following(node, document))
    if (node.nodeType === 1) elements.push(node as Element);
  return elements;
}

function following(node: Node, end: Node): Node | null {
  if (node.firstChild !== null) return node.firstChild;
  for (let up: Node | null = node; up !== null && up !== end; up = up.parentNode)
    if (up.nextSibling !== null) return up.nextSibling;
  return null;
}

export function removeNode(node: Node): void {
  node.parentNode?.removeChild(node);
}

/** The children take the element's place. */
export function unwrap(element: Element): void {
  while (element.firstChild !== null) element.parentNode?.insertBefore(element.firstChild, element);
  removeNode(element);
}

export function childElements(node: Node, localName?: string): Element[] {
  return Array.from(node.childNodes).filter(
    (child): child is Element => child.nodeType === 1 && (localName === undefined || child.localName === localName),
  );
}

/** The value of the attribute of that local name, in whatever namespace; null where absent. */
export function attribute(element: Element, localName: string): string | null {
  return Array.from(element.attributes).find((each) => (each.localName ?? each.name) === localName)?.value ?? null;
}

export function setAttribute(element: Element, localName: string, value: string): void {
  const found = Array.from(element.attributes).find((each) => (each.localName ?? each.name) === localName);
  if (found !== undefined) element.setAttributeNS(found.namespaceURI, found.name, value);
}

export function dropAttribute(element: Element, localName: string): void {
  for (const each of Array.from(element.attributes))
    if ((each.localName ?? each.name) === localName) element.removeAttributeNode(each);
}

/** Comments and processing instructions mean nothing to Office. The XML declaration stays. */
export function dropRemarks(document: Document): void {
  for (let node: Node | null = document.firstChild; node !== null;) {
    const next: Node | null = following(node, document);
    if (node.nodeType === 8 || (node.nodeType === 7 && node.nodeName !== "xml")) removeNode(node);
    node = next;
  }
}
