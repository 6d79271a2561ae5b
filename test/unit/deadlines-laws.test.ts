/** What holds of every deadline, whatever the day. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dueBy, seriesOf } from "../../data/policy/deadlines/count.ts";
import { withDated } from "../../data/policy/deadlines/holidays.ts";
import { builtInDeadlines } from "../../data/policy/deadlines/rows.ts";

const msPerDay = 86_400_000;
const text = (time: number): string => new Date(time).toISOString().slice(0, 10);
const plus = (day: string, days: number): string => text(Date.parse(day) + days * msPerDay);
const weekday = (day: string): number => new Date(day).getUTCDay();

const days = fc
  .integer({ min: Date.parse("2000-01-01") / msPerDay, max: Date.parse("2100-12-31") / msPerDay })
  .map((n) => text(n * msPerDay));
const rows = fc.constantFrom(...builtInDeadlines);
const ofRule = (...rules: string[]): typeof rows =>
  fc.constantFrom(...builtInDeadlines.filter(({ rule }) => rules.includes(rule)));

test("the target is never after the latest, and only rule CA tells them apart", () => {
  fc.assert(
    fc.property(rows, days, (row, from) => {
      const { target, latest } = dueBy(row, from);
      assert.ok(target <= latest);
      if (row.rule !== "CA") assert.equal(latest, target);
    }),
  );
});

// As courts.ca.gov lists them for 2026.
const closed2026 = new Set(
  "01-01 01-19 02-12 02-16 03-31 05-25 06-19 07-03 09-07 09-25 11-11 11-26 11-27 12-25"
    .split(" ")
    .map((day) => `2026-${day}`),
);
const isClosed = (day: string): boolean => weekday(day) === 0 || weekday(day) === 6 || closed2026.has(day);

test("in 2026 the latest is the first court day from the target on", () => {
  const row = builtInDeadlines.find(({ id }) => id === "CA_CSI")!;
  for (let from = "2025-12-17"; from < "2026-12-15"; from = plus(from, 1)) {
    const { target, latest } = dueBy(row, from);
    assert.equal(target, plus(from, 15));
    let wanted = target;
    while (isClosed(wanted)) wanted = plus(wanted, 1);
    assert.equal(latest, wanted, from);
  }
});

test("in any year the latest is no Saturday and no Sunday, and at most five days after the target", () => {
  fc.assert(
    fc.property(ofRule("CA"), days, (row, from) => {
      const { target, latest } = dueBy(row, from);
      assert.ok(![0, 6].includes(weekday(latest)));
      assert.ok(latest <= plus(target, 5));
    }),
  );
});

test("what begins later is not due earlier", () => {
  fc.assert(
    fc.property(rows, days, fc.nat(400), (row, from, gap) => {
      const [first, second] = [dueBy(row, from), dueBy(row, plus(from, gap))];
      assert.ok(first.target <= second.target);
      assert.ok(first.latest <= second.latest);
    }),
  );
});

test("hours that count from a bare day are never later than from any instant of it", () => {
  const instants = fc.integer({ min: 0, max: msPerDay / 1000 - 1 });
  fc.assert(
    fc.property(ofRule("H"), days, instants, (row, day, second) => {
      const instant = `${new Date(Date.parse(day) + second * 1000).toISOString().slice(0, 19)}Z`;
      const provisional = dueBy(row, day).target;
      const exact = dueBy(row, instant).target;
      assert.ok(provisional <= exact);
      assert.equal(Date.parse(exact) - Date.parse(instant), row.amount * 3_600_000);
    }),
  );
});

test("the same instant gives the same answer in every offset", () => {
  fc.assert(
    fc.property(ofRule("H"), days, fc.integer({ min: -14, max: 14 }), (row, day, offset) => {
      const noon = Date.parse(`${day}T12:00:00Z`);
      const local = new Date(noon + offset * 3_600_000).toISOString().slice(0, 19);
      const sign = offset < 0 ? "-" : "+";
      const there = `${local}${sign}${String(Math.abs(offset)).padStart(2, "0")}:00`;
      assert.equal(dueBy(row, there).target, dueBy(row, `${day}T12:00:00Z`).target);
    }),
  );
});

test("a series begins with the due day and only goes forward", () => {
  fc.assert(
    fc.property(rows, days, fc.integer({ min: 1, max: 120 }), (row, from, n) => {
      const series = seriesOf(row, from, n);
      assert.equal(series.length, row.repeats ? n : 1);
      assert.deepEqual(series[0], dueBy(row, from));
      for (let i = 1; i < series.length; i++) assert.ok(series[i - 1]!.target < series[i]!.target);
    }),
    { numRuns: 30 },
  );
});

const monthIndex = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
const monthsPer = { month: 1, year: 12 } as const;
const inMonths = builtInDeadlines.filter(({ unit }) => unit === "month" || unit === "year");

test("months and years end in the right month, on the first day's number or that month's last day", () => {
  fc.assert(
    fc.property(fc.constantFrom(...inMonths), days, fc.integer({ min: 1, max: 24 }), (row, from, n) => {
      const series = seriesOf(row, from, n);
      const { target } = series.at(-1)!;
      const per = monthsPer[row.unit as keyof typeof monthsPer] * row.amount;
      assert.equal(monthIndex(target) - monthIndex(from), per * series.length);
      const [first, last] = [Number(from.slice(8)), Number(target.slice(8))];
      assert.ok(last <= first);
      if (last < first) assert.equal(plus(target, 1).slice(8), "01");
    }),
  );
});

const quarterOf = (day: string): number => Number(day.slice(0, 4)) * 4 + Math.ceil(Number(day.slice(5, 7)) / 3);

test("every quarter after the first has exactly one turn, and no two are more than 91 days apart", () => {
  fc.assert(
    fc.property(ofRule("Q"), days, (row, from) => {
      const targets = seriesOf(row, from, 40).map(({ target }) => target);
      assert.ok(targets[0]! > from && targets[0]! <= plus(from, 91));
      for (let i = 1; i < targets.length; i++) {
        assert.equal(quarterOf(targets[i]!), quarterOf(targets[i - 1]!) + 1);
        assert.ok(targets[i]! <= plus(targets[i - 1]!, 91));
      }
    }),
  );
});

test("another day off never makes anything due earlier, and never moves a target", () => {
  fc.assert(
    fc.property(rows, days, fc.array(days, { maxLength: 20 }), fc.nat(20), (row, from, others, after) => {
      const without = dueBy(row, from);
      const off = [...others, plus(without.target.slice(0, 10), after)].map((on) => ({ on, name: "closed" }));
      const withThem = dueBy(row, from, withDated(off));
      assert.equal(withThem.target, without.target);
      assert.ok(withThem.latest >= without.latest);
      if (row.rule !== "CA") assert.equal(withThem.latest, without.latest);
      else assert.ok(!off.some(({ on }) => on === withThem.latest));
    }),
  );
});
