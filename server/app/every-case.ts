/** Going through all cases, for what the server does by itself: reminders, deletion by date, counts. */
import type { CaseRow } from "../ports.ts";
import { tryOpenCase, type LoadedCase } from "./case-state.ts";
import type { Context } from "./context.ts";

const readAtOnce = 64;
/** Opening a case takes about a millisecond. */
const openAtOnce = 4;

/** Every case that opens, other requests in between; a damaged one must not hide the others. */
export async function* everyCase(context: Context): AsyncGenerator<LoadedCase> {
  let after: Uint8Array | null = null;
  for (;;) {
    const rows: CaseRow[] = await context.store.listCases(after, readAtOnce);
    const entries = await context.keyring.findMany(rows.map((row) => row.idx));
    for (const [i, row] of rows.entries()) {
      const found = tryOpenCase(context, row, entries[i] ?? null);
      if (found !== "damaged") yield found;
      if (i % openAtOnce === openAtOnce - 1) await new Promise((resolve) => setImmediate(resolve));
    }
    if (rows.length < readAtOnce) return;
    after = rows.at(-1)!.idx;
  }
}
