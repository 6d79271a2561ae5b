/**
 * One question at a time inside one document: nothing typed leaves the page to get to the next.
 * The browser's own Back goes one step back; its history holds a number for each step and no text.
 */
import { byId } from "./dom.ts";
import type { FormError } from "./form-errors.ts";

export interface Step {
  /** Id of its element, a .th-step that holds one h1. */
  id: string;
  /** May be left without an answer. */
  optional: boolean;
  /** What has to be mended before going on. */
  errors(): FormError[];
}

export interface StepsOptions {
  /** Those in force now, in order; the last one is the check page. */
  steps(): Step[];
  /** Called whenever a step comes up; `number` from 1. */
  onShow(step: Step, number: number): void;
  showErrors(errors: readonly FormError[]): void;
  clearErrors(): void;
}

export interface Steps {
  current(): Step;
  go(id: string): void;
  /** Goes on, unless this step has something to mend. */
  next(): void;
  /** To the first step with something to mend, which is told. False: there is none. */
  showFirstErrors(): boolean;
  /** To be looked at again before the check page. */
  revisit(id: string): void;
  /** Nothing leads back into the steps from now on. */
  end(): void;
}

const numberIn = (state: unknown): number | null =>
  typeof state === "object" && state !== null && "step" in state && typeof state.step === "number" ? state.step : null;

/** Shows the first step, and follows the browser's Back and Forward. */
export function startSteps({ steps, onShow, showErrors, clearErrors }: StepsOptions): Steps {
  /** Ids by the number in the history's state. */
  const trail = [steps()[0]!.id];
  let at = 0;
  /** Those that were passed: after the check page, going on leads back to it past these. */
  const passed = new Set<string>();

  const inForce = (id: string | undefined): Step | undefined => steps().find((step) => step.id === id);
  const current = (): Step => inForce(trail[at]) ?? steps()[0]!;

  const draw = (): void => {
    const all = steps();
    const step = current();
    const number = all.findIndex(({ id }) => id === step.id) + 1;
    for (const section of document.querySelectorAll<HTMLElement>(".th-step")) section.hidden = section.id !== step.id;
    onShow(step, number);
    scrollTo(0, 0);
  };
  /** A new page would be announced by its title; the title here never changes, so the heading is. */
  const focusHeading = (): void => byId(current().id).querySelector("h1")?.focus({ preventScroll: true });

  const go = (id: string): void => {
    clearErrors();
    trail.length = at + 1;
    trail.push(id);
    at += 1;
    history.pushState({ step: at }, "");
    draw();
    focusHeading();
  };

  const onPop = ({ state }: PopStateEvent): void => {
    const number = numberIn(state);
    // Leaving fast goes back to the first entry, on a page that is empty by then.
    if (number === null || document.documentElement.hidden) return;
    const before = at;
    at = Math.min(number, trail.length - 1);
    // A follow-up that is not asked any more: one further.
    if (inForce(trail[at]) === undefined && at < before) {
      history.back();
      return;
    }
    clearErrors();
    draw();
    focusHeading();
  };

  // The browser would scroll back to where a step was left, over a later one, and over the eight words.
  history.scrollRestoration = "manual";
  history.replaceState({ step: 0 }, "");
  addEventListener("popstate", onPop);
  draw();

  return {
    current,
    go,
    next() {
      const step = current();
      const errors = step.errors();
      if (errors.length > 0) {
        showErrors(errors);
        return;
      }
      passed.add(step.id);
      const all = steps();
      const last = all.at(-1)!.id;
      const place = all.findIndex(({ id }) => id === step.id);
      const following = passed.has(last) ? all.find(({ id }) => !passed.has(id)) : all[place + 1];
      const target = following?.id ?? last;
      if (target === last) passed.add(last);
      go(target);
    },
    showFirstErrors() {
      for (const step of steps()) {
        const errors = step.errors();
        if (errors.length === 0) continue;
        if (step.id !== current().id) go(step.id);
        showErrors(errors);
        return true;
      }
      return false;
    },
    revisit: (id) => void passed.delete(id),
    end() {
      removeEventListener("popstate", onPop);
      // Back from the receipt leaves the page, after a question, instead of doing nothing a few times.
      if (at > 0) history.go(-at);
    },
  };
}
