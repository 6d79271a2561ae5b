/** Composition: settings → stores → acts → the two apps on their two ports. */
import { mkdirSync, readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";
import type { Express } from "express";
import { equal, fromBase64 } from "../crypto/bytes.ts";
import { PortalError } from "../crypto/errors.ts";
import { deriveKeyring, deriveNoticeKey } from "../crypto/vault.ts";
import { Beats, keepAliveMs } from "./app/beats.ts";
import { ClockDoubt } from "./app/clock-doubt.ts";
import { RosterBook, type Context } from "./app/context.ts";
import { every } from "./app/every.ts";
import { publishHeartbeats } from "./app/heartbeat.ts";
import { logSize } from "./app/log.ts";
import { Nonces } from "./app/nonces.ts";
import { NoticeBook } from "./app/notice-book.ts";
import { PresentationBook } from "./app/presentation.ts";
import { publishTick } from "./app/publish-feed.ts";
import { Sessions } from "./app/sessions.ts";
import { finishShreds, shredDue } from "./app/shred-case.ts";
import { expireUploads } from "./app/upload-object.ts";
import { WorkDesk } from "./app/work.ts";
import { systemClock } from "./clock.ts";
import type { Config, Secrets } from "./config.ts";
import { checkPages } from "./http/check-page.ts";
import { assistedPages } from "./http/assisted-pages.ts";
import { consoleApi } from "./http/console-api.ts";
import { makeConsoleApp } from "./http/console-app.ts";
import { describeFault } from "./http/errors.ts";
import { heartbeatPages } from "./http/heartbeat-pages.ts";
import { builtInWords } from "./http/built-in-words.ts";
import { languages, setOverrides } from "./http/i18n.ts";
import { noticePages } from "./http/notice-pages.ts";
import { reporterApi } from "./http/reporter-api.ts";
import type { PortalFacts } from "./http/deps.ts";
import { makeReporterApp } from "./http/reporter-app.ts";
import { loadMasterKey } from "./master-key.ts";
import { openChannels } from "./notify/channels.ts";
import { readNotifyFile, type NotifySettings } from "./notify/notify-file.ts";
import { Reminders } from "./notify/reminders.ts";
import { Press } from "./pdf/press.ts";
import { hostingOf } from "./processing/facts.ts";
import type { Clock, Messenger } from "./ports.ts";
import { openSqliteKeyring } from "./storage/keyring.ts";
import { openSqliteNotices } from "./storage/notices.ts";
import { openObjectStore } from "./storage/objects.ts";
import { openSqliteStore } from "./storage/sqlite.ts";

export interface RunningPortal {
  reporterUrl: string;
  consoleUrl: string;
  context: Context;
  /** The file in which the master key lies beside the database, or null. */
  keyFile: string | null;
  /** Null: there are no settings for them, and nobody is sent anything. */
  reminders: Reminders | null;
  /** Publishes one feed tick now; the timer does the same. */
  tick(): Promise<void>;
  /** Sends the reminders that are due now; the timer does the same. */
  remind(): Promise<void>;
  close(): Promise<void>;
}

const housekeepingMs = 60 * 60 * 1000;
const remindersMs = 60 * 1000;
/** Without a byte in either direction; longer than hashing the largest object takes. */
const idleConnectionMs = 3 * 60 * 1000;

const nobodyIsTold: Messenger = { urgentTo: () => [], urgent: () => {} };

/** Opens the stores and everything that acts need; `close` closes them. */
export async function openContext(
  config: Config,
  secrets: Secrets,
  clock: Clock = systemClock,
  messenger: Messenger = nobodyIsTold,
): Promise<{ context: Context; keyFile: string | null; close(): Promise<void> }> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const master = loadMasterKey(config.dataDir, secrets.keyringKey);
  const store = await openSqliteStore(join(config.dataDir, "portal.sqlite"));
  const keyring = await openSqliteKeyring(join(config.dataDir, "keyring.sqlite"));
  const notices = await openSqliteNotices(join(config.dataDir, "notices.sqlite"));
  const close = async (): Promise<void> => {
    await Promise.all([store.close(), keyring.close(), notices.close()]);
  };
  try {
    const context: Context = {
      store,
      keyring,
      objects: openObjectStore(join(config.dataDir, "objects")),
      clock,
      keys: deriveKeyring(master.key),
      settings: {
        ...config,
        reporterOrigins:
          config.reporterOnion === null ? [config.reporterOrigin] : [config.reporterOrigin, config.reporterOnion],
      },
      book: await RosterBook.open(store),
      presentation: await PresentationBook.open(store, clock, {
        languages,
        builtIn: builtInWords,
        apply: setOverrides,
      }),
      notices: await NoticeBook.open(notices, deriveNoticeKey(master.key), clock),
      work: new WorkDesk(clock, config.workCost),
      beats: new Beats(),
      messenger,
    };
    requireOwnKey(context);
    return { context, keyFile: master.file, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Under another master key every receipt would be signed by a stranger, and what comes in would be
 * lost when the right key comes back. The roster names the log's key, which derives from it.
 * @throws PortalError "refused"
 */
function requireOwnKey({ book, keys }: Context): void {
  if (book.chain !== null && !equal(fromBase64(book.chain.current.logKey), keys.log.publicKey))
    throw new PortalError("refused", "the keyring's key is not the one that this portal was set up with");
}

/** Starts both apps. `log` gets one line per fault of the server itself, never anything of a request. */
export async function startPortal(
  config: Config,
  secrets: Secrets,
  log: (line: string) => void,
  clock: Clock = systemClock,
): Promise<RunningPortal> {
  const reminders = openReminders(config, secrets, log, clock);
  const { context, keyFile, close: closeStores } = await openContext(config, secrets, clock, reminders ?? nobodyIsTold);
  // Each app has its own challenges: strangers who use up the reporters' keep no member out.
  const nonces = new Nonces(clock);
  const sessions = new Sessions(context, nonces);
  const press = new Press();
  const hosting = hostingOf(config, keyFile === null, reminders?.kinds ?? []);
  const { presentation } = context;
  const site = { behindProxy: config.behindProxy, rates: config.rates, now: () => clock.now(), log, presentation };
  const reporterApp = makeReporterApp(
    {
      ...site,
      origin: config.reporterOrigin,
      onion: config.reporterOnion,
      quickExitUrl: config.quickExitUrl,
      underLoad: () => context.work.underLoad,
      facts: () => factsOf(context.book),
      urgentTo: () => (context.book.chain === null ? [] : context.messenger.urgentTo(context.book.chain.current)),
    },
    (limits) => [
      reporterApi(context, new Nonces(clock), limits),
      assistedPages(context, limits, log),
      checkPages(context, limits, log),
      noticePages(context, press, limits),
      heartbeatPages(context, limits),
    ],
  );
  const consoleApp = makeConsoleApp(
    {
      ...site,
      origin: config.consoleOrigin,
      onion: null,
      keyringBackupDays: config.keyringBackupDays,
      timestamps: config.timestampUrl !== null,
    },
    (limits) => [consoleApi({ context, hosting, nonces, sessions, timestampUrl: config.timestampUrl }, limits)],
  );
  const tick = (): Promise<void> => publishTick(context);
  const remind = async (): Promise<void> => reminders?.beat(context);
  const doubt = new ClockDoubt(() => performance.now());
  const servers: http.Server[] = [];
  try {
    // Before anybody can send what it might sweep away. On a full disk the portal starts without it, to be read.
    await housekeeping(context, doubt, log).catch((error: unknown) => log(describeFault(error)));
    servers.push(await listen(reporterApp, config, config.port));
    servers.push(await listen(consoleApp, config, config.consolePort));
  } catch (error) {
    await Promise.all(servers.map(stopServer));
    await closeStores();
    throw error;
  }
  const timers = [
    every(config.feedTickSeconds * 1000, clock, tick, log),
    every(housekeepingMs, clock, () => housekeeping(context, doubt, log), log),
    every(remindersMs, clock, remind, log),
  ];
  const keepAlive = setInterval(() => context.beats.keepAlive(), keepAliveMs);
  keepAlive.unref();
  return {
    reporterUrl: config.reporterOrigin,
    consoleUrl: config.consoleOrigin,
    context,
    keyFile,
    reminders,
    tick,
    remind,
    async close() {
      for (const stop of timers) stop();
      clearInterval(keepAlive);
      context.beats.close();
      reminders?.close();
      await Promise.all(servers.map(stopServer));
      await press.close();
      await closeStores();
    },
  };
}

/** What the operator set of reminders; null: nothing. @throws NotifyFileError */
export function readReminders({ notifyFile }: Config, { smtpPassword }: Secrets): NotifySettings | null {
  return readNotifyFile(notifyFile.path, { mustBe: notifyFile.mustBe, hasPassword: smtpPassword !== null });
}

function openReminders(config: Config, secrets: Secrets, log: (line: string) => void, clock: Clock): Reminders | null {
  const settings = readReminders(config, secrets);
  if (settings === null) return null;
  return new Reminders({ settings, deliver: openChannels(settings, secrets), clock, log });
}

/** Before there is a roster nothing is a trial, and the assisted pages say themselves that nothing can be filed. */
function factsOf({ chain }: RosterBook): PortalFacts {
  const roster = chain?.current;
  return {
    trial: roster?.trial ?? false,
    assisted: roster?.settings.assisted ?? true,
    questionnaires: roster?.channels.map(({ questionnaire }) => questionnaire) ?? [],
  };
}

async function housekeeping(context: Context, doubt: ClockDoubt, log: (line: string) => void): Promise<void> {
  await finishShreds(context); // before the sweep, which takes their files
  if (await doubt.believes(context)) {
    await shredDue(context);
    await expireUploads(context);
    await context.store.padLog(context.clock.today());
    await logSize(context); // the hashes of what was closed, before anybody asks for a proof
  } else log("clock: today is far ahead of the last day on record; nothing is deleted by its date for a day");
  await publishHeartbeats(context);
}

function listen(app: Express, config: Config, port: number): Promise<http.Server> {
  const options = { requestTimeout: 10 * 60_000, headersTimeout: 20_000, keepAliveTimeout: 10_000 };
  const server =
    config.tls === null
      ? http.createServer(options, app)
      : https.createServer(
          {
            ...options,
            cert: readFileSync(config.tls.certFile),
            key: readFileSync(config.tls.keyFile),
            minVersion: "TLSv1.2",
            // Node's own list still has CBC suites.
            ciphers:
              "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE+AESGCM:ECDHE+CHACHA20",
          },
          app,
        );
  return new Promise((resolve, reject) => {
    // Who takes an answer and never reads on would otherwise hold a connection for ever.
    server.setTimeout(idleConnectionMs);
    server.once("error", reject);
    server.listen(port, config.host, () => {
      server.off("error", reject);
      resolve(server);
    });
  });
}

function stopServer(server: http.Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
