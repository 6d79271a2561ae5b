/** Clocks of one case. Expected days were taken from a calendar and the law's words, not from the engine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lastDayFor, nextDay, stoppedRows, type CaseFacts, type Clock } from "../../data/policy/case-clocks.ts";
import { builtInDeadlines } from "../../data/policy/deadlines/rows.ts";
import { dayOf, textOfDay } from "../../data/policy/update-date.ts";
import { nothing, set, done, filed, found, clocks, find, all, csi } from "../support/case-facts.ts";

/** What runs, and by when. Received on Friday 18 December 2026. */
for (const [what, facts, id, target, latest] of [
  // In California it was still the 17th when the 18th began in UTC.
  ["an ordinary report: an update within a month", {}, "CA_UPDATE", "2027-01-17", "2027-01-17"],
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
  [
    "an acknowledgement that came late puts feedback off by nothing",
    { posted: [{ duty: "acknowledgement", on: "2027-01-10" }] },
    "EU_FEEDBACK",
    "2027-03-25",
    "2027-03-25",
  ],
  [
    "an update that is the first word acknowledges too",
    { posted: [{ duty: "update", on: "2026-12-19" }] },
    "EU_FEEDBACK",
    "2027-03-19",
    "2027-03-19",
  ],
  [
    "nobody moves what the portal itself saw",
    { set: [set(1, "CA_UPDATE", "2027-01-10", true), set(2, "EU_FEEDBACK", "2027-01-10", true)] },
    "CA_UPDATE",
    "2027-01-17",
    "2027-01-17",
  ],
  [
    "nor says otherwise than by writing that it was done",
    { done: [done(1, "CA_UPDATE", "2027-01-10")], filed: [filed(2, ["CA_UPDATE"], "2027-01-10")] },
    "CA_UPDATE",
    "2027-01-17",
    "2027-01-17",
  ],
  [
    "an update dated far ahead puts nothing off",
    { posted: [{ duty: "update", on: "2027-01-17" }] },
    "CA_UPDATE",
    "2027-01-17",
    "2027-01-17",
  ],
  [
    "a start that lies ahead puts nothing off",
    { ...csi, set: [set(1, "CA_CSI", "2027-01-17", true)] },
    "CA_CSI",
    "2027-01-01",
    "2027-01-04",
  ],
  // Started by hand on the 1st; afterwards triage says that it is one. The earlier start stays.
  [
    "an earlier start that somebody recorded outlives the arrival's",
    { triage: found(all("met"), "no", 2), set: [set(1, "CA_CSI", "2026-12-01")] },
    "CA_CSI",
    "2026-12-16",
    "2026-12-16",
  ],
  [
    "a second request runs though the first was answered",
    {
      set: [set(1, "GDPR_DSAR", "2026-11-01"), set(3, "GDPR_DSAR", "2026-11-10")],
      done: [done(2, "GDPR_DSAR", "2026-11-15")],
    },
    "GDPR_DSAR",
    "2026-12-10",
    "2026-12-10",
  ],
  [
    "opening again begins a new month for updates",
    { posted: [{ duty: "update", on: "2026-12-20" }], reopenedOn: "2027-01-12" },
    "CA_UPDATE",
    "2027-02-12",
    "2027-02-12",
  ],
  ["a law that applies since owes its first update a month later", {}, "IL_UPDATE", "2027-02-01", "2027-02-01"],
  // 18 December begins in UTC while it is still the 17th in California: 15 days are 1 January, a Friday and a
  // holiday; the law's last day is Monday the 4th.
  ["an alleged incident counts from the day before", csi, "CA_CSI", "2027-01-01", "2027-01-04"],
  ["imminent risk counts from the day's start", csi, "CA_CSI_24", "2026-12-19T00:00:00Z", "2026-12-19T00:00:00Z"],
  [
    "counsel re-bases to the day of discovery",
    { ...csi, set: [set(1, "CA_CSI", "2026-12-18", true)] },
    "CA_CSI",
    "2027-01-02",
    "2027-01-04",
  ],
  [
    "counsel re-bases to an instant",
    { ...csi, set: [set(2, "CA_CSI_24", "2026-12-18T17:30:00Z", true)] },
    "CA_CSI_24",
    "2026-12-19T17:30:00Z",
    "2026-12-19T17:30:00Z",
  ],
  [
    "who is not counsel moves no clock that runs",
    { ...csi, set: [set(3, "CA_CSI", "2026-12-30")] },
    "CA_CSI",
    "2027-01-01",
    "2027-01-04",
  ],
  [
    "anybody starts a clock that does not run",
    { set: [set(4, "GDPR_DSAR", "2026-01-31")] },
    "GDPR_DSAR",
    "2026-02-28",
    "2026-02-28",
  ],
  [
    "and then only counsel moves it",
    {
      set: [set(5, "GDPR_DSAR", "2026-11-01"), set(6, "GDPR_DSAR", "2026-12-01")],
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
    "2027-01-17",
    "2027-01-17",
  ],
  // 31 March ends the quarter after; 91 days from 31 December are 1 April.
  [
    "the board is owed again in the next quarter",
    { done: [done(7, "CA_BOARD", "2026-12-31")] },
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
  ["every test no: they stop", { ...csi, triage: found(all("not-met"), "yes") }, ["CA_CSI", "CA_CSI_24"], false],
  ["unsure stops nothing", { ...csi, triage: found(all("unsure"), "unsure") }, ["CA_CSI", "CA_CSI_24"], true],
  ["a test that is not named stops nothing", { ...csi, triage: found({}, "unsure") }, ["CA_CSI"], true],
  [
    "one that is met runs without the reporter's word",
    { triage: found({ ...all("not-met"), "bpc-3": "met" }, "no") },
    ["CA_CSI"],
    true,
  ],
  [
    "every test no stops also what somebody set before",
    {
      ...csi,
      set: [set(1, "CA_CSI", "2027-01-04", true), set(2, "CA_CSI_24", "2027-01-04", true)],
      triage: found(all("not-met"), "no", 3),
    },
    ["CA_CSI", "CA_CSI_24"],
    false,
  ],
  [
    "what somebody sets afterwards runs",
    { ...csi, set: [set(4, "CA_CSI", "2027-01-04")], triage: found(all("not-met"), "no", 3) },
    ["CA_CSI"],
    true,
  ],
  ["what somebody set without any alleged incident runs", { set: [set(1, "CA_CSI", "2027-01-04")] }, ["CA_CSI"], true],
  [
    "a law that did not apply yet asks for no report",
    { ...csi, receivedOn: "2026-12-31" },
    ["IL_CSI", "IL_CSI_24", "NY_CSI", "NY_CSI_24"],
    false,
  ],
  [
    "nobody in danger stops those of 24 hours",
    { ...csi, triage: found(all("met"), "no") },
    ["CA_CSI_24", "IL_CSI_24"],
    false,
  ],
  [
    "the Labor Code alone asks for no report",
    { ...csi, triage: found({ ...all("not-met"), "lc-1": "met" }, "no") },
    ["CA_CSI"],
    false,
  ],
] as [string, Partial<CaseFacts>, string[], boolean][])
  test(what, () => {
    const ran = clocks({ receivedOn: "2027-01-05", ...facts }, "2027-01-06");
    for (const id of ids) assert.equal(find(ran, id) !== undefined, running, id);
  });

test("a re-basing says who did it, and from when it would count otherwise", () => {
  const facts = { ...csi, set: [set(1, "CA_CSI", "2026-12-18", true)] };
  assert.deepEqual(find(clocks(facts), "CA_CSI")?.set, { by: 2, reason: "…", otherwise: "2026-12-17" });
  assert.deepEqual(find(clocks({ set: [set(1, "GDPR_DSAR", "2026-12-18")] }), "GDPR_DSAR")?.set?.otherwise, null);
});

test("what triage stopped is still named", () => {
  const stopped = (facts: Partial<CaseFacts>): string[] =>
    stoppedRows({ ...nothing, ...facts }, builtInDeadlines).map(({ id }) => id);
  assert.deepEqual(stopped({ ...csi, triage: found(all("not-met"), "no") }), ["CA_CSI", "CA_CSI_24"]);
  assert.deepEqual(stopped({ ...csi, triage: found(all("met"), "no") }), ["CA_CSI_24"]);
  assert.deepEqual(stopped({ ...csi, triage: found(all("met"), "yes") }), []);
  assert.deepEqual(stopped({ triage: found(all("not-met"), "no") }), []);
});

for (const [moment, day] of [
  ["2026-12-31", "2026-12-31"],
  ["2026-12-19T00:00:00Z", "2026-12-18"],
  ["2026-12-19T17:30:00Z", "2026-12-18"],
  ["2026-12-19T23:59:59Z", "2026-12-18"],
] as const)
  test(`the last whole day before ${moment} is over is ${day}`, () => assert.equal(textOfDay(lastDayFor(moment)), day));

test("lists and calendars never name a day that ends after the duty is due", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date("2026-01-01"), max: new Date("2040-01-01"), noInvalidDate: true }), (date) => {
      const moment = `${date.toISOString().slice(0, 19)}Z`;
      assert.ok((lastDayFor(moment) + 1) * 86_400_000 <= Date.parse(moment));
    }),
  );
});

test("what only informs, and what has to be kept, are no clocks of a case", () => {
  for (const clock of clocks(csi)) assert.ok(clock.row.scope !== "inform" && clock.row.kind === "by", clock.row.id);
});

test("the next day is the earliest that is not done; without any there is none", () => {
  const some = clocks(csi);
  // Twenty-four hours from the start of the 18th are over when the 18th is.
  assert.equal(nextDay(some), dayOf("2026-12-18"));
  assert.equal(nextDay([]), null);
  assert.equal(nextDay(some.map((clock) => ({ ...clock, state: "done" as const }))), null);
});

test("never late: a clock that nobody set counts from no later than the arrival day, in UTC and in America", () => {
  fc.assert(
    fc.property(fc.integer({ min: dayOf("2026-01-02")!, max: dayOf("2040-12-31")! }), (day) => {
      const receivedOn = textOfDay(day);
      for (const clock of clocks({ ...csi, receivedOn }, receivedOn)) {
        assert.equal(clock.provisional, clock.row.scope === "incident" || clock.row.id === "EU_FEEDBACK", clock.row.id);
        const { inForce } = clock.row;
        // A law that applies only later is counted from then.
        const since = inForce !== null && inForce > receivedOn ? inForce : receivedOn;
        assert.ok(clock.from.slice(0, 10) <= since, clock.row.id);
        if (clock.row.jurisdiction.startsWith("US") && clock.row.rule !== "H")
          assert.ok(clock.from < receivedOn || clock.from === inForce, clock.row.id);
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
  const seq = fc.nat({ max: 9 });
  const sets = fc.record({
    seq,
    by: fc.constant(1),
    deadline: id,
    from: moment,
    reason: fc.constant(""),
    byCounsel: fc.boolean(),
  });
  const how = fc.constantFrom("done" as const, "exception" as const);
  const [on, duty] = [
    moment.map((text) => text.slice(0, 10)),
    fc.constantFrom("acknowledgement" as const, "update" as const),
  ];
  const facts = fc.record({
    set: fc.array(sets),
    done: fc.array(fc.record({ seq, deadline: id, on, how })),
    posted: fc.array(fc.record({ duty, on })),
    filed: fc.array(fc.record({ seq, deadlines: fc.array(id), on: moment })),
    closedOn: fc.option(on),
    reopenedOn: fc.option(on),
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

test("the order is that of the moments at which each is over, and what is done comes last", () => {
  const over = ({ target }: Clock): number =>
    target.includes("T") ? Date.parse(target) : (dayOf(target)! + 1) * 86_400_000;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...builtInDeadlines.map(({ id }) => id))), (ids) => {
      const acts = ids.map((deadline, seq) => done(seq, deadline, "2026-12-19"));
      const sorted = clocks({ ...csi, done: acts }, "2027-01-10");
      const keys = sorted.map((clock) => (clock.state === "done" ? 1e15 : 0) + over(clock));
      assert.deepEqual(
        keys,
        keys.toSorted((a, b) => a - b),
      );
    }),
  );
});
