/** The web app that reporters see. Knows nothing of the console. */
import { Router, type Express } from "express";
import type { ReporterDeps } from "./deps.ts";
import { makeLimiters, type Limiters } from "./limits.ts";
import { renderPage } from "./pages.ts";
import { makeSite } from "./site.ts";

function reporterPages(limits: Limiters): Router {
  const router = Router();
  router.get("/", limits.pages, (_req, res) => {
    renderPage(res, "reporter/landing", { title: "reporter:landing.pageTitle", scripts: ["landing"] });
  });
  return router;
}

export function makeReporterApp(deps: ReporterDeps): Express {
  const limits = makeLimiters(deps);
  return makeSite(
    { name: "reporter", quickExitUrl: deps.quickExitUrl, words: ["common", "reporter", "errors"] },
    deps,
    [
      reporterPages(limits),
      // Routers of the API and of assisted mode go here: reporterApi(deps, limits), assistedPages(deps, limits)
    ],
  );
}
