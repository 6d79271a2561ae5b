/**
 * Reads the member's cases in the background, one after another: to find things in them, to count them, and to make
 * new keys where a reader stepped back. Of a case in which nothing was said of a conflict nothing is taken.
 */
import { PortalError } from "../../../crypto/errors.ts";
import type { CaseView } from "../client/case-view.ts";
import type { OpenCase } from "../client/casework.ts";
import { figuresOfView, textsOfView } from "../client/digest.ts";
import type { CaseFigures, CaseTexts } from "../client/digest-types.ts";
import type { Desk } from "../client/held-cases.ts";
import type { CaseListing } from "../client/listing.ts";
import type { SearchIndex } from "../client/search-index.ts";
import { openAndRenew } from "../client/recusal.ts";

/** What the page asks for. */
export interface Readings {
  /** Null: not asked for. */
  figures: CaseFigures[] | null;
  reading: { done: number; total: number };
}

type Index = Pick<SearchIndex, "put" | "remove">;

/** What a case is found by before it was read. */
function textsOf({ caseId, name, title, tags }: CaseListing): CaseTexts {
  return { caseId, name, title, report: "", messages: "", notes: "", tags: tags.join("\n"), files: "" };
}

interface Read {
  version: string;
  figures: CaseFigures;
}

interface Wanted {
  caseId: string;
  version: string;
}

export class Reading {
  readonly #index: Index;
  readonly #view: (open: OpenCase) => CaseView;
  readonly #speak: (labelKey: string) => string;
  readonly #read = new Map<string, Read>();
  /** In the index by what the list says of them. */
  readonly #listed = new Set<string>();
  #wanted: Wanted[] = [];
  /** What is being read; null: nothing is. */
  #now: Wanted | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(index: Index, view: (open: OpenCase) => CaseView, speak: (labelKey: string) => string) {
    this.#index = index;
    this.#view = view;
    this.#speak = speak;
  }

  /** Of the newest list: what is gone from it is forgotten, what is new or changed will be read. */
  follow(desk: Desk, listings: readonly CaseListing[]): void {
    const cleared = listings.filter(({ gate }) => gate === "cleared");
    const ids = new Set(cleared.map(({ caseId }) => caseId));
    for (const caseId of [...this.#read.keys(), ...this.#listed]) if (!ids.has(caseId)) this.forget(caseId);
    this.#wanted = cleared
      .map((each) => ({ caseId: each.caseId, version: versionOf(each) }))
      .filter((each) => !this.#has(each))
      // A list that comes meanwhile has the same case read once.
      .filter(({ caseId, version }) => this.#now?.caseId !== caseId || this.#now.version !== version);
    for (const listing of cleared) {
      if (this.#read.has(listing.caseId) || this.#listed.has(listing.caseId)) continue;
      this.#listed.add(listing.caseId);
      this.#index.put(textsOf(listing));
    }
    if (this.#now === null) this.#running = this.#run(desk);
  }

  /** A case that was opened anyway, with what the page sees of it where that was made already. */
  take(open: OpenCase, view = this.#view(open)): void {
    if (open.listing.gate !== "cleared") return;
    this.#read.set(open.listing.caseId, { version: versionOf(open.listing), figures: figuresOfView(view) });
    this.#index.put(textsOfView(view, this.#speak));
  }

  /** Until nothing waits to be read any more. */
  async whole(): Promise<void> {
    await this.#running;
  }

  /** Nothing of it stays. */
  forget(caseId: string): void {
    this.#read.delete(caseId);
    this.#listed.delete(caseId);
    this.#index.remove(caseId);
  }

  /** One that changed is not done until it was read again. */
  get progress(): { done: number; total: number } {
    const wanted = this.#now === null ? this.#wanted : [this.#now, ...this.#wanted];
    const left = new Set(wanted.filter((each) => !this.#has(each)).map(({ caseId }) => caseId));
    const total = new Set([...left, ...this.#read.keys()]).size;
    return { done: total - left.size, total };
  }

  #has({ caseId, version }: Wanted): boolean {
    return this.#read.get(caseId)?.version === version;
  }

  /** `figures`: whether to bring them; with many cases they are long. */
  readings(figures: boolean): Readings {
    const read = [...this.#read];
    return {
      figures: figures ? read.map(([, each]) => each.figures) : null,
      reading: this.progress,
    };
  }

  async #run(desk: Desk): Promise<void> {
    try {
      while ((this.#now = this.#wanted.shift() ?? null) !== null)
        // It may have been opened before its turn came.
        if (!this.#has(this.#now)) await this.#one(desk, this.#now.caseId);
    } finally {
      this.#now = null;
    }
  }

  /** One that cannot be read now is read after the next list. */
  async #one(desk: Desk, caseId: string): Promise<void> {
    try {
      const open = await openAndRenew(desk, caseId);
      // Their reader may have stepped back while it was read.
      if (desk.cases.has(caseId)) this.take(open);
    } catch (error) {
      if (!(error instanceof PortalError)) throw error;
    }
  }
}

const versionOf = ({ conversationLength, teamLength, remindOn }: CaseListing): string =>
  `${conversationLength} ${teamLength} ${remindOn ?? ""}`;
