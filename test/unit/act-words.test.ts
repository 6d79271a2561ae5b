/** What acts say in the timeline and in the case file. */
import assert from "node:assert/strict";
import { test } from "node:test";
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

test("a draft's empty fields are left out, and a question has no colon", () => {
  const lines = actLines(filing, t);
  assert.equal(lines.length, 2);
  assert.ok(lines[0]!.includes("Cal OES"));
  assert.match(lines[1]!, /\? No$/);
  const full = actLines({ ...filing, statement: "It acted by itself.", amends: "ffeeddccbbaa9988" }, t);
  assert.ok(full.some((line) => line.endsWith(": It acted by itself.")));
  assert.ok(full.some((line) => line.includes("ffeeddccbbaa9988")));
});

test("a test that nobody knows is named by its id, which is no key of words", () => {
  const tests = { "bpc-1": "met" as const, "$t(console:case.you)": "unsure" as const };
  const triage = { act: "triage" as const, on: "2026-11-30", tests, imminent: "no" as const, reason: "", conversation };
  const lines = actLines(triage, t);
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
  ["a date taken back", { act: "retain", deleteOn: null, reason: "r", conversation }, /taken back/],
] as const)
  test(`${what} says what was done`, () => assert.match(actLines(act, t).join("\n"), words));
