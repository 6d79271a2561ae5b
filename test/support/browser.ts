/**
 * A real Chromium for the tests. By default the one that npm carries (@sparticuz/chromium: the
 * version is in the lockfile, so everybody tests with the same browser, without root), otherwise
 * an installed one; TEST_BROWSER=installed prefers the installed one.
 */
import { execFile } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { chromium, type Browser, type BrowserContext, type LaunchOptions } from "playwright-core";

export type BrowserKind = "npm" | "installed";

const arguments_ = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const installedPaths = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Which browser the tests get on this machine; null when there is none. */
export function findBrowser(): BrowserKind | null {
  const wish = process.env["TEST_BROWSER"] === "installed" ? ["installed", "npm"] : ["npm", "installed"];
  return (wish as BrowserKind[]).find(hasBrowser) ?? null;
}

export function hasBrowser(kind: BrowserKind): boolean {
  return kind === "npm" ? canRunNpmBrowser() : findInstalledPath() !== undefined;
}

/** Chromium hears a tone that comes and goes, and pages that ask for the microphone get it. */
export const fakeMicrophone = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

/** Starts a browser with a fresh profile, which goes away when it is closed. `more`: arguments of its own. */
export async function launchBrowser(
  kind: BrowserKind | null = findBrowser(),
  more: readonly string[] = [],
): Promise<Browser> {
  const options = await launchOptions(kind);
  return chromium.launch({ ...options, args: [...(options.args ?? []), ...more] });
}

/**
 * Starts a browser that keeps its profile in the given folder, for tests that search what a
 * visit leaves on the disk. Watch the context with watchContext.
 */
export async function launchProfile(folder: string, kind: BrowserKind | null = findBrowser()): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, await launchOptions(kind));
}

async function launchOptions(kind: BrowserKind | null): Promise<LaunchOptions> {
  if (kind === null) throw new Error('no browser on this machine: ask requireJudge("browser") first');
  if (kind === "npm") return { ...(await unpackNpmBrowser()), args: arguments_ };
  const executablePath = findInstalledPath();
  if (executablePath === undefined) throw new Error("no installed Chromium");
  return { executablePath, args: arguments_ };
}

function findInstalledPath(): string | undefined {
  return installedPaths.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The package holds one binary: x86-64 Linux with glibc. */
function canRunNpmBrowser(): boolean {
  if (process.platform !== "linux" || process.arch !== "x64" || !existsSync("/lib64/ld-linux-x86-64.so.2"))
    return false;
  return existsSync(join(npmBrowserFolder(), "bin/chromium.br"));
}

function npmBrowserFolder(): string {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  return dirname(dirname(entry));
}

/**
 * Unpacks into node_modules/.cache, once: the package would use /tmp/chromium, which anybody on
 * the machine may have put there. Its archive for Amazon Linux brings libnss3 and its kin, so the
 * browser runs on a machine that has none of them.
 */
async function unpackNpmBrowser(): Promise<{ executablePath: string; env: Record<string, string> }> {
  const cache = join(npmBrowserFolder(), "../../.cache/tellhaven-browser");
  const folder = join(cache, "unpacked");
  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true });
    const unfinished = await mkdtemp(join(cache, "unfinished-"));
    await unpackInto(unfinished);
    await writeFile(join(unfinished, "fonts/fonts.conf"), fontConfiguration(folder));
    // Two test processes may do this at once: the first rename wins, the other's folder goes.
    await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true }));
  }
  return {
    executablePath: join(folder, "chromium"),
    env: {
      ...(process.env as Record<string, string>),
      LD_LIBRARY_PATH: join(folder, "al2023/lib"),
      FONTCONFIG_FILE: join(folder, "fonts/fonts.conf"),
    },
  };
}

/** In a process of its own, because the package knows no other way to be told where than TMPDIR. */
async function unpackInto(folder: string): Promise<void> {
  const script = 'await (await import("@sparticuz/chromium")).default.executablePath()';
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: import.meta.dirname,
    env: { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: "nodejs24.x" },
  });
}

function fontConfiguration(folder: string): string {
  const folders = ["/usr/share/fonts", join(folder, "fonts")];
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>${folders.map((path) => `<dir>${path}</dir>`).join("")}<cachedir>${join(folder, "font-cache")}</cachedir></fontconfig>
`;
}
