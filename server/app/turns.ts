/** One after the other, for acts that would only get in each other's way. */
import type { Context } from "./context.ts";

export type InTurn = <T>(context: Context, act: () => Promise<T>) => Promise<T>;

/** Waits for the turn before, however that ended. Two portals in one process do not wait for each other. */
export function takeTurns(): InTurn {
  const newest = new WeakMap<Context, Promise<unknown>>();
  return (context, act) => {
    const turn = (newest.get(context) ?? Promise.resolve()).then(act);
    newest.set(
      context,
      turn.catch(() => undefined),
    );
    return turn;
  };
}
