/** What an employer has to write down about the processing, made of the settings; for operators and counsel. */
import { Router, type Request } from "express";
import { PortalError } from "../../crypto/errors.ts";
import { processingDocument } from "../processing/content.ts";
import type { ProcessingDocument } from "../../data/policy/processing-document.ts";
import { factsOf } from "../processing/facts.ts";
import { wordFile, wordMediaType } from "../processing/word.ts";
import type { ConsoleServices } from "./deps.ts";
import { translator } from "./i18n.ts";
import { languageOf } from "./language-address.ts";
import type { Limiters } from "./limits.ts";
import { requireRole } from "./roles.ts";

/** Members are named only where somebody asks for names. */
function namesAsked(req: Request): boolean {
  const { names } = req.query;
  if (names !== undefined && names !== "1") throw new PortalError("format", "names are asked for with 1");
  return names === "1";
}

export function processingApi({ context, hosting, sessions }: ConsoleServices, limits: Limiters): Router {
  const { book, notices, presentation } = context;
  const allowed = requireRole(sessions, ["operator", "counsel"]);
  const documentFor = (req: Request): ProcessingDocument => {
    const facts = factsOf({
      roster: book.requireChain().current,
      presentation: presentation.current(),
      hosting,
      noticeList: notices.people().length > 0,
      names: namesAsked(req),
    });
    const language = languageOf(req);
    return processingDocument(facts, language, translator(language));
  };
  const router = Router();
  router.get("/processing", limits.pages, allowed, (req, res) => {
    res.json(documentFor(req));
  });
  router.get("/processing/record.docx", limits.pages, allowed, async (req, res) => {
    const document = documentFor(req);
    const file = await wordFile(document, book.requireChain().current.issued);
    res.attachment("processing-record.docx").type(wordMediaType).send(Buffer.from(file));
  });
  return router;
}
