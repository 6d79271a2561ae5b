/** Assisted mode: the portal for browsers that run no scripts. */
import { Router, type RequestHandler, type Response } from "express";
import { errorCodes } from "../../crypto/errors.ts";
import { MailboxDeriver } from "../assisted/derive-mailbox.ts";
import { readForm } from "../assisted/form.ts";
import { formatHeld, Held, parseHeld } from "../assisted/held.ts";
import { Waiting } from "../assisted/waiting.ts";
import type { Context } from "../app/context.ts";
import { assistedMailbox } from "./assisted-mailbox.ts";
import { assistedReport } from "./assisted-report.ts";
import { keepsText, neutralTitle, postRoute, renderGone, type Assisted } from "./assisted-requests.ts";
import { statusOf } from "./errors.ts";
import { inLanguages } from "./language-address.ts";
import type { Limiters } from "./limits.ts";
import { renderPage } from "./pages.ts";

const MiB = 1024 * 1024;

export function assistedPages(context: Context, limits: Limiters, log: (line: string) => void): Router {
  const assisted: Assisted = {
    context,
    limits,
    log,
    deriver: new MailboxDeriver(),
    waiting: new Waiting(context.clock, { leastSeconds: context.settings.assistedWaitSeconds }),
    reports: new Held(context.clock, 48 * MiB),
    proofs: new Held(context.clock, 16 * MiB),
    mailboxes: new Held(context.clock, 32 * MiB),
    files: new Held(context.clock, 8 * MiB),
    typed: new Held(context.clock, 16 * MiB),
  };
  const router = Router();
  router.use("/assisted", notForLooks, keepsText, limits.pages);
  router.get("/assisted/typed/:token", (req, res) => {
    const held = assisted.typed.lend(req.params["token"], res);
    if (held === null) renderGone(res, "report");
    else renderOff(res, parseHeld(held) as string[]);
  });
  router.use("/assisted", switchedOn(assisted));
  router.use("/assisted", assistedReport(assisted), assistedMailbox(assisted));
  router.get("/assisted/failed/:code", (req, res) => {
    const code = errorCodes.find((each) => each === req.params["code"]) ?? "missing";
    renderPage(res, "reporter/assisted/failed", { ...neutralTitle, status: statusOf(code), values: { code } });
  });
  return Router().use(inLanguages(router));
}

/** Before the first roster, and where the roster says that there is no assisted mode, a page says so. */
function switchedOn(assisted: Assisted): RequestHandler {
  const { context } = assisted;
  // It may have been switched off while somebody was writing: the words come back, to be copied.
  const giveBack = postRoute(assisted, async (req, res) => {
    const typed = (await readForm(req, res, context.settings.maxFileBytes)).typed();
    return typed.length === 0 ? "/assisted/report" : `/assisted/typed/${assisted.typed.put(formatHeld(typed))}`;
  });
  return (req, res, next) => {
    const chain = context.book.chain;
    if (chain?.current.settings.assisted === true) next();
    else if (req.method === "POST") void giveBack(req, res, next);
    else if (chain === null) renderPage(res, "partials/closed", { ...neutralTitle, status: 503 });
    else renderOff(res, []);
  };
}

function renderOff(res: Response, typed: readonly string[]): void {
  renderPage(res, "reporter/assisted/off", { ...neutralTitle, status: 403, values: { typed } });
}

/** HEAD looks and does not fetch: what can be shown once must not be used up by it. */
const notForLooks: RequestHandler = (req, res, next) => {
  if (req.method === "HEAD") res.status(200).end();
  else next();
};
