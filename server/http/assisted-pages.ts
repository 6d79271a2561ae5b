/** Assisted mode: the portal for browsers that run no scripts. */
import { Router, type RequestHandler, type Response } from "express";
import { errorCodes, type ErrorCode } from "../../crypto/errors.ts";
import { MailboxDeriver } from "../assisted/derive-mailbox.ts";
import { drain } from "../assisted/form.ts";
import { Held } from "../assisted/held.ts";
import { Waiting } from "../assisted/waiting.ts";
import type { Context } from "../app/context.ts";
import { assistedMailbox } from "./assisted-mailbox.ts";
import { assistedReport } from "./assisted-report.ts";
import { keepsText, neutralTitle, type Assisted } from "./assisted-requests.ts";
import { statusOf } from "./errors.ts";
import { inLanguages, prefixOf } from "./language-address.ts";
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
  };
  const router = Router();
  router.use("/assisted", keepsText, limits.pages, switchedOn(context));
  router.use("/assisted", assistedReport(assisted), assistedMailbox(assisted));
  router.get("/assisted/failed/:code", (req, res) => {
    const code = errorCodes.find((each) => each === req.params["code"]) ?? "missing";
    renderFailed(res, code);
  });
  return Router().use(inLanguages(router));
}

function renderFailed(res: Response, code: ErrorCode): void {
  renderPage(res, "partials/error", { title: "errors:title", status: statusOf(code), values: { code } });
}

/** Before the first roster, and where the roster says that there is no assisted mode, a page says so. */
function switchedOn(context: Context): RequestHandler {
  return async (req, res, next) => {
    const chain = context.book.chain;
    if (chain?.current.settings.assisted === true) return next();
    if (req.method === "POST") {
      await drain(req).catch(() => {});
      res
        .status(303)
        .set("Location", `${prefixOf(req)}/assisted/report`)
        .end();
    } else if (chain === null) renderFailed(res, "closed");
    else renderPage(res, "reporter/assisted/off", { ...neutralTitle, status: 403 });
  };
}
