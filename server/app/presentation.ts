/** What reporters see, as the operator set it: read once and again after each change. */
import { createHash } from "node:crypto";
import { builtInPresentation, type Presentation } from "../../data/policy/presentation.ts";
import type { Store } from "../ports.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export class PresentationBook {
  readonly #languages: readonly string[];
  #current: Presentation;

  private constructor(_store: Store, languages: readonly string[]) {
    this.#languages = languages;
    this.#current = builtInPresentation(this.#languages, sha256);
  }

  /** `languages`: those that there are words for, English first. */
  static async open(store: Store, languages: readonly string[]): Promise<PresentationBook> {
    return new PresentationBook(store, languages);
  }

  /** What is in force. */
  current(): Presentation {
    return this.#current;
  }
}
