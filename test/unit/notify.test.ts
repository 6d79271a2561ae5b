/** Reminders with nothing running but where they go: hours, the operator's file, tries, what is written to logs. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test, type TestContext } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import fc from "fast-check";
import { translator } from "../../server/http/i18n.ts";
import { openChannels, type ChannelSecrets } from "../../server/notify/channels.ts";
import { newestSlot, parseHour, slotAction } from "../../server/notify/hours.ts";
import { noticeKinds, noticeOf } from "../../server/notify/notices.ts";
import { parseNotifyFile } from "../../server/notify/notify-file.ts";
import { Outbox } from "../../server/notify/outbox.ts";
import { Reminders } from "../../server/notify/reminders.ts";
import { makeOrganisation } from "../support/fixtures.ts";
import { requireJudge } from "../support/judges.ts";
import {
  arrived,
  type MailServer,
  mailSettings,
  readMail,
  receivers,
  settableClock,
  startHook,
  startMailServer,
} from "../support/notify.ts";

const minute = 60_000;
const at = (text: string): number => Date.parse(text);
const slotAt = (text: string): number => at(text) / minute;

describe("the fixed hours", () => {
  const hours = ["07:00", "13:00"].map(parseHour);
  for (const [now, slot] of [
    ["2026-05-04T06:59:59Z", "2026-05-03T13:00Z"],
    ["2026-05-04T07:00:00Z", "2026-05-04T07:00Z"],
    ["2026-05-04T12:59:59Z", "2026-05-04T07:00Z"],
    ["2026-05-04T13:00:00Z", "2026-05-04T13:00Z"],
    ["2026-05-04T23:59:59Z", "2026-05-04T13:00Z"],
    ["2026-05-05T00:00:00Z", "2026-05-04T13:00Z"],
  ] as const)
    test(`at ${now} the newest is ${slot}`, () => assert.equal(newestSlot(at(now), hours), slotAt(slot)));

  test("the newest slot is one of the hours, not later than now, and none lies between", () => {
    const anyHours = fc.uniqueArray(fc.integer({ min: 0, max: 1439 }), { minLength: 1, maxLength: 24 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 41 }), anyHours, (now, unsorted) => {
        const sorted = [...unsorted].sort((a, b) => a - b);
        const slot = newestSlot(now, sorted);
        const passed = Math.floor(now / minute) - slot;
        assert.ok(passed >= 0 && passed < 1440);
        assert.ok(sorted.includes(((slot % 1440) + 1440) % 1440));
        for (let between = slot + 1; between <= slot + passed; between++) assert.ok(!sorted.includes(between % 1440));
      }),
    );
  });

  for (const [what, last, slot, action] of [
    ["the very first look makes up for nothing", null, 5000, "begin"],
    ["the same hour is not served twice", 5000, 5000, "wait"],
    ["the next hour is served", 5000, 5360, "send"],
    ["of several that were missed the newest is served", 5000, 15_000, "send"],
    ["a clock set back a little serves none again", 5000, 4640, "wait"],
    ["a clock that was years ahead does not silence for years", 2_000_000, 5000, "begin"],
  ] as const)
    test(what, () => assert.equal(slotAction(last, slot), action));
});

const whole = {
  hours: ["07:00", "13:00"],
  from: "portal@example.org",
  smtp: { host: "mail.example.org", port: 587, startTls: true, user: "portal" },
  members: { "1": { email: "rosa@example.org" }, "2": { webhook: "https://chat.example.org/in/2" } },
  recovery: { email: "safe@example.org" },
};
const lines = (value: object): string => JSON.stringify(value, null, 2);

describe("the operator's file", () => {
  test("a whole one is read", () => {
    const parsed = parseNotifyFile(lines(whole), true);
    assert.ok("value" in parsed, JSON.stringify(parsed));
    assert.deepEqual(parsed.value.minutes, [420, 780]);
    assert.deepEqual(
      [...parsed.value.members],
      [
        [1, { by: "email", to: "rosa@example.org" }],
        [2, { by: "webhook", to: "https://chat.example.org/in/2" }],
      ],
    );
    assert.deepEqual(parsed.value.smtp, {
      host: "mail.example.org",
      port: 587,
      secure: false,
      startTls: true,
      user: "portal",
    });
  });

  const smtp = (change: object): string => lines({ ...whole, smtp: { ...whole.smtp, ...change } });
  for (const [what, text, line, key] of [
    ["no JSON", '{\n  "hours": ["07:00"\n  "from": "a@b.c"\n}', 3, "faults:syntax.comma"],
    ["an unknown field", lines({ ...whole, subject: "x" }), 24, "faults:unknown"],
    ["a password in the file", smtp({ password: "hunter2" }), 12, "faults:unknown"],
    ["no hours", lines({ ...whole, hours: [] }), 2, "faults:least.list"],
    ["an hour that is none", lines({ ...whole, hours: ["07:00", "24:00"] }), 4, "notify:file.hour"],
    ["an hour twice", lines({ ...whole, hours: ["07:00", "07:00"] }), 4, "notify:file.hourTwice"],
    ["two addresses in one", lines({ ...whole, from: "a@example.org, b@example.org" }), 6, "notify:file.email"],
    [
      "a line break in an address",
      lines({ ...whole, from: "a@example.org\r\nBcc: b@example.org" }),
      6,
      "notify:file.email",
    ],
    ["plain mail to another machine", smtp({ startTls: false }), 7, "notify:file.tls"],
    ["both kinds of TLS", smtp({ secure: true }), 7, "notify:file.tls"],
    [
      "a name for a person",
      lines({ ...whole, members: { rosa: { email: "rosa@example.org" } } }),
      14,
      "notify:file.member",
    ],
    [
      "two ways to one person",
      lines({ ...whole, recovery: { email: "a@b.c", webhook: "https://a.b" } }),
      21,
      "notify:file.address",
    ],
    ["no way to one person", lines({ ...whole, recovery: {} }), 21, "notify:file.address"],
    [
      "a webhook in the clear",
      lines({ ...whole, recovery: { webhook: "http://chat.example.org/" } }),
      22,
      "notify:file.webhook",
    ],
    [
      "a webhook with a password",
      lines({ ...whole, recovery: { webhook: "https://a:b@c.org/" } }),
      22,
      "notify:file.webhook",
    ],
    ["mail without a mail server", lines({ ...whole, smtp: undefined }), 9, "notify:file.noSmtp"],
    ["mail without a sender", lines({ ...whole, from: undefined }), 14, "notify:file.noSmtp"],
  ] as const)
    test(`${what} is refused with its line`, () => {
      const parsed = parseNotifyFile(text, true);
      assert.ok("problems" in parsed, "it was taken");
      const [first] = parsed.problems;
      assert.deepEqual([first!.line, first!.key], [line, key], JSON.stringify(parsed.problems));
      const words = translator("en")(first!.key, first!.values);
      assert.notEqual(words, first!.key, "there are words for it");
    });

  test("a user without a password in the environment is refused", () => {
    const parsed = parseNotifyFile(lines(whole), false);
    assert.ok("problems" in parsed);
    assert.deepEqual([parsed.problems[0]!.line, parsed.problems[0]!.key], [11, "notify:file.password"]);
  });

  for (const host of ["localhost", "127.0.0.1", "::1"])
    test(`plain mail to ${host} is taken`, () => {
      assert.ok("value" in parseNotifyFile(lines({ ...whole, smtp: { host, port: 25 } }), false));
    });
  for (const host of ["127.0.0.1.example.org", "localhost.example.org", "10.0.0.1", "::2"])
    test(`plain mail to ${host} is refused`, () => {
      assert.ok("problems" in parseNotifyFile(lines({ ...whole, smtp: { host, port: 25 } }), false));
    });
});

describe("the words", () => {
  for (const kind of noticeKinds)
    test(`of the ${kind} message name no place to open, and a trial is told from a real portal`, () => {
      const [real, trial] = [false, true].map((trial) => noticeOf(kind, trial, new Date(0)));
      assert.doesNotMatch(`${real!.subject}\n${real!.text}`, /https?:|www\.|\d|@|\{\{/);
      assert.match(trial!.subject, /^Trial: /);
      assert.match(trial!.text, /trial/);
      assert.doesNotMatch(real!.subject + real!.text, /trial/i);
      // 7-bit and short lines go out as they are, whatever a mail server can do.
      assert.match(trial!.subject + trial!.text, /^[\n\x20-\x7e]*$/);
    });
});

const noSecrets: ChannelSecrets = { smtpPassword: null, webhookSecret: null };
const notice = noticeOf("digest", false, new Date("2026-05-04T07:00:00Z"));
const byMail = { by: "email", to: "rosa@example.org" } as const;

function outboxTo(port: number, t: TestContext, waits: readonly number[]): { outbox: Outbox; log: string[] } {
  const log: string[] = [];
  const deliver = openChannels(mailSettings(port), noSecrets);
  const outbox = new Outbox({ deliver, waits, log: (line) => void log.push(line) });
  t.after(() => outbox.close());
  return { outbox, log };
}

describe("a mail server", () => {
  test("gets the standard headers and the words, and nothing of this machine", async (t) => {
    const server = await startMailServer();
    t.after(() => server.close());
    await openChannels(mailSettings(server.port), noSecrets)(notice, byMail);
    const [mail] = server.mails;
    assert.deepEqual(mail!.to, ["rosa@example.org"]);
    const { headers, body } = readMail(mail!.raw);
    assert.deepEqual([...headers.keys()].sort(), [
      "auto-submitted",
      "content-transfer-encoding",
      "content-type",
      "date",
      "from",
      "message-id",
      "mime-version",
      "subject",
      "to",
    ]);
    assert.equal(headers.get("date"), "Mon, 04 May 2026 07:00:00 +0000");
    assert.match(headers.get("message-id")!, /^<[0-9a-f-]{36}@example\.org>$/);
    assert.equal(body.trim(), notice.text.replaceAll("\n", "\r\n"));
  });

  test("that refuses at first has it in the end, once", async (t) => {
    const server = await startMailServer({ refuse: 2 });
    t.after(() => server.close());
    const { outbox, log } = outboxTo(server.port, t, [10, 10, 10]);
    assert.equal(await outbox.send(notice, byMail), true);
    assert.equal(server.mails.length, 1);
    assert.equal(log.length, 2);
  });

  test("that is dead is tried a few times only, and the log names nobody", async (t) => {
    const server = await startMailServer();
    await server.close();
    const { outbox, log } = outboxTo(server.port, t, [10, 10]);
    assert.equal(await outbox.send(notice, byMail), false);
    assert.deepEqual(log, Array(3).fill("fault: a reminder was not taken by its mail server (ESOCKET)"));
  });

  test("that cannot encrypt gets nothing where encryption is asked for", async (t) => {
    const server = await startMailServer({ disabledCommands: ["STARTTLS"] });
    t.after(() => server.close());
    const smtp = { host: "127.0.0.1", port: server.port, secure: false, startTls: true, user: null };
    await assert.rejects(openChannels(mailSettings(server.port, { smtp }), noSecrets)(notice, byMail), {
      code: "ETLS",
    });
    assert.equal(server.mails.length, 0);
    assert.equal(server.connections(), 1);
  });

  test("that refuses the password is named by its code alone", async (t) => {
    const server = await startMailServer({
      allowInsecureAuth: true,
      onAuth: (auth, _session, callback) => callback(new Error(`no ${String(auth.password)} here`)),
    });
    t.after(() => server.close());
    const smtp = { host: "127.0.0.1", port: server.port, secure: false, startTls: false, user: "portal-user" };
    const deliver = openChannels(mailSettings(server.port, { smtp }), {
      smtpPassword: "hunter2-hunter2",
      webhookSecret: null,
    });
    const log: string[] = [];
    const outbox = new Outbox({ deliver, waits: [], log: (line) => void log.push(line) });
    assert.equal(await outbox.send(notice, byMail), false);
    assert.deepEqual(log, ["fault: a reminder was not taken by its mail server (EAUTH)"]);
  });
});

describe("over TLS", requireJudge("openssl"), () => {
  const password = "a-password-for-mail";
  const trusted = getCACertificates();
  let folder: string;
  let tls: { cert: Buffer; key: Buffer };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tellhaven-smtp-"));
    const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    const made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost".split(" ");
    const rest = ["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert];
    execFileSync("openssl", [...made, ...rest], { stdio: "ignore" });
    tls = { cert: await readFile(cert), key: await readFile(key) };
  });
  after(() => rm(folder, { recursive: true, force: true }));
  afterEach(() => setDefaultCACertificates(trusted));

  async function send(t: TestContext, startTls: boolean, host: string): Promise<MailServer> {
    const server = await startMailServer({
      ...tls,
      hideSTARTTLS: false,
      secure: !startTls,
      onAuth: (auth, _session, callback) =>
        auth.password === password ? callback(null, { user: auth.username ?? "" }) : callback(new Error("no")),
    });
    t.after(() => server.close());
    const smtp = { host, port: server.port, secure: !startTls, startTls, user: "portal" };
    await openChannels(mailSettings(server.port, { smtp }), { smtpPassword: password, webhookSecret: null })(
      notice,
      byMail,
    );
    return server;
  }

  for (const [what, startTls] of [
    ["STARTTLS", true],
    ["TLS from the start", false],
  ] as const) {
    test(`${what}: a certificate that is vouched for is written to, with the password`, async (t) => {
      setDefaultCACertificates([...trusted, tls.cert.toString()]);
      const { mails } = await send(t, startTls, "localhost");
      assert.deepEqual(
        mails.map(({ to, user, secure }) => [to, user, secure]),
        [[["rosa@example.org"], "portal", true]],
      );
    });

    test(`${what}: a certificate that nobody vouches for is not`, async (t) => {
      await assert.rejects(send(t, startTls, "localhost"), /self-signed/);
    });

    test(`${what}: nor is one for another name`, async (t) => {
      setDefaultCACertificates([...trusted, tls.cert.toString()]);
      await assert.rejects(send(t, startTls, "127.0.0.1"), /altnames/);
    });
  }
});

describe("a webhook", () => {
  const secret = "a secret of the operator";

  test("gets the words as JSON, signed over the body", async (t) => {
    const hook = await startHook();
    t.after(() => hook.close());
    const deliver = openChannels(mailSettings(1, { smtp: null }), { ...noSecrets, webhookSecret: secret });
    await deliver(notice, { by: "webhook", to: hook.url });
    const [call] = hook.calls;
    assert.deepEqual([call!.method, call!.path, call!.headers["content-type"]], ["POST", "/hook", "application/json"]);
    assert.deepEqual(JSON.parse(call!.body), { format: "tellhaven-notice-1", kind: "digest", text: notice.text });
    const signature = createHmac("sha256", secret).update(call!.body).digest("hex");
    assert.equal(call!.headers["x-tellhaven-signature"], `sha256=${signature}`);
  });

  test("gets no signature where there is no secret", async (t) => {
    const hook = await startHook();
    t.after(() => hook.close());
    await openChannels(mailSettings(1, { smtp: null }), noSecrets)(notice, { by: "webhook", to: hook.url });
    assert.equal(hook.calls[0]!.headers["x-tellhaven-signature"], undefined);
  });

  for (const status of [301, 302, 307, 308, 404, 500])
    test(`that answers ${status} has not taken it, and leads nowhere`, async (t) => {
      const other = await startHook();
      const hook = await startHook(status, { location: other.url });
      t.after(() => Promise.all([hook.close(), other.close()]));
      const deliver = openChannels(mailSettings(1, { smtp: null }), noSecrets);
      await assert.rejects(deliver(notice, { by: "webhook", to: hook.url }));
      assert.deepEqual([hook.calls.length, other.calls.length], [1, 0]);
    });

  test("that is dead is named by its code alone", async () => {
    const hook = await startHook();
    await hook.close();
    const log: string[] = [];
    const deliver = openChannels(mailSettings(1, { smtp: null }), { ...noSecrets, webhookSecret: secret });
    const outbox = new Outbox({ deliver, waits: [], log: (line) => void log.push(line) });
    assert.equal(await outbox.send(notice, { by: "webhook", to: hook.url }), false);
    assert.deepEqual(log, ["fault: a reminder was not taken by its webhook (ECONNREFUSED)"]);
  });
});

test("urgent reports within the pause make one message more, when it ends", async (t) => {
  const server = await startMailServer();
  t.after(() => server.close());
  const recovery = { by: "email", to: "safe@example.net" } as const;
  const own = mailSettings(server.port, { recovery });
  const reminders = new Reminders({
    settings: own,
    deliver: openChannels(own, noSecrets),
    clock: settableClock("2026-05-04T06:00:00Z"),
    log: () => {},
    pace: { retries: [], urgent: 1500 },
  });
  t.after(() => reminders.close());
  const roster = makeOrganisation().chain.current;
  for (let i = 0; i < 5; i++) reminders.urgent(roster);
  await arrived(server.mails, 1);
  await arrived(server.mails, 2);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  assert.deepEqual(receivers(server.mails), [recovery.to, recovery.to]);
});
