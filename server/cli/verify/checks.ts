/**
 * What is checked of a case file: one table. A further check is a row here and a row in verify.sh
 * (views/browser/client/verify-script.ts), which says the same with other people's programs.
 */
import { createHash } from "node:crypto";
import type { Certificate } from "pkijs";
import { equal } from "../../../crypto/bytes.ts";
import { orNull, PortalError } from "../../../crypto/errors.ts";
import { extractName } from "../../../crypto/log-extract.ts";
import { formatMinisignKey, verifyMinisign, type MinisignKey } from "../../../crypto/minisign.ts";
import type { Bag } from "./bag.ts";
import { readCaseJson } from "./case-json.ts";
import { followLog } from "./log.ts";
import { approvalName, listNames, parseList, signatureName, stampNames, type List } from "./lists.ts";
import { isStampedBy, questionAbout, readStamp, timeOf } from "./stamp.ts";
import type { Fault } from "./words.ts";

/** What was given to check by; null: was not. */
export interface Trusted {
  /** counsel.pub. */
  key: MinisignKey | null;
  /** Of the time-stamping authority. */
  authority: readonly Certificate[] | null;
  /** Key of the second person. */
  approver: MinisignKey | null;
}

/** What is looked at; lists and signature are read once. */
export interface Subject {
  bag: Bag;
  trusted: Trusted;
  list: List;
  tags: List;
  /** The signed comment, once the signature held. */
  comment: string | null;
}

/** unknown: it could not be looked at; none: what the row is about need not be there, and is not. */
export type Mark = "holds" | "fails" | "unknown" | "none";

/** `said`: what does not hold, or what a person should compare. */
export interface Finding {
  is: Mark;
  said: Fault[];
}

export interface Check {
  id: string;
  /** Rows that must hold before this one means something, or is safe to look at. */
  needs: readonly string[];
  look(subject: Subject): Finding | Promise<Finding>;
}

/** Lists, tag files and case.json: anything larger is none that this software made. */
const mostBytes = 256 * 1024 * 1024;

/** `others`: said as well, whether it holds or not. */
const judged = (faults: Fault[], others: Fault[] = []): Finding => ({
  is: faults.length === 0 ? "holds" : "fails",
  said: [...faults, ...others],
});
const only = (is: Mark, fault: string): Finding => ({ is, said: [{ fault, of: "" }] });

export const checks: readonly Check[] = [
  { id: "files", needs: [], look: ({ bag }) => judged([...bag.odd]) },
  { id: "bagit", needs: ["files"], look: checkDeclaration },
  { id: "signature", needs: ["files"], look: checkSignature },
  { id: "taglist", needs: ["files"], look: (subject) => checkList(subject, "tags") },
  { id: "tags", needs: ["taglist"], look: ({ bag, tags }) => checkSums(bag, tags) },
  { id: "list", needs: ["files"], look: (subject) => checkList(subject, "payload") },
  { id: "payload", needs: ["list"], look: ({ bag, list }) => checkSums(bag, list) },
  { id: "extra", needs: ["taglist", "list"], look: checkExtra },
  { id: "oxum", needs: ["files"], look: checkOxum },
  { id: "comment", needs: ["signature", "tags", "payload"], look: checkComment },
  { id: "stamp", needs: ["files"], look: checkStamp },
  { id: "approver", needs: ["tags", "payload"], look: checkApproval },
  { id: "log", needs: ["payload"], look: checkLog },
];

/** Runs the table row by row and tells each finding as it comes. */
export async function* runChecks(bag: Bag, trusted: Trusted): AsyncGenerator<Finding & { id: string }> {
  const none: List = { sums: new Map(), faults: [] };
  const subject: Subject = { bag, trusted, list: none, tags: none, comment: null };
  const held = new Set<string>();
  for (const { id, needs, look } of checks) {
    const isReady = needs.every((need) => held.has(need));
    const finding = isReady ? await look(subject) : only("unknown", "needs");
    if (finding.is === "holds") held.add(id);
    yield { id, ...finding };
  }
}

async function readWhole(bag: Bag, path: string): Promise<Uint8Array | null> {
  const size = bag.files.get(path);
  if (size === undefined) return null;
  if (size > mostBytes) throw new PortalError("large", "a list is larger than any that we write");
  const parts: Uint8Array[] = [];
  for await (const part of bag.read(path)) parts.push(part);
  return Buffer.concat(parts);
}

const missing = (...paths: string[]): Finding => judged(paths.map((of) => ({ fault: "missing", of })));

async function checkDeclaration({ bag }: Subject): Promise<Finding> {
  const bytes = await readWhole(bag, "bagit.txt");
  if (bytes === null) return missing("bagit.txt");
  const is = Buffer.from(bytes).toString("latin1") === "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
  return judged(is ? [] : [{ fault: "other", of: "bagit.txt" }]);
}

async function checkSignature(subject: Subject): Promise<Finding> {
  const { bag, trusted } = subject;
  const [signed, signature] = [await readWhole(bag, listNames.tags), await readWhole(bag, signatureName)];
  if (signed === null || signature === null) return missing(signed === null ? listNames.tags : signatureName);
  if (trusted.key === null) return only("unknown", "noKey");
  const said = [keyLine(trusted.key)];
  subject.comment = commentBy(trusted.key, signed, signature);
  return judged(subject.comment === null ? [{ fault: "noFit", of: "" }] : [], said);
}

/** The signed comment; null: the key did not sign this. */
const commentBy = ({ id, publicKey }: MinisignKey, signed: Uint8Array, signature: Uint8Array): string | null =>
  orNull(() => verifyMinisign(signed, signature, publicKey, id));

const keyLine = ({ id, publicKey }: MinisignKey): Fault => ({
  fault: "key",
  of: formatMinisignKey(publicKey, id).split("\n")[1]!,
});

async function checkList(subject: Subject, kind: keyof typeof listNames): Promise<Finding> {
  const bytes = await readWhole(subject.bag, listNames[kind]);
  if (bytes === null) return missing(listNames[kind]);
  const list = parseList(kind, bytes);
  if (kind === "tags") subject.tags = list;
  else subject.list = list;
  return judged(list.faults);
}

async function checkSums(bag: Bag, { sums }: List): Promise<Finding> {
  const faults: Fault[] = [];
  for (const [path, sum] of sums) {
    if (!bag.files.has(path)) {
      faults.push({ fault: "missing", of: path });
      continue;
    }
    const digest = createHash("sha256");
    for await (const part of bag.read(path)) digest.update(part);
    if (digest.digest("hex") !== sum) faults.push({ fault: "changed", of: path });
  }
  return judged(faults);
}

/** What is made of the list of tag files, and so cannot stand in it. */
const besideTags: readonly string[] = [signatureName, stampNames.query, stampNames.answer, approvalName];

/** Where a file's name is odd the row "files" says so; here all names are plain. */
function checkExtra({ bag, list, tags }: Subject): Finding {
  const isNamed = (path: string): boolean =>
    list.sums.has(path) || tags.sums.has(path) || path === listNames.tags || besideTags.includes(path);
  return judged([...bag.files.keys()].filter((path) => !isNamed(path)).map((of) => ({ fault: "unlisted", of })));
}

/** Values of a label in bag-info.txt, one a line. */
async function infoOf(bag: Bag, label: string): Promise<string> {
  const text = Buffer.from((await readWhole(bag, "bag-info.txt")) ?? []).toString("utf8");
  const lines = text.split("\n").filter((line) => line.startsWith(`${label}: `));
  return lines.map((line) => line.slice(label.length + 2)).join("\n");
}

async function checkOxum({ bag }: Subject): Promise<Finding> {
  if (!bag.files.has("bag-info.txt")) return missing("bag-info.txt");
  const told = await infoOf(bag, "Payload-Oxum");
  const sizes = [...bag.files].flatMap(([path, size]) => (path.startsWith("data/") ? [size] : []));
  const found = `${sizes.reduce((sum, size) => sum + size, 0)}.${sizes.length}`;
  if (told === found) return judged([]);
  return judged([
    { fault: "told", of: told.replaceAll(/[^0-9.]/g, "") },
    { fault: "found", of: found },
  ]);
}

/** What bag-info.txt and data/case.json say of the case file; `name` and `is` should be the same. */
async function factsOf(bag: Bag): Promise<{ name: string; day: string; is: string; portal: string }> {
  const [name, day] = [await infoOf(bag, "External-Identifier"), await infoOf(bag, "Bagging-Date")];
  return { name, day, ...readCaseJson((await readWhole(bag, "data/case.json")) ?? new Uint8Array()) };
}

const otherIf = (isOther: boolean, of: string): Fault[] => (isOther ? [{ fault: "other", of }] : []);

function commentLine(comment: string): Fault {
  const shown = Buffer.from(comment)
    .toString("latin1")
    .replaceAll(/[^A-Za-z0-9 ,:._-]/g, "?");
  return { fault: "comment", of: shown };
}

/** Says nothing new where all else holds: that the signature was made for this case and day, and not only fits. */
async function checkComment({ bag, comment }: Subject): Promise<Finding> {
  const { name, day, is, portal } = await factsOf(bag);
  const faults = [
    ...otherIf(comment !== `case file ${name} of portal ${portal}, exported ${day}`, signatureName),
    ...otherIf(is !== name, "data/case.json"),
  ];
  return judged(faults, [commentLine(comment ?? "")]);
}

/** A question and its answer beside the list of lists. What the answer says holds only as far as the authority is known. */
async function checkStamp({ bag, trusted: { authority } }: Subject): Promise<Finding> {
  const paths = [listNames.tags, stampNames.query, stampNames.answer];
  const [signed, query, answer] = await Promise.all(paths.map((path) => readWhole(bag, path)));
  if (query === null && answer === null && authority === null) return only("none", "noStamp");
  if (signed == null || query == null || answer == null)
    return missing(...paths.filter((path) => !bag.files.has(path)));
  const asked = questionAbout(signed, query);
  if (asked === null) return judged(otherIf(true, stampNames.query));
  const stamp = readStamp(asked, answer);
  if (stamp === null) return judged(otherIf(true, stampNames.answer));
  if (authority === null) return only("unknown", "noAuthority");
  if (!(await isStampedBy([...authority], stamp, signed))) return only("fails", "notStamped");
  return judged([], [{ fault: "time", of: timeOf(stamp) }]);
}

/** The second person's signature: of the same list, by another key, as an approval. The list itself names the case. */
async function checkApproval({ bag, trusted: { key, approver } }: Subject): Promise<Finding> {
  const signature = await readWhole(bag, approvalName);
  if (signature === null) return approver === null ? only("none", "noApproval") : missing(approvalName);
  if (approver === null) return only("unknown", "noKey");
  const signed = (await readWhole(bag, listNames.tags))!;
  const comment = commentBy(approver, signed, signature);
  if (comment === null) return judged([{ fault: "noFit", of: "" }], [keyLine(approver)]);
  const { name, day, is, portal } = await factsOf(bag);
  const about = `approved: case file of portal ${portal}, `;
  const approvedOn = comment.startsWith(about) ? comment.slice(about.length) : "";
  // Not before the case file was made.
  const fits = /^\d{4}-\d\d-\d\d$/.test(approvedOn) && approvedOn >= day;
  // Under another id it would still be the same.
  const isSame = key !== null && equal(key.publicKey, approver.publicKey);
  const faults = [
    ...(isSame ? [{ fault: "sameKey", of: "" }] : []),
    ...otherIf(!fits, approvalName),
    ...otherIf(is !== name, "data/case.json"),
  ];
  return judged(faults, [commentLine(comment), keyLine(approver)]);
}

/** Whose log it is a person has to compare: the key stands in the extract itself. */
async function checkLog({ bag }: Subject): Promise<Finding> {
  const extract = await readWhole(bag, extractName);
  if (extract === null) return only("none", "noLog");
  const { portal } = await factsOf(bag);
  const { faults, said } = followLog(extract, portal);
  return judged(faults, said);
}
