import assert from "node:assert/strict";
import { test } from "node:test";
import { dayOf, nextUpdate, statusTold, textOfDay, updateDueBy, type ToldDays } from "../../data/policy/update-date.ts";

for (const [from, to] of [
  ["2026-11-23", "2026-12-23"],
  ["2026-12-31", "2027-01-31"],
  ["2027-01-28", "2027-02-28"],
  ["2027-01-29", "2027-02-28"],
  ["2027-01-31", "2027-02-28"],
  ["2028-01-31", "2028-02-29"],
  ["2028-02-29", "2028-03-29"],
  ["2027-03-31", "2027-04-30"],
  ["2027-10-31", "2027-11-30"],
] as const)
  test(`a month after ${from} is ${to}`, () => {
    assert.equal(textOfDay(updateDueBy(dayOf(from)!)), to);
  });

for (const text of ["", "2027-02-29", "2027-13-01", "2027-1-1", "soon", "2027-01-01T00:00:00Z"])
  test(`"${text}" is no day`, () => assert.equal(dayOf(text), null));

for (const [told, status] of [
  [[], "received"],
  [[null], "answered"],
  [["received"], "answered"],
  [["open"], "open"],
  [["open", null, null], "open"],
  [["open", "closed"], "closed"],
  [["closed", null], "closed"],
  [["closed", "open", null], "open"],
] as const)
  test(`replies that told ${JSON.stringify(told)}: the status is ${status}`, () =>
    assert.equal(statusTold(told), status));

const nothing: ToldDays = { report: "2027-01-31", replies: [], closed: false };
for (const [what, told, today, by, late] of [
  ["before any reply: a month after the report", nothing, "2027-02-28", "2027-02-28", false],
  ["the day after, nothing came", nothing, "2027-03-01", "2027-02-28", true],
  [
    "a reply's promise counts, and not the report's",
    { ...nothing, replies: [{ day: "2027-02-10", updateBy: "2027-02-20" }] },
    "2027-02-19",
    "2027-02-20",
    false,
  ],
  [
    "a reply without a promise: a month after it",
    { ...nothing, replies: [{ day: "2027-01-31", updateBy: null }] },
    "2027-03-01",
    "2027-02-28",
    true,
  ],
  [
    "the newest reply counts",
    {
      ...nothing,
      replies: [
        { day: "2027-02-01", updateBy: "2027-02-05" },
        { day: "2027-02-04", updateBy: "2027-04-30" },
      ],
    },
    "2027-02-06",
    "2027-04-30",
    false,
  ],
  [
    "a promise that is no day counts as none",
    { ...nothing, replies: [{ day: "2027-02-01", updateBy: "2027-02-30" }] },
    "2027-02-06",
    "2027-03-01",
    false,
  ],
] as [string, ToldDays, string, string, boolean][])
  test(`next update: ${what}`, () => {
    assert.deepEqual(nextUpdate(told, dayOf(today)!), { by: dayOf(by), late });
  });

for (const [what, told] of [
  ["a closed report", { ...nothing, closed: true }],
  ["a report that says no day", { ...nothing, report: null }],
  ["a newest reply that says none", { ...nothing, replies: [{ day: null, updateBy: null }] }],
] as [string, ToldDays][])
  test(`next update: none for ${what}`, () => assert.equal(nextUpdate(told, dayOf("2027-06-01")!), null));
