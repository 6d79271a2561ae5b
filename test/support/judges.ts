/**
 * Outside judges: programs that this project did not write and that the tests ask for a second
 * opinion. npm does not carry them. test/run.ts installs missing ones where it may (root on
 * Debian); a test whose judge is missing is reported as skipped, counted, and a failure in CI.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findBrowser } from "./browser.ts";
import { onSmallDisk } from "./small-disk.ts";

interface Judge {
  /** The Debian package that brings it. */
  apt: string;
  /** What it is asked, for the person who reads that it is missing. */
  asked: string;
  isPresent: () => boolean;
}

/** The one list: a new judge is one entry here. */
export const judges = {
  minisign: { apt: "minisign", asked: "verifies our roster signatures", isPresent: () => isOnPath("minisign") },
  jq: { apt: "jq", asked: "reads our JSON", isPresent: () => isOnPath("jq") },
  openssl: {
    apt: "openssl",
    asked: "makes a certificate and tries old TLS on us",
    isPresent: () => isOnPath("openssl"),
  },
  age: { apt: "age", asked: "opens what we seal to age keys", isPresent: () => isOnPath("age") },
  busybox: { apt: "busybox", asked: "is another shell for verify.sh", isPresent: () => isOnPath("busybox") },
  dash: { apt: "dash", asked: "is a plain shell for verify.sh", isPresent: () => isOnPath("dash") },
  script: { apt: "bsdutils", asked: "is a terminal in which we are asked", isPresent: () => isOnPath("script") },
  xmllint: { apt: "libxml2-utils", asked: "reads the XML of our Word files", isPresent: () => isOnPath("xmllint") },
  unzip: { apt: "unzip", asked: "tests and lists our ZIP archives", isPresent: () => isOnPath("unzip") },
  exiftool: {
    apt: "libimage-exiftool-perl",
    asked: "plants metadata in files, and looks for what we left",
    isPresent: () => isOnPath("exiftool"),
  },
  mat2: { apt: "mat2", asked: "looks for metadata that we left", isPresent: () => isOnPath("mat2") },
  convert: {
    apt: "imagemagick",
    asked: "makes pictures and compares their pixels",
    // A machine may have a stand-in of that name; this one comes with the real thing only.
    isPresent: () => isOnPath("convert") && isOnPath("identify"),
  },
  pdftotext: { apt: "poppler-utils", asked: "reads our PDFs", isPresent: () => isOnPath("pdftotext") },
  pdftoppm: { apt: "poppler-utils", asked: "draws our PDFs", isPresent: () => isOnPath("pdftoppm") },
  zbarimg: { apt: "zbar-tools", asked: "reads our QR codes from pictures", isPresent: () => isOnPath("zbarimg") },
  pdffonts: { apt: "poppler-utils", asked: "lists the fonts of our PDFs", isPresent: () => isOnPath("pdffonts") },
  python3: { apt: "python3", asked: "reads our tables and load files", isPresent: () => isOnPath("python3") },
  awk: { apt: "mawk", asked: "reads our Opticon files", isPresent: () => isOnPath("awk") },
  qpdf: { apt: "qpdf", asked: "checks our PDFs and unpacks them", isPresent: () => isOnPath("qpdf") },
  tmpfs: {
    apt: "util-linux",
    asked: "is a small disk that can be full",
    isPresent: () => spawnSync(...onSmallDisk("64k", tmpdir(), "true")).status === 0,
  },
  browser: { apt: "chromium", asked: "opens our pages", isPresent: () => findBrowser() !== null },
} satisfies Record<string, Judge>;

export type JudgeName = keyof typeof judges;

/** Options for a test that needs these judges: `test("…", requireJudge("minisign"), () => …)`. */
export function requireJudge(...names: JudgeName[]): { skip: string | false } {
  const missing = missingJudges(names);
  return { skip: missing.length > 0 && `needs ${missing.join(", ")}, not on this machine` };
}

export function missingJudges(names: readonly JudgeName[] = judgeNames): JudgeName[] {
  return names.filter((name) => !judges[name].isPresent());
}

const judgeNames = Object.keys(judges) as JudgeName[];

function isOnPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
