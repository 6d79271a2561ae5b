/**
 * Looks for what may point to a text's writer. In a worker of its own: the rules of fifteen languages
 * load behind the form, which does not wait for them, and searching long texts holds no key up.
 */
import { findHints } from "../../data/policy/hints/find.ts";
import type { Hint } from "../../data/policy/hints/rules.ts";

export interface HintsQuestion {
  text: string;
  /** BCP 47 tag of the page. */
  language: string;
}
export interface HintsAnswer {
  text: string;
  hints: Hint[];
}

interface Scope {
  postMessage(message: HintsAnswer): void;
  addEventListener(type: "message", listener: (event: MessageEvent<HintsQuestion>) => void): void;
}
const scope = globalThis as unknown as Scope;

scope.addEventListener("message", ({ data: { text, language } }) => {
  scope.postMessage({ text, hints: findHints(text, language) });
});
