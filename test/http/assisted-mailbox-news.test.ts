/** Without scripts: what is new, dates and promises, correcting, withdrawing, and a report that was deleted. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fromHex } from "../../crypto/bytes.ts";
import { textOfDay } from "../../data/policy/update-date.ts";
import { decide, deleteCase, reply } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { viewCase } from "../../views/browser/client/case-view.ts";
import { AssistedVisitor, faultsIn, inputValue, type SeenPage } from "../support/assisted-visitor.ts";
import { deskOf, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

let served: ServedOrganisation;
let visitor: AssistedVisitor;
let desk: Desk;
let code: string;
let caseId: string;
const clock = { now: () => Date.now(), today: () => Math.floor(Date.now() / 86_400_000) };
const today = clock.today();
const long = (day: number): string =>
  new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" }).format(new Date(day * 86_400_000));

before(async () => {
  served = await serveOrganisation();
  visitor = new AssistedVisitor(served.portal.reporterUrl);
  desk = await deskOf(served, served.organisation.members.rosa.seed);
  code = await tell(served, { title: "Dates and promises" });
  caseId = (await findByTitle(served, desk, "Dates and promises"))!;
});
after(() => served.portal.discard());

const openMailbox = (): Promise<SeenPage> => visitor.submit("/assisted/mailbox", { fields: { code } });
const say = (page: SeenPage, fields: Record<string, string>): Promise<SeenPage> =>
  visitor.submit("/assisted/mailbox/message", { fields: { token: inputValue(page, "token"), ...fields } });

test("a reply's day, promise and status are told on top, with links to it", async () => {
  const dated = { day: textOfDay(today), updateBy: textOfDay(today + 9) };
  await reply(desk, caseId, { text: "We look", status: "open", ...dated }, await withoutFiles(desk, caseId));
  const { html } = await openMailbox();
  assert.ok(html.includes(`Next update promised by ${long(today + 9)}`));
  assert.ok(html.includes('<a class="govuk-link" href="#entry-1">1 new reply</a>'));
  assert.ok(html.includes("Status changed: Open."));
  assert.ok(html.includes(`Written on ${long(today)}, as the writer says`));
  assert.ok(html.includes('id="entry-1"'));
});

test("a promise that passed is called late, with what can be done", async () => {
  const dated = { day: textOfDay(today - 20), updateBy: textOfDay(today - 1) };
  await reply(desk, caseId, { text: "Soon", status: null, ...dated }, await withoutFiles(desk, caseId));
  const { html } = await openMailbox();
  assert.ok(html.includes("The update is late"));
  assert.ok(html.includes(`We promised you an update by ${long(today - 1)}.`));
});

test("a correction is stored as one, with its day; afterwards nothing is new", async () => {
  const sent = await say(await openMailbox(), { message: "It was press 5", purpose: "correct" });
  assert.ok(sent.html.includes("Your message is stored."));
  assert.ok(sent.html.includes("A correction"));
  assert.ok(sent.html.includes("Nothing new."));
  const view = viewCase(desk.session.chain, await openCase(desk, caseId));
  const last = view.conversation.at(-1)!;
  assert.deepEqual([last.purpose, last.day, last.text], ["correct", textOfDay(today), "It was press 5"]);
  assert.deepEqual(view.purposes, ["correct"]);
});

test("a withdrawal is asked about once more, keeps the words, and needs none", async () => {
  const asked = await say(await openMailbox(), { message: "I changed my mind", purpose: "withdraw" });
  assert.ok(asked.html.includes("Do you want to withdraw your report?"));
  assert.ok(asked.html.includes("I changed my mind</textarea>"));
  const before = (await openCase(desk, caseId)).entries.length;
  const sent = await say(asked, { message: "", purpose: "withdraw", sure: "yes" });
  assert.deepEqual(faultsIn(sent), []);
  assert.ok(sent.html.includes("You asked to withdraw your report"));
  const view = viewCase(desk.session.chain, await openCase(desk, caseId));
  assert.equal(view.conversation.length, before);
  assert.deepEqual([...view.purposes].sort(), ["correct", "withdraw"]);
});

test("closed: what came of it is the message that closed it, and no more updates are promised", async () => {
  await reply(desk, caseId, { text: "The guard is back", status: "closed" }, await withoutFiles(desk, caseId));
  await decide(desk, caseId, { phase: "closed", disposition: "substantiated", reason: "seen" });
  const { html } = await openMailbox();
  assert.match(html, /What came of it[\s\S]*The guard is back/);
  assert.ok(html.includes("no more updates are promised"));
});

test("deleted: whoever has the words is told the day and what to do; an open page too", async () => {
  const page = await openMailbox();
  assert.equal(fromHex(caseId).length, 32);
  await deleteCase(desk, caseId);
  const words = `This report was deleted on ${long(today)}.`;
  const looked = await visitor.submit("/assisted/mailbox/look", { fields: { token: inputValue(page, "token") } });
  for (const seen of [looked, await openMailbox()]) {
    assert.equal(seen.status, 400);
    assert.ok(faultsIn(seen)[0]!.startsWith(words), faultsIn(seen)[0]);
    assert.ok(
      faultsIn(seen)[0]!.includes(`may hold a backup of its key until ${long(today + 30)}.`),
      faultsIn(seen)[0],
    );
    assert.ok(!seen.html.includes("The guard is back"));
  }
});
