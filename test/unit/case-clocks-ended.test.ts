/** When a duty of a case is over, overdue, or done, and how that is told. Days were taken from a calendar. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CaseFacts, Clock } from "../../data/policy/case-clocks.ts";
import { set, done, filed, clocks, find, csi } from "../support/case-facts.ts";

for (const [what, facts, id, now, state] of [
  ["on its day it is due", {}, "CA_UPDATE", "2027-01-17T23:59:59Z", "due"],
  ["a moment later it is overdue", {}, "CA_UPDATE", "2027-01-18T00:00:00Z", "overdue"],
  ["past the target, before the law's latest", csi, "CA_CSI", "2027-01-04T23:00:00Z", "grace"],
  ["past the law's latest", csi, "CA_CSI", "2027-01-05T00:00:00Z", "overdue"],
  ["hours end on the second", csi, "CA_CSI_24", "2026-12-18T23:59:59Z", "due"],
  ["and are over then", csi, "CA_CSI_24", "2026-12-19T00:00:00Z", "overdue"],
  ["filed is done", { ...csi, filed: [filed(8, ["CA_CSI"], "2026-12-30")] }, "CA_CSI", "2027-06-01", "done"],
  [
    "a filing for another duty does not count",
    { ...csi, filed: [filed(9, ["IL_CSI"], "2026-12-30")] },
    "CA_CSI",
    "2027-06-01",
    "overdue",
  ],
  ["an exception rests it", { ...csi, done: [done(10, "CA_CSI", "2026-12-30")] }, "CA_CSI", "2027-06-01", "done"],
  ["closing ends the updates", { closedOn: "2027-01-10" }, "CA_UPDATE", "2028-01-01", "done"],
  ["closing ends no incident's clock", { ...csi, closedOn: "2026-12-20" }, "CA_CSI", "2027-02-01", "overdue"],
  ["any first word acknowledges", { posted: [{ duty: "update", on: "2026-12-20" }] }, "EU_ACK", "2027-02-01", "done"],
] as [string, Partial<CaseFacts>, string, string, string][])
  test(what, () => assert.equal(find(clocks(facts, now), id)?.state, state));

for (const [what, facts, id, ended] of [
  [
    "a report in time",
    { ...csi, filed: [filed(1, ["CA_CSI"], "2026-12-30")] },
    "CA_CSI",
    { on: "2026-12-30", how: "done" },
  ],
  [
    "between the target and the law's latest is in time",
    { ...csi, filed: [filed(1, ["CA_CSI"], "2027-01-04T10:00:00Z")] },
    "CA_CSI",
    { on: "2027-01-04", how: "done" },
  ],
  [
    "after the law's latest is late",
    { ...csi, filed: [filed(1, ["CA_CSI"], "2027-01-05")] },
    "CA_CSI",
    { on: "2027-01-05", how: "late" },
  ],
  [
    "a minute after the hours is late",
    { ...csi, filed: [filed(1, ["CA_CSI_24"], "2026-12-19T00:01:00Z")] },
    "CA_CSI_24",
    { on: "2026-12-19T00:01:00Z", how: "late" },
  ],
  [
    "an exception is not done",
    { ...csi, done: [done(1, "CA_CSI", "2027-01-10", "exception")] },
    "CA_CSI",
    { on: "2027-01-10", how: "exception" },
  ],
  [
    "an amendment does not make the report late",
    { ...csi, filed: [filed(1, ["CA_CSI"], "2026-12-30"), filed(2, ["CA_CSI"], "2027-01-12")] },
    "CA_CSI",
    { on: "2026-12-30", how: "done" },
  ],
  [
    "what was reported before the portal heard of it is done",
    { ...csi, filed: [filed(1, ["CA_CSI"], "2026-12-01")] },
    "CA_CSI",
    { on: "2026-12-01", how: "done" },
  ],
  ["closing is no acknowledgement", { closedOn: "2027-01-10" }, "EU_ACK", { on: "2027-01-10", how: "closed" }],
  [
    "a late acknowledgement stays late when the case is closed",
    { closedOn: "2027-01-10", posted: [{ duty: "acknowledgement", on: "2027-01-02" }] },
    "EU_ACK",
    { on: "2027-01-02", how: "late" },
  ],
  [
    "closing ends updates, also those that were posted",
    { closedOn: "2027-01-10", posted: [{ duty: "update", on: "2027-01-02" }] },
    "CA_UPDATE",
    { on: "2027-01-10", how: "closed" },
  ],
  [
    "a closed case is shared once more",
    { closedOn: "2027-01-10", done: [done(1, "CA_BOARD", "2027-01-09")] },
    "CA_BOARD",
    null,
  ],
  [
    "and then has nothing new to share",
    { closedOn: "2027-01-10", done: [done(1, "CA_BOARD", "2027-01-12")] },
    "CA_BOARD",
    { on: "2027-01-12", how: "done" },
  ],
  [
    "an answer to an earlier request answers no later one",
    { set: [set(2, "GDPR_DSAR", "2026-12-01", true)], done: [done(1, "GDPR_DSAR", "2026-12-05")] },
    "GDPR_DSAR",
    null,
  ],
] as [string, Partial<CaseFacts>, string, Clock["ended"]][])
  test(`${what}: ${id}`, () => {
    const clock = find(clocks(facts), id);
    assert.deepEqual(clock?.ended, ended);
    assert.equal(clock?.state === "done", ended !== null);
  });
