/**
 * Renders EJS pages inside the one layout. Templates print with `<%=` only, which escapes;
 * the page data block is the single value that goes out as it is, and only as ScriptJson.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ejs from "ejs";
import type { Response } from "express";
import type { PortalFacts, SiteDeps } from "./deps.ts";
import { describeLanguage, directionOf, translator, wordsFor, type Namespace } from "./i18n.ts";
import { languageOf, offeredLanguages, splitAddress } from "./language-address.ts";
import { lawShown } from "./law-shown.ts";
import { sendPacked } from "./packing.ts";

/** What is the same on every page of one app; kept in app.locals["site"]. */
export interface Site {
  name: "reporter" | "console";
  /** Null on the console: no quick exit there. */
  quickExitUrl: string | null;
  /** Namespaces of words that scripts of this app's pages get. */
  words: readonly Namespace[];
}

export interface Page {
  /** Key of the <title>; neutral on reporter pages: it stays in the browser's history. */
  title: string;
  /** Names of files in views/public/built without .js, loaded as modules in this order. */
  scripts?: readonly string[];
  /** More style sheets, by their names in views/styles. */
  styles?: readonly string[];
  /** JSON for the page's script, next to the words: `pageData()` in views/browser/i18n.ts. */
  data?: Readonly<Record<string, unknown>>;
  /** More namespaces of words for the page's script. */
  words?: readonly Namespace[];
  status?: number;
  /** True for pages that use the whole width of the window. */
  wide?: boolean;
  /** Values for the page's own template, as `page.values`. */
  values?: Readonly<Record<string, unknown>>;
  /** True for pages that hold nothing of one visitor: they go out packed. */
  alike?: boolean;
}

const viewsDir = join(import.meta.dirname, "../../views");

/** JSON that cannot end the script element it stands in; the escape function lets only this through. */
class ScriptJson {
  readonly text: string;

  constructor(value: unknown) {
    this.text = JSON.stringify(value).replace(
      /[<>&\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  }
}

function escapeValue(value: unknown): string {
  if (value instanceof ScriptJson) return value.text;
  // A missing word or value should be seen in tests, not printed as an empty string.
  if (typeof value !== "string" && typeof value !== "number") throw new TypeError("a template printed no text");
  return ejs.escapeXML(String(value));
}

/** Compiled once per process; templates are part of the installed version. */
const layout = ejs.compile(readFileSync(join(viewsDir, "partials/layout.ejs"), "utf8"), {
  filename: join(viewsDir, "partials/layout.ejs"),
  cache: true,
  escape: escapeValue,
});

const previewPage = ejs.compile(readFileSync(join(viewsDir, "console/preview.ejs"), "utf8"), {
  cache: false,
  escape: escapeValue,
});

/** Answers with the empty page that the console fills with a preview. */
export function renderPreview(res: Response): void {
  const lang = languageOf(res.req);
  res.set("Vary", "Accept-Language");
  res.type("html");
  res.send(previewPage({ lang, dir: directionOf(lang), title: translator(lang)("previews:frame.title") }));
}

/**
 * For the chooser of languages. `hint`: what to know before; null where nobody can have typed anything. Reporters come
 * to the first page, which asks for nothing; members to this same page, whose script takes a link's fragment along.
 */
function languageChoice(res: Response, { name }: Site, language: string): object {
  const path = splitAddress(res.req.originalUrl).rest.split("?")[0]!;
  const forReporters = name === "reporter";
  const choices = offeredLanguages(res).map((tag) => ({
    ...describeLanguage(tag),
    current: tag === language,
    href: forReporters ? `/${tag}/` : `/${tag}${path}`,
  }));
  const { reviewed } = describeLanguage(language);
  const hint = !forReporters ? "console:languageStarts" : path === "/" ? null : "common:footer.languageStarts";
  // Said in English too: whoever doubts the translation should understand why.
  return { choices, hint, reviewed, inEnglish: translator("en") };
}

/**
 * Answers with views/<name>.ejs inside views/partials/layout.ejs. Throws when a template asks
 * for what it was not given.
 */
export function renderPage(res: Response, name: string, page: Page): void {
  const site = res.app.locals["site"] as Site;
  const language = languageOf(res.req);
  const t = translator(language);
  const scripts = page.scripts ?? [];
  const words = wordsFor(language, [...site.words, ...(page.words ?? [])]);
  // The console keeps its looks: whoever opens a key there should know the page again.
  const presentation = (res.app.locals["presentation"] as SiteDeps["presentation"]).current();
  const { hasTheme, hasLogo } = presentation;
  const now = (res.app.locals["now"] as SiteDeps["now"])();
  const facts = res.app.locals["facts"] as (() => PortalFacts) | undefined;
  const html = layout({
    facts: facts === undefined ? null : facts(),
    theme: site.name === "reporter" && hasTheme,
    logo: site.name === "reporter" && hasLogo,
    t,
    site,
    view: `../${name}`,
    page: name,
    values: page.values ?? {},
    law: lawShown(presentation, now, language),
    title: t(page.title),
    lang: language,
    dir: directionOf(language),
    scripts,
    styles: page.styles ?? [],
    wide: page.wide ?? false,
    href: (path: string) => `/${language}${path}`,
    language: languageChoice(res, site, language),
    pageData: scripts.length === 0 ? null : new ScriptJson({ lang: language, words, data: page.data ?? {} }),
  });
  res.status(page.status ?? 200);
  // Plaintext of a person's visit must not stay in a disk cache or come back with the back button.
  res.set("Cache-Control", "no-store");
  res.set("Vary", "Accept-Language");
  res.type("html");
  // Packing a page that holds a secret could give it away by its length. Where a script puts in what a person
  // writes or reads, the page itself holds none.
  if (page.alike === true) void sendPacked(res, html);
  else res.send(html);
}
