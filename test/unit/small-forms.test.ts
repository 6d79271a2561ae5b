/** Smaller forms of a case: one open in each part, and nothing typed is lost by turning to another. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { endForm, turnToForm } from "../../views/browser/console/small-forms.ts";
import { emptyDraft, firstState, hasDrafts } from "../../views/browser/console/state.ts";

test("what was typed waits until its form is opened again, and no other form shows it", () => {
  const draft = emptyDraft();
  turnToForm(draft, "clock", "done:CA_CSI");
  draft.fields["done-reason"] = "Filed by hand";
  turnToForm(draft, "clock", "rebase:CA_CSI");
  assert.equal(draft.fields["done-reason"], undefined);
  draft.fields["clock-reason"] = "The log says so";
  turnToForm(draft, "clock", "done:CA_CSI");
  assert.deepEqual(draft.fields, { "done-reason": "Filed by hand" });
  endForm(draft, "clock");
  turnToForm(draft, "clock", "done:CA_CSI");
  assert.deepEqual(draft.fields, {}, "what was kept or cancelled is gone");
});

test("a form of one part leaves those of the other alone", () => {
  const draft = emptyDraft();
  draft.fields["triage-reason"] = "A test";
  turnToForm(draft, "filing", "filing:new:", { "filing-use": "unsure" });
  draft.fields["filing-statement"] = "Alleged loss of control";
  turnToForm(draft, "clock", "start");
  endForm(draft, "clock");
  assert.equal(draft.openForms.filing, "filing:new:");
  assert.equal(draft.fields["filing-statement"], "Alleged loss of control");
  assert.equal(draft.fields["triage-reason"], "A test");
});

test("what waits would be lost with the window, and so would proof that was chosen", () => {
  const state = firstState();
  const draft = emptyDraft();
  state.drafts.set("case", draft);
  assert.equal(hasDrafts(state), false);
  turnToForm(draft, "clock", "done:CA_CSI");
  draft.fields["done-reason"] = "Filed by hand";
  turnToForm(draft, "clock", "start");
  assert.equal(hasDrafts(state), true);
  turnToForm(draft, "clock", "done:CA_CSI");
  endForm(draft, "clock");
  assert.equal(hasDrafts(state), false);
  turnToForm(draft, "filing", "filing:proof:1");
  draft.formFiles["filing:proof:1"] = [new File(["x"], "proof.pdf")];
  assert.equal(hasDrafts(state), true);
  endForm(draft, "filing");
  assert.equal(hasDrafts(state), false);
});
