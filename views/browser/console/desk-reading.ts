/** Follows what the keyholder reads in the background, until all of it is read. */
import type { Keyholder } from "./ask-keyholder.ts";
import type { State } from "./state.ts";

const readingMs = 1_500;

export interface ReadingDesk {
  /** Asks now, and again until everything was read. */
  follow(): Promise<void>;
}

export function makeReadingDesk(state: State, keyholder: () => Keyholder | null, draw: () => void): ReadingDesk {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const follow = async (): Promise<void> => {
    clearTimeout(timer);
    const asked = keyholder();
    const before = state.readings.reading;
    // Figures of many cases are long: they come when somebody looks at them, and at the end.
    const figuresToo = state.screen === "dashboard" || before === null || before.done >= before.total;
    const answer = await asked?.ask("readings", { figures: figuresToo }).answer.catch(() => null);
    if (answer == null || keyholder() !== asked) return;
    const { figures, reading } = answer;
    state.readings = {
      // The same array as long as nothing came: what was counted of it is not counted again.
      figures: figures ?? state.readings.figures,
      reading,
    };
    draw();
    if (reading.done < reading.total || (figures === null && reading.total > 0))
      timer = setTimeout(() => void follow(), readingMs);
  };
  return { follow };
}
