/**
 * Deadlines against worked examples. Every expected day was found with a calendar (`cal`, `date -d`) and the
 * citation, and written down by hand: never with the code that is judged here.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dueAfter, dueBy, dueWithoutTrigger, seriesOf, startOfDay } from "../../data/policy/deadlines/count.ts";
import { textOfDay } from "../../data/policy/update-date.ts";
import { courtHolidays, holidaysOf, withDated } from "../../data/policy/deadlines/holidays.ts";
import { builtInDeadlines, findDeadline, type DeadlineRow } from "../../data/policy/deadlines/rows.ts";

function rowOf(id: string): DeadlineRow {
  const row = findDeadline(builtInDeadlines, id);
  assert.ok(row !== null, id);
  return row;
}

/** Why, id, from, target, and latest where it differs. */
type Example = readonly [why: string, id: string, from: string, target: string, latest?: string];

// Code Civ. Proc. §§ 12, 12a, 135; rule 1.11: the first day is not counted, the last day gives way to a court day.
const california: Example[] = [
  ["the 15th day is a Tuesday", "CA_CSI", "2026-01-05", "2026-01-20"],
  ["Saturday 2 January gives way to Monday", "CA_CSI", "2026-12-18", "2027-01-02", "2027-01-04"],
  ["an ordinary Saturday", "CA_CSI", "2026-03-20", "2026-04-04", "2026-04-06"],
  ["an ordinary Sunday", "CA_CSI", "2026-03-21", "2026-04-05", "2026-04-06"],
  ["4 July 2026 is a Saturday, so Friday the 3rd is the holiday", "CA_CSI", "2026-06-18", "2026-07-03", "2026-07-06"],
  ["that Saturday itself", "CA_CSI", "2026-06-19", "2026-07-04", "2026-07-06"],
  ["4 July 2027 is a Sunday, so Monday the 5th is the holiday", "CA_CSI", "2027-06-19", "2027-07-04", "2027-07-06"],
  ["Thanksgiving, the day after it, a weekend", "CA_CSI", "2026-11-11", "2026-11-26", "2026-11-30"],
  ["the day after Thanksgiving", "CA_CSI", "2026-11-12", "2026-11-27", "2026-11-30"],
  ["Labor Day, a Monday", "CA_CSI", "2026-08-23", "2026-09-07", "2026-09-08"],
  ["the third Monday of January", "CA_CSI", "2026-01-04", "2026-01-19", "2026-01-20"],
  ["Lincoln Day, a Thursday", "CA_CSI", "2026-01-28", "2026-02-12", "2026-02-13"],
  ["the third Monday of February", "CA_CSI", "2026-02-01", "2026-02-16", "2026-02-17"],
  ["31 March, a Tuesday", "CA_CSI", "2026-03-16", "2026-03-31", "2026-04-01"],
  ["the last Monday of May", "CA_CSI", "2026-05-10", "2026-05-25", "2026-05-26"],
  ["Juneteenth, a Friday", "CA_CSI", "2026-06-04", "2026-06-19", "2026-06-22"],
  ["the fourth Friday of September", "CA_CSI", "2026-09-10", "2026-09-25", "2026-09-28"],
  ["Veterans Day, a Wednesday", "CA_CSI", "2026-10-27", "2026-11-11", "2026-11-12"],
  ["Christmas, a Friday", "CA_CSI", "2026-12-10", "2026-12-25", "2026-12-28"],
  ["Christmas 2027 is a Saturday, so Friday the 24th", "CA_CSI", "2027-12-09", "2027-12-24", "2027-12-27"],
  ["1 January 2028 is a Saturday, so 31 December 2027", "CA_CSI", "2027-12-16", "2027-12-31", "2028-01-03"],
  ["29 February 2028, a Tuesday", "CA_CSI", "2028-02-14", "2028-02-29"],
  ["over 29 February 2028", "CA_CSI", "2028-02-15", "2028-03-01"],
  ["over the start of daylight saving, 8 March 2026", "CA_CSI", "2026-03-01", "2026-03-16"],
  ["over its end, 1 November 2026", "CA_CSI", "2026-10-25", "2026-11-09"],
  ["Columbus Day is no judicial holiday (§ 135)", "CA_CSI", "2026-09-27", "2026-10-12"],
  ["Admission Day is none", "CA_CSI", "2026-08-25", "2026-09-09"],
  ["Genocide Remembrance Day is none", "CA_CSI", "2026-04-09", "2026-04-24"],
  ["Lunar New Year 2026 is none", "CA_CSI", "2026-02-02", "2026-02-17"],
  ["30 days end on 4 July as it is kept", "CA_MODIFY", "2026-06-03", "2026-07-03", "2026-07-06"],
  ["30 days from the end of February", "CA_MODIFY", "2026-02-28", "2026-03-30"],
  ["30 days to 29 February", "CA_MODIFY", "2028-01-30", "2028-02-29"],
  ["30 days to New Year's Day, a Friday", "CA_MODIFY", "2026-12-02", "2027-01-01", "2027-01-04"],
  ["90 days to Thanksgiving", "CA_NOTICE_REMOTE", "2026-08-28", "2026-11-26", "2026-11-30"],
  ["90 days of a common year's start", "CA_NOTICE_REMOTE", "2026-01-01", "2026-04-01"],
  ["90 days over New Year", "CA_NOTICE_REMOTE", "2027-11-30", "2028-02-28"],
  ["a year to Monday 5 July 2027, kept as a holiday", "CA_NOTICE_YR", "2026-07-05", "2027-07-05", "2027-07-06"],
  ["a year to Memorial Day", "CA_NOTICE_YR", "2026-05-31", "2027-05-31", "2027-06-01"],
  ["a year from 29 February ends on the 28th (Gov. Code § 6803)", "CA_NOTICE_YR", "2028-02-29", "2029-02-28"],
  ["a year to a Sunday before Presidents' Day", "CA_REVIEW", "2026-02-14", "2027-02-14", "2027-02-16"],
  ["a year into a leap year", "CA_REVIEW", "2027-02-28", "2028-02-28"],
  ["five years to a Saturday", "CA_REDACT", "2026-03-15", "2031-03-15", "2031-03-17"],
  ["five years from 29 February", "CA_REDACT", "2028-02-29", "2033-02-28"],
  ["five years to Thanksgiving 2031", "CA_REDACT", "2026-11-27", "2031-11-27", "2031-12-01"],
];

// Gov. Code § 6804: a month is a calendar month. It ends on the last day of a month that is too short. Nothing rolls.
const months: Example[] = [
  ["31 January, common year", "CA_UPDATE", "2026-01-31", "2026-02-28"],
  ["31 January, leap year", "CA_UPDATE", "2028-01-31", "2028-02-29"],
  ["29 January, common year", "CA_UPDATE", "2027-01-29", "2027-02-28"],
  ["29 January, leap year", "CA_UPDATE", "2028-01-29", "2028-02-29"],
  ["28 February does not become the end of March", "CA_UPDATE", "2026-02-28", "2026-03-28"],
  ["over New Year to a Sunday, which stays", "CA_UPDATE", "2026-12-31", "2027-01-31"],
  ["31 August", "CA_UPDATE", "2026-08-31", "2026-09-30"],
  ["to Christmas Day, which stays", "CA_UPDATE", "2026-11-25", "2026-12-25"],
  ["three months to the end of a common February", "CA_INTERNAL", "2026-11-30", "2027-02-28"],
  ["three months to the end of a leap February", "CA_INTERNAL", "2027-11-30", "2028-02-29"],
  ["three months from 31 January", "CA_INTERNAL", "2026-01-31", "2026-04-30"],
  ["three months over New Year", "CA_INTERNAL", "2026-10-04", "2027-01-04"],
  ["Illinois, 31 January", "IL_UPDATE", "2027-01-31", "2027-02-28"],
  ["Illinois, 31 March", "IL_UPDATE", "2027-03-31", "2027-04-30"],
];

// "at least once each quarter": the earlier of the quarter's end and 91 days (Gov. Code § 6803).
const quarters: Example[] = [
  ["31 March before 16 April", "CA_BOARD", "2026-01-15", "2026-03-31"],
  ["the day before a quarter ends leaves one day", "CA_BOARD", "2026-06-29", "2026-06-30"],
  ["begun on a quarter's last day: the next, both on 30 June", "CA_BOARD", "2026-03-31", "2026-06-30"],
  ["begun on 30 June: 91 days are 29 September", "CA_BOARD", "2026-06-30", "2026-09-29"],
  ["1 July: both on 30 September", "CA_BOARD", "2026-07-01", "2026-09-30"],
  ["1 October: both on 31 December", "CA_BOARD", "2026-10-01", "2026-12-31"],
  ["31 December: 31 March before 1 April", "CA_BOARD", "2026-12-31", "2027-03-31"],
  ["31 December before a leap year: both on 31 March", "CA_BOARD", "2027-12-31", "2028-03-31"],
  ["Illinois, its first day", "IL_BOARD", "2027-01-01", "2027-03-31"],
];

// Elapsed hours in UTC. 8 March and 1 November 2026: clocks change in the United States; 29 March in Europe.
const hours: Example[] = [
  ["only the day is known: from its start", "CA_CSI_24", "2026-12-18", "2026-12-19T00:00:00Z"],
  ["an instant in UTC", "CA_CSI_24", "2026-12-18T10:00:00Z", "2026-12-19T10:00:00Z"],
  ["02:00 in California is 10:00 UTC", "CA_CSI_24", "2026-12-18T02:00:00-08:00", "2026-12-19T10:00:00Z"],
  ["over the lost hour of 8 March", "CA_CSI_24", "2026-03-07T10:00:00-08:00", "2026-03-08T18:00:00Z"],
  ["over the hour won on 1 November", "CA_CSI_24", "2026-10-31T10:00:00-07:00", "2026-11-01T17:00:00Z"],
  ["a fraction of a second is dropped", "CA_CSI_24", "2026-12-18T10:00:00.999Z", "2026-12-19T10:00:00Z"],
  ["at deployment itself", "CA_TR", "2026-09-01T08:00:00Z", "2026-09-01T08:00:00Z"],
  ["deployment of which only the day is known", "CA_TR", "2026-09-01", "2026-09-01T00:00:00Z"],
  ["Illinois, over New Year", "IL_CSI", "2027-12-30", "2028-01-02T00:00:00Z"],
  ["Illinois, a second before midnight", "IL_CSI_24", "2027-12-31T23:59:59Z", "2028-01-01T23:59:59Z"],
  ["New York, over 29 February", "NY_CSI", "2028-02-27T12:30:00Z", "2028-03-01T12:30:00Z"],
  ["New York, from a minute without seconds", "NY_CSI_24", "2027-07-04T12:30Z", "2027-07-05T12:30:00Z"],
  ["a weekend does not stop 72 hours", "GDPR_BREACH", "2026-05-01", "2026-05-04T00:00:00Z"],
  ["over the change of clocks in Europe", "GDPR_BREACH", "2026-03-27T23:00:00+01:00", "2026-03-30T22:00:00Z"],
];

// Directive 2019/1937 art. 9(1)(b), (f); GDPR art. 12(3): the day of the event is not counted, nothing rolls.
const europe: Example[] = [
  ["seven days to a Sunday, which stays", "EU_ACK", "2026-03-01", "2026-03-08"],
  ["seven days over New Year", "EU_ACK", "2026-12-28", "2027-01-04"],
  ["seven days to New Year's Day, which stays", "EU_ACK", "2026-12-25", "2027-01-01"],
  ["seven days over 29 February", "EU_ACK", "2028-02-23", "2028-03-01"],
  ["seven days over the end of a common February", "EU_ACK", "2027-02-23", "2027-03-02"],
  ["three months from the acknowledgement", "EU_FEEDBACK", "2026-03-08", "2026-06-08"],
  ["three months to a common February", "EU_FEEDBACK", "2026-11-30", "2027-02-28"],
  ["three months to a leap February", "EU_FEEDBACK", "2027-11-30", "2028-02-29"],
  ["a month from 31 January", "GDPR_DSAR", "2026-01-31", "2026-02-28"],
  ["a month from 30 January, leap year", "GDPR_DSAR", "2028-01-30", "2028-02-29"],
  ["a month to a Saturday, which stays", "GDPR_DSAR", "2026-03-25", "2026-04-25"],
];

// 18 U.S.C. § 1514A(b)(2)(D): 180 days.
const plain: Example[] = [
  ["180 days from 1 January", "SOX_806", "2026-01-01", "2026-06-30"],
  ["180 days over the summer", "SOX_806", "2026-04-04", "2026-10-01"],
  ["180 days over New Year", "SOX_806", "2026-08-28", "2027-02-24"],
  ["180 days over 29 February, to a Sunday, which stays", "SOX_806", "2027-11-30", "2028-05-28"],
];

const examples = [...california, ...months, ...quarters, ...hours, ...europe, ...plain];

for (const [why, id, from, target, latest = target] of examples)
  test(`${id} from ${from}: ${why}`, () => {
    const due = dueBy(rowOf(id), from);
    assert.deepEqual([due.target, due.latest], [target, latest]);
  });

test("every row has an example", () => {
  const ids = new Set(examples.map(([, id]) => id));
  assert.deepEqual(
    builtInDeadlines.filter(({ id }) => !ids.has(id)).map(({ id }) => id),
    [],
  );
});

for (const [what, id, from, targets] of [
  [
    "months from the 31st come back to it",
    "CA_UPDATE",
    "2026-01-31",
    ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"],
  ],
  [
    "three months from 30 November",
    "CA_INTERNAL",
    "2026-11-30",
    ["2027-02-28", "2027-05-30", "2027-08-30", "2027-11-30", "2028-02-29"],
  ],
  // Each is owed in the quarter after the one before: 31 Mar + 91 = 30 Jun, + 91 = 29 Sep, + 91 = 29 Dec, + 91 = 30 Mar.
  [
    "quarters",
    "CA_BOARD",
    "2026-01-15",
    ["2026-03-31", "2026-06-30", "2026-09-29", "2026-12-29", "2027-03-30", "2027-06-29"],
  ],
  ["years from 29 February", "CA_REVIEW", "2028-02-29", ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]],
  ["90 days", "CA_NOTICE_REMOTE", "2026-01-01", ["2026-04-01", "2026-06-30", "2026-09-28"]],
  ["what does not repeat comes once", "CA_CSI", "2026-01-05", ["2026-01-20"]],
] as const)
  test(`a series: ${what}`, () => {
    const n = id === "CA_CSI" ? 5 : targets.length;
    assert.deepEqual(
      seriesOf(rowOf(id), from, n).map(({ target }) => target),
      [...targets],
    );
  });

test("hours that repeat are laid off from the first instant: a row that an operator may write", () => {
  const row = { ...rowOf("CA_CSI_24"), repeats: true };
  assert.deepEqual(
    seriesOf(row, "2026-12-30T10:00:00Z", 3).map(({ target }) => target),
    ["2026-12-31T10:00:00Z", "2027-01-01T10:00:00Z", "2027-01-02T10:00:00Z"],
  );
});

test("a series rolls each time, and goes on from the target: 5 July 2027, then 5 July 2028", () => {
  const [first, second] = seriesOf(rowOf("CA_NOTICE_YR"), "2026-07-05", 2);
  assert.deepEqual([first!.latest, second!.target, second!.latest], ["2027-07-06", "2028-07-05", "2028-07-05"]);
});

for (const [done, next, why] of [
  ["2026-02-15", "2026-05-17", "91 days before the end of the second quarter"],
  ["2026-03-31", "2026-06-30", "both on 30 June"],
  ["2026-01-02", "2026-04-03", "done early in a quarter, owed early in the next"],
] as const)
  test(`a pack given on ${done} is owed again by ${next}: ${why}`, () =>
    assert.equal(dueAfter(rowOf("CA_BOARD"), done).target, next));

test("a notice given again counts from that day", () =>
  assert.equal(dueAfter(rowOf("CA_NOTICE_REMOTE"), "2026-01-01").target, "2026-04-01"));

for (const [received, target, why] of [
  ["2026-03-01", "2026-06-08", "day 7 is 8 March"],
  ["2026-11-23", "2027-02-28", "day 7 is 30 November"],
  ["2028-02-23", "2028-06-01", "day 7 is 1 March, over 29 February"],
] as const)
  test(`no acknowledgement of a report of ${received}: feedback by ${target}, for ${why}`, () =>
    assert.equal(dueWithoutTrigger(rowOf("EU_FEEDBACK"), received).target, target));

test("a day off of one's own moves the last day on, and no other rule's", () => {
  const own = withDated([{ on: "2027-01-04", name: "Ice storm" }]);
  const due = dueBy(rowOf("CA_CSI"), "2026-12-18", own);
  assert.deepEqual([due.target, due.latest], ["2027-01-02", "2027-01-05"]);
  assert.deepEqual(due.steps.find(({ key }) => key === "deadlines:step.ownHoliday")?.values, {
    name: "Ice storm",
    day: "2027-01-04",
  });
  assert.equal(dueBy(rowOf("EU_ACK"), "2026-12-28", own).latest, "2027-01-04");
});

test("the steps of the first example, in order", () => {
  assert.deepEqual(dueBy(rowOf("CA_CSI"), "2026-12-18").steps, [
    { key: "deadlines:step.firstDay", values: { from: "2026-12-18" } },
    { key: "deadlines:step.days", values: { count: 15, day: "2027-01-02" } },
    { key: "deadlines:step.saturday", values: { day: "2027-01-02" } },
    { key: "deadlines:step.sunday", values: { day: "2027-01-03" } },
    { key: "deadlines:step.rolled", values: { target: "2027-01-02", latest: "2027-01-04" } },
  ]);
});

for (const [id, from, told] of [
  ["IL_CSI", "2026-12-31", true],
  ["IL_CSI", "2027-01-01", false],
  ["CA_CSI", "2025-12-31", true],
  ["EU_ACK", "2000-01-01", false],
] as const)
  test(`${id} from ${from} ${told ? "says" : "does not say"} that the law is not in force yet`, () =>
    assert.equal(
      dueBy(rowOf(id), from).steps.some(({ key }) => key === "deadlines:step.notInForce"),
      told,
    ));

for (const [what, id, from] of [
  ["29 February of a common year", "CA_CSI", "2026-02-29"],
  ["31 April", "CA_UPDATE", "2026-04-31"],
  ["month 13", "CA_BOARD", "2026-13-01"],
  ["29 February 2100, which is no leap year", "SOX_806", "2100-02-29"],
  ["words", "EU_ACK", "today"],
  ["nothing", "EU_ACK", ""],
  ["a day in another order", "EU_ACK", "01.03.2026"],
  ["an instant where days are counted", "CA_CSI", "2026-12-18T10:00:00Z"],
  ["an instant without Z or offset", "CA_CSI_24", "2026-12-18T10:00:00"],
  ["hour 24", "CA_CSI_24", "2026-12-18T24:00:00Z"],
  ["second 60", "CA_CSI_24", "2026-12-18T10:00:60Z"],
  ["an instant on 30 February", "CA_CSI_24", "2026-02-30T10:00:00Z"],
  ["an offset of 15 hours", "CA_CSI_24", "2026-12-18T10:00:00+15:00"],
  ["a year before 1900", "CA_CSI", "1899-12-31"],
  ["a day that leads past 2999", "CA_CSI", "2999-12-20"],
] as const)
  test(`${what} is refused`, () => assert.throws(() => dueBy(rowOf(id), from), { code: "format" }));

test("only a row that has another day to count from takes one", () => {
  assert.throws(() => dueWithoutTrigger(rowOf("EU_ACK"), "2026-03-01"), { code: "format" });
  assert.throws(() => dueWithoutTrigger(rowOf("EU_FEEDBACK"), "2026-02-30"), { code: "format" });
});

test("the start of a day is its first instant in UTC", () => {
  assert.equal(startOfDay("2026-03-08"), "2026-03-08T00:00:00Z");
  assert.throws(() => startOfDay("2026-02-29"), { code: "format" });
});

// As the courts list them: San Bernardino 2025 and 2026, courts.ca.gov 2026. 2027 and 2028 from a calendar.
const listed: Record<number, string> = {
  2025: "01-01 01-20 02-12 02-17 03-31 05-26 06-19 07-04 09-01 09-26 11-11 11-27 11-28 12-25",
  2026: "01-01 01-19 02-12 02-16 03-31 05-25 06-19 07-03 09-07 09-25 11-11 11-26 11-27 12-25",
  2027: "01-01 01-18 02-12 02-15 03-31 05-31 06-18 07-05 09-06 09-24 11-11 11-25 11-26 12-24",
};
for (const [year, days] of Object.entries(listed))
  test(`the court holidays of ${year}`, () =>
    assert.deepEqual(
      holidaysOf(Number(year)).map(({ on }) => textOfDay(on).slice(5)),
      days.split(" "),
    ));

test("New Year's Day 2028, a Saturday, is kept in 2027", () =>
  assert.equal(textOfDay(holidaysOf(2028)[0]!.on), "2027-12-31"));

test("every holiday says where it is written", () => {
  for (const { id, citation } of courtHolidays.rules) assert.match(citation, /§/, id);
  assert.match(courtHolidays.moved.citation, /rule 1\.11/);
});
