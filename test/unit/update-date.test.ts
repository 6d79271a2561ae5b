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
const answer = (day: string | null, updateBy: string | null = null) => ({
  day,
  updateBy,
  isUpdate: false,
  status: null,
});
const told = (status: "open" | "closed", day: string) => ({ ...answer(day), status });
const update = (day: string | null, updateBy: string | null = null) => ({
  day,
  updateBy,
  isUpdate: true,
  status: null,
});

for (const [what, replies, today, by, late] of [
  ["before any reply: a month after the report", [], "2027-02-28", "2027-02-28", false],
  ["the day after, nothing came", [], "2027-03-01", "2027-02-28", true],
  ["an earlier promise counts", [answer("2027-02-10", "2027-02-20")], "2027-02-19", "2027-02-20", false],
  ["and is late the day after", [answer("2027-02-10", "2027-02-20")], "2027-02-21", "2027-02-20", true],
  ["a later promise puts nothing off", [answer("2027-02-10", "2027-04-30")], "2027-03-01", "2027-02-28", true],
  ["an answer is no update", [answer("2027-02-20")], "2027-03-01", "2027-02-28", true],
  ["a month after the update", [update("2027-02-20")], "2027-03-01", "2027-03-20", false],
  ["of two updates the newest counts", [update("2027-02-20"), update("2027-03-31")], "2027-04-01", "2027-04-30", false],
  ["answers after it put nothing off", [update("2027-02-20"), answer("2027-03-19")], "2027-03-21", "2027-03-20", true],
  [
    "a promise from before the update is over",
    [answer("2027-02-01", "2027-02-05"), update("2027-02-20")],
    "2027-03-01",
    "2027-03-20",
    false,
  ],
  [
    "the newest promise since counts",
    [update("2027-02-01", "2027-02-20"), answer("2027-02-02", "2027-02-10")],
    "2027-02-02",
    "2027-02-10",
    false,
  ],
  ["the update's own promise counts", [update("2027-02-01", "2027-02-20")], "2027-02-02", "2027-02-20", false],
  ["a promise that is no day counts as none", [update("2027-02-01", "2027-02-30")], "2027-02-06", "2027-03-01", false],
  [
    "opening again begins a new month",
    [update("2027-02-20"), told("closed", "2027-03-01"), told("open", "2027-06-10")],
    "2027-06-11",
    "2027-07-10",
    false,
  ],
  [
    "that work goes on does not",
    [update("2027-02-20"), told("open", "2027-03-10"), told("open", "2027-03-15")],
    "2027-03-21",
    "2027-03-20",
    true,
  ],
  ["an update that says no day moves nothing", [update(null)], "2027-02-06", "2027-02-28", false],
] as [string, ToldDays["replies"], string, string, boolean][])
  test(`next update: ${what}`, () => {
    assert.deepEqual(nextUpdate({ ...nothing, replies }, dayOf(today)!), { by: dayOf(by), late });
  });

test("next update: of a report that says no day, what was promised since", () => {
  const said = { ...nothing, report: null, replies: [answer("2027-02-01", "2027-02-20")] };
  assert.deepEqual(nextUpdate(said, dayOf("2027-02-02")!), { by: dayOf("2027-02-20"), late: false });
});

for (const [what, said] of [
  ["a closed report", { ...nothing, closed: true }],
  ["a report that says no day", { ...nothing, report: null }],
  ["neither report nor reply that says one", { ...nothing, report: null, replies: [answer(null)] }],
] as [string, ToldDays][])
  test(`next update: none for ${what}`, () => assert.equal(nextUpdate(said, dayOf("2027-06-01")!), null));
