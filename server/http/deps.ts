/** What each of the two web apps is given. Everything else they know is in their files. */
import type { Context } from "../app/context.ts";
import type { Nonces } from "../app/nonces.ts";
import type { PresentationBook } from "../app/presentation.ts";
import type { Sessions } from "../app/sessions.ts";
import type { Rates } from "../config.ts";
import type { Hosting } from "../processing/facts.ts";

export interface SiteDeps {
  /** The app's own scheme://host[:port]; pages and state changes are accepted for this origin only. */
  origin: string;
  /** An additional http://….onion origin, or null. */
  onion: string | null;
  /** A proxy in front ends TLS; its X-Forwarded-For and X-Forwarded-Proto are believed. */
  behindProxy: boolean;
  rates: Rates;
  /** Milliseconds; windows of the limiter and the rotation of its secret. */
  readonly now: () => number;
  /** One line about a fault of the server itself. Never carries anything of a request. */
  readonly log: (line: string) => void;
  /** What the operator set. */
  readonly presentation: Pick<PresentationBook, "current" | "themeCss" | "logo">;
}

/** What the roster in force says that pages have to say too. */
export interface PortalFacts {
  trial: boolean;
  /** Whether there are pages for browsers without JavaScript. */
  assisted: boolean;
  /** Ids of the questionnaires that channels ask. */
  questionnaires: readonly string[];
}

export interface ReporterDeps extends SiteDeps {
  /** Where "leave this page" leads; works as a plain link. */
  quickExitUrl: string;
  /** More comes in than on any ordinary day: told before somebody writes. */
  readonly underLoad?: () => boolean;
  readonly facts: () => PortalFacts;
  /** Person ids of those who are told at once when a report is marked urgent. */
  readonly urgentTo?: () => readonly number[];
}

export interface ConsoleDeps extends SiteDeps {
  /** Days for which backups of the keyring are kept; 0: none. */
  keyringBackupDays: number;
  /** Whether the operator named a time-stamping authority. */
  timestamps: boolean;
}

/** What the console's API acts on. */
export interface ConsoleServices {
  context: Context;
  /** How the portal is run, as far as it is no secret. */
  hosting: Hosting;
  /** Of the time-stamping authority, or null. */
  timestampUrl: string | null;
  nonces: Nonces;
  sessions: Sessions;
}
