/** Links between cases: a case is named in another only where nobody learns of it. Real readers on a served organisation. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fromHex, utf8 } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { caseName } from "../../crypto/words.ts";
import { viewCase } from "../../views/browser/client/case-view.ts";
import { workOf } from "../../views/browser/client/case-work.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { listCases } from "../../views/browser/client/listing.ts";
import { declare } from "../../views/browser/client/recusal.ts";
import { writeLink } from "../../views/browser/console/worker-work.ts";
import { deskOf, findByTitle, tell } from "../support/casework.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

let served: ServedOrganisation;
let rosa: Desk, carl: Desk, nia: Desk;
/** Ids of cases by title: two that all read, two without Carl, one without Nia. */
const ids: Record<string, string> = {};
const titles: Record<string, number[]> = {
  All: [],
  "All too": [],
  "Not Carl": [2],
  "Not Carl too": [2],
  "Not Nia": [6],
};

before(async () => {
  served = await serveOrganisation({ FEED_ITEMS: "50" });
  const { members } = served.organisation;
  for (const [title, excluded] of Object.entries(titles)) await tell(served, { title, excluded });
  [rosa, carl, nia] = [
    await deskOf(served, members.rosa.seed),
    await deskOf(served, members.carl.seed),
    await deskOf(served, members.nia.seed),
  ];
  for (const title of Object.keys(titles)) ids[title] = (await findByTitle(served, rosa, title))!;
  for (const title of Object.keys(titles)) await declare(rosa, ids[title]!, false, "");
  await findByTitle(served, carl, "All");
  await findByTitle(served, nia, "All");
});
after(() => served?.portal.discard());

const linked = async (title: string): Promise<string[]> =>
  workOf(await openCase(rosa, ids[title]!)).links.map(({ caseId }) => caseId);
const link = (here: string, there: string, on = true) =>
  writeLink(rosa, { caseId: ids[here]!, other: ids[there]!, on, reason: "The same press" });

test("two cases with the same readers name each other, and saying so again writes nothing", async () => {
  assert.deepEqual((await link("All", "All too")).wrote, { here: true, there: true });
  assert.deepEqual([await linked("All"), await linked("All too")], [[ids["All too"]], [ids["All"]]]);
  const length = (await openCase(rosa, ids["All"]!)).lookup.teamLength;
  await link("All", "All too");
  assert.equal((await openCase(rosa, ids["All"]!)).lookup.teamLength, length);
});

test("a link is taken away in both", async () => {
  assert.deepEqual((await link("All too", "All", false)).wrote, { here: true, there: true });
  assert.deepEqual([await linked("All"), await linked("All too")], [[], []]);
});

test("a case from which somebody was left out is named nowhere where they read", async () => {
  assert.deepEqual((await link("All", "Not Carl")).wrote, { here: false, there: true });
  assert.deepEqual([await linked("All"), await linked("Not Carl")], [[], [ids["All"]]]);
  assert.deepEqual((await link("Not Carl", "All")).wrote, { here: true, there: false });
  assert.deepEqual(await linked("All"), []);
  assert.deepEqual((await link("Not Carl", "Not Carl too")).wrote, { here: true, there: true });
});

test("of two cases whose readers differ both ways neither names the other", async () => {
  const lengths = async () => [
    (await openCase(rosa, ids["Not Nia"]!)).lookup.teamLength,
    (await openCase(rosa, ids["Not Carl"]!)).lookup.teamLength,
  ];
  const before = await lengths();
  assert.deepEqual((await link("Not Nia", "Not Carl")).wrote, { here: false, there: false });
  assert.deepEqual(await lengths(), before, "nothing was written at all");
});

test("nothing that who was left out can decrypt holds the name or the id of that case", async () => {
  const { listings } = await listCases(carl);
  const secret = [ids["Not Carl"]!, ids["Not Carl too"]!].flatMap((id) => [id, caseName(fromHex(id, 32))]);
  const all = [JSON.stringify(listings)];
  for (const { caseId } of listings) {
    await declare(carl, caseId, false, "");
    const open = await openCase(carl, caseId);
    all.push(JSON.stringify(viewCase(carl.session.chain, open)));
    const contents = [...open.entries, ...(open.team.state === "open" ? open.team.entries : [])];
    all.push(...contents.map(({ content }) => JSON.stringify(content)));
  }
  assert.ok(all.length > 10 && listings.length === 3);
  for (const text of all) for (const word of secret) assert.ok(!text.includes(word), word);
  assert.ok(
    JSON.stringify(viewCase(rosa.session.chain, await openCase(rosa, ids["Not Carl"]!))).includes(ids["All"]!),
    "this would find it",
  );
  assert.ok(utf8(secret[0]!).length === 64);
});

for (const [what, here, there] of [
  ["a case with itself", "All", "All"],
  ["a case that is not this member's", "All", "nobody's"],
] as const)
  test(`${what} is not linked`, () =>
    assert.rejects(
      writeLink(rosa, { caseId: ids[here]!, other: ids[there] ?? "00".repeat(32), on: true, reason: "" }),
      (error) => error instanceof PortalError && error.code === "refused",
    ));

test("a case in which the member said nothing of a conflict is not linked by them", async () => {
  await assert.rejects(writeLink(nia, { caseId: ids["All"]!, other: ids["All too"]!, on: true, reason: "" }), {
    code: "refused",
  });
  await declare(nia, ids["All"]!, false, "");
  await assert.rejects(writeLink(nia, { caseId: ids["All"]!, other: ids["All too"]!, on: true, reason: "" }), {
    code: "refused",
  });
});

test("who stepped back from a case reads it no more: it is not named to them", async () => {
  await declare(nia, ids["Not Carl too"]!, true, "My team");
  assert.deepEqual((await link("Not Carl", "Not Carl too", false)).wrote, { here: true, there: true });
  assert.deepEqual((await link("Not Carl", "Not Carl too")).wrote, { here: false, there: true });
});
