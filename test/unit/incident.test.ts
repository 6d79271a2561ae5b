/** Critical safety incidents by two definitions: the data, and what follows from answers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { incidentTests, incidentTypes, mayBeIncident, outcomeBy, type Verdict } from "../../data/policy/incident.ts";
import { all } from "../support/case-facts.ts";

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
