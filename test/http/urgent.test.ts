/** A report that its reporter marked as urgent, on a real portal with a real mail server: who hears of it, and what. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { flagUrgent } from "../../crypto/envelope/wire.ts";
import { submitReport } from "../../server/app/submit-report.ts";
import { noticeOf } from "../../server/notify/notices.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { AssistedVisitor, inputValue } from "../support/assisted-visitor.ts";
import { deskOf, findByTitle, tell } from "../support/casework.ts";
import { fileReport } from "../support/fixtures.ts";
import {
  arrived,
  odo,
  ombuds,
  plants,
  receivers,
  safe,
  serveWithOmbuds,
  settingsFor,
  setUp,
  startHook,
  startMailServer,
  subjects,
  withoutContent,
} from "../support/notify.ts";
import { ask, type ServedOrganisation } from "../support/organisation-server.ts";

/** How often somebody was to be told: several within minutes are one message, which would hide a second call. */
function countRings({ portal }: ServedOrganisation): () => number {
  const { context } = portal;
  const { messenger } = context;
  let rings = 0;
  context.messenger = {
    urgentTo: (roster) => messenger.urgentTo(roster),
    urgent: (roster) => {
      rings++;
      messenger.urgent(roster);
    },
  };
  return () => rings;
}

describe("an urgent report", () => {
  test("is told at once to the ombuds and the recovery contact only, without a word of it", async (t) => {
    const setting = await setUp(t, { trial: false });
    const { served, mail, hook } = setting;
    await tell(served, { ...plants, flags: flagUrgent, excluded: [odo.id] });
    await arrived(mail.mails, 2);
    await served.portal.remind();
    assert.deepEqual([receivers(mail.mails), hook.calls.length], [[ombuds, safe].sort(), 0]);
    await withoutContent(setting, mail.mails);
    assert.deepEqual(new Set(subjects(mail.mails)), new Set([noticeOf("urgent", false, new Date()).subject]));
    assert.deepEqual(served.portal.lines, []);
  });

  test("that is sent again, byte for byte, is told once", async (t) => {
    const { served, mail } = await setUp(t);
    const rung = countRings(served);
    const { current } = served.portal.context.book.chain!;
    const report = fileReport(
      { ...served.organisation, chain: served.portal.context.book.chain! },
      { flags: flagUrgent },
    );
    assert.equal(current.recipients.length, report.envelope.slots.length);
    const { context } = served.portal;
    // At the same moment: each finds nothing stored, and only one stores it.
    const receipts = await Promise.all([1, 2, 3].map(() => submitReport(context, report.bytes, () => {})));
    assert.equal(new Set(receipts.map((receipt) => Buffer.from(receipt).toString("hex"))).size, 1);
    assert.equal((await ask(served.portal.reporterUrl, "POST", "/reports", report.bytes)).status, 201);
    await arrived(mail.mails, 2);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(rung(), 1, "of three at once and one later");
    assert.deepEqual(receivers(mail.mails), [ombuds, safe].sort());
  });

  test("and a second one within minutes make one message: a flood of reports is no flood of mail", async (t) => {
    const { served, mail } = await setUp(t);
    const rung = countRings(served);
    for (let i = 0; i < 4; i++) await tell(served, { title: `Now ${String(i)}`, flags: flagUrgent });
    await arrived(mail.mails, 2);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual([rung(), mail.mails.length], [4, 2]);
  });

  test("without JavaScript is told the same, where the box is ticked, and the tick survives a fault", async (t) => {
    const { served, mail } = await setUp(t);
    const visitor = new AssistedVisitor(served.portal.reporterUrl);
    const form = await visitor.open("/assisted/report");
    assert.match(form.html, /name="urgent"/);
    assert.ok(form.html.includes("Odo Ombuds") && !/name="urgent"[^>]* checked/.test(form.html));
    const hint = form.html.match(/id="urgent-hint">([^<]*)/)![1]!;
    assert.ok(hint.includes("Odo Ombuds") && hint.includes("Paper in the safe") && !hint.includes("Rosa"), hint);
    const fields = {
      ...Object.fromEntries(["code", "ticket", "seen", "channel"].map((name) => [name, inputValue(form, name)])),
      "answer-what": plants.what,
    };
    const back = await visitor.submit("/assisted/report", { fields: { ...fields, urgent: "yes" } });
    assert.match(back.html, /name="urgent"[^>]* checked/, "the code was not confirmed; what was ticked stays ticked");
    assert.equal(mail.mails.length, 0);
    assert.equal(
      await visitor.send("/assisted/report", { fields: { ...fields, urgent: "yes", confirm: "yes" } }),
      "/assisted/sent",
    );
    await arrived(mail.mails, 2);
    assert.deepEqual(receivers(mail.mails), [ombuds, safe].sort());
    const desk = await deskOf(served, odo.seed);
    const caseId = await findByTitle(served, desk, plants.what);
    const { listing } = await openCase(desk, caseId!);
    assert.deepEqual([listing.urgent, listing.assisted], [true, true]);
  });

  test("is not told of when nothing was ticked", async (t) => {
    const { served, mail } = await setUp(t);
    await tell(served, plants);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(mail.mails.length, 0);
  });

  test("is acknowledged at once though the mail server is dead or says nothing, and the log names nobody", async (t) => {
    const silent = await startMailServer({ onConnect: () => {} });
    const hook = await startHook();
    await hook.close();
    const settings = settingsFor(silent, hook);
    const env = { SMTP_PASSWORD: "hunter2-for-mail", WEBHOOK_SECRET: "hunter2-for-hooks" };
    const recovery = { webhook: hook.url };
    const smtp = { host: "127.0.0.1", port: silent.port, user: "portal-user" };
    const served = await serveWithOmbuds({ ...settings, smtp, recovery }, { env });
    t.after(async () => {
      await served.end();
      await silent.close();
    });
    const report = fileReport(
      { ...served.organisation, chain: served.portal.context.book.chain! },
      { flags: flagUrgent },
    );
    assert.equal((await ask(served.portal.reporterUrl, "POST", "/reports", report.bytes)).status, 201);
    const given = served.portal.lines.filter((line) => line.includes("mail server"));
    assert.deepEqual(given, [], "the answer is there while the mail server is still waited for");
    const { lines } = served.portal;
    await arrived(lines, 1);
    assert.deepEqual(lines, ["fault: a reminder was not taken by its webhook (ECONNREFUSED)"]);
    assert.equal((await ask(served.portal.reporterUrl, "GET", "/rosters")).status, 200);
  });
});
