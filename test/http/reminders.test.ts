/** Reminders from a real portal to a real mail server and a real webhook: what arrives, at whom, when, and what it tells. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, test, type TestContext } from "node:test";

import { noticeOf } from "../../server/notify/notices.ts";
import { setReminder } from "../../views/browser/client/case-acts.ts";
import { writeNote } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { deskOf, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import {
  arrived,
  odo,
  ombuds,
  readMail,
  receivers,
  rosa,
  safe,
  serveWithOmbuds,
  settableClock,
  settingsFor,
  setUp,
  startHook,
  startMailServer,
  subjects,
  taken,
  withoutContent,
  type Mail,
  type Setting,
} from "../support/notify.ts";
import { startTestPortal } from "../support/server.ts";

/** What is left of a message when the two headers that have to differ are shown to be well-formed, and gone. */
function bare({ raw, to }: Mail): string {
  assert.match(raw, /^Message-ID: <[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}@example\.org>\r$/m);
  return raw
    .replace(/^Message-ID: .*\r\n/m, "")
    .replace(/^Date: .*\r\n/m, "")
    .replaceAll(to[0]!, "them");
}

const { text: digestText } = noticeOf("digest", false, new Date());

describe("the digest", () => {
  test("comes at the fixed hours only, to every recipient with an address, and once", async (t) => {
    const setting = await setUp(t, { trial: false });
    const { served, clock } = setting;
    const remind = async (at: string): Promise<[string[], number]> => {
      clock.set(at);
      await served.portal.remind();
      const { mails, calls } = taken(setting);
      return [receivers(mails), calls.length];
    };
    const all = [ombuds, rosa, safe].sort();
    assert.deepEqual(await remind("2026-05-04T06:59:59Z"), [[], 0], "the first look makes up for nothing");
    assert.deepEqual(await remind("2026-05-04T07:00:00Z"), [all, 1]);
    assert.deepEqual(await remind("2026-05-04T07:01:00Z"), [[], 0]);
    assert.deepEqual(await remind("2026-05-04T12:59:59Z"), [[], 0]);
    assert.deepEqual(await remind("2026-05-04T13:00:30Z"), [all, 1]);
    assert.deepEqual(await remind("2026-05-04T12:58:00Z"), [[], 0], "a clock set back");
    assert.deepEqual(await remind("2026-05-04T13:00:00Z"), [[], 0], "and the hour again");
    const late = await Promise.all([remind("2026-05-07T03:00:00Z"), served.portal.remind()]);
    assert.deepEqual(late[0], [all, 1], "the newest hour that was missed, once, though two looked");
  });

  test("is the same bytes with no case and with five, whoever was left out", async (t) => {
    const setting = await setUp(t, { trial: false });
    const { served, clock } = setting;
    await served.portal.remind();
    clock.set("2026-05-04T07:00:20Z");
    await served.portal.remind();
    const none = taken(setting);
    for (let i = 0; i < 5; i++) await tell(served, { title: `Case ${String(i)}`, excluded: i < 3 ? [odo.id] : [] });
    clock.set("2026-05-04T13:00:40Z");
    await served.portal.remind();
    const five = taken(setting);
    assert.deepEqual(five.mails.map(bare).sort(), none.mails.map(bare).sort());
    assert.equal(new Set([...none.mails, ...five.mails].map(bare)).size, 1, "and the same to everybody");
    assert.equal(five.calls[0]!.body, none.calls[0]!.body);
    assert.deepEqual(Object.keys(five.calls[0]!.headers), Object.keys(none.calls[0]!.headers));
    for (const [hour, { mails }] of [
      ["07", none],
      ["13", five],
    ] as const)
      for (const { raw } of mails)
        assert.equal(
          readMail(raw).headers.get("date"),
          `Mon, 04 May 2026 ${hour}:00:00 +0000`,
          "the hour, no second more",
        );
    assert.equal(readMail(none.mails[0]!.raw).body.trim(), digestText.replaceAll("\n", "\r\n"));
  });

  test("says in a trial that it is one", async (t) => {
    const setting = await setUp(t);
    await setting.served.portal.remind();
    setting.clock.set("2026-05-04T07:00:20Z");
    await setting.served.portal.remind();
    const { mails } = taken(setting);
    assert.deepEqual(new Set(subjects(mails)), new Set([`Trial: ${noticeOf("digest", false, new Date()).subject}`]));
  });

  test("is not sent twice over a restart, and an hour missed while down is made up for once", async (t) => {
    const setting = await setUp(t);
    const { served, clock } = setting;
    const { portal } = served;
    await portal.remind();
    clock.set("2026-05-04T07:00:00Z");
    await portal.remind();
    assert.equal(taken(setting).mails.length, 3);
    await portal.close();
    const env = { NOTIFY_FILE: portal.config.notifyFile.path };
    let again = await startTestPortal(env, { dataDir: portal.dataDir, clock });
    await again.remind();
    assert.equal(taken(setting).mails.length, 0);
    await again.close();
    clock.set("2026-05-06T08:00:00Z");
    again = await startTestPortal(env, { dataDir: portal.dataDir, clock });
    t.after(() => again.close());
    await again.remind();
    await again.remind();
    const { mails } = taken(setting);
    assert.equal(mails.length, 3, "four hours were missed: one is made up for");
    assert.equal(readMail(mails[0]!.raw).headers.get("date"), "Wed, 06 May 2026 07:00:00 +0000");
  });
});

describe("a date that has passed", () => {
  const digestSubject = noticeOf("digest", false, new Date()).subject;
  const escalated = (mails: readonly Mail[]): string[] =>
    receivers(mails.filter(({ raw }) => readMail(raw).headers.get("subject") !== digestSubject));
  let setting: Setting;

  /** What the hour brought besides the digest. */
  async function hour(at: string): Promise<string[]> {
    setting.clock.set(at);
    await setting.served.portal.remind();
    return escalated(taken(setting).mails);
  }

  async function remindOf(title: string, on: string | null, second: number | null): Promise<void> {
    const { served } = setting;
    const desk = await deskOf(served, served.organisation.members.rosa.seed);
    const caseId = (await findByTitle(served, desk, title))!;
    await writeNote(desk, caseId, "looked at", await withoutFiles(desk, caseId));
    const day = on === null ? null : Date.parse(on) / 86_400_000;
    await setReminder(desk, await openCase(desk, caseId), day, second);
  }

  beforeEach(async (t) => {
    setting = await setUp(t as TestContext, { trial: false });
    await hour("2026-05-04T07:00:00Z");
  });

  test("where nobody has signed in goes to the ombuds and the recovery contact, once in seven days, however many cases", async () => {
    for (const title of ["One", "Two", "Three"]) await tell(setting.served, { title, excluded: [odo.id] });
    assert.deepEqual(await hour("2026-05-05T13:00:00Z"), [], "a day may pass");
    setting.clock.set("2026-05-06T06:00:00Z");
    await setting.served.portal.remind();
    taken(setting);
    setting.clock.set("2026-05-06T07:00:00Z");
    await setting.served.portal.remind();
    const { mails, calls } = taken(setting);
    assert.deepEqual(escalated(mails), [ombuds, safe].sort());
    assert.deepEqual(
      calls.map(({ body }) => (JSON.parse(body) as { kind: string }).kind),
      ["digest"],
    );
    await withoutContent(setting, mails);
    assert.deepEqual(await hour("2026-05-06T13:00:00Z"), []);
    assert.deepEqual(await hour("2026-05-12T13:00:00Z"), [], "six days later");
    assert.deepEqual(await hour("2026-05-13T07:00:00Z"), [ombuds, safe].sort());
  });

  test("goes to the one whom a reader named, and to nobody else", async () => {
    await tell(setting.served, { title: "Named" });
    await remindOf("Named", "2026-05-10", 1);
    assert.deepEqual(await hour("2026-05-10T13:00:00Z"), [], "the day itself has not passed");
    assert.deepEqual(await hour("2026-05-11T07:00:00Z"), [rosa]);
    assert.deepEqual(await hour("2026-05-12T07:00:00Z"), []);
  });

  test("by webhook too, in the same hour as others by mail", async () => {
    await tell(setting.served, { title: "Hooked" });
    await tell(setting.served, { title: "Unread" });
    await remindOf("Hooked", "2026-05-05", 2);
    setting.clock.set("2026-05-08T07:00:00Z");
    await setting.served.portal.remind();
    const { mails, calls } = taken(setting);
    assert.deepEqual(escalated(mails), [ombuds, safe].sort());
    assert.deepEqual(calls.map(({ body }) => (JSON.parse(body) as { kind: string }).kind).sort(), [
      "digest",
      "escalation",
    ]);
  });

  test("is told again although a clock that was years ahead told it", async () => {
    await tell(setting.served, { title: "Ahead" });
    await remindOf("Ahead", "2026-05-05", 1);
    assert.deepEqual(await hour("2036-05-08T07:00:00Z"), [rosa]);
    assert.deepEqual(await hour("2026-05-08T07:00:00Z"), [], "the first look of the right clock makes up for nothing");
    assert.deepEqual(await hour("2026-05-08T13:00:00Z"), [rosa]);
    assert.deepEqual(await hour("2026-05-09T07:00:00Z"), []);
  });

  for (const [what, second] of [
    ["is no recipient", 4],
    ["has no address", 6],
    ["is nobody", 99],
  ] as const)
    test(`goes to the two when the one who was named ${what}`, async () => {
      await tell(setting.served, { title: "Gone" });
      await remindOf("Gone", "2026-05-05", second);
      assert.deepEqual(await hour("2026-05-08T07:00:00Z"), [ombuds, safe].sort());
    });

  test("that was met, or moved, is told to nobody; moved again it is new", async () => {
    await tell(setting.served, { title: "Moved" });
    await remindOf("Moved", null, null);
    assert.deepEqual(await hour("2026-06-08T07:00:00Z"), []);
    await remindOf("Moved", "2026-06-09", 1);
    assert.deepEqual(await hour("2026-06-10T07:00:00Z"), [rosa]);
    await remindOf("Moved", "2026-06-11", 1);
    assert.deepEqual(await hour("2026-06-12T07:00:00Z"), [rosa], "another date begins anew");
  });
});

test("what nobody took is tried again at the next hour, and not counted as told", async (t) => {
  const mail = await startMailServer({ refuse: Number.MAX_SAFE_INTEGER });
  const hook = await startHook();
  const clock = settableClock("2026-05-04T06:00:00Z");
  const served = await serveWithOmbuds(settingsFor(mail, hook), { clock });
  t.after(async () => {
    await served.end();
    await Promise.all([mail.close(), hook.close()]);
  });
  await tell(served, { title: "Waits" });
  await served.portal.remind();
  clock.set("2026-05-08T07:00:00Z");
  const first = served.portal.remind();
  await arrived(served.portal.lines, 5); // three digests, two escalations
  await served.portal.close();
  await first;
  const open = await startMailServer();
  t.after(() => open.close());
  await writeFile(served.portal.config.notifyFile.path, JSON.stringify(settingsFor(open, hook)));
  clock.set("2026-05-08T13:00:00Z");
  const env = { NOTIFY_FILE: served.portal.config.notifyFile.path };
  const again = await startTestPortal(env, { dataDir: served.portal.dataDir, clock });
  t.after(() => again.close());
  await again.remind();
  assert.deepEqual(receivers(open.mails), [ombuds, ombuds, rosa, safe, safe].sort());
});

describe("starting", () => {
  const root = join(import.meta.dirname, "../..");

  async function start(t: TestContext, text: string | null): Promise<{ status: number | null; err: string }> {
    const dir = await mkdtemp(join(tmpdir(), "tellhaven-notify-start-"));
    t.after(() => rm(dir, { recursive: true, force: true }));
    const file = join(dir, "settings.json");
    if (text !== null) await writeFile(file, text);
    const env = { ...process.env, DATA_DIR: dir, NOTIFY_FILE: file, SMTP_PASSWORD: "hunter2-for-mail" };
    const ran = spawnSync(process.execPath, ["server/start.ts"], { cwd: root, env, encoding: "utf8", timeout: 60_000 });
    return { status: ran.status, err: ran.stderr };
  }

  test("with a broken file is refused, with its line and in words", async (t) => {
    const { status, err } = await start(
      t,
      '{\n  "hours": ["7:00"],\n  "smtp": { "host": "mail.example.org", "port": 25 }\n}\n',
    );
    assert.equal(status, 1);
    assert.match(err, /settings\.json\nLine 2, column 13: An hour is written as "07:00"/);
    assert.doesNotMatch(err, /hunter2| at /);
  });

  test("without the file that was named is refused; without any it starts and tells nobody", async (t) => {
    const { status, err } = await start(t, null);
    assert.equal(status, 1);
    assert.match(err, /cannot be read: .*settings\.json\n$/);
    const portal = await startTestPortal();
    t.after(() => portal.discard());
    assert.equal(portal.reminders, null);
    await portal.remind();
  });
});
