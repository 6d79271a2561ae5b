/** Word lists of receipt codes in the browser. English comes with the scripts, the others as files. */
import { codeLanguageOf, codeLanguages, type CodeLanguage, type NamedList } from "../../../crypto/code-words.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { readCodeIn } from "../../../crypto/receipt.ts";
import { english } from "../../../crypto/words.ts";
import { fetchWordList, type ListFetcher } from "./word-list.ts";

const englishList: NamedList = { language: "en", words: english };

export class CodeLists {
  readonly #fetch: ListFetcher;
  readonly #known = new Map<CodeLanguage, NamedList>([["en", englishList]]);

  constructor(fetcher: ListFetcher = fetchWordList) {
    this.#fetch = fetcher;
  }

  async #get(language: CodeLanguage): Promise<NamedList> {
    const known = this.#known.get(language);
    if (known !== undefined) return known;
    const list = { language, words: await this.#fetch(language) };
    this.#known.set(language, list);
    return list;
  }

  /** For a new code on a page in this language. English when the list cannot be had: a report must not wait for it. */
  async forNewCode(language: string): Promise<NamedList> {
    return this.#get(codeLanguageOf(language)).catch(() => englishList);
  }

  /**
   * What was typed, in whichever list it is a code. All lists are fetched together, so that the
   * server does not learn in which language somebody's code is.
   * @throws PortalError "busy" when a list that may have the words did not come
   */
  async read(text: string): Promise<ReturnType<typeof readCodeIn>> {
    const first = readCodeIn(text, [englishList]);
    // Words that are all English, but too few or too many, are not another list's.
    if (first.typed.is === "code" || first.typed.is === "count") return first;
    const asked = await Promise.allSettled(codeLanguages.map((language) => this.#get(language)));
    const lists = asked.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const read = readCodeIn(text, lists);
    // Right words of a list that is not there would be called wrong.
    if (read.typed.is === "unknown" && lists.length < codeLanguages.length)
      throw new PortalError("busy", "a word list did not come");
    return read;
  }
}
