/** Parts of an Office file and what ties them together: content types and relationships (ECMA-376 part 2). */
import { damaged } from "./cannot-clean.ts";
import { attribute, childElements, parseXml, removeNode, writeXml } from "./xml.ts";
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

/**
 * Removes parts with everything that names them, and relationships by their kind. Returns the ids that
 * lead nowhere now, by the part that may still mention them.
 */
export function dropParts(
  parts: Parts,
  isDropped: (part: string) => boolean,
  isDroppedRelation: (type: string) => boolean,
): Map<string, Set<string>> {
  const dropped = new Set([...parts.keys()].filter(isDropped));
  for (const part of dropped) {
    parts.delete(part);
    parts.delete(relationsOf(part));
  }
  const dangling = new Map<string, Set<string>>();
  for (const [name, bytes] of parts) {
    if (!name.endsWith(".rels") || !name.includes("_rels/")) continue;
    const document = parseXml(bytes);
    const folder = folderOfRelations(name);
    const gone = new Set<string>();
    for (const relation of childElements(document.documentElement!)) {
      const inside = attribute(relation, "TargetMode") !== "External";
      const target = resolveTarget(folder, attribute(relation, "Target") ?? "");
      if ((inside && dropped.has(target)) || isDroppedRelation(attribute(relation, "Type") ?? "")) {
        gone.add(attribute(relation, "Id") ?? "");
        removeNode(relation);
      }
    }
    if (gone.size === 0) continue;
    parts.set(name, writeXml(document));
    dangling.set(folder + name.slice(name.lastIndexOf("/") + 1, -".rels".length), gone);
  }
  const types = parseXml(parts.get(contentTypes)!);
  for (const entry of childElements(types.documentElement!, "Override"))
    if (!parts.has((attribute(entry, "PartName") ?? "").slice(1))) removeNode(entry);
  parts.set(contentTypes, writeXml(types));
  return dangling;
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
