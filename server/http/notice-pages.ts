/** The printable notice on the reporter app: a poster and a letter, as pages and as PDFs. */
import { Router, type Request, type Response } from "express";
import { PortalError } from "../../crypto/errors.ts";
import { textOfDay } from "../../data/policy/update-date.ts";
import type { Context } from "../app/context.ts";
import { currentNotice, type CurrentNotice } from "../notice/current.ts";
import { noticeContent, type NoticeContent } from "../notice/content.ts";
import { qrSquares, squaresPath } from "../notice/qr.ts";
import { sheetOrder, type Sheet } from "../notice/sheets.ts";
import type { Press } from "../pdf/press.ts";
import { papers, type Paper } from "../../views/pdf/write.ts";
import { speechOf } from "./assisted-words.ts";
import { directionOf, translator } from "./i18n.ts";
import { inLanguages } from "./language-address.ts";
import type { Limiters } from "./limits.ts";
import { bufferOf } from "./requests.ts";
import { renderPage } from "./pages.ts";

/** Characters of details beyond which the poster names places only. */
const mostDetails = 300;

/** @throws PortalError "closed" before there is a roster */
export function noticeNow({ book, notices, presentation, settings, clock }: Context): CurrentNotice {
  const state = {
    chain: book.requireChain(),
    origins: settings.reporterOrigins,
    outside: presentation.current().outside,
    today: textOfDay(clock.today()),
    newest: notices.newest(),
  };
  return currentNotice(state, translator("en"));
}

function noticeSaid(context: Context, language: string): { content: NoticeContent; day: string } {
  const { source } = noticeNow(context);
  const content = noticeContent(source, { t: translator(language), language });
  return { content, day: source.published?.day ?? source.today };
}

function paperOf(req: Request): Paper {
  const asked = req.query["paper"] ?? "a4";
  if (typeof asked !== "string" || !Object.hasOwn(papers, asked)) throw new PortalError("missing", "no such paper");
  return asked as Paper;
}

export function noticePages(context: Context, press: Press, limits: Limiters): Router {
  const page = (sheet: Sheet) => (_req: Request, res: Response) => {
    const { language } = speechOf(res);
    const { content } = noticeSaid(context, language);
    const squares = qrSquares(content.qr);
    const details = content.places.flatMap(({ rows }) => rows.map((row) => row.details)).join("");
    renderPage(res, "reporter/notice", {
      styles: ["public-record"],
      // Neutral, as on all pages of reporters: a title stays in the browser's history.
      title: "reporter:landing.pageTitle",
      alike: true,
      values: {
        sheet,
        content,
        withDetails: sheet === "letter" || details.length <= mostDetails,
        qr: { size: squares.length, path: squaresPath(squares) },
      },
    });
  };
  const pdf = (sheet: Sheet) => async (req: Request, res: Response) => {
    const paper = paperOf(req);
    const { language } = speechOf(res);
    const { content, day } = noticeSaid(context, language);
    const bytes = await press.print(sheetOrder(content, { sheet, paper, dir: directionOf(language), day }));
    res.set("Content-Disposition", `inline; filename="${sheet}-${language}-${paper}.pdf"`);
    res.type("application/pdf").send(bufferOf(bytes));
  };
  const router = Router();
  router.get("/notice", limits.pages, page("poster"));
  router.get("/notice/letter", limits.pages, page("letter"));
  router.get("/notice.pdf", limits.pages, pdf("poster"));
  router.get("/notice/letter.pdf", limits.pages, pdf("letter"));
  return Router().use(inLanguages(router));
}
