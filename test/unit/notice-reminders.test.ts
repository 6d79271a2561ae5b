/** Who is reminded of the notice, and of what: expected days are from a calendar, never from the code that counts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { deadlinesInForce } from "../../data/policy/deadlines/duties-file.ts";
import { remindersOf, type Reminder } from "../../data/policy/notice/reminders.ts";
import type { NoticePerson } from "../../data/policy/notice/roster.ts";

const rows = deadlinesInForce(null, "2026-11-30");
const of = (change: Partial<NoticePerson>): NoticePerson => ({
  is: "person",
  ref: "A",
  since: null,
  remote: false,
  removedOn: null,
  notices: [],
  ...change,
});
const sent = (sentOn: string, acknowledgedOn: string | null): NoticePerson["notices"][number] => ({
  version: 1,
  sentOn,
  acknowledgedOn,
});

const cases: [what: string, person: Partial<NoticePerson>, today: string, expected: Reminder[]][] = [
  [
    "a new hire without a notice",
    { since: "2026-11-02" },
    "2026-11-30",
    [{ kind: "never", due: "2026-11-02", when: "late" }],
  ],
  [
    "somebody who begins tomorrow",
    { since: "2026-12-01" },
    "2026-11-30",
    [{ kind: "never", due: "2026-12-01", when: "soon" }],
  ],
  ["no first day and no notice", {}, "2026-11-30", [{ kind: "never", due: "2026-11-30", when: "late" }]],
  [
    "given last week",
    { notices: [sent("2026-11-23", null)] },
    "2026-11-30",
    [{ kind: "unacknowledged", due: "2026-12-23", when: "soon" }],
  ],
  [
    "given 31 days ago",
    { notices: [sent("2026-10-30", null)] },
    "2026-11-30",
    [{ kind: "unacknowledged", due: "2026-11-29", when: "late" }],
  ],
  ["confirmed this summer", { notices: [sent("2026-07-01", "2026-07-02")] }, "2026-11-30", []],
  [
    "confirmed 11 months and a day ago",
    { notices: [sent("2025-12-20", "2025-12-29")] },
    "2026-11-30",
    [{ kind: "year", due: "2026-12-29", when: "soon" }],
  ],
  [
    "a year and a day ago",
    { notices: [sent("2025-11-01", "2025-11-29")] },
    "2026-11-30",
    [{ kind: "year", due: "2026-11-29", when: "late" }],
  ],
  [
    "on 29 February",
    { notices: [sent("2028-02-29", "2028-02-29")] },
    "2029-03-01",
    [{ kind: "year", due: "2029-02-28", when: "late" }],
  ],
  [
    "hired over a year ago, never confirmed",
    { since: "2025-10-01", notices: [sent("2026-11-20", null)] },
    "2026-11-30",
    [
      { kind: "year", due: "2026-10-01", when: "late" },
      { kind: "unacknowledged", due: "2026-12-20", when: "soon" },
    ],
  ],
  [
    "remote, 91 days after",
    { remote: true, notices: [sent("2026-08-31", "2026-09-01")] },
    "2026-11-30",
    [{ kind: "remote", due: "2026-11-29", when: "late" }],
  ],
  ["remote, 20 days after", { remote: true, notices: [sent("2026-11-10", "2026-11-10")] }, "2026-11-30", []],
  [
    "a new notice after a confirmed one",
    { notices: [sent("2026-01-05", "2026-01-06"), { ...sent("2026-11-29", null), version: 2 }] },
    "2026-11-30",
    [{ kind: "unacknowledged", due: "2026-12-29", when: "soon" }],
  ],
  ["left the company", { since: "2020-01-01", removedOn: "2026-11-30" }, "2026-11-30", []],
  [
    "leaves tomorrow",
    { since: "2026-11-01", removedOn: "2026-12-01" },
    "2026-11-30",
    [{ kind: "never", due: "2026-11-01", when: "late" }],
  ],
];

for (const [what, person, today, expected] of cases)
  test(what, () => assert.deepEqual(remindersOf(of(person), today, rows), expected));

test("a duty that was switched off reminds of nothing", () => {
  const off = deadlinesInForce({ off: ["CA_NOTICE_YR", "CA_NOTICE_REMOTE"] }, "2026-11-30");
  const person = of({ remote: true, notices: [sent("2020-01-01", "2020-01-01")] });
  assert.deepEqual(remindersOf(person, "2026-11-30", off), []);
  assert.equal(remindersOf(person, "2026-11-30", rows).length, 2);
});

const day = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2035-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

test("late is what is over, soon what comes within thirty days; the most pressing first", () => {
  const notice = fc.record({ version: fc.nat(9), sentOn: day, acknowledgedOn: fc.option(day) });
  fc.assert(
    fc.property(
      fc.option(day),
      fc.boolean(),
      fc.array(notice, { maxLength: 4 }),
      day,
      (since, remote, notices, today) => {
        const found = remindersOf(of({ since, remote, notices }), today, rows);
        for (const { kind, due, when } of found) {
          const days = (Date.parse(due) - Date.parse(today)) / 86_400_000;
          if (kind !== "never") assert.equal(when, days < 0 ? "late" : "soon");
          assert.ok(days <= 30 || kind === "never", `${kind} ${due}`);
        }
        assert.deepEqual(
          found.map(({ due }) => due),
          found.map(({ due }) => due).toSorted(),
        );
      },
    ),
  );
});
