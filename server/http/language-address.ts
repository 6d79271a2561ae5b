/**
 * The language in the address: /es/report. There is no cookie and no query for it. Pages without
 * one answer in what the browser asks for; their links lead to addresses that have one.
 */
import type { Request, RequestHandler, Response } from "express";

const address = /^\/([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)(\/[^?]*)?(\?.*)?$/;

/** "/es/report?x" → "es" and "/report?x"; null and the whole when there is none. No page's own name is so short. */
export function splitAddress(url: string): { language: string | null; rest: string } {
  const [, language, path = "/", query = ""] = address.exec(url) ?? [];
  return language === undefined ? { language: null, rest: url } : { language, rest: path + query };
}

/** Every language that there are words for, offered or not. Kept in app.locals["spoken"] by the app. */
function isSpoken(req: Request, language: string): boolean {
  return ((req.app.locals["spoken"] as readonly string[] | undefined) ?? offeredBy(req)).includes(language);
}

/** What this app answers in; never empty. Kept in app.locals["languages"] by the app. */
function offeredBy(req: Request): readonly string[] {
  const languages = req.app.locals["languages"] as (() => readonly string[]) | undefined;
  return languages?.() ?? ["en"];
}

export function offeredLanguages(res: Response): readonly string[] {
  return offeredBy(res.req);
}

/** The address's language, or else the best for this browser; English where there is none of it. */
export function languageOf(req: Request): string {
  const offered = offeredBy(req);
  const last = offered.includes("en") ? "en" : (offered[0] ?? "en");
  const { language } = splitAddress(req.originalUrl);
  if (language !== null) return offered.includes(language) ? language : last;
  const match = req.acceptsLanguages(...offered);
  return match === false ? last : match;
}

/** "/es" when the request's own address has a language that is offered, "" else: redirects keep it. */
export function prefixOf(req: Request): string {
  const { language } = splitAddress(req.originalUrl);
  return language !== null && offeredBy(req).includes(language) ? `/${language}` : "";
}

/**
 * Answers these pages with and without a language in front; in a language that is not offered any more in
 * another, so that printed addresses live and a form that is on its way arrives. What is not a page has
 * one address only.
 */
export function inLanguages(pages: RequestHandler): RequestHandler {
  return (req, res, next) => {
    const { language } = splitAddress(req.originalUrl);
    if (language === null || !isSpoken(req, language)) return pages(req, res, next);
    const { url } = req;
    req.url = splitAddress(url).rest;
    return pages(req, res, (error?: unknown) => {
      req.url = url;
      next(error);
    });
  };
}
