/** The web app of reviewers, counsel, directors and the charter holder. Knows nothing of reporter pages. */
import { Router, type Express } from "express";
import type { ConsoleDeps } from "./deps.ts";
import { makeLimiters, type Limiters } from "./limits.ts";
import { renderPage } from "./pages.ts";
import { makeSite } from "./site.ts";

function consolePages(limits: Limiters): Router {
  const router = Router();
  router.get("/", limits.pages, (_req, res) => {
    renderPage(res, "console/console", { title: "console:pageTitle", wide: true });
  });
  return router;
}

export function makeConsoleApp(deps: ConsoleDeps): Express {
  const limits = makeLimiters(deps);
  return makeSite({ name: "console", quickExitUrl: null, words: ["common", "console", "errors"] }, deps, [
    consolePages(limits),
    // The API's router goes here: consoleApi(deps, limits)
  ]);
}
