/** The operator's colours and logo, under /assets. */
import { Router } from "express";
import type { PresentationBook } from "../app/presentation.ts";
import { answerError } from "./errors.ts";
import { assetHeaders } from "./headers.ts";

export function presentationAssets(presentation: Pick<PresentationBook, "themeCss" | "logo">): Router {
  const router = Router();
  router.get("/theme.css", (_req, res) => {
    assetHeaders(res);
    res.type("text/css").send(presentation.themeCss());
  });
  router.get("/logo", (req, res) => {
    const logo = presentation.logo();
    if (logo === null) {
      answerError(req, res, "missing");
      return;
    }
    assetHeaders(res);
    res.type(logo.type).send(Buffer.from(logo.bytes));
  });
  return router;
}
