/** What both apps have in common: the order in which a request passes the guards. */
import express, { type Express, type Router } from "express";
import { assets } from "./assets.ts";
import type { SiteDeps } from "./deps.ts";
import { errorHandler, notFound } from "./errors.ts";
import { securityHeaders } from "./headers.ts";
import { hostGuard, originGuard } from "./host-guard.ts";
import type { Site } from "./pages.ts";
import { presentationAssets } from "./presentation-assets.ts";

/** An app that answers `routers` behind headers and guards, and everything else with words. */
export function makeSite(site: Site, deps: SiteDeps, routers: readonly Router[]): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", "simple"); // no nested objects from a query string
  app.set("trust proxy", deps.behindProxy ? 1 : false);
  app.locals["site"] = site;
  app.locals["presentation"] = deps.presentation;
  app.locals["now"] = deps.now;

  app.use(securityHeaders(site.name, deps.origin));
  const own = originGuard(deps);
  // Before the host guard: the page that says "not under this name" needs its style sheet.
  app.use("/assets", own, presentationAssets(deps.presentation), ...assets());
  app.use(hostGuard(deps), own);
  for (const router of routers) app.use(router);
  app.use(notFound);
  app.use(errorHandler(deps.log));
  return app;
}
