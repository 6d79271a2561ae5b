/** The web app of reviewers, counsel, directors and the charter holder. Knows nothing of reporter pages. */
import { Router, type Express } from "express";
import type { Presentation } from "../../data/policy/presentation.ts";
import type { ConsoleDeps } from "./deps.ts";
import { previewHeaders } from "./headers.ts";
import { consoleLanguages } from "./i18n.ts";
import { inLanguages } from "./language-address.ts";
import { makeLimiters, type Limiters } from "./limits.ts";
import { renderPage, renderPreview } from "./pages.ts";
import { setupPages } from "./setup-pages.ts";
import { makeSite } from "./site.ts";

function consolePages({ presentation, keyringBackupDays, timestamps }: ConsoleDeps, limits: Limiters): Router {
  const router = Router();
  router.get("/", limits.pages, (_req, res) => {
    renderPage(res, "console/console", {
      title: "console:pageTitle",
      scripts: ["console"],
      words: [
        "questionnaires",
        "presentation",
        "faults",
        "templates",
        "deadlines",
        "duties",
        "incident",
        "retention",
        "noticedesk",
        "work",
        "casework",
        "queue",
        "processing",
        "dashboard",
        "search",
        "taken",
        "previews",
        "together",
        "production",
        // Words of verify.sh, which a case file brings along, and of its documents and the hold notice.
        "shell",
        "casefile",
      ],
      data: { ...data(presentation.current()), keyringBackupDays, timestamps },
      wide: true,
    });
  });
  router.get("/preview", limits.pages, (_req, res) => {
    previewHeaders(res);
    renderPreview(res);
  });
  return router;
}

const data = ({ templates, duties, retention }: Presentation): Record<string, unknown> => ({
  templates,
  duties,
  retention,
});

/** `routers`: what answers besides the pages; given the app's limiters. */
export function makeConsoleApp(
  deps: ConsoleDeps,
  routers: (limits: Limiters) => readonly Router[] = () => [],
): Express {
  const limits = makeLimiters(deps);
  const app = makeSite({ name: "console", quickExitUrl: null, words: ["common", "console", "errors"] }, deps, [
    Router().use(inLanguages(Router().use(consolePages(deps, limits), setupPages(deps, limits)))),
    ...routers(limits),
  ]);
  app.locals["languages"] = () => consoleLanguages;
  return app;
}
