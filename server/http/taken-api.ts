/** Reports that a recipient writes down for somebody: what the form needs, the words of the sheet, the filing. */
import { Router, type RequestHandler } from "express";
import { PortalError } from "../../crypto/errors.ts";
import { submitReport } from "../app/submit-report.ts";
import type { ConsoleServices } from "./deps.ts";
import { describeLanguage, languages, translator } from "./i18n.ts";
import type { Limiters } from "./limits.ts";
import { authorization, bytesBody, bytesOf } from "./requests.ts";

/** What the printed sheet says, by its keys in the words. */
const sheetParts = ["title", "only", "backTitle", "own", "go", "type", "meansTitle", "can", "others", "seen"] as const;

/** Whoever gets slots may take a report; nobody else has to do with reports. */
function requireRecipient({ context, sessions }: ConsoleServices): RequestHandler {
  return (req, _res, next) => {
    const who = sessions.require(authorization(req, "Bearer", 32));
    const { recipients } = context.book.requireChain().current;
    if (who.is !== "member" || !recipients.some(({ id }) => id === who.member.id))
      throw new PortalError("refused", "only recipients may take a report");
    next();
  };
}

export function takenApi(services: ConsoleServices, limits: Limiters): Router {
  const { context } = services;
  const { book, presentation, settings } = context;
  const router = Router();
  const asRecipient = requireRecipient(services);
  router.get("/taken/form", limits.pages, asRecipient, (_req, res) => {
    const { questionnaires, languages: offered } = presentation.current();
    const used = new Set([
      "general",
      ...book.requireChain().current.channels.map(({ questionnaire }) => questionnaire),
    ]);
    const spoken = offered.filter((tag) => languages.includes(tag));
    res.json({
      questionnaires: Object.fromEntries(Object.entries(questionnaires).filter(([id]) => used.has(id))),
      address: settings.reporterOrigins[0],
      languages: (spoken.length === 0 ? ["en"] : spoken).map((tag) => {
        const { name, dir } = describeLanguage(tag);
        return { tag, name, dir };
      }),
    });
  });
  // The reporter reads it, in another language perhaps than the member.
  router.get("/taken/sheet/:language", limits.pages, asRecipient, (req, res) => {
    const { language } = req.params;
    if (typeof language !== "string" || !languages.includes(language))
      throw new PortalError("missing", "no such language");
    const t = translator(language);
    const link = t("reporter:landing.return");
    res.json(Object.fromEntries(sheetParts.map((part) => [part, t(`taken:sheet.${part}`, { link })])));
  });
  // As a reporter's, but for the sum: a session says that no robot asks.
  router.post("/reports", limits.reports, asRecipient, bytesBody(), async (req, res) => {
    const receipt = await submitReport(context, bytesOf(req), () => {});
    res.status(201).type("application/octet-stream").send(Buffer.from(receipt));
  });
  return router;
}
