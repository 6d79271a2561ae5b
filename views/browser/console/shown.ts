/** What of all that runs and of all that went wrong belongs to what somebody looks at. */
import type { Job, Place, Problem, State } from "./state.ts";

type Shown = Pick<State, "screen" | "chosen" | "jobs" | "problems">;

/** The case or the screen that somebody looks at; null: the list of cases alone. */
export const shownNow = ({ screen, chosen }: Pick<State, "screen" | "chosen">): string | null =>
  screen === "cases" ? chosen : screen;

/** Running for what is shown, at this place if one is named; the newest. */
export function jobShown(state: Shown, place?: Place): Job | null {
  const now = shownNow(state);
  const fits = ({ about, place: at }: Job): boolean =>
    (about === null || about === now) && (place === undefined || place === at);
  return state.jobs.findLast(fits) ?? null;
}

/** Of what is shown, at this place if one is named. */
export function problemShown(state: Shown, place?: Place): Problem | null {
  const told = [shownNow(state), null].map((about) => state.problems.get(about));
  return told.find((each) => each !== undefined && (place === undefined || each.place === place)) ?? null;
}

/** Null: what was told of what is shown is over. */
export function setProblem(state: Shown, problem: Problem | null): void {
  const now = shownNow(state);
  if (problem !== null) return void state.problems.set(now, problem);
  state.problems.delete(now);
  state.problems.delete(null);
}
