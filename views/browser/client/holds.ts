/** Holds: several matters may hold one case, each begun and released by itself. Only what readers signed counts. */
import type { ActDraft } from "./case-acts.ts";

export interface Hold<By> {
  /** Hex, 8 bytes; null: the one without an id, of before there could be several. */
  id: string | null;
  /** For what; "": not said. */
  matter: string;
  /** What must be kept besides the case; "": nothing. */
  scope: string;
  /** YYYY-MM-DD on which it begins; null: not said. */
  from: string | null;
  reason: string;
  by: By;
  /** Null: it is on. */
  released: { on: string | null; reason: string; by: By } | null;
}

/** An entry of the readers' stream, or one that is about to be written; `act` null: no act. */
export interface Written<By> {
  author: By;
  act: ActDraft | null;
}

/** In the order in which they were first put on. `entries`: oldest first. The newest act of an id counts. */
export function holdsOf<By>(entries: readonly Written<By>[]): Hold<By>[] {
  const holds = new Map<string, Hold<By>>();
  for (const { author: by, act } of entries) {
    if (act?.act !== "hold") continue;
    const { id = null, matter = "", scope = "", dated = null, reason } = act;
    const key = id ?? "";
    const known = holds.get(key);
    if (act.on) holds.set(key, { id, matter, scope, from: dated, reason, by, released: null });
    else if (known?.released === null) holds.set(key, { ...known, released: { on: dated, reason, by } });
  }
  return [...holds.values()];
}

/** Whether any hold is on: what the server's mark has to say. */
export const isHeldBy = (entries: readonly Written<unknown>[]): boolean =>
  holdsOf(entries).some(({ released }) => released === null);
