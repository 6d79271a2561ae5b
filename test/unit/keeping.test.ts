/** What the desk makes of a case's acts and of what the server says about keeping it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ActContent } from "../../crypto/team-content.ts";
import { builtInRetention } from "../../data/policy/retention.ts";
import type { CaseView } from "../../views/browser/client/case-view.ts";
import { keepingMismatch, proposalFor, signedKeeping, type Keeping } from "../../views/browser/console/keeping.ts";

const conversation = { seq: 0, hash: "00".repeat(32) };
const retain = (deleteOn: string | null): ActContent => ({ act: "retain", deleteOn, reason: "x", conversation });
const hold = (on: boolean, id?: string): ActContent => ({
  act: "hold",
  on,
  ...(id === undefined ? {} : { id }),
  reason: "x",
  conversation,
});
const close: ActContent = { act: "status", phase: "closed", disposition: "withdrawn", reason: "x", conversation };
const reopen: ActContent = { act: "status", phase: "open", disposition: null, reason: "x", conversation };

interface Shown {
  acts?: ActContent[];
  server?: Keeping;
  teamLength?: number;
  categories?: string[];
  summed?: string;
  closedOn?: string | null;
  phase?: "open" | "closed";
}

/** A view with no more in it than what is looked at. */
function viewOf(shown: Shown): CaseView {
  const { acts = [], server = { deleteOn: null, hold: false }, teamLength, phase = "closed" } = shown;
  // The team's key is the first entry and no act.
  const entries = [null, ...acts].map((act) => ({ act }));
  const review = [{ id: "categories", values: (shown.categories ?? []).map((text) => ({ text, labelKey: null })) }];
  const listing = {
    ...server,
    phase,
    teamLength: teamLength ?? entries.length,
  };
  const view = {
    listing,
    team: { state: "open", entries },
    report: { review },
    work: { category: shown.summed ?? "" },
    disposition: phase === "closed" ? "withdrawn" : null,
    duties: { closedOn: shown.closedOn ?? null },
  };
  return view as unknown as CaseView;
}

describe("what readers signed", () => {
  for (const [what, acts, deleteOn, held] of [
    ["nothing", [], null, false],
    ["a date", [close, retain("2027-01-30")], "2027-01-30", false],
    ["the newest date counts", [close, retain("2027-01-30"), retain("2028-01-30")], "2028-01-30", false],
    ["taken back", [close, retain("2027-01-30"), retain(null)], null, false],
    ["opened again: no date any more", [close, retain("2027-01-30"), reopen], null, false],
    ["opened and closed again: still none", [close, retain("2027-01-30"), reopen, close], null, false],
    ["a hold stays through opening", [hold(true), close, retain("2027-01-30"), reopen], null, true],
    ["of two holds one lifted", [hold(true), hold(true, "ab".repeat(8)), hold(false)], null, true],
    [
      "of two holds both lifted",
      [hold(true, "ab".repeat(8)), hold(true), hold(false), hold(false, "ab".repeat(8))],
      null,
      false,
    ],
    ["a hold lifted", [hold(true), hold(false), close, retain("2027-01-30")], "2027-01-30", false],
  ] as [string, ActContent[], string | null, boolean][])
    test(what, () => {
      const signed = { deleteOn, hold: held };
      assert.deepEqual(signedKeeping(viewOf({ acts })), signed);
      assert.equal(keepingMismatch(viewOf({ acts, server: signed })), null);
      assert.deepEqual(keepingMismatch(viewOf({ acts, server: { deleteOn, hold: !held } })), signed);
      assert.deepEqual(keepingMismatch(viewOf({ acts, server: { deleteOn: "2026-12-01", hold: held } })), signed);
    });

  test("an act that came in between the server's two answers is no lie of the server", () => {
    assert.equal(keepingMismatch(viewOf({ acts: [hold(true)], teamLength: 1 })), null);
  });
});

describe("the proposal on the desk", () => {
  for (const [what, shown, id] of [
    ["takes every category that was ticked", { categories: ["safety", "retaliation"] }, "EMPLOYMENT"],
    ["takes the summary's where the answers name none", { summed: "harassment" }, "EMPLOYMENT"],
    ["without any goes by the outcome", {}, "NO_ACTION"],
  ] as [string, Shown, string][])
    test(what, () => {
      const proposal = proposalFor(viewOf({ ...shown, closedOn: "2026-11-30" }), builtInRetention);
      assert.equal(proposal?.row?.id, id);
      if (id === "NO_ACTION") assert.equal(proposal?.deleteOn, "2027-01-30");
    });

  test("is none for a case that is open", () =>
    assert.equal(proposalFor(viewOf({ phase: "open" }), builtInRetention), null));
});
