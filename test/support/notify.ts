/** Where reminders arrive in tests: a real mail server, a real webhook, and an organisation with an ombuds. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import type { NotifySettings } from "../../server/notify/notify-file.ts";
import type { Clock } from "../../server/ports.ts";
import { makeMember, rosterMember, type FixtureMember } from "./fixtures.ts";
import { serveOrganisation, type ServedOrganisation } from "./organisation-server.ts";
import { sweep } from "./sweep.ts";
import { postRosterAfter } from "./two-places.ts";

export interface Mail {
  to: string[];
  /** As it came over the wire, dots undone. */
  raw: string;
  /** Who signed in at the mail server; "" for nobody. */
  user: string;
  secure: boolean;
}

export interface MailServer {
  port: number;
  mails: Mail[];
  /** How many connections came in. */
  connections(): number;
  close(): Promise<void>;
}

/** Takes all mail on 127.0.0.1. `refuse`: how many messages are refused first, as greylisting does. */
export async function startMailServer({
  refuse = 0,
  ...options
}: { refuse?: number } & SMTPServerOptions = {}): Promise<MailServer> {
  const mails: Mail[] = [];
  let connections = 0;
  let left = refuse;
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    disableReverseLookup: true,
    logger: false,
    onConnect(_session, callback) {
      connections++;
      callback();
    },
    onData(stream, session, callback) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        if (left-- > 0) {
          callback(Object.assign(new Error("come back later"), { responseCode: 451 }));
          return;
        }
        const to = session.envelope.rcptTo.map(({ address }) => address);
        const user = typeof session.user === "string" ? session.user : "";
        mails.push({ to, raw: Buffer.concat(parts).toString("latin1"), user, secure: session.secure });
        callback();
      });
    },
    ...options,
  });
  server.on("error", () => {}); // clients that go away in the middle
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo;
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return { port, mails, connections: () => connections, close };
}

export interface Hook {
  url: string;
  calls: { method: string; path: string; headers: http.IncomingHttpHeaders; body: string }[];
  close(): Promise<void>;
}

/** Answers every request the same. */
export async function startHook(status = 204, headers: http.OutgoingHttpHeaders = {}): Promise<Hook> {
  const calls: Hook["calls"] = [];
  const server = http.createServer((req, res) => {
    let body = "";
    req.setEncoding("utf8").on("data", (text: string) => (body += text));
    req.on("end", () => {
      calls.push({ method: req.method ?? "", path: req.url ?? "", headers: req.headers, body });
      res.writeHead(status, headers).end();
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${String(port)}/hook`, calls, close };
}

/** A clock that stands where it is put: UTC, e.g. "2026-05-04T06:59:30Z". */
export function settableClock(at: string): Clock & { set(at: string): void } {
  let now = Date.parse(at);
  return {
    now: () => now,
    today: () => Math.floor(now / 86_400_000),
    set(next) {
      now = Date.parse(next);
    },
  };
}

export const odo: FixtureMember = makeMember(7, "Odo Ombuds", ["ombuds"]);

/** The fixture organisation with Odo, the ombuds, as a recipient and reader. */
export async function serveWithOmbuds(
  settings: object,
  { env = {}, clock, trial = true }: { env?: Record<string, string>; clock?: Clock; trial?: boolean } = {},
): Promise<ServedOrganisation & { end(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "tellhaven-notify-"));
  const file = join(folder, "notify.json");
  await writeFile(file, JSON.stringify(settings));
  const options = { trial, ...(clock !== undefined && { clock }) };
  const served = await serveOrganisation({ NOTIFY_FILE: file, ...env }, 2, options);
  await postRosterAfter(served, (content) => ({
    ...content,
    recipientRoles: [...content.recipientRoles, "ombuds"],
    members: [...content.members, rosterMember(odo)],
    channels: content.channels.map((channel) => ({ ...channel, readers: [...channel.readers, odo.id] })),
  }));
  const end = async (): Promise<void> => {
    await served.portal.discard();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...served, end };
}

/** Header fields by name in lower case, unfolded, and the body. */
export function readMail(raw: string): { headers: Map<string, string>; body: string } {
  const end = raw.indexOf("\r\n\r\n");
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n");
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  return { headers, body: raw.slice(end + 4) };
}

/** Waits until `count` have come; more that come at once are seen by the caller. @throws after twenty seconds */
export async function arrived(list: readonly unknown[], count: number): Promise<void> {
  const end = Date.now() + 20_000;
  while (list.length < count) {
    if (Date.now() > end) throw new Error(`${String(list.length)} of ${String(count)} came`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const rosa = "rosa@example.org";
export const ombuds = "odo@example.com";
export const safe = "safe@example.net";

/** Rosa and the ombuds by mail, Carl by webhook, the safe by mail; Nia (6) has no address. */
export const settingsFor = (mail: Pick<MailServer, "port">, hook: Hook): object => ({
  hours: ["07:00", "13:00"],
  from: "portal@example.org",
  smtp: { host: "127.0.0.1", port: mail.port },
  members: { "1": { email: rosa }, "2": { webhook: hook.url }, "7": { email: ombuds } },
  recovery: { email: safe },
});

type Served = Awaited<ReturnType<typeof serveWithOmbuds>>;

export interface Setting {
  served: Served;
  mail: MailServer;
  hook: Hook;
  clock: ReturnType<typeof settableClock>;
}

export async function setUp(
  t: TestContext,
  options: { trial?: boolean; env?: Record<string, string> } = {},
): Promise<Setting> {
  const [mail, hook] = await Promise.all([startMailServer(), startHook()]);
  const clock = settableClock("2026-05-04T06:00:00Z");
  const served = await serveWithOmbuds(settingsFor(mail, hook), { clock, ...options });
  t.after(async () => {
    await served.end();
    await Promise.all([mail.close(), hook.close()]);
  });
  return { served, mail, hook, clock };
}

export const receivers = (mails: readonly Mail[]): string[] => mails.flatMap(({ to }) => to).sort();
export const subjects = (mails: readonly Mail[]): string[] =>
  mails.map(({ raw }) => readMail(raw).headers.get("subject")!);

/** All that came, and an empty table again. */
export function taken(setting: Setting): { mails: Mail[]; calls: Hook["calls"] } {
  return { mails: setting.mail.mails.splice(0), calls: setting.hook.calls.splice(0) };
}

export const plants = {
  title: "Solvents in the well",
  what: "The drums behind hall seven are empty.",
  categories: ["retaliation"],
};

export async function withoutContent({ served }: Setting, mails: readonly Mail[]): Promise<void> {
  const { reporterUrl, consoleUrl } = served.portal;
  const { current } = served.portal.context.book.chain!;
  const names = current.members.map(({ name }) => name);
  const said = [plants.title, plants.what, "retaliation", current.organisation, "Speak up", ...names];
  const addresses = [reporterUrl, consoleUrl, "localhost", "tellhaven"];
  const places = mails.map(({ raw }) => ({ label: "mail", bytes: Buffer.from(raw) }));
  assert.ok(places.length > 0);
  assert.deepEqual((await sweep([...said, ...addresses], places)).hits, []);
}

/** Settings with which mail goes to a server on this machine, without a sign-in and in clear. */
export const mailSettings = (port: number, change: Partial<NotifySettings> = {}): NotifySettings => ({
  hours: ["07:00"],
  minutes: [420],
  from: "portal@example.org",
  smtp: { host: "127.0.0.1", port, secure: false, startTls: false, user: null },
  members: new Map(),
  recovery: null,
  ...change,
});
