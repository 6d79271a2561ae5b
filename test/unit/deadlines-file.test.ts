/** The table of duties, its schema, its words and its page; and each broken file of an operator, with the line that is named. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { dueAfter, dueBy, dueWithoutTrigger } from "../../data/policy/deadlines/count.ts";
import {
  builtInDuties,
  deadlinesInForce,
  dutiesOf,
  holidaysIn,
  parseDutiesFile,
} from "../../data/policy/deadlines/duties-file.ts";
import { courtHolidays } from "../../data/policy/deadlines/holidays.ts";
import { builtInDeadlines, countingRules, findDeadline, triggers } from "../../data/policy/deadlines/rows.ts";
import { deadlinesShape, rowProblems } from "../../data/policy/deadlines/shape.ts";
import { parseJsonFile } from "../../data/policy/json-file.ts";
import { judgeFiles, presentationOf } from "../../data/policy/presentation/files.ts";
import { schemaFiles } from "../../server/build/schemas.ts";
import { translator } from "../../server/http/i18n.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const page = read("docs/DEADLINES.md");
const t = translator("en");

for (const name of ["deadlines.schema.json", "duties.schema.json"])
  test(`${name} is what the shape gives: node server/build/schemas.ts writes it anew`, () =>
    assert.equal(read(`data/policy/${name}`), schemaFiles()[name]));

test("the table fits the shape, and rule, unit and amount agree", () => {
  const parsed = parseJsonFile(read("data/policy/deadlines.json"), deadlinesShape, {
    rules: ({ deadlines }) => deadlines.flatMap((row, i) => rowProblems(row, ["deadlines", i])),
  });
  assert.ok("value" in parsed, JSON.stringify(parsed));
  assert.equal(new Set(builtInDeadlines.map(({ id }) => id)).size, builtInDeadlines.length);
});

test("a row that is found, and one that is not", () => {
  assert.equal(findDeadline(builtInDeadlines, "CA_CSI")?.amount, 15);
  assert.equal(findDeadline(builtInDeadlines, "CA_XYZ"), null);
});

test("every row has words, and names its law and the month in which it was looked up", () => {
  for (const { id, titleKey, triggerKey, exceptionKey, citation, source } of builtInDeadlines) {
    for (const key of [titleKey, triggerKey, ...(exceptionKey === undefined ? [] : [exceptionKey])]) {
      assert.ok(key !== undefined, id);
      assert.notEqual(t(key), key.split(":")[1], key);
    }
    assert.match(citation, /§|Article|P\.A\./, id);
    assert.match(source.asOf, /^2026-\d\d$/, id);
  }
});

test("the page's table has every row, with its period, rule, actor, day in force and law, and no others", () => {
  const told = [
    ...page.matchAll(/^\| `([A-Z]+_[A-Z0-9_]+)` +\| (.*?) *\| (\w+) +\| (\w+) +\| (.*?) *\| (.*?) *\| (yes|no) +\|$/gm),
  ];
  assert.deepEqual(
    told.map(([, ...cells]) => cells),
    builtInDeadlines.map(({ id, amount, unit, rule, actor, inForce, citation, source, repeats }) => [
      id,
      `${t(`deadlines:period.${unit}`, { count: amount })}${repeats ? ", repeats" : ""}`,
      rule,
      actor,
      inForce ?? "–",
      citation,
      source.read ? "yes" : "no",
    ]),
  );
});

test("the page's list has every counting rule, and no others", () => {
  const told = [...page.matchAll(/^\| `([A-Z]+)` +\|/gm)].map(([, rule]) => rule);
  assert.deepEqual(told, [...countingRules]);
});

test("the page's example is taken as it is, and its row is counted", () => {
  const [, example] = /```json\n([^]*?)```/.exec(page)!;
  const parsed = parseDutiesFile(example!);
  assert.ok("value" in parsed, JSON.stringify(parsed));
  const row = parsed.value.rows![0]!;
  assert.equal(dueBy(row, "2026-12-29", holidaysIn(parsed.value)).target, "2026-12-31");
});

test("what comes with the software is a right file", () =>
  assert.deepEqual(parseDutiesFile(JSON.stringify(builtInDuties)), { value: builtInDuties }));

/** One row of an operator's; `over` replaces fields, line by line. */
function ownRow(over: Record<string, unknown> = {}): string {
  const row = {
    id: "OWN_CHECK",
    title: "Check the channel",
    jurisdiction: "US-CA",
    actor: "handler",
    scope: "organisation",
    trigger: "last-review",
    amount: 3,
    unit: "month",
    rule: "M",
    citation: "Our charter, § 4",
    source: { asOf: "2026-11", read: true },
    ...over,
  };
  const lines = Object.entries(row).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return `{\n"rows": [{\n${lines.join(",\n")}\n}]}`;
}

for (const [what, source, expected] of [
  ["nothing set", "{}", "none"],
  ["a row of one's own", ownRow(), "none"],
  ["no JSON", "{\n  profile: 1\n}", "2 faults:syntax.other"],
  ["an unknown field", '{\n  "profil": "employer"\n}', "2 faults:unknown"],
  ["an unknown profile", '{\n  "profile": "bank"\n}', "2 faults:choice"],
  ["an unknown place", '{\n  "jurisdictions": ["US-CA",\n  "US-TX"]\n}', "3 faults:choice"],
  ["a place twice", '{\n  "jurisdictions": ["EU",\n  "EU"]\n}', "3 deadlines:fault.twice"],
  ["an unknown id switched off", '{\n  "off": ["CA_CSI",\n  "CA_CS"]\n}', "3 deadlines:fault.rowUnknown"],
  ["an id switched off twice", '{\n  "off": ["CA_CSI",\n  "CA_CSI"]\n}', "3 deadlines:fault.twice"],
  ["an id in small letters", ownRow({ id: "own" }), "3 deadlines:fault.row"],
  ["the id of a built-in row", ownRow({ id: "CA_CSI" }), "3 deadlines:fault.rowBuiltIn"],
  ["no title", ownRow({ title: "" }), "4 faults:least.text"],
  ["an actor that is none", ownRow({ actor: "boss" }), "6 faults:choice"],
  ["a trigger that is none", ownRow({ trigger: "full-moon" }), "8 faults:choice"],
  ["half a month", ownRow({ amount: 0.5 }), "9 faults:type.number"],
  ["a period that is negative", ownRow({ amount: -1 }), "9 faults:least.number"],
  ["a period of centuries", ownRow({ amount: 99_999 }), "9 faults:most.number"],
  ["a period of centuries in years", ownRow({ rule: "CAL", unit: "year", amount: 101 }), "9 faults:most.number"],
  ["a period of centuries in months", ownRow({ amount: 1201 }), "9 faults:most.number"],
  ["months that are counted as hours", ownRow({ rule: "H" }), "10 deadlines:fault.unit"],
  ["two quarters at a time", ownRow({ rule: "Q", unit: "quarter", amount: 2 }), "9 deadlines:fault.quarterOne"],
  ["what repeats at once", ownRow({ amount: 0, repeats: true }), "9 deadlines:fault.repeatsZero"],
  ["no law", ownRow({ citation: undefined }).replace(/\n"citation": undefined,/, ""), "2 faults:missing"],
  ["a month that is none", ownRow({ source: { asOf: "2026-13", read: true } }), "13 deadlines:fault.month"],
  [
    "a link that is none",
    ownRow({ source: { asOf: "2026-11", read: true, url: "javascript:alert(1)" } }),
    "13 deadlines:fault.url",
  ],
  ["a day in force that is none", ownRow({ inForce: "2027-02-29" }), "14 deadlines:fault.day"],
  [
    "two rows with one id",
    `{\n"rows": [${ownRow().slice(11, -2)},\n${ownRow().slice(11, -2)}]}`,
    "16 deadlines:fault.rowTwice",
  ],
  ["a holiday that is none", '{\n"holidays": [\n{ "on": "2027-02-30", "name": "x" }]}', "3 deadlines:fault.day"],
  [
    "a holiday twice",
    '{\n"holidays": [\n{ "on": "2027-01-04", "name": "x" },\n{ "on": "2027-01-04", "name": "y" }]}',
    "4 deadlines:fault.dayTwice",
  ],
] as const)
  test(`duties: ${what} → ${expected}`, () => {
    const parsed = parseDutiesFile(source);
    const [first] = "problems" in parsed ? parsed.problems : [];
    assert.equal(first === undefined ? "none" : `${first.line} ${first.key}`, expected);
    if (first !== undefined) assert.notEqual(t(first.key, first.values), first.key.split(":")[1]);
  });

const idsOf = (rows: readonly { id: string }[]): string => rows.map(({ id }) => id).join(" ");

for (const [what, duties, ids] of [
  ["no file: everything", null, idsOf(builtInDeadlines)],
  ["an employer in the EU", { profile: "employer", jurisdictions: ["EU"] }, "EU_ACK EU_FEEDBACK GDPR_DSAR GDPR_BREACH"],
  ["an employer in the United States", { profile: "employer", jurisdictions: ["US", "US-CA"] }, "SOX_806"],
  [
    "a frontier developer that is not large, in California",
    { profile: "frontier", jurisdictions: ["US-CA"] },
    "CA_NOTICE_YR CA_NOTICE_REMOTE CA_CSI CA_CSI_24 CA_TR CA_REDACT",
  ],
  ["two switched off", { jurisdictions: ["US-NY"], off: ["NY_CSI", "CA_CSI"] }, "NY_CSI_24"],
  ["nowhere", { jurisdictions: [] }, ""],
] as const)
  test(`whose duties: ${what}`, () => {
    const parsed = duties === null ? { value: null } : parseDutiesFile(JSON.stringify(duties));
    assert.ok("value" in parsed);
    assert.equal(idsOf(dutiesOf(parsed.value)), ids);
  });

for (const [today, count] of [
  // Before SB 53: Europe's four and 1514A. Before 2027 no Illinois (4), no New York (2).
  ["2025-12-31", 5],
  ["2026-01-01", 16],
  ["2026-12-31", 16],
  ["2027-01-01", 22],
] as const)
  test(`on ${today} ${count} of ours are in force`, () => assert.equal(deadlinesInForce(null, today).length, count));

test("own rows apply whatever is left out, from their day on", () => {
  const parsed = parseDutiesFile(ownRow({ inForce: "2027-03-01", actor: "LFD" }));
  assert.ok("value" in parsed);
  const duties = { ...parsed.value, profile: "employer" as const, jurisdictions: [] };
  assert.equal(idsOf(deadlinesInForce(duties, "2027-02-28")), "");
  assert.equal(idsOf(deadlinesInForce(duties, "2027-03-01")), "OWN_CHECK");
});

test("the file among an operator's others: in force when right, set aside with its line when not", () => {
  const around = { languages: ["en"], builtIn: () => null };
  const files = (text: string): Map<string, Uint8Array> => new Map([["duties", new TextEncoder().encode(text)]]);
  const right = judgeFiles(files('{ "profile": "employer" }'), around);
  assert.deepEqual(presentationOf(right, ["en"], () => "0".repeat(64)).duties, { profile: "employer" });
  const wrong = judgeFiles(files('{\n "profile": "bank" }'), around);
  assert.equal(wrong.problems["duties"]?.[0]?.line, 2);
  assert.equal(presentationOf(wrong, ["en"], () => "0".repeat(64)).duties, null);
});

test("every trigger is some row's, and every word for a step is said", () => {
  const used = builtInDeadlines.flatMap(({ trigger, withoutTrigger }) => [trigger, withoutTrigger?.trigger]);
  assert.deepEqual(
    triggers.filter((each) => !used.includes(each)),
    [],
  );

  const said = new Set<string>(["deadlines:step.ownHoliday", "deadlines:step.once"]);
  for (const row of builtInDeadlines)
    for (let day = Date.parse("2025-12-01"); day < Date.parse("2027-02-01"); day += 86_400_000) {
      const from = new Date(day).toISOString().slice(0, 10);
      const all = [
        dueBy(row, from),
        dueAfter(row, from),
        ...(row.withoutTrigger ? [dueWithoutTrigger(row, from)] : []),
      ];
      for (const { key } of all.flatMap(({ steps }) => steps)) said.add(key);
    }
  const instant = dueBy(findDeadline(builtInDeadlines, "CA_CSI_24")!, "2026-01-01T00:00:00Z");
  for (const { key } of instant.steps) said.add(key);

  const words = JSON.parse(read("views/locales/en/deadlines.json")) as { step: Record<string, object> };
  const known = Object.entries(words.step).flatMap(([key, value]) =>
    typeof value === "string" ? [key.replace(/_(one|other)$/, "")] : Object.keys(value).map((each) => `${key}.${each}`),
  );
  assert.deepEqual([...new Set(known.map((key) => `deadlines:step.${key}`))].sort(), [...said].sort());
  assert.equal(courtHolidays.rules.length, Object.keys(words.step["holiday"]!).length);
});
