/**
 * The environment, read once into typed settings. Secrets are a separate object, so that
 * a settings object can be printed or handed on without thinking.
 */
import { isAbsolute, join, resolve } from "node:path";

/** Requests per minute that one client (over Tor: everybody together) may make. */
export interface Rates {
  pages: number;
  setup: number;
  session: number;
  uploads: number;
  reports: number;
  mailbox: number;
}

export interface Config {
  host: string;
  port: number;
  consolePort: number;
  /** Absolute path of the directory that holds databases, objects and the keyring key. */
  dataDir: string;
  /** scheme://host[:port], as the browser's location.origin writes it. */
  reporterOrigin: string;
  consoleOrigin: string;
  /** A second, http://….onion origin of the reporter app, or null. */
  reporterOnion: string | null;
  /** Paths of certificate and key when this process ends TLS itself. */
  tls: { certFile: string; keyFile: string } | null;
  /** TLS ends at a proxy in front, which passes Host, X-Forwarded-For and X-Forwarded-Proto. */
  behindProxy: boolean;
  quickExitUrl: string;
  maxFileBytes: number;
  uploadBudgetBytes: number;
  minFreeBytes: number;
  feedTickSeconds: number;
  feedItems: number;
  rates: Rates;
  /** Seconds between opening the form without scripts and its being stored, at least. */
  assistedWaitSeconds: number;
  /** Days for which backups of the keyring are kept; 0: there are none. What deletions promise follows from it. */
  keyringBackupDays: number;
  /** Tries at most that a pass costs while it is calm (half of them on average, 0.4 ms each); 0: none is asked. */
  workCost: number;
  /** Where the time-stamping authority takes questions (RFC 3161), or null: case files carry no time stamp. */
  timestampUrl: string | null;
  /** Path of the settings for reminders; `mustBe`: the operator named it, so it has to be there. */
  notifyFile: { path: string; mustBe: boolean };
}

export interface Secrets {
  /** Master secret of the keyring, 32 bytes; null: kept in DATA_DIR/keyring.key. */
  keyringKey: Uint8Array | null;
  /** Of the mail server's user that the settings for reminders name. */
  smtpPassword: string | null;
  /** With which what goes to webhooks is signed. */
  webhookSecret: string | null;
}

/** What can be wrong with a setting; its words are `setup:config.<problem>`. */
export const configProblems = [
  "number",
  "flag",
  "hex",
  "origin",
  "insecureOrigin",
  "tlsPair",
  "url",
  "webAddress",
] as const;
export type ConfigProblem = (typeof configProblems)[number];

/** A setting that cannot be used. Names the setting, never its value: it may be a secret. */
export class ConfigError extends Error {
  readonly setting: string;
  readonly problem: ConfigProblem;

  constructor(setting: string, problem: ConfigProblem) {
    super(`${setting}: ${problem}`);
    this.name = "ConfigError";
    this.setting = setting;
    this.problem = problem;
  }
}

type Env = Readonly<Record<string, string | undefined>>;

const GiB = 1024 ** 3;

/** An unset setting and an empty one are the same thing: shells and compose files write both. */
function text(env: Env, name: string): string | null {
  const value = env[name]?.trim();
  return value === undefined || value === "" ? null : value;
}

/** Relative ones are meant from the project's folder, wherever it is started. */
function absolute(path: string): string {
  return isAbsolute(path) ? path : resolve(import.meta.dirname, "..", path);
}

function whole(env: Env, name: string, fallback: number, min: number, max = Number.MAX_SAFE_INTEGER): number {
  const value = text(env, name);
  if (value === null) return fallback;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < min || number > max) throw new ConfigError(name, "number");
  return number;
}

function flag(env: Env, name: string): boolean {
  const value = text(env, name);
  if (value === null || value === "0" || value === "false") return false;
  if (value === "1" || value === "true") return true;
  throw new ConfigError(name, "flag");
}

/** True where browsers offer WebCrypto and service workers: https, this machine, onion services. */
export function isSecureOrigin(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  if (protocol === "https:") return true;
  return isLoopback(hostname) || hostname.endsWith(".onion");
}

/** `hostname` as URL writes it: lower case, IPv6 in brackets. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

function origin(env: Env, name: string, fallback: string, canEndTls: boolean): string {
  const value = text(env, name) ?? fallback;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) throw new ConfigError(name, "origin");
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "")
    throw new ConfigError(name, "origin");
  if (!isSecureOrigin(url.origin) || (url.protocol === "https:" && !canEndTls))
    throw new ConfigError(name, "insecureOrigin");
  return url.origin;
}

function isWebAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return ["http:", "https:"].includes(protocol) && username === "" && password === "";
}

/** Throws ConfigError with the first setting that cannot be used. */
export function readConfig(env: Env): { config: Config; secrets: Secrets } {
  const port = whole(env, "PORT", 3000, 0, 65535);
  const consolePort = whole(env, "CONSOLE_PORT", 3001, 0, 65535);

  const certFile = text(env, "TLS_CERT");
  const keyFile = text(env, "TLS_KEY");
  if ((certFile === null) !== (keyFile === null)) throw new ConfigError("TLS_CERT", "tlsPair");
  const tls = certFile !== null && keyFile !== null ? { certFile, keyFile } : null;
  const behindProxy = flag(env, "BEHIND_PROXY");
  const canEndTls = tls !== null || behindProxy;
  const scheme = tls === null ? "http" : "https";

  const onion = text(env, "REPORTER_ONION");
  if (onion !== null && !(URL.canParse(onion) && new URL(onion).hostname.endsWith(".onion")))
    throw new ConfigError("REPORTER_ONION", "origin");

  const quickExitUrl = text(env, "QUICK_EXIT_URL") ?? "https://www.wikipedia.org/";
  if (!URL.canParse(quickExitUrl) || new URL(quickExitUrl).protocol !== "https:")
    throw new ConfigError("QUICK_EXIT_URL", "url");

  const timestampUrl = text(env, "TIMESTAMP_URL");
  // Without TLS too: what comes back is signed, and what goes out is a hash.
  if (timestampUrl !== null && !isWebAddress(timestampUrl)) throw new ConfigError("TIMESTAMP_URL", "webAddress");

  const dataDir = absolute(text(env, "DATA_DIR") ?? "data/local");
  const notifyFile = text(env, "NOTIFY_FILE");
  const keyringHex = text(env, "KEYRING_KEY");
  if (keyringHex !== null && !/^[0-9a-f]{64}$/i.test(keyringHex)) throw new ConfigError("KEYRING_KEY", "hex");

  return {
    config: {
      host: text(env, "HOST") ?? "127.0.0.1",
      port,
      consolePort,
      dataDir,
      reporterOrigin: origin(env, "REPORTER_ORIGIN", `${scheme}://localhost:${port}`, canEndTls),
      consoleOrigin: origin(env, "CONSOLE_ORIGIN", `${scheme}://localhost:${consolePort}`, canEndTls),
      reporterOnion: onion === null ? null : origin(env, "REPORTER_ONION", onion, canEndTls),
      tls,
      behindProxy,
      quickExitUrl,
      maxFileBytes: whole(env, "MAX_FILE_BYTES", 2 * GiB, 1),
      uploadBudgetBytes: whole(env, "UPLOAD_BUDGET_BYTES", 20 * GiB, 1),
      minFreeBytes: whole(env, "MIN_FREE_BYTES", 1 * GiB, 0),
      feedTickSeconds: whole(env, "FEED_TICK_SECONDS", 3600, 1),
      feedItems: whole(env, "FEED_ITEMS", 2, 1, 64),
      assistedWaitSeconds: whole(env, "ASSISTED_WAIT_SECONDS", 20, 0, 60),
      keyringBackupDays: whole(env, "KEYRING_BACKUP_DAYS", 30, 0, 3650),
      timestampUrl,
      workCost: whole(env, "WORK_COST", 3000, 0, 1_000_000),
      notifyFile:
        notifyFile === null
          ? { path: join(dataDir, "notify.json"), mustBe: false }
          : { path: absolute(notifyFile), mustBe: true },
      rates: {
        pages: whole(env, "RATE_PAGES", 3000, 1),
        setup: whole(env, "RATE_SETUP", 120, 1),
        session: whole(env, "RATE_SESSION", 300, 1),
        uploads: whole(env, "RATE_UPLOADS", 3000, 1),
        reports: whole(env, "RATE_REPORTS", 600, 1),
        mailbox: whole(env, "RATE_MAILBOX", 1200, 1),
      },
    },
    secrets: {
      keyringKey: keyringHex === null ? null : Uint8Array.from(Buffer.from(keyringHex, "hex")),
      smtpPassword: text(env, "SMTP_PASSWORD"),
      webhookSecret: text(env, "WEBHOOK_SECRET"),
    },
  };
}
