/** One word list as a file of this site. Small enough for a page: no cryptography, no list inside. */
import type { CodeLanguage, WordList } from "../../../crypto/code-words.ts";
import { PortalError } from "../../../crypto/errors.ts";

export type ListFetcher = (language: CodeLanguage) => Promise<WordList>;

const listLength = 2048;

/** @throws PortalError "busy" when it cannot be had, "format" when it is no list */
export async function fetchWordList(language: CodeLanguage): Promise<WordList> {
  let words: unknown;
  try {
    const answer = await fetch(`/assets/words-${language}.json`);
    if (!answer.ok) throw new PortalError("busy", "no word list");
    words = await answer.json();
  } catch (cause) {
    throw new PortalError("busy", "the word list did not come", { cause });
  }
  // A list that is not whole would give codes that cannot be typed again.
  const list: readonly unknown[] = Array.isArray(words) ? words : [];
  const texts = list.filter((word) => typeof word === "string");
  if (texts.length !== listLength || new Set(texts).size !== listLength)
    throw new PortalError("format", "no word list");
  return texts;
}
