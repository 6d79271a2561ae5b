/** Duties of a case over a real portal, with the code that browsers run: who may move a clock, what is logged, what the server learns. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { textOfDay } from "../../data/policy/update-date.ts";
import { setReminder, writeAct, type ActDraft } from "../../views/browser/client/case-acts.ts";
import { viewDuties, type DutiesView } from "../../views/browser/client/case-duties.ts";
import { prepare, reply, writeNote } from "../../views/browser/client/case-writing.ts";
import { actsOf, openCase, type OpenCase } from "../../views/browser/client/casework.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { bytesOfCaseFile, planned } from "../support/case-file-plan.ts";
import { logPosted, remind } from "../../views/browser/console/worker-duties.ts";
import { deskOf, fileOfBytes, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const now = Date.now();
const today = textOfDay(Math.floor(now / 86_400_000));
const day = (offset: number): string => textOfDay(Math.floor(now / 86_400_000) + offset);

let served: ServedOrganisation;
before(async () => {
  served = await serveOrganisation({ FEED_ITEMS: "50" });
});
after(() => served.portal.discard());

type Who = "rosa" | "carl" | "nia" | "paper";

async function at(title: string, who: Who): Promise<{ desk: Desk; caseId: string }> {
  const desk = await deskOf(served, served.organisation.members[who].seed);
  return { desk, caseId: (await findByTitle(served, desk, title))! };
}

async function act(desk: Desk, caseId: string, draft: ActDraft): Promise<OpenCase> {
  return writeAct(desk, caseId, draft, {}, await withoutFiles(desk, caseId));
}

const duties = (desk: Desk, open: OpenCase): DutiesView => viewDuties(desk.session.chain, open, null, now);
const clockOf = (view: DutiesView, id: string) => view.clocks.find(({ row }) => row.id === id);

describe("clocks of a case", () => {
  test("a reviewer's re-basing is kept and moves nothing; counsel's moves it, for every reader", async () => {
    await tell(served, { title: "Weights", categories: ["csi-1"] });
    const rosa = await at("Weights", "rosa");
    const before = clockOf(duties(rosa.desk, await openCase(rosa.desk, rosa.caseId)), "CA_CSI");
    const rebase = { act: "clock" as const, deadline: "CA_CSI", from: day(-3), reason: "The log says so" };
    const tried = await act(rosa.desk, rosa.caseId, { ...rebase, from: today });
    assert.deepEqual(clockOf(duties(rosa.desk, tried), "CA_CSI"), before);
    assert.equal(actsOf(tried.team, "clock").length, 1, "it stands in the log all the same");
    const carl = await at("Weights", "carl");
    await act(carl.desk, carl.caseId, rebase);
    for (const who of ["rosa", "nia", "carl"] as const) {
      const { desk, caseId } = await at("Weights", who);
      const clock = clockOf(duties(desk, await openCase(desk, caseId)), "CA_CSI");
      assert.deepEqual([clock?.from, clock?.provisional, clock?.set?.reason], [day(-3), false, rebase.reason], who);
    }
  });

  test("triage stops and starts clocks; who assessed first stays the first", async () => {
    await tell(served, { title: "Alleged deception", categories: ["csi-4"] });
    const { desk, caseId } = await at("Alleged deception", "nia");
    const no = Object.fromEntries(["bpc-1", "bpc-2", "bpc-3", "bpc-4"].map((id) => [id, "not-met" as const]));
    const triage = { act: "triage" as const, on: today, tests: no, imminent: "no" as const, reason: "A test" };
    assert.equal(clockOf(duties(desk, await act(desk, caseId, triage)), "CA_CSI"), undefined);
    const open = await act(desk, caseId, { ...triage, tests: { ...no, "bpc-4": "met" } });
    assert.ok(clockOf(duties(desk, open), "CA_CSI") !== undefined);
    await act(desk, caseId, { act: "assess", on: day(-1) });
    assert.equal(duties(desk, await act(desk, caseId, { act: "assess", on: today })).assessedOn, day(-1));
  });

  test("a filing with its proof is done, its file opens, and a later draft under its number changes nothing", async () => {
    await tell(served, { title: "Filed", categories: ["csi-3"] });
    const { desk, caseId } = await at("Filed", "carl");
    const draft = {
      act: "filing" as const,
      id: "00112233aabbccdd",
      deadlines: ["CA_CSI"],
      recipient: "Cal OES",
      date: "",
      qualifies: "",
      statement: "First words",
      internalUse: "no" as const,
      amends: null,
      filed: null,
      files: [],
    };
    await act(desk, caseId, draft);
    const open = await openCase(desk, caseId);
    const proof = await prepare(desk, open.caseId, [fileOfBytes("proof.pdf", new Uint8Array([1, 2, 3]))]);
    const filed = { ...draft, statement: "Final words", filed: { on: today, reference: "A-1" } };
    await writeAct(desk, caseId, filed, {}, proof);
    const after = await act(desk, caseId, { ...draft, statement: "Other words" });
    const view = duties(desk, after);
    assert.deepEqual(
      view.filings.map(({ statement, filed: proofOf, files }) => [statement, proofOf?.reference, files[0]?.name]),
      [["Final words", "A-1", "proof.pdf"]],
    );
    assert.equal(clockOf(view, "CA_CSI")?.state, "done");

    const exported = await planned(desk, [after], { choices: { notes: true, originalNames: true }, today });
    const bytes = await bytesOfCaseFile(desk, exported);
    const text = Buffer.from(bytes).toString("latin1");
    for (const told of ["Final words", "reference A-1", '"act":"filing"', "proof.pdf"]) {
      const found = text.includes(told) || text.includes(told.replace('":"', '": "'));
      assert.ok(found, told);
    }
  });
});

describe("acknowledgement and update", () => {
  test("what is posted is logged once, also when it is tried again; reading is logged nowhere", async () => {
    const code = await tell(served, { title: "Told" });
    assert.ok(code.length > 0);
    const { desk, caseId } = await at("Told", "rosa");
    const made = await withoutFiles(desk, caseId);
    const written = await reply(desk, caseId, { text: "As before", status: null, day: today, duty: "update" }, made);
    const duty = { is: "update" as const, changed: false, reason: "The maker is away" };
    for (let i = 0; i < 3; i++) {
      // The console writes nothing into a case by itself before somebody of the team did.
      const open = i === 0 ? written : await openCase(desk, caseId);
      await logPosted(desk, open, made.envId, duty, today);
    }
    const open = await openCase(desk, caseId);
    const posted = actsOf(open.team, "posted");
    assert.equal(posted.length, 1);
    const { content } = posted[0]!;
    assert.deepEqual([content.duty, content.reply, content.changed, content.reason], ["update", 1, false, duty.reason]);
    assert.equal(clockOf(duties(desk, open), "EU_ACK")?.state, "done");
  });
});

describe("the server's one date", () => {
  test("follows the next duty, names another reader, and never one who was left out", async () => {
    await tell(served, { title: "Quiet", excluded: [6] });
    const { desk, caseId } = await at("Quiet", "rosa");
    const untouched = await openCase(desk, caseId);
    await remind(desk, untouched, duties(desk, untouched));
    assert.equal(
      (await openCase(desk, caseId)).lookup.remindOn,
      day(1),
      "before anybody wrote, the server's own date stays",
    );
    await writeNote(desk, caseId, "Begun", await withoutFiles(desk, caseId));
    const open = await openCase(desk, caseId);
    await remind(desk, open, duties(desk, open));
    const { lookup } = await openCase(desk, caseId);
    assert.deepEqual([lookup.remindOn, lookup.second], [day(7), 2]);
    const again = await openCase(desk, caseId);
    await remind(desk, again, duties(desk, again));
    assert.deepEqual((await openCase(desk, caseId)).lookup, again.lookup, "the same again changes nothing");
    await setReminder(desk, again, null, null);
    assert.deepEqual((await openCase(desk, caseId)).lookup.remindOn, null);
  });

  test("is nobody's to set without the team's key", async () => {
    await tell(served, { title: "Only mine", excluded: [2] });
    const { caseId } = await at("Only mine", "rosa");
    const authorization = await served.signIn(served.organisation.members.carl);
    const put = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${served.portal.consoleUrl}/cases/${caseId}/reminder`, {
        method: "PUT",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ on: today, second: 2 }),
      });
    assert.equal((await put({})).status, 403);
    assert.equal((await put({ authorization })).status, 404);
    const token = Buffer.alloc(32, 7).toString("base64url");
    assert.equal((await put({ authorization, "x-team-token": token })).status, 404);
  });
});
