/** What acts say in the timeline and in the case file. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActContent } from "../../crypto/team-content.ts";
import { translator } from "../../server/http/i18n.ts";
import { actLines } from "../../views/browser/client/act-words.ts";

const t = translator("en");
const conversation = { seq: 0, hash: "00".repeat(32) };
const filing = {
  act: "filing" as const,
  id: "0011223344556677",
  deadlines: [],
  recipient: "Cal OES",
  date: "",
  qualifies: "",
  statement: "",
  internalUse: "no" as const,
  amends: null,
  filed: null,
  files: [],
  conversation,
};

const names = { person: (id: number): string => `Person ${id}`, linked: "quiet-harbor-0412" };

test("a draft's empty fields are left out, and a question has no colon", () => {
  const lines = actLines(filing, t, names);
  assert.equal(lines.length, 2);
  assert.ok(lines[0]!.includes("Cal OES"));
  assert.match(lines[1]!, /\? No$/);
  const full = actLines({ ...filing, statement: "It acted by itself.", amends: "ffeeddccbbaa9988" }, t, names);
  assert.ok(full.some((line) => line.endsWith(": It acted by itself.")));
  assert.ok(full.some((line) => line.includes("ffeeddccbbaa9988")));
});

test("a test that nobody knows is named by its id, which is no key of words", () => {
  const tests = { "bpc-1": "met" as const, "$t(console:case.you)": "unsure" as const };
  const triage = { act: "triage" as const, on: "2026-11-30", tests, imminent: "no" as const, reason: "", conversation };
  const lines = actLines(triage, t, names);
  assert.ok(lines.includes("$t(console:case.you): Not sure"));
  assert.ok(lines.includes(`${t("incident:test.bpc-1.short")}: Yes`));
});

for (const [what, act, words] of [
  [
    "a clock",
    { act: "clock", deadline: "CA_CSI", from: "2026-11-29", reason: "r", conversation },
    /CA_CSI.*2026-11-29/,
  ],
  [
    "an exception",
    { act: "done", deadline: "CA_CSI", on: "2026-11-30", how: "exception", reason: "r", conversation },
    /exception/,
  ],
  ["a hold", { act: "hold", on: true, reason: "r", conversation }, /Hold placed/],
  ["a hold's end", { act: "hold", on: false, reason: "r", conversation }, /Hold released/],
  ["a date", { act: "retain", deleteOn: "2027-01-02", reason: "r", conversation }, /2027-01-02/],
  ["a conflict", { act: "conflict", has: true, reason: "", conversation }, /steps back/],
  ["no conflict", { act: "conflict", has: false, reason: "", conversation }, /no conflict/],
  ["an assignment", { act: "assign", to: 7, reason: "", conversation }, /Person 7/],
  ["nobody's work", { act: "assign", to: null, reason: "", conversation }, /Nobody/],
  ["a name", { act: "describe", title: "Press 4", category: "c", conversation }, /Press 4/],
  ["how serious", { act: "severity", level: "high", reason: "", conversation }, /serious: high/],
  ["a tag", { act: "tag", tag: "press", on: true, conversation }, /Tagged: press/],
  ["a tag's end", { act: "tag", tag: "press", on: false, conversation }, /taken off: press/],
  [
    "a task",
    { act: "task", id: "00".repeat(8), text: "Call", to: 7, due: "2027-01-02", state: "open", conversation },
    /Call\n.*Person 7\n.*2027-01-02/,
  ],
  ["a link", { act: "link", case: "00".repeat(32), on: true, reason: "", conversation }, /quiet-harbor-0412/],
  ["a link's end", { act: "link", case: "00".repeat(32), on: false, reason: "", conversation }, /taken away/],
  ["a muted mailbox", { act: "mute", on: true, reason: "", conversation }, /muted/],
  ["check-ins", { act: "checkIns", days: ["2027-01-02", "2027-03-02"], conversation }, /2027-01-02, 2027-03-02/],
  [
    "a check-in",
    { act: "checkIn", day: "2027-01-02", on: "2027-01-03", outcome: "retaliation", reason: "", conversation },
    /suffer.*2027-01-03/,
  ],
  ["a date taken back", { act: "retain", deleteOn: null, reason: "r", conversation }, /taken back/],
] as [string, ActContent, RegExp][])
  test(`${what} says what was done`, () => assert.match(actLines(act, t, names).join("\n"), words));
