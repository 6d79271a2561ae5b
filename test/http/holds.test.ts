/** Several holds on one case, by real readers over the real server: its mark goes off with the last one only, whoever comes first. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { newestAbout, thingOf, actsIn } from "../../views/browser/client/act-things.ts";
import { writeAct, type ActDraft } from "../../views/browser/client/case-acts.ts";
import { deleteCase } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { holdsOf } from "../../views/browser/client/holds.ts";
import { deskOf, findByTitle, withoutFiles } from "../support/casework.ts";
import { closedCase } from "../support/dated-cases.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

let served: ServedOrganisation;
let rosa: Desk;
let carl: Desk;

before(async () => {
  served = await serveOrganisation({}, 2);
  const { members } = served.organisation;
  [rosa, carl] = [await deskOf(served, members.rosa.seed), await deskOf(served, members.carl.seed)];
});
after(() => served.portal.discard());

const [a, b] = ["aa".repeat(8), "bb".repeat(8)];
const hold = (on: boolean, id?: string): ActDraft<"hold"> => ({
  act: "hold",
  on,
  ...(id === undefined ? {} : { id, matter: `Matter ${id}` }),
  reason: "A court asked",
});

/** As the console does it: what it writes goes by the newest act about the thing that it saw. */
async function seen(desk: Desk, caseId: string, draft: ActDraft): Promise<number | null> {
  const { team } = await openCase(desk, caseId);
  return team.state === "open" ? (newestAbout(actsIn(team.entries), thingOf(draft))?.seq ?? null) : null;
}
async function write(desk: Desk, caseId: string, draft: ActDraft, basedOn?: number | null): Promise<void> {
  await writeAct(
    desk,
    caseId,
    draft,
    {},
    await withoutFiles(desk, caseId),
    basedOn ?? (await seen(desk, caseId, draft)),
  );
}

/** What the server has, and the ids of the holds that are signed and on. */
async function state(caseId: string): Promise<{ mark: boolean; on: (string | null)[] }> {
  const { lookup, team } = await openCase(rosa, caseId);
  assert.ok(team.state === "open");
  const acts = actsIn(team.entries).map(({ act }) => ({ author: null, act }));
  const on = holdsOf(acts).filter(({ released }) => released === null);
  return { mark: lookup.hold, on: on.map(({ id }) => id) };
}

async function bothRead(title: string): Promise<string> {
  const { caseId } = await closedCase(served, rosa, title);
  assert.equal(await findByTitle(served, carl, title), caseId);
  return caseId;
}

describe("the server's mark of a hold", () => {
  test("goes off with the last of three, of which one is without an id", async () => {
    const caseId = await bothRead("Three holds");
    for (const id of [undefined, a, b]) await write(rosa, caseId, hold(true, id));
    await write(carl, caseId, hold(false, a));
    assert.deepEqual(await state(caseId), { mark: true, on: [null, b] });
    await write(carl, caseId, hold(false));
    assert.deepEqual(await state(caseId), { mark: true, on: [b] });
    await assert.rejects(deleteCase(rosa, caseId), { code: "refused" });
    await write(rosa, caseId, hold(false, b));
    assert.deepEqual(await state(caseId), { mark: false, on: [] });
    assert.notEqual(await deleteCase(rosa, caseId), null);
  });

  test("follows from what is signed, not from what a page says beside it", async () => {
    const caseId = await bothRead("Said otherwise");
    await write(rosa, caseId, hold(true, a));
    await write(rosa, caseId, hold(true, b));
    await writeAct(rosa, caseId, hold(false, a), { hold: false }, await withoutFiles(rosa, caseId));
    assert.deepEqual(await state(caseId), { mark: true, on: [b] });
  });

  test("is off when two release the last two at the same moment", async () => {
    const caseId = await bothRead("Two release");
    await write(rosa, caseId, hold(true, a));
    await write(rosa, caseId, hold(true, b));
    await Promise.all([write(rosa, caseId, hold(false, a)), write(carl, caseId, hold(false, b))]);
    assert.deepEqual(await state(caseId), { mark: false, on: [] });
  });

  test("stays on when one releases the last while another puts one on", async () => {
    const caseId = await bothRead("One releases, one puts on");
    await write(rosa, caseId, hold(true, a));
    await Promise.all([write(rosa, caseId, hold(false, a)), write(carl, caseId, hold(true, b))]);
    assert.deepEqual(await state(caseId), { mark: true, on: [b] });
  });
});

test("who releases a hold that somebody else changed meanwhile is told, and nothing is written", async () => {
  const caseId = await bothRead("Changed meanwhile");
  await write(rosa, caseId, hold(true, a));
  const before = await seen(carl, caseId, hold(false, a));
  await write(rosa, caseId, { ...hold(true, a), matter: "A wider matter" });
  await assert.rejects(write(carl, caseId, hold(false, a), before), { code: "conflict" });
  assert.deepEqual(await state(caseId), { mark: true, on: [a] });
});
