/** The two web apps with nothing behind them, for tests of headers, guards and pages. */
import type { Express } from "express";
import { Router } from "express";
import { builtInPresentation } from "../../data/policy/presentation.ts";
import { readConfig } from "../../server/config.ts";
import { makeConsoleApp } from "../../server/http/console-app.ts";
import type { ReporterDeps, SiteDeps } from "../../server/http/deps.ts";
import { makeReporterApp } from "../../server/http/reporter-app.ts";
import { makeSite } from "../../server/http/site.ts";

export const origin = "http://localhost:3000";
export const host = "localhost:3000";

/** As `npm start` would have it, but silent and on a clock that stands. */
export function siteDeps(change: Partial<ReporterDeps> = {}): ReporterDeps {
  return {
    origin,
    onion: null,
    behindProxy: false,
    rates: readConfig({}).config.rates,
    now: () => 0,
    log: () => {},
    presentation: {
      current: () => builtInPresentation(["en"], () => "0".repeat(64)),
      themeCss: () => "",
      logo: () => null,
    },
    quickExitUrl: "https://www.wikipedia.org/",
    facts: () => ({ trial: false, assisted: true, questionnaires: [] }),
    ...change,
  };
}

export const apps: Record<"reporter" | "console", (deps: ReporterDeps) => Express> = {
  reporter: makeReporterApp,
  console: (deps) => makeConsoleApp({ ...deps, keyringBackupDays: 30, timestamps: false }),
};

/** A reporter site with routes of the test's own. */
export function siteWith(define: (router: Router) => void, change: Partial<SiteDeps> = {}): Express {
  const router = Router();
  define(router);
  return makeSite(
    { name: "reporter", quickExitUrl: "https://www.wikipedia.org/", words: ["common"] },
    siteDeps(change),
    [router],
  );
}
