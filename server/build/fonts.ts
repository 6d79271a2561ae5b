/** Writes views/pdf/fonts/coverage.json from the fonts beside it: `node server/build/fonts.ts`, when they change. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { charactersOf } from "../../views/pdf/fonts.ts";
import { formatRanges, type Cut } from "../../views/pdf/coverage.ts";

const fontsDir = join(import.meta.dirname, "../../views/pdf/fonts");
const fileName = /^(?<cut>[a-z-]+)-(?<weight>400|700)-normal\.woff$/;

/** @throws Error on a file with another name, or a weight that has other characters than the other */
export function readCuts(): Record<string, Cut> {
  const cuts: Record<string, Cut> = {};
  for (const name of readdirSync(fontsDir).sort()) {
    if (!name.endsWith(".woff")) continue;
    const { cut, weight } = fileName.exec(name)?.groups ?? {};
    if (cut === undefined || weight === undefined) throw new Error(`${name} is not <cut>-<400|700>-normal.woff`);
    const bytes = readFileSync(join(fontsDir, name));
    const characters = formatRanges(charactersOf(bytes));
    const known = cuts[cut];
    if (known !== undefined && known.characters !== characters) throw new Error(`${name}: its weights differ`);
    cuts[cut] = {
      characters,
      files: { ...known?.files, [weight]: createHash("sha256").update(bytes).digest("hex") } as Cut["files"],
    };
  }
  return cuts;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  writeFileSync(join(fontsDir, "coverage.json"), `${JSON.stringify(readCuts(), null, 2)}\n`);
