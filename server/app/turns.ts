/** One after the other, for acts that would only get in each other's way. */
import type { Context } from "./context.ts";

/** A line of acts. Each waits for the one before, however that ended. */
export class Turns {
  #newest: Promise<unknown> = Promise.resolve();

  take<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#newest.then(act);
    this.#newest = turn.catch(() => undefined);
    return turn;
  }
}

export type InTurn = <T>(context: Context, act: () => Promise<T>) => Promise<T>;

/** A line for each portal: two in one process do not wait for each other. */
export function takeTurns(): InTurn {
  const lines = new WeakMap<Context, Turns>();
  return (context, act) => {
    const line = lines.get(context) ?? new Turns();
    lines.set(context, line);
    return line.take(act);
  };
}
