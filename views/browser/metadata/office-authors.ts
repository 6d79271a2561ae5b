/** People of a document: each gets one neutral name, the same in every part. */
import { attribute, dropAttribute, elementsOf, setAttribute, type Document, type Element } from "./xml.ts";
import { finding, type Finding } from "./findings.ts";

const neutral = /^Author \d+$/;
const neutralTime = "2000-01-01T00:00:00.000";

export interface Authors {
  /** "Author 1" and so on; a neutral name stays what it is. */
  rename: (name: string) => string;
}

export function newAuthors(found: Finding[]): Authors {
  const known = new Map<string, string>();
  return {
    rename(name) {
      if (name === "" || neutral.test(name)) return name;
      const before = known.get(name);
      if (before !== undefined) return before;
      found.push(finding("commentAuthor", name));
      const renamed = `Author ${String(known.size + 1)}`;
      known.set(name, renamed);
      return renamed;
    },
  };
}

function renameAt(element: Element, key: string, authors: Authors): void {
  const name = attribute(element, key);
  if (name === null) return;
  const renamed = authors.rename(name);
  setAttribute(element, key, renamed);
  if (attribute(element, "initials") !== null) setAttribute(element, "initials", renamed.replace("uthor ", ""));
}

/** When a comment was made or answered, with a face or a task as well. */
const times = ["date", "dateUtc", "dT", "dt", "created", "time", "startDate"];
/** PowerPoint's newer comments must have these. */
const neededTimes = new Set(["created", "time"]);

function dropTimes(element: Element, found: Finding[]): void {
  for (const key of times) {
    const time = attribute(element, key);
    if (time === null || time === neutralTime) continue;
    found.push(finding("commentTime", time));
    if (neededTimes.has(key)) setAttribute(element, key, neutralTime);
    else dropAttribute(element, key);
  }
}

/** Comments of Word, Excel and PowerPoint and their lists of people. What a comment says stays. */
export function scrubComments(document: Document, authors: Authors, found: Finding[]): void {
  const names: string[] = [];
  for (const element of elementsOf(document)) {
    const { localName } = element;
    dropTimes(element, found);
    if (localName === "comment" && attribute(element, "author") !== null) {
      renameAt(element, "author", authors);
      found.push(finding("comments", element.textContent ?? ""));
    } else if (localName === "comment" && attribute(element, "authorId") !== null) {
      dropOwnName(element, names[Number(attribute(element, "authorId"))] ?? "", authors);
      found.push(finding("comments", element.textContent ?? ""));
    } else if (localName === "author" && attribute(element, "name") === null) {
      const name = element.textContent ?? "";
      names.push(name);
      // A threaded comment's old-style twin names the thread here.
      if (!name.startsWith("tc=")) element.textContent = authors.rename(name);
    } else if (localName === "author" || localName === "cmAuthor") {
      renameAt(element, "name", authors);
      if (attribute(element, "userId") !== null) setAttribute(element, "userId", attribute(element, "name") ?? "");
      if (attribute(element, "providerId") !== null) setAttribute(element, "providerId", "None");
    } else if (localName === "person") {
      renameAt(element, "displayName", authors);
      if (attribute(element, "userId") !== null)
        setAttribute(element, "userId", attribute(element, "displayName") ?? "");
      if (attribute(element, "providerId") !== null) setAttribute(element, "providerId", "None");
    } else if (localName === "threadedComment") {
      found.push(finding("comments", element.textContent ?? ""));
    } else if (localName === "cm") found.push(finding("comments", element.textContent ?? ""));
  }
}

/** Excel writes "Jane Doe:" into the comment itself, as its first words. */
function dropOwnName(comment: Element, name: string, authors: Authors): void {
  const first = Array.from(comment.getElementsByTagNameNS("*", "t")).find((each) => (each.textContent ?? "") !== "");
  const text = first?.textContent ?? "";
  if (first !== undefined && name !== "" && text.startsWith(`${name}:`))
    first.textContent = authors.rename(name) + text.slice(name.length);
}
