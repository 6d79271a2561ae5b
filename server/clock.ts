/** The only clock of the server. Days are all that is ever stored. */
import type { Clock } from "./ports.ts";

const dayMs = 86_400_000;

export const systemClock: Clock = {
  today: () => Math.floor(Date.now() / dayMs),
  now: () => Date.now(),
};
