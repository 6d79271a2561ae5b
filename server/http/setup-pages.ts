/** The console's pages for the charter holder and new members: empty but for their script, which makes the keys. */
import { Router } from "express";
import type { Limiters } from "./limits.ts";
import { renderPage } from "./pages.ts";

export function setupPages(limits: Limiters): Router {
  const router = Router();
  for (const name of ["setup", "join", "charter"] as const)
    router.get(`/${name}`, limits.pages, (_req, res) => {
      renderPage(res, `console/${name}`, { title: `setup:${name}.pageTitle`, scripts: [name], words: ["setup"] });
    });
  return router;
}
