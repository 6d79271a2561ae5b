/** The list of people as a file: what is wrong is said with its line, and what goes out comes back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { mostPeople, nameKey, type NoticePerson } from "../../data/policy/notice/roster.ts";
import { translator } from "../../server/http/i18n.ts";
import { formatAcknowledgements, formatPeople, parsePeople } from "../../server/notice/people-csv.ts";

const t = translator("en");

const wrong: [what: string, text: string, line: number, key: string][] = [
  ["an empty file", "", 1, "noName"],
  ["no heading", "Ada,2026-01-01\n", 1, "noName"],
  ["an unknown column", "name,salary\nAda,1\n", 1, "column"],
  ["a heading alone", "name,since\n", 1, "empty"],
  ["a row without a name", "name,since\nAda,\n,2026-01-01\n", 3, "nameless"],
  ["a name that stands there twice", "name\nAda\nBela\nADA\n", 4, "twice"],
  ["a day that there is not", "name,since\nAda,2026-02-30\n", 2, "day"],
  ["a day written another way", "name,removed\nAda,1/2/2026\n", 2, "day"],
  ["remote, but not yes or no", "name,remote\nAda,maybe\n", 2, "remote"],
  ["a name that is too long", `name\n${"x".repeat(121)}\n`, 2, "long"],
  ["a quotation mark that does not end", 'name\n"Ada\nBela\n', 3, "quotes"],
  ["a quotation mark inside", 'name\nAda "the" B\n', 2, "quotes"],
  ["a name on two lines", 'name\n"Ada\nApplied"\n', 3, "signs"],
  ["Latin-1 taken for UTF-8", Buffer.from("name\nAda\nJos\xe9\n", "latin1").toString("utf8"), 3, "encoding"],
  ["UTF-16 taken for UTF-8", Buffer.from("\ufeffname\nAda\n", "utf16le").toString("utf8"), 1, "encoding"],
  ["one name with its accent as one sign and as two", "name\nJos\u00e9\nJose\u0301\n", 3, "twice"],
  [
    "too many people",
    `name\n${Array.from({ length: mostPeople + 1 }, (_, i) => `P${String(i)}`).join("\n")}\n`,
    0,
    "tooMany",
  ],
];

for (const [what, text, line, key] of wrong)
  test(`refused with its line: ${what}`, () => {
    const read = parsePeople(text);
    assert.ok(read.is === "wrong");
    const [first] = read.problems;
    assert.deepEqual([first?.line, first?.key], [line, `noticedesk:csv.${key}`]);
    assert.notEqual(t(first!.key, first!.values), first!.key.split(":")[1], "has words");
  });

test("commas or semicolons, with the mark of a spreadsheet, Windows line ends, columns in any order", () => {
  const expected = { is: "people", people: [{ ref: "Ada, A.", since: "2026-01-05", remote: true }] };
  for (const text of [
    '\ufeffname,since,remote\r\n"Ada, A.",2026-01-05,Yes\r\n',
    "REMOTE;Name;Since\nx;Ada, A.;2026-01-05\n",
    'since,remote,name\n2026-01-05,1," Ada, A. "\n\n',
  ])
    assert.deepEqual(parsePeople(text), expected, text);
});

test("an empty cell is an answer, a missing column is none", () => {
  const cases: [string, object][] = [
    ["name\nAda\n", { ref: "Ada" }],
    ["name,removed\nAda,\n", { ref: "Ada", removedOn: null }],
    ["name,since,remote\nAda\n", { ref: "Ada", since: null, remote: false }],
  ];
  for (const [text, person] of cases) assert.deepEqual(parsePeople(text), { is: "people", people: [person] }, text);
});

const ref = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
  .map((text) => text.trim())
  // One that cannot be read comes back as a file that is not UTF-8.
  .filter((text) => text !== "" && text.length <= 120 && !/[\p{Cc}\ufffd]/u.test(text));
const day = fc
  .date({ min: new Date("1950-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const sign = fc.constantFrom("=", "+", "-", "@", "＝", "＋", "－", "＠", "'=", "''@", "Ada;=", "'", '"');
const hostile = fc.tuple(sign, ref).map((parts) => parts.join(""));
const person = fc.record({
  is: fc.constant("person" as const),
  ref: fc.oneof(ref, hostile),
  since: fc.option(day),
  remote: fc.boolean(),
  removedOn: fc.option(day),
  notices: fc.array(fc.record({ version: fc.nat(99), sentOn: day, acknowledgedOn: fc.option(day) }), { maxLength: 3 }),
});
const list = fc.uniqueArray(person, { selector: (each) => nameKey(each.ref), minLength: 1, maxLength: 20 });

test("what goes out comes back, whatever the names are", () => {
  fc.assert(
    fc.property(list, (people: NoticePerson[]) => {
      const expected = people.map(({ ref: name, since, remote, removedOn }) => ({
        ref: name,
        since,
        remote,
        removedOn,
      }));
      assert.deepEqual(parsePeople(formatPeople(people)), { is: "people", people: expected });
    }),
  );
});

test("no cell that goes out begins a formula, neither with commas nor with semicolons", () => {
  fc.assert(
    fc.property(list, (people: NoticePerson[]) => {
      for (const text of [formatPeople(people), formatAcknowledgements(people)])
        for (const delimiter of [",", ";"])
          for (const cells of parse(text, { bom: true, delimiter, relax_quotes: true, relax_column_count: true }))
            for (const cell of cells) assert.doesNotMatch(cell, /^[=+\-@\t\r＝＋－＠]/, text);
    }),
  );
});

test("spreadsheets know what goes out for UTF-8", () => {
  const person = { is: "person", ref: "José", since: null, remote: false, removedOn: null, notices: [] } as const;
  for (const text of [formatPeople([{ ...person, notices: [] }]), formatAcknowledgements([])])
    assert.ok(text.startsWith("\ufeff"));
});
