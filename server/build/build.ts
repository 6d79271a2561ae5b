/**
 * Builds what browsers load: `npm run build` writes views/public/built afresh.
 *
 * - views/browser/*.entry.ts → <name>.js, *.worker.ts → <name>.worker.js and *.sw.ts (service
 *   workers) → <name>.sw.js, one self-contained ES module each
 * - views/styles/{reporter,console,preview,public-record}.scss → the same with .css, and the images they name
 * - words-<language>.json: the word lists of receipt codes
 * - <font>.<hash>.woff, for documents that are made in the browser
 * - pdfium.wasm, which draws pages of PDFs at the console
 * - SHA256SUMS, so that anybody can compare a running portal with their own build
 *
 * The same sources give the same bytes: no dates, no paths, no source maps.
 */
import { createHash } from "node:crypto";
import { chmod, copyFile, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { build as esbuild, type Metafile } from "esbuild";
import { compileAsync } from "sass";
import { wordLists } from "../../crypto/word-lists.ts";
import { fontFilesOf } from "../../views/pdf/coverage.ts";
import { packers } from "../packers.ts";
import { toLogical } from "./logical-css.ts";

const root = join(import.meta.dirname, "../..");
const browserDir = join(root, "views/browser");
const stylesDir = join(root, "views/styles");
const publicDir = join(root, "views/public");
const builtDir = join(publicDir, "built");
const mojImagesDir = join(root, "node_modules/@ministryofjustice/frontend/moj/assets/images");

const fontsDir = join(root, "views/pdf/fonts");
const pdfiumPath = join(root, "node_modules/@embedpdf/pdfium/dist/pdfium.wasm");

const sheets = ["reporter", "console", "preview", "public-record"];
/** Only workers hold keys; a page that pulls the cryptography in has an import that it should not have. */
const workersOnly = "node_modules/libsodium";

export interface BuiltFile {
  name: string;
  bytes: number;
  sha256: string;
}

/** submit.entry.ts → submit.js, keyholder.worker.ts → keyholder.worker.js, download.sw.ts → download.sw.js */
function outputName(source: string): string {
  return basename(source)
    .replace(/\.entry\.ts$/, ".js")
    .replace(/\.(worker|sw)\.ts$/, ".$1.js");
}

function assertNoCryptoInPages(metafile: Metafile): void {
  for (const [output, { inputs }] of Object.entries(metafile.outputs)) {
    if (output.endsWith(".worker.js")) continue;
    const found = Object.keys(inputs).find((input) => input.includes(workersOnly));
    if (found !== undefined)
      throw new Error(`${basename(output)} contains ${found}: import it from a *.worker.ts instead`);
  }
}

async function buildScripts(outDir: string): Promise<void> {
  const sources = (await readdir(browserDir, { recursive: true }))
    .filter((name) => /\.(entry|worker|sw)\.ts$/.test(name))
    .sort();
  const names = sources.map(outputName);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`two sources would both become ${twice}`);
  // One run for each entry costs the same and leaves no chunk that two pages share.
  const results = await Promise.all(
    sources.map((source) =>
      esbuild({
        entryPoints: [join(browserDir, source)],
        outfile: join(outDir, outputName(source)),
        absWorkingDir: root,
        bundle: true,
        splitting: false,
        format: "esm",
        platform: "browser",
        target: ["chrome115", "firefox115", "safari16.4"],
        minify: true,
        sourcemap: false,
        legalComments: "none",
        charset: "utf8",
        metafile: true,
        logLevel: "warning",
        // lit's production build, and no name of this machine in the output
        define: { "process.env.NODE_ENV": '"production"' },
      }),
    ),
  );
  for (const { metafile } of results) assertNoCryptoInPages(metafile);
}

/** Every image that a sheet names must be there, or the page would ask for it in vain. */
async function copyImages(css: string, outDir: string): Promise<void> {
  for (const [, path] of css.matchAll(/url\(["']?([^"')]+)["']?\)/g)) {
    const name = path?.match(/^\/assets\/([\w-]+\.svg)$/)?.[1];
    if (name === undefined) throw new Error(`a style sheet names ${path}, which is not /assets/<name>.svg`);
    await copyFile(join(mojImagesDir, name), join(outDir, name));
  }
}

async function buildSheet(name: string, outDir: string): Promise<void> {
  const { css } = await compileAsync(join(stylesDir, `${name}.scss`), {
    style: "compressed",
    charset: false,
    // MoJ Frontend imports "node_modules/govuk-frontend/…" from the directory that holds node_modules
    loadPaths: [root],
    quietDeps: true,
  });
  const logical = toLogical(css);
  await copyImages(logical, outDir);
  await writeFile(join(outDir, `${name}.css`), `${logical}\n`);
}

/** As they are shown: in NFC. */
async function writeWordLists(outDir: string): Promise<void> {
  for (const [language, words] of Object.entries(wordLists))
    await writeFile(join(outDir, `words-${language}.json`), JSON.stringify(words.map((word) => word.normalize("NFC"))));
}

async function copyFonts(outDir: string): Promise<void> {
  await Promise.all(fontFilesOf().map(({ name, asset }) => copyFile(join(fontsDir, name), join(outDir, asset))));
}

async function buildInto(outDir: string): Promise<BuiltFile[]> {
  await Promise.all([
    buildScripts(outDir),
    writeWordLists(outDir),
    copyFonts(outDir),
    copyFile(pdfiumPath, join(outDir, "pdfium.wasm")),
    ...sheets.map((name) => buildSheet(name, outDir)),
  ]);
  const files: BuiltFile[] = [];
  const packable: [name: string, content: Buffer][] = [];
  for (const name of (await readdir(outDir)).sort()) {
    const content = await readFile(join(outDir, name));
    files.push({ name, bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") });
    // For server/http/assets.ts. Not in the list of sums: zlib may pack the same bytes differently elsewhere.
    if (/\.(js|css|json|wasm)$/.test(name)) packable.push([name, content]);
  }
  await Promise.all(
    packable.flatMap(([name, content]) => [
      packers.gzip(content).then((bytes) => writeFile(join(outDir, `${name}.gz`), bytes)),
      packers.br(content).then((bytes) => writeFile(join(outDir, `${name}.br`), bytes)),
    ]),
  );
  await writeFile(join(outDir, "SHA256SUMS"), files.map((file) => `${file.sha256}  ${file.name}\n`).join(""));
  return files;
}

/** Puts `fresh` in the place of what was built before; another build may be doing the same. */
async function swap(fresh: string): Promise<void> {
  for (let tries = 5; ; tries--) {
    const old = `${fresh}-old${tries}`;
    await rename(builtDir, old).catch(() => {}); // the first build has none
    try {
      await rename(fresh, builtDir);
      return;
    } catch (error) {
      if (tries === 0) throw error;
    } finally {
      await rm(old, { recursive: true, force: true });
    }
  }
}

/**
 * Builds everything; `say` gets a line for each file. Throws at the first fault, and then what was
 * built before stays as it was: a running portal never serves half of two versions.
 */
export async function build(say: (line: string) => void = () => {}): Promise<BuiltFile[]> {
  const started = performance.now();
  const fresh = await mkdtemp(join(publicDir, ".built-"));
  try {
    const files = await buildInto(fresh);
    await chmod(fresh, 0o755); // mkdtemp makes it readable for this user only
    await swap(fresh);
    for (const file of files) say(`  ${file.name.padEnd(28)} ${(file.bytes / 1024).toFixed(1).padStart(8)} kB`);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    say(`${files.length} files in ${relative(root, builtDir)}, ${seconds} s`);
    return files;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  await build((line) => console.log(line));
