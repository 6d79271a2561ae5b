/** The operator's notify.json: at which hours reminders go out, to whom, and over which mail server. */
import { readFileSync } from "node:fs";
import { z } from "../../crypto/shape.ts";
import { parseJsonFile, type FileProblem, type ParsedFile, type RuleProblem } from "../../data/policy/json-file.ts";
import { isLoopback } from "../config.ts";
import { parseHour } from "./hours.ts";

const email = z
  .string()
  .check(z.maxLength(254), z.regex(/^[^\s<>"(),:;@[\]\\]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i, "notify:file.email"));
const host = z
  .string()
  .check(z.maxLength(253), z.regex(/^[a-z0-9](?:[a-z0-9.:-]*[a-z0-9])?$|^::1$/i, "notify:file.host"));
const webhook = z.string().check(z.maxLength(2000), z.refine(isUsableWebhook, "notify:file.webhook"));
const address = z.strictObject({ email: z.optional(email), webhook: z.optional(webhook) });
const memberId = z.string().check(z.regex(/^[1-9]\d{0,8}$/, "notify:file.member"));
const hour = z.string().check(z.regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "notify:file.hour"));

const notifyShape = z.strictObject({
  hours: z.array(hour).check(z.minLength(1), z.maxLength(24)),
  from: z.optional(email),
  smtp: z.optional(
    z.strictObject({
      host,
      port: z.int().check(z.gte(1), z.lte(65535)),
      /** TLS from the first byte. */
      secure: z.optional(z.boolean()),
      /** TLS after STARTTLS, or nothing is sent. */
      startTls: z.optional(z.boolean()),
      user: z.optional(z.string().check(z.minLength(1), z.maxLength(254))),
    }),
  ),
  members: z.optional(z.record(memberId, address)),
  recovery: z.optional(address),
});
type NotifyFile = z.infer<typeof notifyShape>;

/** Where one person is reached. */
export type Address = { by: "email" | "webhook"; to: string };

export interface NotifySettings {
  /** As in the file: "07:00". */
  hours: readonly string[];
  /** Minutes after midnight, UTC, ascending. */
  minutes: readonly number[];
  from: string;
  /** Null: the file names no mail server, and so nobody's mail address. */
  smtp: { host: string; port: number; secure: boolean; startTls: boolean; user: string | null } | null;
  /** By person id. */
  members: ReadonlyMap<number, Address>;
  /** Of whoever keeps the recovery key. */
  recovery: Address | null;
}

/** The file cannot be used. `problems`: line by line; empty when it cannot be read at all. */
export class NotifyFileError extends Error {
  readonly file: string;
  readonly problems: readonly FileProblem[];

  constructor(file: string, problems: readonly FileProblem[], options?: ErrorOptions) {
    super("the settings for reminders cannot be used", options);
    this.name = "NotifyFileError";
    this.file = file;
    this.problems = problems;
  }
}

/**
 * The settings in this file; null when there is none and nobody asked for it by name.
 * `hasPassword`: the mail server's password stands in the environment.
 * @throws NotifyFileError
 */
export function readNotifyFile(
  file: string,
  { mustBe, hasPassword }: { mustBe: boolean; hasPassword: boolean },
): NotifySettings | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    if (!mustBe && cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    throw new NotifyFileError(file, [], { cause });
  }
  const parsed = parseNotifyFile(text, hasPassword);
  if ("problems" in parsed) throw new NotifyFileError(file, parsed.problems);
  return parsed.value;
}

/** The settings, or what is wrong with them, line by line. */
export function parseNotifyFile(text: string, hasPassword: boolean): ParsedFile<NotifySettings> {
  const parsed = parseJsonFile(text, notifyShape, { rules: (found) => rulesOf(found, hasPassword) });
  return "problems" in parsed ? parsed : { value: settingsOf(parsed.value) };
}

function rulesOf(file: NotifyFile, hasPassword: boolean): RuleProblem[] {
  const addresses: [path: string[], address: z.infer<typeof address>][] = [
    ...Object.entries(file.members ?? {}).map(([id, each]) => [["members", id], each] as [string[], typeof each]),
    ...(file.recovery === undefined ? [] : [[["recovery"], file.recovery] as [string[], typeof file.recovery]]),
  ];
  const canMail = file.smtp !== undefined && file.from !== undefined;
  return [
    ...file.hours.flatMap((each, i) =>
      file.hours.indexOf(each) < i
        ? [{ path: ["hours", i], key: "notify:file.hourTwice", values: { hour: each } }]
        : [],
    ),
    ...smtpRules(file.smtp, hasPassword),
    ...addresses.flatMap(([path, each]) => {
      if ((each.email === undefined) === (each.webhook === undefined)) return [{ path, key: "notify:file.address" }];
      return each.email !== undefined && !canMail ? [{ path: [...path, "email"], key: "notify:file.noSmtp" }] : [];
    }),
  ];
}

/** Nothing leaves this machine in the clear: who reads it on the way would learn who is told, and when. */
function smtpRules(smtp: NotifyFile["smtp"], hasPassword: boolean): RuleProblem[] {
  if (smtp === undefined) return [];
  const { host, secure = false, startTls = false, user } = smtp;
  const isPlain = !secure && !startTls;
  return [
    ...((secure && startTls) || (isPlain && !isThisMachine(host)) ? [{ path: ["smtp"], key: "notify:file.tls" }] : []),
    ...(user !== undefined && !hasPassword ? [{ path: ["smtp", "user"], key: "notify:file.password" }] : []),
  ];
}

const isThisMachine = (host: string): boolean => host === "::1" || isLoopback(host.toLowerCase());

function isUsableWebhook(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== "" || password !== "") return false;
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

function settingsOf({ hours, from, smtp, members, recovery }: NotifyFile): NotifySettings {
  return {
    hours,
    minutes: hours.map(parseHour).sort((a, b) => a - b),
    from: from ?? "",
    smtp:
      smtp === undefined
        ? null
        : { ...smtp, secure: smtp.secure ?? false, startTls: smtp.startTls ?? false, user: smtp.user ?? null },
    members: new Map(Object.entries(members ?? {}).map(([id, each]) => [Number(id), addressOf(each)])),
    recovery: recovery === undefined ? null : addressOf(recovery),
  };
}

/** Of one that the rules let through: exactly one of the two is there. */
function addressOf({ email, webhook }: z.infer<typeof address>): Address {
  return email === undefined ? { by: "webhook", to: webhook! } : { by: "email", to: email };
}
