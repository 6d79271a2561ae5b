/** What both apps have in common: the order in which a request passes the guards. */
import { join } from "node:path";
import express, { type Express, type Router } from "express";
import type { SiteDeps } from "./deps.ts";
import { errorHandler, notFound } from "./errors.ts";
import { assetHeaders, securityHeaders } from "./headers.ts";
import { hostGuard, originGuard } from "./host-guard.ts";
import type { Site } from "./pages.ts";

const publicDir = join(import.meta.dirname, "../../views/public");

/** Files carry no ETag and no date: both can mark a visitor. */
const assetOptions: Parameters<typeof express.static>[1] = {
  etag: false,
  lastModified: false,
  cacheControl: false,
  dotfiles: "ignore",
  index: false,
  redirect: false,
  setHeaders: assetHeaders,
};

/** An app that answers `routers` behind headers and guards, and everything else with words. */
export function makeSite(site: Site, deps: SiteDeps, routers: readonly Router[]): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", "simple"); // no nested objects from a query string
  app.set("trust proxy", deps.behindProxy ? 1 : false);
  app.locals["site"] = site;

  app.use(securityHeaders(site.name, deps.origin));
  const own = originGuard(deps);
  // Before the host guard: the page that says "not under this name" needs its style sheet.
  app.use("/assets", own, express.static(join(publicDir, "built"), assetOptions));
  app.use("/assets", own, express.static(join(publicDir, "images"), assetOptions));
  app.use(hostGuard(deps), own);
  for (const router of routers) app.use(router);
  app.use(notFound);
  app.use(errorHandler(deps.log));
  return app;
}
