/** Parts of an Office file and what ties them together: content types and relationships (ECMA-376 part 2). */
import { damaged } from "./cannot-clean.ts";
import type { Bytes } from "./binary.ts";
import { attribute, childElements, parseXml, removeNode, writeXml, type Document } from "./xml.ts";
import type { Parts } from "./zip-parts.ts";

export const contentTypes = "[Content_Types].xml";

/** word/document.xml → word/_rels/document.xml.rels */
export function relationsOf(part: string): string {
  const slash = part.lastIndexOf("/") + 1;
  return `${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`;
}

/** word/_rels/document.xml.rels → word/ */
function folderOfRelations(relations: string): string {
  return relations.slice(0, relations.lastIndexOf("_rels/"));
}

/** The part that `target` means when a part in `folder` names it. */
function resolveTarget(folder: string, target: string): string {
  const path: string[] = target.startsWith("/") ? [] : folder.split("/").filter((step) => step !== "");
  for (const step of target.split("/"))
    if (step === "..") path.pop();
    else if (step !== "." && step !== "") path.push(step);
  const joined = path.join("/");
  try {
    return decodeURIComponent(joined); // names of parts are stored plain, targets as addresses
  } catch {
    return joined;
  }
}

/** The main part's content type. Throws "damaged". */
export function mainContentType(parts: Parts): string {
  const root = parseXml(parts.get("_rels/.rels") ?? new Uint8Array());
  const relation = childElements(root.documentElement!).find((each) =>
    (attribute(each, "Type") ?? "").endsWith("/officeDocument"),
  );
  if (relation === undefined) throw damaged("no main part");
  const main = resolveTarget("", attribute(relation, "Target") ?? "");
  if (!parts.has(main)) throw damaged("the main part is missing");
  const types = parseXml(parts.get(contentTypes)!);
  const entry = childElements(types.documentElement!).find((each) => attribute(each, "PartName") === `/${main}`);
  return (entry === undefined ? null : attribute(entry, "ContentType")) ?? "";
}

/** Parts that lead to parts that lead to parts; real documents have three in a row. */
const longestChain = 10;

interface Relation {
  /** The part that has it; "" is the package itself. */
  owner: string;
  id: string;
  type: string;
  /** A part inside, by the name that it has in the archive; null for addresses outside and for nothing. */
  target: string | null;
  remove: () => void;
}

interface Relations {
  all: Relation[];
  /** By the name of the part that holds them. */
  documents: Map<string, Document>;
}

/** word/_rels/document.xml.rels → word/document.xml */
function ownerOf(relations: string): string {
  return folderOfRelations(relations) + relations.slice(relations.lastIndexOf("/") + 1, -".rels".length);
}

function readRelations(parts: Parts): Relations {
  // Names of parts mean the same in capitals.
  const names = new Map([...parts.keys()].map((part) => [part.toLowerCase(), part]));
  const all: Relation[] = [];
  const documents = new Map<string, Document>();
  for (const [name, bytes] of parts) {
    if (!name.endsWith(".rels") || !name.includes("_rels/")) continue;
    const document = parseXml(bytes);
    documents.set(name, document);
    for (const each of childElements(document.documentElement!)) {
      const inside = attribute(each, "TargetMode") !== "External";
      const path = resolveTarget(folderOfRelations(name), attribute(each, "Target") ?? "");
      all.push({
        owner: ownerOf(name),
        id: attribute(each, "Id") ?? "",
        type: attribute(each, "Type") ?? "",
        target: inside ? (names.get(path.toLowerCase()) ?? null) : null,
        remove: () => removeNode(each),
      });
    }
  }
  return { all, documents };
}

/**
 * Adds what only dropped relationships, and what only dropped parts, lead to. A part that something else
 * needs stays, whatever else it is called.
 */
function dropTargets(dropped: Set<string>, relations: Relation[], isDroppedRelation: (type: string) => boolean): void {
  const isGone = ({ owner, type }: Relation): boolean => dropped.has(owner) || isDroppedRelation(type);
  for (let step = 0; step < longestChain; step++) {
    const before = dropped.size;
    const needed = new Set(relations.filter((each) => !isGone(each)).map(({ target }) => target));
    for (const each of relations)
      if (each.target !== null && isGone(each) && !needed.has(each.target)) dropped.add(each.target);
    if (dropped.size === before) return;
  }
}

export interface DroppedPart {
  part: string;
  bytes: Bytes;
  /** The kind of the relationship that led to it, or "". */
  type: string;
}

/**
 * Removes parts with everything that names them, and relationships by their kind with what they lead to.
 * `dangling` are the ids that lead nowhere now, by the part that may still mention them.
 */
export function dropParts(
  parts: Parts,
  isDropped: (part: string, bytes: Bytes) => boolean,
  isDroppedRelation: (type: string) => boolean,
): { dangling: Map<string, Set<string>>; gone: DroppedPart[] } {
  const { all, documents } = readRelations(parts);
  const dropped = new Set([...parts].filter(([part, bytes]) => isDropped(part, bytes)).map(([part]) => part));
  dropTargets(dropped, all, isDroppedRelation);
  const types = new Map(all.map(({ target, type }) => [target, type]));
  const gone: DroppedPart[] = [];
  for (const part of dropped) {
    gone.push({ part, bytes: parts.get(part)!, type: types.get(part) ?? "" });
    parts.delete(part);
    parts.delete(relationsOf(part));
  }
  const dangling = new Map<string, Set<string>>();
  for (const { owner, id, type, target, remove } of all) {
    if (!isDroppedRelation(type) && (target === null || !dropped.has(target))) continue;
    remove();
    const ids = dangling.get(owner) ?? new Set();
    dangling.set(owner, ids.add(id));
  }
  for (const [name, document] of documents)
    if (parts.has(name) && dangling.has(ownerOf(name))) parts.set(name, writeXml(document));
  dropContentTypes(parts);
  return { dangling, gone };
}

function extensionOf(part: string): string {
  return part.slice(part.lastIndexOf(".") + 1).toLowerCase();
}

/** What is said of parts that are not there, by name or by the end of their name. */
function dropContentTypes(parts: Parts): void {
  const types = parseXml(parts.get(contentTypes)!);
  const names = new Set([...parts.keys()].map((part) => part.toLowerCase()));
  const extensions = new Set([...parts.keys()].map(extensionOf));
  for (const entry of childElements(types.documentElement!, "Override"))
    if (!names.has((attribute(entry, "PartName") ?? "").slice(1).toLowerCase())) removeNode(entry);
  for (const entry of childElements(types.documentElement!, "Default"))
    if (!extensions.has((attribute(entry, "Extension") ?? "").toLowerCase())) removeNode(entry);
  parts.set(contentTypes, writeXml(types));
}

/** Addresses that a document reaches out to, with the kind of the relationship. */
export function externalTargets(parts: Parts): { type: string; target: string }[] {
  const found: { type: string; target: string }[] = [];
  for (const [name, bytes] of parts) {
    if (!name.endsWith(".rels")) continue;
    for (const relation of childElements(parseXml(bytes).documentElement!))
      if (attribute(relation, "TargetMode") === "External")
        found.push({ type: attribute(relation, "Type") ?? "", target: attribute(relation, "Target") ?? "" });
  }
  return found;
}
