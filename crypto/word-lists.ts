/** PROTOCOL.md §9: every BIP39 list that receipt codes are made of. For servers and builds: browsers get the lists as files. */
import { wordlist as english } from "@scure/bip39/wordlists/english.js";
import { wordlist as french } from "@scure/bip39/wordlists/french.js";
import { wordlist as italian } from "@scure/bip39/wordlists/italian.js";
import { wordlist as japanese } from "@scure/bip39/wordlists/japanese.js";
import { wordlist as korean } from "@scure/bip39/wordlists/korean.js";
import { wordlist as portuguese } from "@scure/bip39/wordlists/portuguese.js";
import { wordlist as chinese } from "@scure/bip39/wordlists/simplified-chinese.js";
import { wordlist as spanish } from "@scure/bip39/wordlists/spanish.js";
import { codeLanguageOf, codeLanguages, type CodeLanguage, type NamedList, type WordList } from "./code-words.ts";

export const wordLists: Readonly<Record<CodeLanguage, WordList>> = {
  en: english,
  es: spanish,
  fr: french,
  it: italian,
  pt: portuguese,
  ja: japanese,
  ko: korean,
  zh: chinese,
};

/** All of them, this language's first: the order in which a typed code is looked for. */
export function listsFor(language: string): NamedList[] {
  const own = codeLanguageOf(language);
  return [own, ...codeLanguages.filter((each) => each !== own)].map((each) => ({
    language: each,
    words: wordLists[each],
  }));
}
