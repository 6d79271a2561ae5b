/** What is published of a quarter: bands that tell no small count from nothing; the quarters themselves. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { fromUtf8, utf8 } from "../../crypto/bytes.ts";
import { formatQuarter, endOf, publicationDayOf, quarterAfter, quarterOf } from "../../data/policy/quarter.ts";
import { dayOf, textOfDay } from "../../data/policy/update-date.ts";
import {
  bandsOf,
  formatHeartbeat,
  parseHeartbeat,
  type Bands,
  type Counts,
  type Heartbeat,
} from "../../server/domain/heartbeat.ts";

const counts = (received: number, answered: number, overdue = 0): Counts => ({ received, answered, overdue });
const told = ({ received, answered, overdue }: Bands): string =>
  [received, answered, overdue].map(({ least, most }) => `${least}–${most}`).join(" ");

suite("bands", () => {
  for (const [what, given, expected] of [
    ["nothing at all", counts(0, 0, 0), "0–4 0–4 0–4"],
    ["a few", counts(4, 4, 4), "0–4 0–4 0–4"],
    ["five, none of them answered", counts(5, 0, 5), "5–9 0–9 5–9"],
    ["nine, all answered", counts(9, 9, 0), "5–9 0–9 0–4"],
    ["ten", counts(10, 10, 10), "10–19 5–19 10–19"],
    ["the end of a band", counts(19, 4, 9), "10–19 0–4 5–9"],
    ["twenty, five answered", counts(20, 5, 49), "20–49 5–9 20–49"],
    ["twenty, ten answered", counts(20, 10, 50), "20–49 10–49 50–99"],
    ["a hundred", counts(100, 49, 199), "100–199 20–49 100–199"],
    ["a hundred, fifty answered", counts(100, 50, 200), "100–199 50–199 200–499"],
    ["thousands", counts(1999, 500, 5000), "1000–1999 500–1999 5000–9999"],
  ] as const)
    test(`${what}: ${expected}`, () => assert.equal(told(bandsOf(given)), expected));

  test("every count is in its band, and a greater one is never in a lower band", () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), fc.nat(100_000), fc.nat(100_000), (a, b, overdue, more) => {
        const given = counts(Math.max(a, b), Math.min(a, b), overdue);
        const bands = bandsOf(given);
        for (const name of ["received", "answered", "overdue"] as const)
          assert.ok(bands[name].least <= given[name] && given[name] <= bands[name].most, name);
        const later = bandsOf({ ...given, received: given.received + more, overdue: overdue + more });
        for (const name of ["received", "overdue"] as const) assert.ok(later[name].least >= bands[name].least);
      }),
    );
  });

  /** What each count can be, for whoever has the published text and knows the rules. */
  test("no band, and no difference of bands, tells one count below 5 from another", () => {
    const most = 260;
    const possible = new Map<string, Record<"received" | "answered" | "unanswered", Set<number>>>();
    for (let received = 0; received <= most; received++)
      for (let answered = 0; answered <= received; answered++) {
        const key = told(bandsOf(counts(received, answered)));
        const sets = possible.get(key) ?? { received: new Set(), answered: new Set(), unanswered: new Set() };
        possible.set(key, sets);
        sets.received.add(received);
        sets.answered.add(answered);
        sets.unanswered.add(received - answered);
      }
    assert.ok(possible.size > 12);
    for (const [key, sets] of possible)
      for (const [name, values] of Object.entries(sets)) {
        const small = [0, 1, 2, 3, 4].filter((value) => values.has(value));
        assert.ok(small.length === 0 || small.length === 5, `${key}: ${name} can be ${small.join(", ")} of the small`);
      }
  });

  test("that some were left without an answer looks like all being answered", () => {
    for (const [received, answered] of [
      [12, 9],
      [20, 19],
      [100, 99],
    ] as const)
      assert.equal(told(bandsOf(counts(received, answered))), told(bandsOf(counts(received, received))));
  });
});

const record: Heartbeat = {
  portalId: "ab".repeat(32),
  quarter: "2026-Q4",
  madeOn: "2027-01-15",
  rosterEpoch: 3,
  ...bandsOf(counts(12, 9, 2)),
};

suite("the record", () => {
  test("has one encoding, whatever the order of its fields", () => {
    const text = fromUtf8(formatHeartbeat(record));
    assert.equal(
      text,
      `{"format":"tellhaven-heartbeat-1","portalId":"${"ab".repeat(32)}","quarter":"2026-Q4","madeOn":"2027-01-15",` +
        `"rosterEpoch":3,"received":{"least":10,"most":19},"answered":{"least":5,"most":19},"overdue":{"least":0,"most":4}}\n`,
    );
    const shuffled = Object.fromEntries(Object.entries(record).toReversed()) as unknown as Heartbeat;
    assert.equal(fromUtf8(formatHeartbeat(shuffled)), text);
    assert.deepEqual(parseHeartbeat(utf8(text)), record);
  });

  for (const [what, spoil] of [
    ["another format", (text: string) => text.replace("heartbeat-1", "heartbeat-2")],
    ["an unknown field", (text: string) => text.replace(`"rosterEpoch"`, `"more":1,"rosterEpoch"`)],
    ["a missing field", (text: string) => text.replace(`"rosterEpoch":3,`, "")],
    ["another quarter's name", (text: string) => text.replace("2026-Q4", "2026-Q5")],
    ["no such day", (text: string) => text.replace("2027-01-15", "2027-02-30")],
    ["white space", (text: string) => text.replace(",", ", ")],
    ["no newline", (text: string) => text.trim()],
  ] as [string, (text: string) => string][])
    test(`with ${what} is "format"`, () => {
      const text = fromUtf8(formatHeartbeat(record));
      assert.notEqual(spoil(text), text);
      assert.throws(() => parseHeartbeat(utf8(spoil(text))), { code: "format" });
    });
});

suite("quarters", () => {
  for (const [day, quarter, published] of [
    ["2026-01-01", "2026-Q1", "2026-04-15"],
    ["2026-03-31", "2026-Q1", "2026-04-15"],
    ["2026-04-01", "2026-Q2", "2026-07-15"],
    ["2028-02-29", "2028-Q1", "2028-04-15"],
    ["2026-09-30", "2026-Q3", "2026-10-15"],
    ["2026-12-31", "2026-Q4", "2027-01-15"],
  ] as const)
    test(`${day} is in ${quarter}, which is published on ${published}`, () => {
      assert.equal(quarterOf(dayOf(day)!), quarter);
      assert.equal(textOfDay(publicationDayOf(quarter)), published);
    });

  test("quarters follow one another without gaps, sort by name, and end before they are published", () => {
    fc.assert(
      fc.property(fc.nat(60_000), (day) => {
        const quarter = quarterOf(day);
        assert.match(quarter, /^\d{4}-Q[1-4]$/);
        assert.ok(day < endOf(quarter) && endOf(quarter) - day <= 92);
        assert.equal(quarterOf(endOf(quarter) - 1), quarter);
        assert.equal(quarterOf(endOf(quarter)), quarterAfter(quarter));
        assert.ok(quarterAfter(quarter) > quarter);
        assert.ok(publicationDayOf(quarter) > endOf(quarter) + 7, "the last report has its seven days");
      }),
    );
  });

  for (const text of ["", "2026-Q0", "2026-Q5", "2026-q1", "26-Q1", "2026-Q1.json", " 2026-Q1"])
    test(`"${text}" names none`, () => assert.throws(() => endOf(text), RangeError));

  test("people read months", () => {
    assert.match(formatQuarter("2026-Q4", "en"), /^October\s*–\s*December 2026$/u);
    assert.match(formatQuarter("2026-Q4", "de"), /^Oktober\s*–\s*Dezember 2026$/u);
  });
});
