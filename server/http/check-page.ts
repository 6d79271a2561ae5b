/** Checking a proof of filing without scripts. The file is public facts; it is neither kept nor logged. */
import { Router, type Request, type Response } from "express";
import { fromUtf8, utf8 } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { checkProof, longestProof, type ProofCheck } from "../../crypto/proof.ts";
import { formatDay } from "../../data/policy/update-date.ts";
import type { Context } from "../app/context.ts";
import { readForm, type Form } from "../assisted/form.ts";
import { Held } from "../assisted/held.ts";
import { neutralTitle, postRoute } from "./assisted-requests.ts";
import { speechOf, type Speech } from "./assisted-words.ts";
import { inLanguages } from "./language-address.ts";
import type { Limiters } from "./limits.ts";
import { renderPage } from "./pages.ts";

type Outcome = ProofCheck | { is: "missing" };

/** All outcomes that wait for their page; each has some hundred bytes. */
const heldBytes = 1024 * 1024;

export function checkPages(context: Context, limits: Limiters, log: (line: string) => void): Router {
  const outcomes = new Held(context.clock, heldBytes);
  const check = async (req: Request, res: Response): Promise<string> => {
    const form = await readForm(req, res, longestProof);
    const text = await givenText(form);
    const chain = context.book.requireChain();
    const outcome: Outcome = text.trim() === "" ? { is: "missing" } : checkProof(text, chain, context.clock.today());
    return `/check/${outcomes.put(utf8(JSON.stringify(outcome)))}`;
  };
  const router = Router();
  router.get("/check", limits.pages, (_req, res) => render(res, null));
  // A redirect: what a page answers to a POST stays in the browser's session files with what was posted.
  router.post("/check", limits.pages, postRoute({ log }, check));
  router.get("/check/:token", limits.pages, (req, res) => {
    const held = outcomes.lend(String(req.params["token"]), res);
    render(res, held === null ? null : (JSON.parse(fromUtf8(held)) as Outcome));
  });
  return Router().use(inLanguages(router));
}

/** Of the file where one was chosen, else of the field. @throws PortalError "large" */
async function givenText(form: Form): Promise<string> {
  for await (const file of form.files()) {
    const parts: Uint8Array[] = [];
    for await (const part of file.read()) parts.push(part);
    return textOf(Buffer.concat(parts));
  }
  return form.one("text");
}

/** What is no text is no proof either. */
function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch (error) {
    if (error instanceof PortalError) return "?";
    throw error;
  }
}

function render(res: Response, outcome: Outcome | null): void {
  renderPage(res, "reporter/check", {
    ...neutralTitle,
    scripts: ["check"],
    words: ["proof"],
    status: outcome === null || outcome.is === "proved" ? 200 : 400,
    values: { result: outcome === null ? null : wordsOf(outcome, speechOf(res)) },
  });
}

function wordsOf(outcome: Outcome, { t, language }: Speech): { title: string; words: string[] } {
  switch (outcome.is) {
    case "missing":
      return { title: t("proof:missing"), words: [] };
    case "refused":
      return { title: t("proof:refused"), words: [t(`proof:why.${outcome.why}`)] };
    case "proved": {
      const { day, organisation } = outcome;
      const words = [t("proof:provedText", { organisation }), t("proof:provedLimit")];
      return { title: t("proof:proved", { date: formatDay(day, language) }), words };
    }
  }
}
