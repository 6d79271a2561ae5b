/** The console's pages for the charter holder and new members: empty but for their script, which makes the keys. */
import { Router } from "express";
import type { ConsoleDeps } from "./deps.ts";
import type { Limiters } from "./limits.ts";
import { renderPage } from "./pages.ts";

export function setupPages({ presentation }: ConsoleDeps, limits: Limiters): Router {
  const router = Router();
  for (const name of ["setup", "join", "charter"] as const)
    router.get(`/${name}`, limits.pages, (_req, res) => {
      renderPage(res, `console/${name}`, {
        title: `setup:${name}.pageTitle`,
        scripts: [name],
        words: ["setup"],
        data: { questionnaires: Object.keys(presentation.current().questionnaires) },
      });
    });
  return router;
}
