/** Second approval: who can be asked, what they make again, and what of it counts. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { formatMinisignKey } from "../../crypto/minisign.ts";
import { writeAct } from "../../views/browser/client/case-acts.ts";
import { reply } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { signedActsIn } from "../../views/browser/client/casefile/approval.ts";
import { requestOf, requestsIn, type ApprovalRequest } from "../../views/browser/client/casefile/requests.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import type { Acts } from "../../views/browser/console/worker-acts.ts";
import { markDraft, plainChoices } from "../support/case-file-plan.ts";
import { deskOf, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { requireJudge } from "../support/judges.ts";
import { keyholderOf, told } from "../support/keyholders.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const today = "2026-11-30";
const choices = { ...plainChoices, notes: true, log: true };
let served: ServedOrganisation;
let folder: string;
let [carl, rosa, nia]: Acts[] = [];
let desk: Desk;
let [first, second]: string[] = [];

before(async () => {
  served = await serveOrganisation({}, 2, { approval: true });
  folder = mkdtempSync(join(tmpdir(), "tellhaven-approval-"));
  const { members } = served.organisation;
  await tell(served, { title: "Press 4" });
  await tell(served, { title: "Nia's boss", excluded: [members.nia.id] });
  desk = await deskOf(served, members.carl.seed);
  first = (await findByTitle(served, desk, "Press 4"))!;
  second = (await findByTitle(served, desk, "Nia's boss"))!;
  carl = await keyholderOf(served, members.carl, 2);
  rosa = await keyholderOf(served, members.rosa, 2);
  nia = await keyholderOf(served, members.nia, 1);
  for (const acts of [carl, rosa])
    for (const caseId of [first, second]) await acts.declare({ caseId, has: false, reason: "" }, told());
  await nia.declare({ caseId: first, has: false, reason: "" }, told());
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await served.portal.discard();
});

const plan = (cases: string[]): ReturnType<Acts["planCaseFile"]> =>
  carl!.planCaseFile({ cases, choices, dir: "ltr", today }, told());
async function newest(caseId: string): Promise<ApprovalRequest> {
  return requestsIn(signedActsIn(await openCase(desk, caseId)))[0]!;
}
const again = (acts: Acts, caseId: string, id: string): ReturnType<Acts["remakeCaseFile"]> =>
  acts.remakeCaseFile({ caseId, id, dir: "ltr" }, told());
async function save(acts: Acts): Promise<Blob | null> {
  assert.equal((await acts.readyCaseFile({ recipient: "", stamp: false }, told())).is, "ready");
  return acts.saveCaseFile({ port: null, today }, told());
}

async function ask(cases: string[]): Promise<ApprovalRequest> {
  await plan(cases);
  await carl!.askApproval({ to: served.organisation.members.rosa.id, reason: "For the hearing" }, told());
  return newest(cases[0]!);
}

describe("where the roster asks for a second approval", requireJudge("minisign", "unzip"), () => {
  test("nothing is saved without it", async () => {
    const { approvers } = await plan([first!]);
    assert.deepEqual(
      approvers?.map(({ name }) => name),
      ["Rosa Reviewer", "Nia New"],
      "readers of the case who work, and not the exporter",
    );
    await assert.rejects(save(carl!), { code: "refused" });
  });

  test("whoever cannot read all of its cases is not offered, and is not taken", async () => {
    const { approvers } = await plan([first!, second!]);
    assert.deepEqual(
      approvers?.map(({ name }) => name),
      ["Rosa Reviewer"],
    );
    const to = served.organisation.members.nia.id;
    await assert.rejects(carl!.askApproval({ to, reason: "" }, told()), { code: "refused" });
  });

  test("it is made again byte for byte, whatever was written since, signed, and saved with both signatures", async () => {
    const { id } = await ask([first!, second!]);
    await reply(desk, first!, { text: "We go on.", status: "open" }, await withoutFiles(desk, first!));
    const made = await again(rosa!, first!, id);
    assert.equal(made.same, true);
    assert.equal(made.plan.cases.length, 2);
    await rosa!.answerApproval({ approves: true, reason: "Seen", today }, told());
    // In another window, after a lock.
    const later = await keyholderOf(served, served.organisation.members.carl, 2);
    await later.open({ caseId: second! }, told());
    const saved = await again(later, first!, id);
    assert.equal(saved.same, true);
    const zip = join(folder, "approved.zip");
    writeFileSync(zip, new Uint8Array(await (await save(later))!.arrayBuffer()));
    execFileSync("unzip", ["-q", zip, "-d", folder]);
    const cwd = join(folder, saved.plan.fileName.replace(/\.zip$/, ""));
    const { carl: exporter, rosa: approver } = served.organisation.members;
    const list = "tagmanifest-sha256.txt";
    for (const [name, { secrets }] of [
      ["minisig", exporter],
      ["approver.minisig", approver],
    ] as const) {
      writeFileSync(join(folder, "key.pub"), formatMinisignKey(secrets.export.publicKey));
      execFileSync("minisign", ["-Vm", list, "-x", `${list}.${name}`, "-p", "../key.pub"], { cwd });
    }
    execFileSync("sha256sum", ["-c", "--quiet", "manifest-sha256.txt"], { cwd });
    const now = await newest(first!);
    assert.equal(now.exported, true);
    for (const caseId of [first!, second!]) {
      const written = signedActsIn(await openCase(desk, caseId)).at(-1)!;
      assert.ok(written.act.act === "exported" && written.act.approvedBy === approver.id);
    }
  });

  test("no case is told of the others", async () => {
    const acts = signedActsIn(await openCase(desk, first!)).filter(({ act }) => /xport/.test(act.act));
    assert.ok(acts.length >= 3);
    const name = (await openCase(desk, second!)).listing.name;
    for (const { act } of acts) {
      const text = JSON.stringify(act);
      assert.ok(!text.includes(second!) && !text.includes(name), act.act);
      // The case file's own name says how many there are.
      assert.ok(!text.includes("cases-"), act.act);
    }
  });

  test("what was not approved is not saved", async () => {
    const { id } = await ask([first!]);
    assert.equal((await again(rosa!, first!, id)).same, true);
    await rosa!.answerApproval({ approves: false, reason: "A name is left in it", today }, told());
    assert.equal((await again(carl!, first!, id)).same, true);
    await assert.rejects(save(carl!), { code: "conflict" });
  });

  test("nobody else makes it again or answers, and what they write counts for nothing", async () => {
    const { id } = await ask([first!]);
    await assert.rejects(again(nia!, first!, id), { code: "refused" });
    await again(carl!, first!, id);
    await assert.rejects(carl!.answerApproval({ approves: true, reason: "", today }, told()), { code: "refused" });
    const other = await deskOf(served, served.organisation.members.nia.seed);
    await findByTitle(served, other, "Press 4");
    const forged = { act: "answerExport", id, dated: today, approves: true, signature: "x", reason: "" } as const;
    for (const by of [other, desk]) await writeAct(by, first!, forged, {}, await withoutFiles(by, first!));
    assert.equal((await newest(first!)).answer, null);
  });

  test("an approval with a signature of something else is lost, and nothing is saved", async () => {
    const { id } = await ask([first!]);
    const approver = await deskOf(served, served.organisation.members.rosa.seed);
    await findByTitle(served, approver, "Press 4");
    const { answer } = requestsIn(signedActsIn(await openCase(desk, first!))).find(
      (each) => each.answer?.approves === true,
    )!;
    const { signature } = answer!;
    const draft = { act: "answerExport", id, dated: today, approves: true, signature, reason: "" } as const;
    await writeAct(approver, first!, draft, {}, await withoutFiles(approver, first!));
    assert.equal((await again(carl!, first!, id)).same, true);
    await assert.rejects(save(carl!), { code: "conflict" });
  });

  test("what does not come out the same is neither approved nor saved", async () => {
    await plan([first!]);
    const { rosa: approver } = served.organisation.members;
    const draft = {
      act: "askExport",
      id: "77".repeat(8),
      dated: today,
      extent: { conversation: 1, team: 1 },
      choices,
      digest: "00".repeat(32),
      to: approver.id,
      checkpoint: "",
      reason: "",
    } as const;
    await writeAct(desk, first!, draft, {}, await withoutFiles(desk, first!));
    assert.equal((await again(rosa!, first!, draft.id)).same, false);
    await assert.rejects(rosa!.answerApproval({ approves: true, reason: "", today }, told()), { code: "missing" });
    assert.equal((await again(carl!, first!, draft.id)).same, false);
    await assert.rejects(save(carl!), { code: "missing" });
  });

  /** Asks Nia, who is counsel too, and lets her approve; then it is made again by its exporter. */
  async function approvedByNia(): Promise<string> {
    await plan([first!]);
    await carl!.askApproval({ to: served.organisation.members.nia.id, reason: "" }, told());
    const { id } = await newest(first!);
    assert.equal((await again(nia!, first!, id)).same, true);
    await nia!.answerApproval({ approves: true, reason: "", today }, told());
    assert.equal((await again(carl!, first!, id)).same, true);
    return id;
  }

  test("whoever approved it does not save it, signed by themselves twice", async () => {
    const id = await approvedByNia();
    assert.equal((await again(nia!, first!, id)).same, true);
    await assert.rejects(save(nia!), { code: "refused" });
  });

  test("an approval that is taken back while it lies ready is none any more", async () => {
    const id = await approvedByNia();
    await again(nia!, first!, id);
    await nia!.answerApproval({ approves: false, reason: "Wait", today }, told());
    await assert.rejects(save(carl!), { code: "conflict" });
  });

  test("what counsel marks while it lies ready does not leave", async () => {
    await approvedByNia();
    const by = await deskOf(served, served.organisation.members.nia.seed);
    await findByTitle(served, by, "Press 4");
    await writeAct(by, first!, markDraft(), {}, await withoutFiles(by, first!));
    await assert.rejects(save(carl!), { code: "conflict" });
  });

  test("a reader who writes the same id elsewhere, or that it was saved, keeps nobody from it", async () => {
    const id = await approvedByNia();
    const { digest, answer: _, exported: __, by: ___, ...asked } = await newest(first!);
    const other = await deskOf(served, served.organisation.members.rosa.seed);
    await findByTitle(served, other, "Nia's boss");
    const { extent, choices: chosen, dated } = asked;
    const forged = {
      act: "exported",
      id,
      dated,
      extent,
      choices: chosen,
      digest,
      approvedBy: null,
      sealed: false,
    } as const;
    await writeAct(other, first!, forged, {}, await withoutFiles(other, first!));
    assert.equal((await newest(first!)).exported, false);
    const taken = { act: "askExport", ...asked, digest, to: asked.to } as const;
    await writeAct(other, second!, taken, {}, await withoutFiles(other, second!));
    await carl!.open({ caseId: second! }, told());
    assert.equal((await again(carl!, first!, id)).same, true);
    assert.ok((await save(carl!))!.size > 0);
    // Where it was taken before.
    const act = { ...taken, conversation: { seq: 0, hash: "" } };
    const acts = [5, 2].map((by) => ({ act, by }));
    assert.equal(requestOf(acts, { id, by: 2 })?.by, 2);
  });

  test("whoever steps back is not offered, and their approval counts no more", async () => {
    await approvedByNia();
    assert.equal((await nia!.declare({ caseId: first!, has: true, reason: "" }, told())).is, "gone");
    await assert.rejects(save(carl!), { code: "conflict" });
    const { approvers } = await plan([first!]);
    assert.deepEqual(
      approvers?.map(({ name }) => name),
      ["Rosa Reviewer"],
    );
  });
});

test("what is stopped at its steps prepares nothing", async () => {
  const input = { cases: [first!, second!], choices, dir: "ltr" as const, today };
  // The signal is looked at before each step: at which look it was given is when it comes.
  const planStoppedAt = async (look: number): Promise<{ looks: number; made: boolean }> => {
    const stop = new AbortController();
    let looks = 0;
    const signal = new Proxy(stop.signal, {
      get(target, name) {
        if (name === "throwIfAborted" && ++looks === look) stop.abort();
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
    const made = await carl!.planCaseFile(input, { progress() {}, signal }).then(
      () => true,
      () => false,
    );
    return { looks, made };
  };
  const { looks } = await planStoppedAt(Infinity);
  assert.ok(looks > 3, "before each case, and before the pages");
  // The first and the last ones, and some in between: there are hundreds, each a case file's work.
  const between = Array.from({ length: 6 }, (_, i) => Math.round((looks * (i + 1)) / 7));
  for (const look of new Set([1, 2, 3, 4, ...between, looks - 1, looks])) {
    assert.deepEqual(await planStoppedAt(look), { looks: look, made: false });
    const to = served.organisation.members.rosa.id;
    await assert.rejects(carl!.askApproval({ to, reason: "" }, told()), { code: "missing" });
  }
});
