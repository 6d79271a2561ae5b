/** The rules that keep the code in its layers, and the check of one file against them. */
import { posix } from "node:path";
import { scanSource, type Scan } from "./source-scan.ts";

interface Zone {
  name: string;
  /** A file belongs to the first zone whose pattern its path matches. */
  files: RegExp;
  /** Zones it may import from, besides itself. */
  imports: string[];
  /** Packages it may import, sub-paths included. */
  packages: "any" | string[];
  /** Whether it may import node: modules. */
  node: boolean;
}

const core = ["ports", "domain", "crypto"];
const composition = [
  "http",
  "processing",
  "words",
  "press",
  "pdf",
  "notify",
  "assisted",
  "app",
  "storage",
  "config",
  "build",
  "policy",
  "locales",
  ...core,
];

/** Inner layers first: what must be right can be read, and tested, with nothing running. */
export const zones: Zone[] = [
  // Apart from crypto, because on the server only assisted/ may hold what opens an envelope.
  {
    name: "open",
    files: /^crypto\/envelope\/open(?:-team|-key)?\.ts$/,
    imports: ["crypto"],
    packages: [],
    node: false,
  },
  // The quarantine of libsodium.
  { name: "crypto", files: /^crypto\/sodium\.ts$/, imports: [], packages: ["libsodium-wrappers-sumo"], node: false },
  { name: "crypto", files: /^crypto\//, imports: [], packages: ["@scure/bip39", "zod"], node: false },
  { name: "policy", files: /^data\/policy\//, imports: ["crypto"], packages: ["zod", "jsonc-parser"], node: false },
  { name: "locales", files: /^views\/locales\//, imports: [], packages: [], node: false },
  // Documents: blocks to pages, in a browser and on the server. Knows nothing of a portal.
  {
    name: "pdf",
    files: /^views\/pdf\//,
    imports: ["crypto"],
    packages: ["pdfkit", "fontkit", "fflate", "linebreak", "bidi-js"],
    node: false,
  },
  {
    name: "browser",
    files: /^views\/browser\//,
    imports: ["policy", "crypto", "open", "locales", "pdf"],
    packages: [
      "lit",
      "zod",
      "client-zip",
      "i18next",
      "govuk-frontend",
      "@ministryofjustice/frontend",
      // Only in the workers that take metadata out of documents and search them.
      "@cantoo/pdf-lib",
      "@xmldom/xmldom",
      "@zip.js/zip.js",
      "altcha-lib",
      // Dates for a member's own calendar.
      "ical.js",
      // Only in the keyholder: finds words in opened cases.
      "minisearch",
      // Only in the keyholder: reads what a time-stamping authority answers; seals a case file to an outside lawyer.
      "asn1js",
      "age-encryption",
      // The dashboard's tables as files.
      "csv-stringify",
      // Only in the workers that draw and search pages of PDFs.
      "@embedpdf/pdfium",
    ],
    node: false,
  },
  { name: "domain", files: /^server\/domain\//, imports: ["crypto"], packages: [], node: false },
  { name: "ports", files: /^server\/ports\.ts$/, imports: ["domain", "crypto"], packages: [], node: false },
  { name: "app", files: /^server\/app\//, imports: ["policy", ...core], packages: ["altcha-lib"], node: true },
  {
    name: "storage",
    files: /^server\/storage\//,
    imports: core,
    packages: ["better-sqlite3"],
    node: true,
  },
  { name: "packers", files: /^server\/packers\.ts$/, imports: [], packages: [], node: true },
  { name: "config", files: /^server\/config\.ts$/, imports: ["crypto"], packages: [], node: true },
  {
    name: "assisted",
    files: /^server\/assisted\//,
    imports: ["app", "open", "policy", ...core],
    packages: ["busboy"],
    node: true,
  },
  // What people are told, for pages and for the shell.
  {
    name: "words",
    files: /^server\/http\/(?:i18n|word-files|language-address)\.ts$/,
    imports: ["locales"],
    packages: ["i18next", "express"],
    node: true,
  },
  // Makes documents in a thread, with fonts from the disk.
  { name: "press", files: /^server\/pdf\//, imports: ["pdf", "crypto"], packages: [], node: true },
  {
    name: "notice",
    files: /^server\/notice\//,
    imports: ["words", "pdf", "policy", "crypto"],
    packages: ["qr", "csv-parse", "csv-stringify"],
    node: true,
  },
  // What the settings say about the processing of personal data; knows no store and no case.
  {
    name: "processing",
    files: /^server\/processing\//,
    imports: ["words", "config", "policy", "locales", "crypto"],
    packages: ["client-zip"],
    node: true,
  },
  {
    name: "http",
    files: /^server\/http\//,
    imports: [
      "words",
      "notice",
      "processing",
      "press",
      "pdf",
      "assisted",
      "app",
      "config",
      "packers",
      "policy",
      "locales",
      ...core,
    ],
    packages: ["express", "helmet", "ejs", "i18next", "express-rate-limit", "busboy"],
    node: true,
  },
  // What members are told outside the portal.
  {
    name: "notify",
    files: /^server\/notify\//,
    imports: ["words", "app", "config", "policy", ...core],
    packages: ["nodemailer"],
    node: true,
  },
  // Files that were saved at the console, read again in a shell.
  { name: "cli-files", files: /^server\/cli\/(?:zip|mistake)\.ts$/, imports: ["crypto"], packages: [], node: true },
  // For the air-gapped machine, which is not the server: reads and tells a case with the code that browsers run.
  {
    name: "cli-open",
    files: /^server\/cli\/open(?:\/|\.ts$)/,
    imports: ["open", "browser", "words", "policy", "cli-files", ...core],
    packages: [],
    node: true,
  },
  // Puts the server together, with what only it needs: the clock and the key of the keyring.
  {
    name: "main",
    files: /^server\/(?:main|start|clock|master-key)\.ts$/,
    imports: composition,
    packages: ["express"],
    node: true,
  },
  {
    name: "cli",
    files: /^server\/cli\//,
    imports: ["main", "cli-open", "cli-files", "words", "app", "config", "policy", ...core],
    packages: ["commander", "pkijs", "asn1js"],
    node: true,
  },
  // Plays everybody in one process, with the code that browsers run.
  {
    name: "demo",
    files: /^server\/demo\//,
    imports: ["main", "browser", ...composition],
    packages: [],
    node: true,
  },
  {
    name: "build",
    files: /^server\/build\//,
    imports: ["packers", "words", "pdf", "policy", "crypto"],
    packages: ["esbuild", "sass", "zod"],
    node: true,
  },
  { name: "test", files: /^test\//, imports: ["any"], packages: "any", node: true },
];

interface Ban {
  files: RegExp;
  what: string;
  /** Sought in the code, outside comments and strings. */
  code?: RegExp;
  /** Sought in each string. */
  string?: RegExp;
}

const pure = /^(?:crypto|server\/domain)\//;

const bans: Ban[] = [
  {
    files: pure,
    what: "time comes in as an argument",
    code: /(?<![.\w$])(?:Date|performance|setTimeout|setInterval)\b(?!\s*\??:)/,
  },
  {
    files: /^data\/policy\//,
    what: "time comes in as an argument",
    code: /(?<![.\w$])(?:(?:Date\.now|performance|setTimeout|setInterval)\b|new\s+Date\s*(?:\(\s*\)|;))/,
  },
  {
    files: /^(?:crypto|server|data|views)\//,
    what: "randomness comes from crypto/sodium",
    code: /\bMath\s*\.\s*random\b/,
  },
  {
    files: pure,
    what: "no Node and no DOM",
    code: /(?<![.\w$])(?:(?:process|Buffer|console|fetch|XMLHttpRequest|WebSocket|localStorage|sessionStorage|indexedDB|HTMLElement)\b(?!\s*\??:)|(?:document|window|navigator|globalThis|self)\s*[.[])/,
  },
  {
    files: /^(?:server|views)\//,
    what: "no cookies",
    code: /\.\s*(?:cookie|clearCookie)\b/,
    string: /set-cookie|cookie-?parser|cookie-session/i,
  },
  {
    // xml.ts parses with xmldom, whose trees are never shown.
    files: /^views\/browser\/(?!metadata\/xml\.ts$)/,
    what: "text becomes nodes, never markup",
    code: /\b(?:innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|createContextualFragment|parseFromString|unsafeHTML)\b|\bdocument\s*\.\s*write|(?<![.\w$])eval\s*\(|\bnew\s+Function\b/,
    string: /^(?:innerHTML|outerHTML|insertAdjacentHTML)$/,
  },
  {
    files: /^(?:crypto|data|views|server\/(?:http|app|domain|assisted|storage|notify))\//,
    what: "nothing about a request or a case is logged",
    code: /(?<![.\w$])console\s*[.[]/,
  },
  // Declarations of a package say what it has.
  {
    files: /^(?:crypto|data|views|server|test)\/.*(?<!\.d)\.ts$/,
    what: "exports are named",
    code: /\bexport\s+default\b/,
  },
  { files: /^(?:crypto|data|views|server|test)\//, what: "no barrels", code: /\bexport\s*\*/ },
];

/** EJS and HTML: the strict Content-Security-Policy would block these, `<%-` of anything else would inject. */
const templateBans: [what: string, pattern: RegExp][] = [
  ["<%- is for include only", /<%-(?!\s*include\()/],
  ["no inline script", /<script(?![^>]*\ssrc=)(?!\s+type="application\/json")[^>]*>/i],
  ["no inline style", /<style|\sstyle\s*=/i],
  ["no inline handler", /<[a-z][^>]*\son[a-z]+\s*=/i],
  ["no javascript: address", /javascript:/i],
];

export const mostLines = 400;

/** Every rule that the file (path from the root, with slashes) breaks, one sentence each. */
export function checkFile(path: string, source: string): string[] {
  const lines = source.split("\n").length - 1;
  const found = lines > mostLines ? [`${path} has ${String(lines)} lines, more than ${String(mostLines)}`] : [];
  if (/\.(?:ejs|html)$/.test(path))
    for (const [what, pattern] of templateBans)
      if (pattern.test(source.replace(/<%[^-][^]*?%>/g, ""))) found.push(`${path}: ${what}`);
  if (path.endsWith(".ts")) found.push(...checkTypeScript(path, scanSource(source)));
  return found;
}

function checkTypeScript(path: string, scan: Scan): string[] {
  const found: string[] = [];
  for (const { files, what, code, string } of bans) {
    if (!files.test(path)) continue;
    if (code?.test(scan.code) === true || scan.strings.some((text) => string?.test(text) === true))
      found.push(`${path}: ${what}`);
  }
  const zone = zones.find(({ files }) => files.test(path));
  if (zone === undefined) return [...found, `${path} belongs to no zone`];
  if (scan.computedImports > 0 && zone.name !== "test") found.push(`${path} imports something computed`);
  return [...found, ...scan.imports.flatMap((specifier) => checkImport(path, zone, specifier))];
}

function checkImport(path: string, zone: Zone, specifier: string): string[] {
  const refused = [`${path} (${zone.name}) may not import ${specifier}`];
  if (specifier.startsWith("node:")) return zone.node ? [] : refused;
  if (!specifier.startsWith(".")) {
    const allowed = zone.packages === "any" || zone.packages.some((name) => isOrIsUnder(specifier, name));
    return allowed ? [] : refused;
  }
  if (zone.imports.includes("any")) return [];
  const target = posix.join(posix.dirname(path), specifier);
  const targetZone = zones.find(({ files }) => files.test(target))?.name ?? "none";
  return targetZone === zone.name || zone.imports.includes(targetZone) ? [] : refused;
}

function isOrIsUnder(specifier: string, name: string): boolean {
  return specifier === name || specifier.startsWith(`${name}/`);
}
