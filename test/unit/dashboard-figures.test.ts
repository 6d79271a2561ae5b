/** The dashboard's numbers and files: rows by hand, and what must hold of any cases. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { dutiesOf } from "../../data/policy/deadlines/duties-file.ts";
import { dayOf, textOfDay } from "../../data/policy/update-date.ts";
import type { CaseFigures } from "../../views/browser/client/digest-types.ts";
import { gridOf } from "../../views/browser/console/dashboard/charts.ts";
import { formatCsv } from "../../views/browser/client/csv.ts";
import { formatCases } from "../../views/browser/console/dashboard/csv.ts";
import { firstDashboardState, type DashboardState } from "../../views/browser/console/dashboard/dashboard-state.ts";
import {
  channelsOf,
  countFigures,
  soonDays,
  spanOf,
  yearsOf,
  type Asked,
  type Column,
  type Figures,
} from "../../views/browser/console/dashboard/figures.ts";

const plain: CaseFigures = {
  caseId: "00",
  receivedOn: "2027-03-01",
  channel: "general",
  category: "safety",
  phase: "received",
  disposition: null,
  acknowledgedOn: null,
  closedOn: null,
  dueOn: null,
  severity: "",
  spam: false,
};
const cases = (...some: Partial<CaseFigures>[]): CaseFigures[] =>
  some.map((each, i) => ({ ...plain, caseId: String(i).padStart(2, "0"), ...each }));
const day = (text: string): number => dayOf(text)!;
const rows = dutiesOf(null);
const count = (known: CaseFigures[], asked: Partial<Asked> = {}): Figures =>
  countFigures(known, {
    span: { from: null, to: null },
    channel: "",
    spam: false,
    today: day("2027-05-20"),
    rows,
    ...asked,
  });

const spans: [what: string, choice: Partial<DashboardState>, from: string | null, to: string | null][] = [
  ["the quarter that today is in", { period: "quarter" }, "2027-04-01", "2027-06-30"],
  ["it and three more", { period: "quarters" }, "2026-07-01", "2027-06-30"],
  ["a year", { period: "2026" }, "2026-01-01", "2026-12-31"],
  ["all", { period: "all" }, null, null],
  ["two days", { period: "own", from: "2027-01-05", to: "2027-01-05" }, "2027-01-05", "2027-01-05"],
  ["from a day on", { period: "own", from: "2027-01-05" }, "2027-01-05", null],
  ["typed days count only where they are asked for", { period: "all", from: "2027-01-05", to: "x" }, null, null],
];
for (const [what, choice, from, to] of spans)
  test(`a period: ${what}`, () => {
    const span = spanOf({ ...firstDashboardState(), ...choice }, day("2027-05-20"));
    assert.deepEqual(span, { from: from === null ? null : day(from), to: to === null ? null : day(to) });
  });

const wrongs: [what: string, from: string, to: string, wrong: "from" | "to"][] = [
  ["no such day", "2027-02-30", "", "from"],
  ["no day at all", "", "soon", "to"],
  ["ends before it begins", "2027-02-02", "2027-02-01", "to"],
];
for (const [what, from, to, wrong] of wrongs)
  test(`no period: ${what}`, () => {
    assert.deepEqual(spanOf({ ...firstDashboardState(), period: "own", from, to }, 0), { wrong });
  });

const written = ({ from, received, open, closed }: Column): string =>
  [textOfDay(from), received, open, closed].join(" ");

test("months stand in a row without gaps, by the phase in which their cases are now", () => {
  const known = cases(
    { receivedOn: "2027-01-31" },
    { receivedOn: "2027-03-01", phase: "open" },
    { receivedOn: "2027-03-31", phase: "closed" },
  );
  const { step, columns } = count(known).received;
  assert.equal(step, "month");
  assert.deepEqual(columns.map(written), ["2027-01-01 1 0 0", "2027-02-01 0 0 0", "2027-03-01 0 1 1"]);
});

test("a period with a beginning is shown from there until today", () => {
  const { columns } = count(cases({ receivedOn: "2027-03-01" }), {
    span: { from: day("2027-01-01"), to: day("2027-12-31") },
  }).received;
  assert.deepEqual(columns.map(written), [
    "2027-01-01 0 0 0",
    "2027-02-01 0 0 0",
    "2027-03-01 1 0 0",
    "2027-04-01 0 0 0",
    "2027-05-01 0 0 0",
  ]);
});

const steps: [first: string, last: string, step: string, columns: number][] = [
  ["2027-01-01", "2027-01-01", "month", 1],
  ["2025-06-30", "2027-05-01", "month", 24],
  ["2025-05-31", "2027-05-01", "quarter", 9],
  ["2021-06-01", "2027-05-01", "quarter", 25],
  ["2021-05-01", "2027-05-01", "year", 7],
  ["1970-01-01", "2027-05-01", "year", 58],
];
for (const [first, last, step, columns] of steps)
  test(`from ${first} to ${last} it goes by ${step}`, () => {
    const { received } = count(cases({ receivedOn: first }, { receivedOn: last }));
    assert.deepEqual([received.step, received.columns.length], [step, columns]);
    assert.equal(received.columns[0]!.received > 0 && received.columns.at(-1)!.received > 0, true);
  });

test("a year that somebody typed far before any case makes no thousand columns", () => {
  const { columns } = count(cases({}), { span: { from: day("0001-01-01"), to: null } }).received;
  assert.equal(columns.length, 1);
});

test("both ends of a period belong to it", () => {
  const known = cases(
    ...["2027-02-28", "2027-03-01", "2027-03-05", "2027-03-06", "none"].map((receivedOn) => ({ receivedOn })),
  );
  const counted = count(known, { span: { from: day("2027-03-01"), to: day("2027-03-05") } }).cases;
  assert.deepEqual(
    counted.map(({ receivedOn }) => receivedOn),
    ["2027-03-01", "2027-03-05"],
  );
});

test("what was marked as spam is left out and counted, or counted like the others", () => {
  const known = cases({}, { spam: true }, { spam: true, receivedOn: "2020-01-01" });
  const span = { from: day("2027-01-01"), to: null };
  assert.deepEqual([count(known, { span }).cases.length, count(known, { span }).spamLeftOut], [1, 1]);
  assert.deepEqual(
    [count(known, { span, spam: true }).cases.length, count(known, { span, spam: true }).spamLeftOut],
    [2, 0],
  );
});

test("counts: the most frequent first, then by name; outcomes are of closed cases only", () => {
  const known = cases(
    { category: "b", channel: "x", phase: "closed", disposition: "referred" },
    { category: "c", phase: "closed" },
    { category: "c", phase: "open", disposition: "withdrawn" },
    { category: "a" },
  );
  const figures = count(known);
  const said = (counts: Figures["categories"]): string => counts.map((each) => `${each.key} ${each.count}`).join(", ");
  assert.equal(said(figures.categories), "c 2, a 1, b 1");
  assert.equal(said(figures.channels), "general 3, x 1");
  assert.equal(said(figures.outcomes), " 1, referred 1");
  assert.equal(said(count(known, { channel: "x" }).categories), "b 1");
  assert.deepEqual(channelsOf(known), ["general", "x"]);
  assert.deepEqual(yearsOf(cases({ receivedOn: "2026-01-01" }, {}, {})), ["2027", "2026"]);
});

/** Received on 1 March; today is 20 May. */
const times: [what: string, each: Partial<CaseFigures>[], median: number | null, inTime: string][] = [
  ["none", [], null, "0 0 0"],
  ["on the last day", [{ acknowledgedOn: "2027-03-08" }], 7, "1 0 0"],
  ["a day too late", [{ acknowledgedOn: "2027-03-09" }], 8, "0 1 0"],
  ["never, and the day is over", [{}], null, "0 1 0"],
  ["not yet, and the day is not over", [{ receivedOn: "2027-05-13" }], null, "0 0 1"],
  ["before it came in", [{ acknowledgedOn: "2027-02-28" }], 0, "1 0 0"],
  ["on a day that is none", [{ acknowledgedOn: "soon" }], null, "0 1 0"],
  ["two", [{ acknowledgedOn: "2027-03-02" }, { acknowledgedOn: "2027-03-05" }], 2.5, "2 0 0"],
  [
    "three",
    [{ acknowledgedOn: "2027-03-02" }, { acknowledgedOn: "2027-04-30" }, { acknowledgedOn: "2027-03-05" }],
    4,
    "2 1 0",
  ],
];
for (const [what, each, median, inTime] of times)
  test(`acknowledged: ${what}`, () => {
    const { acknowledged } = count(cases(...each));
    assert.equal(acknowledged.median, median);
    const [limit, ...others] = acknowledged.limits;
    assert.equal(limit?.row?.id, "EU_ACK");
    assert.deepEqual(others, []);
    assert.equal(`${limit.inTime} ${limit.late} ${limit.running}`, inTime);
  });

test("seven days are asked about also where no law does", () => {
  const { limits } = count(cases({ acknowledgedOn: "2027-03-08" }, {}), { rows: [] }).acknowledged;
  assert.deepEqual(limits, [{ row: null, inTime: 1, late: 1, running: 0 }]);
});

const closings: [what: string, each: Partial<CaseFigures>, inTime: string, done: number][] = [
  ["within three months of the acknowledgement", { acknowledgedOn: "2027-03-02", closedOn: "2027-06-02" }, "1 0 0", 1],
  ["a day later", { acknowledgedOn: "2027-03-02", closedOn: "2027-06-03" }, "0 1 0", 1],
  ["within three months and seven days, never acknowledged", { closedOn: "2027-06-08" }, "1 0 0", 1],
  ["a day after that", { closedOn: "2027-06-09" }, "0 1 0", 1],
  ["some day that nobody knows", { closedOn: null }, "0 0 0", 0],
  ["and opened again", { phase: "open", closedOn: "2027-03-09" }, "0 0 1", 0],
];
for (const [what, each, inTime, done] of closings)
  test(`closed: ${what}`, () => {
    const { closed } = count(cases({ phase: "closed", ...each }));
    assert.deepEqual(
      closed.limits.map((limit) => `${limit.row?.id} ${limit.inTime} ${limit.late} ${limit.running}`),
      [`EU_FEEDBACK ${inTime}`],
    );
    assert.equal(closed.done, done);
  });

test("overdue and due soon are told whatever the period, the first day first", () => {
  const today = day("2027-05-20");
  const known = cases(
    { dueOn: "2027-05-19" },
    { dueOn: "2027-01-01" },
    { dueOn: "2027-05-20" },
    { dueOn: textOfDay(today + soonDays) },
    { dueOn: textOfDay(today + soonDays + 1) },
    { dueOn: null },
    { dueOn: "2027-05-19", spam: true },
    { dueOn: "2027-05-19", channel: "x" },
  );
  const { overdue, dueSoon, cases: counted } = count(known, { channel: "general", span: { from: today, to: today } });
  assert.deepEqual(
    [overdue, dueSoon].map((due) => due.map(({ caseId }) => caseId)),
    [
      ["01", "00"],
      ["02", "03"],
    ],
  );
  assert.deepEqual(counted, []);
});

const anyDay = fc.integer({ min: day("2015-01-01"), max: day("2030-12-31") }).map(textOfDay);
const oddDay = fc.oneof(
  { weight: 9, arbitrary: anyDay },
  fc.constantFrom("", "soon", "9999-12-31", "0000-01-01", "2027-02-30"),
);
const anyCase: fc.Arbitrary<CaseFigures> = fc.record({
  caseId: fc.uuid(),
  receivedOn: oddDay,
  channel: fc.constantFrom("general", "board", "__proto__"),
  category: fc.oneof(fc.constantFrom("safety", "", "=1+1", "constructor"), fc.string()),
  phase: fc.constantFrom("received", "open", "closed"),
  disposition: fc.option(fc.constantFrom("referred", "withdrawn")),
  acknowledgedOn: fc.option(oddDay),
  closedOn: fc.option(oddDay),
  dueOn: fc.option(oddDay),
  severity: fc.constantFrom("", "high"),
  spam: fc.boolean(),
});

test("property: every table adds up to the cases that it stands on", () => {
  const bound = fc.option(anyDay.map(day));
  fc.assert(
    fc.property(fc.array(anyCase, { maxLength: 40 }), bound, bound, fc.boolean(), (known, from, to, spam) => {
      const figures = count(known, { span: { from, to }, spam });
      const total = figures.cases.length;
      const sum = (all: readonly { count: number }[]): number => all.reduce((more, each) => more + each.count, 0);
      assert.equal(
        figures.received.columns.reduce((more, each) => more + each.received + each.open + each.closed, 0),
        total,
      );
      assert.equal(sum(figures.categories), total);
      assert.equal(sum(figures.channels), total);
      assert.equal(sum(figures.outcomes), figures.cases.filter(({ phase }) => phase === "closed").length);
      assert.equal(figures.acknowledged.done + figures.acknowledged.waiting, total);
      for (const { done, buckets, limits, waiting } of [figures.acknowledged, figures.closed]) {
        assert.equal(sum(buckets), done);
        for (const { inTime, late, running } of limits) assert.equal(inTime + late + running, done + waiting);
      }
      assert.ok(figures.received.columns.length <= 100);
    }),
  );
});

test("property: a channel's figures are those of its cases alone, whatever else there is", () => {
  fc.assert(
    fc.property(fc.array(anyCase, { maxLength: 20 }), (known) => {
      const own = known.filter(({ channel }) => channel === "board");
      assert.deepEqual(count(known, { channel: "board" }), count(own));
    }),
  );
});

test("lines of the grid: whole numbers, a few, and the highest column below the last", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (most) => {
      const grid = gridOf(most);
      assert.ok(grid.length >= 2 && grid.length <= 5, String(grid.length));
      assert.ok(grid.every((value) => Number.isInteger(value)) && grid[0] === 0 && grid.at(-1)! >= most);
    }),
  );
});

const readCsv = (text: string): string[][] => parse(text, { bom: true });

test("a file of cases has what is counted, and a name for each", () => {
  const [head, line, ...more] = readCsv(
    formatCases(
      cases({
        phase: "closed",
        disposition: "referred",
        acknowledgedOn: "2027-03-02",
        closedOn: "2027-04-01",
        spam: true,
      }),
      () => "quiet-harbor-0412",
    ),
  );
  assert.deepEqual(more, []);
  assert.deepEqual(Object.fromEntries(head!.map((name, i) => [name, line![i]])), {
    case: "quiet-harbor-0412",
    received: "2027-03-01",
    channel: "general",
    category: "safety",
    phase: "closed",
    outcome: "referred",
    acknowledged: "2027-03-02",
    closed: "2027-04-01",
    due: "",
    severity: "",
    spam: "yes",
  });
});

test("property: no cell begins a formula; without our apostrophe it is what it was", () => {
  const cell = fc.oneof(
    fc.string(),
    fc.string({ unit: "grapheme" }),
    fc
      .tuple(fc.constantFrom("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "'=", "''"), fc.string())
      .map((all) => all.join("")),
  );
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 6 }), (table) => {
      const text = formatCsv(table);
      assert.ok(text.startsWith("\ufeff"));
      const back = readCsv(text);
      assert.equal(back.length, table.length);
      back.forEach((cells, r) =>
        cells.forEach((each, c) => {
          assert.doesNotMatch(each, /^[=+\-@\t\r＝＋－＠]/u);
          const was = table[r]![c]!;
          assert.ok(each === was || each === `'${was}`);
        }),
      );
    }),
  );
});
