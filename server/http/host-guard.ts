/**
 * Only requests that are meant for this app get past here. A wrong Host is DNS rebinding or a
 * forgotten setting; a wrong Origin is another page that acts through somebody's browser.
 */
import type { Request, RequestHandler } from "express";
import { PortalError } from "../../crypto/errors.ts";
import { isLoopback } from "../config.ts";
import type { SiteDeps } from "./deps.ts";
import { t } from "./i18n.ts";
import { renderPage } from "./pages.ts";

/**
 * - duplicate: no Host or more than one; two programs in a row may each believe another one
 * - insecure: a known or unknown host without TLS, where browsers refuse the cryptography
 * - loopback: this machine under another name; a redirect mends it
 * - unknown: anything else that is not us
 */
export type HostVerdict = "ok" | "duplicate" | "insecure" | "loopback" | "unknown";

export interface HostFacts {
  /** Every Host header, in order. */
  hosts: readonly string[];
  /** The request came over TLS, as far as is known here; null when a proxy does not say. */
  secure: boolean | null;
}

/** `allowed`: scheme://host[:port], the app's own origin first. */
export function judgeHost({ hosts, secure }: HostFacts, allowed: readonly string[]): HostVerdict {
  const host = hosts[0]?.toLowerCase();
  if (host === undefined || hosts.length > 1) return "duplicate";
  const match = allowed.find((origin) => sameHost(origin, host));
  if (match !== undefined) return match.startsWith("https:") && secure === false ? "insecure" : "ok";
  const asked = `http://${host}`;
  if (!URL.canParse(asked)) return "unknown";
  const own = new URL(allowed[0] ?? asked);
  if (isLoopback(new URL(asked).hostname) && isLoopback(own.hostname)) return "loopback";
  return secure === true ? "unknown" : "insecure";
}

/** Browsers leave the scheme's own port out; programs may write it. */
function sameHost(origin: string, host: string): boolean {
  const url = new URL(origin);
  const port = url.protocol === "https:" ? ":443" : ":80";
  return host === url.host || (url.port === "" && host === `${url.hostname}${port}`);
}

function factsOf(req: Request, behindProxy: boolean): HostFacts {
  const hosts = req.rawHeaders.filter((_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === "host");
  if ("encrypted" in req.socket && req.socket.encrypted === true) return { hosts, secure: true };
  if (!behindProxy) return { hosts, secure: false };
  const proto = req.headers["x-forwarded-proto"];
  return { hosts, secure: proto === undefined ? null : proto === "https" };
}

const usedOnce = /\/(?:assisted|check)\/./;

/** Refuses with a page that says what to do; a redirect where that is enough. */
export function hostGuard(deps: SiteDeps): RequestHandler {
  const allowed = deps.onion === null ? [deps.origin] : [deps.origin, deps.onion];
  return (req, res, next) => {
    // "GET http://elsewhere/ HTTP/1.1" would carry a second host past the check below.
    if (!req.url.startsWith("/")) throw new PortalError("format", "absolute request target");
    const verdict = judgeHost(factsOf(req, deps.behindProxy), allowed);
    switch (verdict) {
      case "ok":
        // Tells Tor Browser about the onion service; other browsers ignore it. Not where an address is good
        // once: over there it would be used up.
        if (deps.onion !== null && req.method === "GET" && deps.origin.startsWith("https:") && !usedOnce.test(req.path))
          res.set("Onion-Location", `${deps.onion}${req.path}`);
        next();
        return;
      case "loopback":
        if (req.method === "GET" || req.method === "HEAD") {
          res.redirect(307, `${deps.origin}${req.url.replace(/^\/+/, "/")}`);
          return;
        }
        throw new PortalError("refused", "other name of this machine");
      case "duplicate":
      case "insecure":
      case "unknown": {
        const status = verdict === "duplicate" ? 400 : 421; // RFC 9110 §15.5.20 Misdirected Request
        if (req.accepts(["json", "html"]) === "json") {
          res.status(status).json({ error: "refused", reason: t(req)(`errors:host.${verdict}.title`) });
          return;
        }
        renderPage(res, "partials/host-error", { title: "errors:title", status, values: { verdict } });
      }
    }
  };
}

export interface CrossingFacts {
  method: string;
  origin: string | undefined;
  /** Sec-Fetch-Site, -Mode, -Dest. */
  site: string | undefined;
  mode: string | undefined;
  dest: string | undefined;
}

/**
 * True when another site may be behind the request. The two apps on localhost are "same-site"
 * to each other and still two origins: "same-site" is refused like "cross-site".
 */
export function isForeign(facts: CrossingFacts, allowed: readonly string[]): boolean {
  const { method, origin, site, mode, dest } = facts;
  const own = site === "same-origin" || site === "none";
  if (method === "GET" || method === "HEAD") {
    // A link from elsewhere may open a page, but nothing may be embedded or fetched.
    return site !== undefined && !own && !(mode === "navigate" && dest === "document");
  }
  if (site !== undefined && !own) return true;
  if (origin === undefined) return false; // not a browser: there is no person whose browser is misused
  // Under "Referrer-Policy: no-referrer" browsers send "Origin: null" with our own forms.
  if (origin === "null") return site !== "same-origin";
  return !allowed.includes(origin);
}

/** Refuses what another site starts. There are no cookies to steal, but a localhost console to reach. */
export function originGuard(deps: SiteDeps): RequestHandler {
  const allowed = deps.onion === null ? [deps.origin] : [deps.origin, deps.onion];
  return (req, _res, next) => {
    const facts = {
      method: req.method,
      origin: req.get("origin"),
      site: req.get("sec-fetch-site"),
      mode: req.get("sec-fetch-mode"),
      dest: req.get("sec-fetch-dest"),
    };
    if (isForeign(facts, allowed)) throw new PortalError("refused", "started by another site");
    next();
  };
}
