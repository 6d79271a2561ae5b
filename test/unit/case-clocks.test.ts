/** Clocks of one case. Expected days were taken from a calendar and the law's words, not from the engine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { clocksOf, nextDay, type CaseFacts, type Clock } from "../../data/policy/case-clocks.ts";
import { courtHolidays } from "../../data/policy/deadlines/holidays.ts";
import { builtInDeadlines } from "../../data/policy/deadlines/rows.ts";
import { incidentTests, incidentTypes, mayBeIncident, outcomeBy, type Verdict } from "../../data/policy/incident.ts";
import { dayOf, textOfDay } from "../../data/policy/update-date.ts";

const nothing: CaseFacts = {
  receivedOn: "2026-12-18",
  assessedOn: null,
  categories: [],
  saidImminent: false,
  closedOn: null,
  posted: [],
  set: [],
  done: [],
  triage: null,
  filed: [],
};

const at = (moment: string): number => Date.parse(moment.includes("T") ? moment : `${moment}T12:00:00Z`);
const clocks = (facts: Partial<CaseFacts>, now = "2026-12-19"): Clock[] =>
  clocksOf({ ...nothing, ...facts }, builtInDeadlines, at(now), courtHolidays);
const find = (all: readonly Clock[], id: string): Clock | undefined => all.find(({ row }) => row.id === id);

const all = (verdict: Verdict) => Object.fromEntries(incidentTests.map(({ id }) => [id, verdict]));
const csi = { categories: ["csi-1"] };

/** What runs, and by when. Received on Friday 18 December 2026. */
for (const [what, facts, id, target, latest] of [
  ["an ordinary report: an update within a month", {}, "CA_UPDATE", "2027-01-18", "2027-01-18"],
  ["an ordinary report: shared by the quarter's end", {}, "CA_BOARD", "2026-12-31", "2026-12-31"],
  ["an ordinary report: acknowledged in seven days", {}, "EU_ACK", "2026-12-25", "2026-12-25"],
  // Not acknowledged: three months from the end of the seven days after receipt.
  ["an ordinary report: feedback from day seven", {}, "EU_FEEDBACK", "2027-03-25", "2027-03-25"],
  [
    "feedback counts from the acknowledgement",
    { posted: [{ duty: "acknowledgement", on: "2026-12-20" }] },
    "EU_FEEDBACK",
    "2027-03-20",
    "2027-03-20",
  ],
  // 18 December begins in UTC while it is still the 17th in California: 15 days are 1 January, a Friday and a
  // holiday; the law's last day is Monday the 4th.
  ["an alleged incident counts from the day before", csi, "CA_CSI", "2027-01-01", "2027-01-04"],
  ["imminent risk counts from the day's start", csi, "CA_CSI_24", "2026-12-19T00:00:00Z", "2026-12-19T00:00:00Z"],
  [
    "counsel re-bases to the day of discovery",
    { ...csi, set: [{ deadline: "CA_CSI", from: "2026-12-18", reason: "…", byCounsel: true }] },
    "CA_CSI",
    "2027-01-02",
    "2027-01-04",
  ],
  [
    "counsel re-bases to an instant",
    { ...csi, set: [{ deadline: "CA_CSI_24", from: "2026-12-18T17:30:00Z", reason: "…", byCounsel: true }] },
    "CA_CSI_24",
    "2026-12-19T17:30:00Z",
    "2026-12-19T17:30:00Z",
  ],
  [
    "who is not counsel moves no clock that runs",
    { ...csi, set: [{ deadline: "CA_CSI", from: "2026-12-30", reason: "…", byCounsel: false }] },
    "CA_CSI",
    "2027-01-01",
    "2027-01-04",
  ],
  [
    "anybody starts a clock that does not run",
    { set: [{ deadline: "GDPR_DSAR", from: "2026-01-31", reason: "…", byCounsel: false }] },
    "GDPR_DSAR",
    "2026-02-28",
    "2026-02-28",
  ],
  [
    "and then only counsel moves it",
    {
      set: [
        { deadline: "GDPR_DSAR", from: "2026-11-01", reason: "…", byCounsel: false },
        { deadline: "GDPR_DSAR", from: "2026-12-01", reason: "…", byCounsel: false },
      ],
    },
    "GDPR_DSAR",
    "2026-12-01",
    "2026-12-01",
  ],
  [
    "the next update counts from the last one",
    { posted: [{ duty: "update", on: "2026-12-31" }] },
    "CA_UPDATE",
    "2027-01-31",
    "2027-01-31",
  ],
  [
    "an acknowledgement is no update",
    { posted: [{ duty: "acknowledgement", on: "2026-12-31" }] },
    "CA_UPDATE",
    "2027-01-18",
    "2027-01-18",
  ],
  // 31 March ends the quarter after; 91 days from 31 December are 1 April.
  [
    "the board is owed again in the next quarter",
    { done: [{ deadline: "CA_BOARD", on: "2026-12-31" }] },
    "CA_BOARD",
    "2027-03-31",
    "2027-03-31",
  ],
] as [string, Partial<CaseFacts>, string, string, string][])
  test(`${what}: ${id} by ${target}`, () => {
    const clock = find(clocks(facts), id);
    assert.deepEqual([clock?.target, clock?.latest], [target, latest]);
  });

for (const [what, facts, ids, running] of [
  ["an ordinary report starts no incident's clock", {}, ["CA_CSI", "CA_CSI_24", "IL_CSI", "NY_CSI"], false],
  [
    "one of the four kinds starts all",
    csi,
    ["CA_CSI", "CA_CSI_24", "IL_CSI", "IL_CSI_24", "NY_CSI", "NY_CSI_24"],
    true,
  ],
  ["danger now starts those of 24 hours", { saidImminent: true }, ["CA_CSI_24", "IL_CSI_24", "NY_CSI_24"], true],
  ["danger now is no incident by itself", { saidImminent: true }, ["CA_CSI"], false],
  [
    "every test no: they stop",
    { ...csi, triage: { tests: all("not-met"), imminent: "yes" } },
    ["CA_CSI", "CA_CSI_24"],
    false,
  ],
  [
    "unsure stops nothing",
    { ...csi, triage: { tests: all("unsure"), imminent: "unsure" } },
    ["CA_CSI", "CA_CSI_24"],
    true,
  ],
  ["a test that is not named stops nothing", { ...csi, triage: { tests: {}, imminent: "unsure" } }, ["CA_CSI"], true],
  [
    "one that is met runs without the reporter's word",
    { triage: { tests: { ...all("not-met"), "bpc-3": "met" }, imminent: "no" } },
    ["CA_CSI"],
    true,
  ],
  [
    "nobody in danger stops those of 24 hours",
    { ...csi, triage: { tests: all("met"), imminent: "no" } },
    ["CA_CSI_24", "IL_CSI_24"],
    false,
  ],
  [
    "the Labor Code alone asks for no report",
    { ...csi, triage: { tests: { ...all("not-met"), "lc-1": "met" }, imminent: "no" } },
    ["CA_CSI"],
    false,
  ],
] as [string, Partial<CaseFacts>, string[], boolean][])
  test(what, () => {
    const ran = clocks(facts, "2027-01-02");
    for (const id of ids) assert.equal(find(ran, id) !== undefined, running, id);
  });

for (const [what, facts, id, now, state] of [
  ["on its day it is due", {}, "CA_UPDATE", "2027-01-18T23:59:59Z", "due"],
  ["a moment later it is overdue", {}, "CA_UPDATE", "2027-01-19T00:00:00Z", "overdue"],
  ["past the target, before the law's latest", csi, "CA_CSI", "2027-01-04T23:00:00Z", "grace"],
  ["past the law's latest", csi, "CA_CSI", "2027-01-05T00:00:00Z", "overdue"],
  ["hours end on the second", csi, "CA_CSI_24", "2026-12-18T23:59:59Z", "due"],
  ["and are over then", csi, "CA_CSI_24", "2026-12-19T00:00:00Z", "overdue"],
  ["filed is done", { ...csi, filed: [{ deadlines: ["CA_CSI"], on: "2026-12-30" }] }, "CA_CSI", "2027-06-01", "done"],
  [
    "a filing for another duty does not count",
    { ...csi, filed: [{ deadlines: ["IL_CSI"], on: "2026-12-30" }] },
    "CA_CSI",
    "2027-06-01",
    "overdue",
  ],
  [
    "an exception rests it",
    { ...csi, done: [{ deadline: "CA_CSI", on: "2026-12-30" }] },
    "CA_CSI",
    "2027-06-01",
    "done",
  ],
  ["closing ends the updates", { closedOn: "2027-01-10" }, "CA_UPDATE", "2028-01-01", "done"],
  ["closing ends no incident's clock", { ...csi, closedOn: "2026-12-20" }, "CA_CSI", "2027-02-01", "overdue"],
  ["any first word acknowledges", { posted: [{ duty: "update", on: "2026-12-20" }] }, "EU_ACK", "2027-02-01", "done"],
] as [string, Partial<CaseFacts>, string, string, string][])
  test(what, () => assert.equal(find(clocks(facts, now), id)?.state, state));

test("what was done before a request answers no later one", () => {
  const done = [{ deadline: "GDPR_DSAR", on: "2026-10-15" }];
  const set = (from: string): CaseFacts["set"] => [{ deadline: "GDPR_DSAR", from, reason: "…", byCounsel: true }];
  assert.equal(find(clocks({ done, set: set("2026-10-01") }), "GDPR_DSAR")?.state, "done");
  assert.equal(find(clocks({ done, set: set("2026-12-01") }), "GDPR_DSAR")?.state, "due");
});

test("what only informs, and what has to be kept, are no clocks of a case", () => {
  for (const clock of clocks(csi)) assert.ok(clock.row.scope !== "inform" && clock.row.kind === "by", clock.row.id);
});

test("the next day is the earliest that is not done; without any there is none", () => {
  const some = clocks(csi);
  assert.equal(nextDay(some), dayOf("2026-12-19"));
  assert.equal(nextDay([]), null);
  assert.equal(nextDay(some.map((clock) => ({ ...clock, state: "done" as const }))), null);
});

test("never late: a clock that nobody set counts from no later than the arrival day, in UTC and in America", () => {
  fc.assert(
    fc.property(fc.integer({ min: dayOf("2026-01-02")!, max: dayOf("2040-12-31")! }), (day) => {
      const receivedOn = textOfDay(day);
      for (const clock of clocks({ ...csi, receivedOn }, receivedOn)) {
        assert.equal(clock.provisional, clock.row.scope === "incident" || clock.row.id === "EU_FEEDBACK", clock.row.id);
        assert.ok(clock.from.slice(0, 10) <= receivedOn, clock.row.id);
        if (clock.row.jurisdiction === "US-CA" && clock.row.rule === "CA") assert.ok(clock.from < receivedOn);
        assert.ok(clock.target <= clock.latest);
      }
    }),
  );
});

test("whatever day or instant a reader signed, every clock is counted, and the server's date is one that it takes", () => {
  const day = fc
    .date({ min: new Date("0000-01-01"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true })
    .map((date) => date.toISOString());
  const moment = fc
    .oneof(
      day,
      fc.constantFrom("9999-12-31T23:59:59", "2999-12-31T00:00:00", "1969-12-31T00:00:00", "0000-01-01T00:00:00"),
    )
    .chain((text) => fc.constantFrom(text.slice(0, 10), `${text.slice(0, 19)}Z`));
  const id = fc.constantFrom(...builtInDeadlines.map((row) => row.id));
  const sets = fc.record({ deadline: id, from: moment, reason: fc.constant(""), byCounsel: fc.boolean() });
  const [on, duty] = [
    moment.map((text) => text.slice(0, 10)),
    fc.constantFrom("acknowledgement" as const, "update" as const),
  ];
  const facts = fc.record({
    set: fc.array(sets),
    done: fc.array(fc.record({ deadline: id, on })),
    posted: fc.array(fc.record({ duty, on })),
    filed: fc.array(fc.record({ deadlines: fc.array(id), on: moment })),
    closedOn: fc.option(on),
  });
  fc.assert(
    fc.property(facts, fc.boolean(), (said, alleged) => {
      const found = clocks({ ...(alleged ? csi : {}), ...said });
      const next = nextDay(found);
      assert.ok(found.length > 0 && (next === null || (next >= 0 && textOfDay(next) <= "2999-12-31")));
    }),
    { numRuns: 300 },
  );
});

test("the order is that of the days, and what is done comes last", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...builtInDeadlines.map(({ id }) => id))), (ids) => {
      const sorted = clocks({ ...csi, done: ids.map((deadline) => ({ deadline, on: "2026-12-19" })) }, "2027-01-10");
      const keys = sorted.map(({ state, target }) => `${state === "done" ? 1 : 0}${target}`);
      assert.deepEqual(keys, keys.toSorted());
    }),
  );
});

test("both laws have a test of each kind, and the file has the shape that code reads", () => {
  for (const law of ["bpc", "lc"] as const)
    assert.deepEqual(
      incidentTests.filter((each) => each.law === law).map(({ type }) => type),
      [...incidentTypes],
    );
  for (const { id, citation, source } of incidentTests) {
    assert.match(id, /^(?:bpc|lc)-[1-4]$/);
    assert.ok(citation.includes(id.startsWith("bpc") ? "22757.11" : "1107(c)"));
    assert.match(source.asOf, /^\d{4}-\d\d$/);
  }
});

for (const [what, tests, outcome] of [
  ["one yes", { ...all("not-met"), "bpc-2": "met" }, "met"],
  ["a yes beside doubts", { ...all("unsure"), "bpc-2": "met" }, "met"],
  ["a doubt among noes", { ...all("not-met"), "bpc-2": "unsure" }, "unsure"],
  ["all no", all("not-met"), "not-met"],
  ["the other law's yes", { ...all("not-met"), "lc-2": "met" }, "not-met"],
  ["nothing said", {}, "unsure"],
] as [string, Record<string, Verdict>, Verdict][])
  test(`by the Business and Professions Code, ${what} is ${outcome}`, () =>
    assert.equal(outcomeBy("bpc", { tests }), outcome));

for (const [category, may] of [
  ["csi-1", true],
  ["csi-4", true],
  ["danger", false],
  ["fraud", false],
] as const)
  test(`${category} ${may ? "may" : "may not"} be such an incident`, () =>
    assert.equal(mayBeIncident([category]), may));
