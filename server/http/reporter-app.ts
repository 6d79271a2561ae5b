/** The web app that reporters see. Knows nothing of the console. */
import { Router, type Express } from "express";
import { reporterPageData, type ReporterPageData } from "../../data/policy/presentation.ts";
import type { ReporterDeps } from "./deps.ts";
import { languages } from "./i18n.ts";
import { inLanguages } from "./language-address.ts";
import { makeLimiters, type Limiters } from "./limits.ts";
import { renderPage } from "./pages.ts";
import { makeSite } from "./site.ts";

function reporterPages(deps: ReporterDeps, limits: Limiters): Router {
  const { presentation, underLoad = () => false, urgentTo = () => [] } = deps;
  const router = Router();
  const neutral = { title: "reporter:landing.pageTitle", alike: true };
  const data = (): ReporterPageData => reporterPageData(presentation.current());
  /** Over Tor every kilobyte is waited for: what no channel asks stays here. "general" stands in for what is missing. */
  const asked = (all: ReporterPageData): ReporterPageData => {
    const used = new Set(["general", ...deps.facts().questionnaires]);
    const questionnaires = Object.entries(all.questionnaires).filter(([id]) => used.has(id));
    return { ...all, questionnaires: Object.fromEntries(questionnaires) };
  };
  router.get("/", limits.pages, (_req, res) => {
    const values = { busy: underLoad() };
    renderPage(res, "reporter/landing", { ...neutral, scripts: ["landing"], values });
  });
  // Their titles are the first page's: a title stays in the browser's history.
  router.get("/report", limits.pages, (_req, res) => {
    renderPage(res, "reporter/report", {
      ...neutral,
      scripts: ["report"],
      words: ["report", "questionnaires", "files", "hints", "metadata", "proof"],
      data: { ...asked(data()), urgentTo: urgentTo() },
    });
  });
  router.get("/mailbox", limits.pages, (_req, res) => {
    renderPage(res, "reporter/mailbox", {
      ...neutral,
      scripts: ["mailbox"],
      words: ["report", "mailbox", "questionnaires", "files", "hints", "metadata"],
      data: { ...data() },
    });
  });
  return router;
}

/** `routers`: what answers besides the pages (API, assisted mode); given the app's limiters. */
export function makeReporterApp(
  deps: ReporterDeps,
  routers: (limits: Limiters) => readonly Router[] = () => [],
): Express {
  const limits = makeLimiters(deps);
  const app = makeSite(
    { name: "reporter", quickExitUrl: deps.quickExitUrl, words: ["common", "reporter", "errors"] },
    deps,
    [Router().use(inLanguages(reporterPages(deps, limits))), ...routers(limits)],
  );
  app.locals["facts"] = deps.facts;
  app.locals["spoken"] = languages;
  // What the operator offers and there are words for; asked each time, it may change.
  app.locals["languages"] = (): readonly string[] => {
    const offered = deps.presentation.current().languages.filter((tag) => languages.includes(tag));
    return offered.length === 0 ? ["en"] : offered;
  };
  return app;
}
