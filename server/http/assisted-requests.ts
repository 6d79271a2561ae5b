/**
 * What the pages of assisted mode share. Every POST is answered by a redirect, faults too: a page
 * that answers a POST stays in the browser's session files together with what was posted.
 */
import type { Request, RequestHandler, Response } from "express";
import type { RosterChain } from "../../crypto/roster.ts";
import type { MailboxDeriver } from "../assisted/derive-mailbox.ts";
import { drain } from "../assisted/form.ts";
import type { Held } from "../assisted/held.ts";
import type { Waiting } from "../assisted/waiting.ts";
import type { Context } from "../app/context.ts";
import { codeOf, describeFault } from "./errors.ts";
import { prefixOf } from "./language-address.ts";
import type { Limiters } from "./limits.ts";
import { renderPage } from "./pages.ts";

/** What the pages of assisted mode share. */
export interface Assisted {
  context: Context;
  limits: Limiters;
  deriver: MailboxDeriver;
  waiting: Waiting;
  /** Reports that came back with an error. */
  reports: Held;
  /** Proofs of filing that wait to be saved. */
  proofs: Held;
  /** Open mailboxes, and codes that came back with an error. */
  mailboxes: Held;
  /** Files that an open mailbox offers. */
  files: Held;
  /** Texts of forms that came when there were no such pages any more. */
  typed: Held;
  /** One line about a fault of the server itself. */
  log: (line: string) => void;
}

/** The page's address in the browser's history says no more than the first page's. */
export const neutralTitle = { title: "reporter:landing.pageTitle" };

/** The roster chain; the pages are reached only when there is one. */
export function chainOf({ context }: Assisted): RosterChain {
  return context.book.requireChain();
}

/** A handler of POST: answers where to go on, without the language, which stays. The request is read to its end before the answer. */
export function postRoute(
  assisted: Pick<Assisted, "log">,
  act: (req: Request, res: Response) => Promise<string>,
): RequestHandler {
  return async (req, res) => {
    let location: string;
    try {
      location = await act(req, res);
    } catch (error) {
      const { code, fault } = codeOf(error);
      if (fault && !isGone(req)) assisted.log(describeFault(error));
      location = `/assisted/failed/${code}`;
    }
    await drain(req).catch(() => {});
    if (isGone(req)) return;
    res
      .status(303)
      .set("Location", prefixOf(req) + location)
      .end();
  };
}

/** The browser went away before it had sent everything: nobody is left to answer. */
function isGone(req: Request): boolean {
  return req.destroyed && !req.complete;
}

/** Limits are told on the page that keeps the text, see limits.ts. */
export const keepsText: RequestHandler = (req, res, next) => {
  if (req.method === "POST") res.locals["keepsText"] = true;
  next();
};

export function isLimited(res: Response): boolean {
  return res.locals["limited"] === true;
}

/** A page that was shown already, or a link that was used, or whose five minutes are over. */
export function renderGone(res: Response, way: "report" | "mailbox" | "link"): void {
  renderPage(res, "reporter/assisted/gone", { ...neutralTitle, status: 404, values: { way } });
}
