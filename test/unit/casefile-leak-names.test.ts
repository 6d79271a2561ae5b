/** Which words of a redaction are taken for names, and which words of an act are sought. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActContent } from "../../crypto/team-content.ts";
import { writtenIn } from "../../views/browser/client/casefile/leaks/left-out.ts";
import { namesIn } from "../../views/browser/client/casefile/leaks/names.ts";

const more = "and nobody on the shift wrote it into the log of that day, which all of us saw.";

const named: [what: string, text: string, names: string[]][] = [
  ["a short one", "Anna Kowalska, head of purchasing", ["Anna Kowalska", "Anna", "Kowalska"]],
  ["a short one that begins a sentence alone", "Kowalska took it", []],
  ["a short one in capitals", "ANNA KOWALSKA DID IT", ["ANNA KOWALSKA DID IT", "ANNA", "KOWALSKA", "DID", "IT"]],
  ["a long one", `The guard was taken off by Jane Kowalska, ${more}`, ["Jane Kowalska", "Jane", "Kowalska"]],
  ["one word of a long one", `The guard was taken off by Kowalska, ${more}`, ["Kowalska"]],
  ["what begins a sentence", `Nobody knew. Everybody left, ${more} Then it fell. "Yesterday it was there."`, []],
  ["what begins a sentence before a name", `Yesterday Kowalska left, ${more}`, ["Yesterday Kowalska", "Kowalska"]],
  ["a day before a name", `On Monday Jane Kowalska left in May, ${more}`, ["Jane Kowalska", "Jane", "Kowalska"]],
  ["behind a title", `We told Dr. Kowalska, ${more}`, ["Dr", "Kowalska"]],
  ["behind an initial", `We told J. Kowalska, ${more}`, ["Kowalska"]],
  ["in quotes and brackets", `We told him (Miller) and “Kowalska”, ${more}`, ["Miller", "Kowalska"]],
  ["of somebody's", `It was Kowalska's desk, ${more}`, ["Kowalska"]],
  ["several times", `We told Kowalska, and Kowalska told us, ${more}`, ["Kowalska"]],
  [
    "a list, line by line",
    `We told:\nJane Miller\nAnn Lee\n\n${more}`,
    ["Jane Miller", "Ann Lee", "Jane", "Miller", "Ann", "Lee"],
  ],
  ["what is written small too", `We told the Company, and the company ${more}`, []],
  ["a heading", `THE GUARD WAS TAKEN OFF BY JANE\n${more}`, []],
  [
    "Cyrillic",
    `Це сказав Ждан Петренко, а ніхто зі зміни не записав цього в журнал того самого дня, ніхто.`,
    ["Ждан Петренко", "Ждан", "Петренко"],
  ],
  [
    "German",
    "Am Montag hat Frau Kowalska das Gitter von der Presse genommen. Die Schicht hat es nicht in das Protokoll geschrieben, sagt Dr. Weber.",
    ["Frau Kowalska", "Kowalska", "Weber"],
  ],
  ["Chinese", "王小明在星期一把防护罩从压力机上拿走了", []],
  ["Arabic", "أزال محمد الخالدي الحارس يوم الاثنين ولم يكتب أحد من العمال ذلك في سجل اليوم كله", []],
];

for (const [what, text, names] of named)
  test(`names, ${what}: ${names.join(", ") || "none"}`, () => assert.deepEqual(namesIn(text), names));

test("no more than a hundred names of one redaction", () => {
  const many = Array.from(
    { length: 300 },
    (_, i) => `we told Ab${"abcdefghij"[i % 10]!}${"abcdefghijklmnopqrstuvwxyzabcd"[Math.floor(i / 10)]!}`,
  );
  assert.equal(namesIn(many.join(", ")).length, 100);
});

const conversation = { seq: 0, hash: "00".repeat(32) };
const filing: ActContent = {
  act: "filing",
  id: "11".repeat(8),
  deadlines: ["CA_CSI"],
  recipient: "Cal OES",
  date: "2026-11-23",
  qualifies: "It was a near miss.",
  statement: "A guard was missing.",
  internalUse: "no",
  amends: null,
  filed: { on: "2026-11-24", reference: "R-12345" },
  files: [],
  conversation,
};

const acts: [what: string, act: ActContent, stops: string[], remarks: string[]][] = [
  [
    "a hold",
    { act: "hold", on: true, matter: "Kowalska v. Acme", scope: "laptop", reason: "why", conversation },
    ["Kowalska v. Acme"],
    ["laptop"],
  ],
  ["a hold without words", { act: "hold", on: true, matter: " ", reason: "why", conversation }, [], []],
  ["a tag", { act: "tag", tag: "asked by Jane Doe", on: true, conversation }, [], ["asked by Jane Doe"]],
  [
    "a task",
    { act: "task", id: "11".repeat(8), text: "Ask Jane Doe", to: null, due: null, state: "open", conversation },
    ["Ask Jane Doe"],
    [],
  ],
  ["a short title", { act: "describe", title: "Press 4", category: "safety", conversation }, [], ["Press 4"]],
  [
    "a title in a script that sets no words apart",
    { act: "describe", title: "四号压力机的防护罩", category: "", conversation },
    ["四号压力机的防护罩"],
    [],
  ],
  ["a filing", filing, ["It was a near miss.", "A guard was missing."], ["Cal OES", "R-12345"]],
  ["a choice", { act: "severity", level: "high", reason: "why", conversation }, [], []],
];

for (const [what, act, stops, remarks] of acts)
  test(`words of an act, ${what}`, () => {
    const written = writtenIn(act);
    const texts = (of: boolean): string[] => written.filter((each) => each.stops === of).map(({ text }) => text);
    assert.deepEqual([texts(true), texts(false)], [stops, remarks]);
  });
