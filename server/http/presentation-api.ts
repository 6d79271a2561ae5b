/** What operators set: read and saved at the console; its effects go out with the pages of both apps. */
import { Router } from "express";
import { fromBase64, toBase64, utf8 } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { count, parseShape, textUpTo, z } from "../../crypto/shape.ts";
import { builtInQuestionnaires } from "../../data/policy/built-in-questionnaires.ts";
import { builtInDuties } from "../../data/policy/deadlines/duties-file.ts";
import { builtInOutside } from "../../data/policy/presentation.ts";
import { builtInTheme } from "../../data/policy/presentation/colours.ts";
import { builtInTemplates } from "../../data/policy/presentation/templates.ts";
import type { Context } from "../app/context.ts";
import type { PresentationBook } from "../app/presentation.ts";
import type { PresentationFile } from "../ports.ts";
import { listBuiltInWords } from "./built-in-words.ts";
import type { ConsoleServices } from "./deps.ts";
import { languages } from "./i18n.ts";
import type { Limiters } from "./limits.ts";
import { jsonBody } from "./requests.ts";
import { requireRole, roleCheck } from "./roles.ts";

const mostDaysUnchecked = 365;
const largestFile = 400_000;
const largestChange = 2 * 1024 * 1024;

const changeShape = z.strictObject({
  files: z
    .array(
      z.strictObject({
        name: textUpTo(60),
        expected: count,
        /** Text; of the logo base64. Null: back to what comes with the software. */
        content: z.nullable(textUpTo(largestFile)),
      }),
    )
    .check(z.minLength(1), z.maxLength(40)),
});

function contentOf(name: string, bytes: Uint8Array): string {
  return name === "logo" ? toBase64(bytes) : Buffer.from(bytes).toString("utf8");
}

function bytesOfContent(name: string, content: string): Uint8Array {
  return name === "logo" ? fromBase64(content) : utf8(content);
}

interface SentFile {
  name: string;
  version: number;
  content: string | null;
}

function sentFile({ name, version, bytes }: PresentationFile): SentFile {
  return { name, version, content: bytes.length === 0 ? null : contentOf(name, bytes) };
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** As files, so that whoever edits begins with what is there. */
function builtInFiles(presentation: PresentationBook): Record<string, string> {
  const { languages: offered, metadata } = presentation.current();
  return {
    portal: pretty({ languages: offered, metadata, outside: {} }),
    theme: pretty(builtInTheme),
    templates: pretty({ templates: builtInTemplates }),
    duties: pretty(builtInDuties),
    retention: pretty({ off: [], rows: [] }),
    ...Object.fromEntries(builtInQuestionnaires.map((each) => [`questionnaire-${each.id}`, pretty(each)])),
  };
}

/** What does no harm yet and should be looked at. Keys of the namespace "presentation". */
function warningsOf({ book, presentation, clock }: Context): { key: string; values: Record<string, string> }[] {
  const { questionnaires, outside, languages: offered } = presentation.current();
  const gone = (book.chain?.current.channels ?? [])
    .filter(({ questionnaire }) => !Object.hasOwn(questionnaires, questionnaire))
    .map(({ name, questionnaire }) => ({
      key: "presentation:warning.channel",
      values: { channel: name, questionnaire },
    }));
  const msPerDay = 86_400_000;
  const old = outside
    .filter(
      ({ checkedOn }) => checkedOn !== null && clock.today() - Date.parse(checkedOn) / msPerDay > mostDaysUnchecked,
    )
    .map(({ nameKey, checkedOn }) => ({ key: "presentation:warning.unchecked", values: { nameKey, day: checkedOn! } }));
  const texts = presentation.texts();
  const own = (language: string): string[] => Object.keys(texts[language] ?? {});
  const english = own("en").filter((key) => key.includes(":own."));
  const untranslated = offered
    .filter((language) => language !== "en" && english.some((key) => !own(language).includes(key)))
    .map((language) => ({ key: "presentation:warning.untranslated", values: { language } }));
  return [...gone, ...old, ...untranslated];
}

/** Routes for members whose current role is operator. */
export function presentationApi({ context, sessions }: ConsoleServices, limits: Limiters): Router {
  const router = Router();
  const { presentation } = context;
  const requireOperator = roleCheck(sessions, ["operator"]);
  const asOperator = requireRole(sessions, ["operator"]);
  router.get("/presentation", limits.pages, asOperator, (_req, res) => {
    res.json({
      files: presentation.saved().map(sentFile),
      builtIn: builtInFiles(presentation),
      problems: presentation.problems(),
      warnings: warningsOf(context),
      languages,
      outside: builtInOutside.map(({ id, nameKey }) => ({ id, nameKey })),
    });
  });
  router.get("/presentation/words/:language", limits.pages, asOperator, (req, res) => {
    const { language } = req.params;
    if (typeof language !== "string" || !languages.includes(language))
      throw new PortalError("missing", "no such language");
    res.json(listBuiltInWords(language));
  });
  router.put("/presentation", limits.pages, asOperator, jsonBody(largestChange), async (req, res) => {
    const { files } = parseShape(changeShape, req.body, "change");
    // Again: the roster may have changed while the body came.
    requireOperator(req);
    const saved = await presentation.change(
      files.map(({ name, expected, content }) => ({
        name,
        expected,
        bytes: content === null ? null : bytesOfContent(name, content),
      })),
    );
    switch (saved.is) {
      case "saved":
        res.json({ versions: saved.versions });
        return;
      case "wrong":
        res.status(400).json({ error: "format", problems: saved.problems });
        return;
      case "conflict":
        res.status(409).json({ error: "conflict", files: saved.files.map(sentFile) });
    }
  });
  return router;
}
