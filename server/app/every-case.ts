/** Going through all cases, for what the server does by itself: reminders, deletion by date, counts. */
import { PortalError } from "../../crypto/errors.ts";
import type { CaseRow } from "../ports.ts";
import { openCase, type LoadedCase } from "./case-state.ts";
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
      const found = tryOpen(context, row, entries[i] ?? null);
      if (found !== null) yield found;
      if (i % openAtOnce === openAtOnce - 1) await new Promise((resolve) => setImmediate(resolve));
    }
    if (rows.length < readAtOnce) return;
    after = rows.at(-1)!.idx;
  }
}

function tryOpen(context: Context, row: CaseRow, entry: Uint8Array | null): LoadedCase | null {
  try {
    return openCase(context, row, entry);
  } catch (error) {
    if (error instanceof PortalError) return null;
    throw error;
  }
}
