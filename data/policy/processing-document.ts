/** A document as data: what the console draws and what becomes a Word file. */

/** A blank is for the employer to fill in, and looks like it everywhere. */
export interface Run {
  text: string;
  blank: boolean;
}

export type Block =
  | { is: "heading"; text: string }
  | { is: "text"; runs: Run[] }
  | { is: "list"; items: Run[][] }
  /** The first cell of each row says what the row is about. */
  | { is: "table"; head: string[]; rows: Run[][][] };

export interface Section {
  /** "30-1-a": article, paragraph, letter. */
  id: string;
  /** "Art. 30(1)(a)" */
  law: string;
  title: string;
  blocks: Block[];
}

export interface Part {
  id: "record" | "assessment";
  title: string;
  lead: string;
  sections: Section[];
}

export interface ProcessingDocument {
  /** BCP 47 tag. */
  language: string;
  title: string;
  /** What it is made of, and what it is not. */
  preface: Run[][];
  parts: Part[];
}

/** In words a blank is written [[like this]]. */
const blank = /\[\[(.+?)\]\]/;

/** Words with blanks as runs; `mark` puts what is missing into its brackets. */
export function runsOf(words: string, mark: (what: string) => string): Run[] {
  return words
    .split(blank)
    .map((text, i) => (i % 2 === 0 ? { text, blank: false } : { text: mark(text), blank: true }))
    .filter(({ text }) => text !== "");
}

export function textOfRuns(runs: readonly Run[]): string {
  return runs.map(({ text }) => text).join("");
}
