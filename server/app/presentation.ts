/** What reporters see, as operators set it: read once, and again after each change. */
import { createHash } from "node:crypto";
import { PortalError } from "../../crypto/errors.ts";
import type { FileProblem } from "../../data/policy/json-file.ts";
import type { Presentation } from "../../data/policy/presentation.ts";
import { themeCss } from "../../data/policy/presentation/colours.ts";
import {
  judgeFiles,
  nameOf,
  presentationOf,
  type Files,
  type Judged,
  type Surroundings,
} from "../../data/policy/presentation/files.ts";
import type { LogoType } from "../../data/policy/presentation/logo.ts";
import type { Texts } from "../../data/policy/presentation/texts.ts";
import { canonicalQuestionnaire } from "../../data/policy/questionnaire.ts";
import type { Clock, PresentationFile, Store } from "../ports.ts";
import { Turns } from "./turns.ts";

/** All versions of all files. A thousand times what a portal has: only a session that was stolen gets there. */
const mostBytes = 32 * 1024 * 1024;
const mostFiles = 100;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export interface PresentationChange {
  name: string;
  /** The version that the change was made against; 0: never saved before. */
  expected: number;
  /** Null: back to what comes with the software. */
  bytes: Uint8Array | null;
}

export type PresentationSaved =
  | { is: "saved"; versions: Record<string, number> }
  /** By name of the file; nothing was saved. */
  | { is: "wrong"; problems: Record<string, FileProblem[]> }
  /** Somebody else saved first: what is there now. */
  | { is: "conflict"; files: PresentationFile[] };

/** `apply` gets the texts in force, by language, at the start and after each change. */
export interface PresentationSettings extends Surroundings {
  apply(texts: Record<string, Texts>): void;
}

function filesOf(saved: readonly PresentationFile[]): Files {
  return new Map(saved.filter(({ bytes }) => bytes.length > 0).map(({ name, bytes }) => [name, bytes]));
}

export class PresentationBook {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #settings: PresentationSettings;
  #saved: readonly PresentationFile[] = [];
  #judged: Judged;
  #current: Presentation;
  /** Asked now, whether the store could keep them or not. */
  #asked = new Map<string, string>();
  readonly #turns = new Turns();

  private constructor(store: Store, clock: Clock, settings: PresentationSettings) {
    this.#store = store;
    this.#clock = clock;
    this.#settings = settings;
    this.#judged = judgeFiles(new Map(), settings);
    this.#current = presentationOf(this.#judged, settings.languages, sha256);
  }

  static async open(store: Store, clock: Clock, settings: PresentationSettings): Promise<PresentationBook> {
    const book = new PresentationBook(store, clock, settings);
    await book.#reload();
    return book;
  }

  async #reload(): Promise<void> {
    this.#saved = await this.#store.listPresentation();
    this.#judged = judgeFiles(filesOf(this.#saved), this.#settings);
    this.#current = presentationOf(this.#judged, this.#settings.languages, sha256);
    this.#settings.apply(this.#judged.texts);
    await this.#keepAsked();
  }

  /** Before anybody is asked: a report may come back to these questions in ten years. */
  async #keepAsked(): Promise<void> {
    const asked = Object.values(this.#current.questionnaires).map(({ version, questionnaire }) => ({
      version,
      text: canonicalQuestionnaire(questionnaire),
    }));
    this.#asked = new Map(asked.map(({ version, text }) => [version, text]));
    // A full disk must not keep the portal from starting: there it can still be read, and nothing is filed.
    await this.#store.putQuestionnaires(asked).catch((error: unknown) => {
      if (!(error instanceof PortalError)) throw error;
    });
  }

  /** What is in force. */
  current(): Presentation {
    return this.#current;
  }

  /** JSON of a questionnaire that is or was asked; null: never here. `version`: 64 hexadecimal digits. */
  async findQuestionnaire(version: string): Promise<string | null> {
    return this.#asked.get(version) ?? (await this.#store.findQuestionnaire(version));
  }

  /** The style sheet of the operator's colours; empty without any. */
  themeCss(): string {
    return this.#judged.theme === null ? "" : themeCss(this.#judged.theme);
  }

  logo(): { type: LogoType; bytes: Uint8Array } | null {
    const file = this.#saved.find(({ name }) => name === "logo");
    return this.#judged.logo === null || file === undefined ? null : { type: this.#judged.logo, bytes: file.bytes };
  }

  /** The operator's words in force, by language. */
  texts(): Record<string, Texts> {
    return this.#judged.texts;
  }

  /** Every file that was ever saved, at its newest. */
  saved(): readonly PresentationFile[] {
    return this.#saved;
  }

  /** Files that older software took and this one does not: they are left out until somebody mends them. */
  problems(): Record<string, FileProblem[]> {
    return this.#judged.problems;
  }

  /** One at a time: what a change is judged by must still hold when it is stored. @throws PortalError "full" | "format" */
  async change(changes: readonly PresentationChange[]): Promise<PresentationSaved> {
    return this.#turns.take(() => this.#change(changes));
  }

  async #change(changes: readonly PresentationChange[]): Promise<PresentationSaved> {
    const names = new Set(changes.map(({ name }) => name));
    if (names.size !== changes.length || names.size === 0)
      throw new PortalError("format", "files named twice, or none");
    for (const name of names)
      if (nameOf(name, this.#settings.languages) === null) throw new PortalError("missing", "no such file");
    const versionOf = (name: string): number => this.#saved.find((file) => file.name === name)?.version ?? 0;
    const others = this.#saved.filter((file) => names.has(file.name));
    if (changes.some(({ name, expected }) => versionOf(name) !== expected)) return { is: "conflict", files: others };

    const after = new Map(filesOf(this.#saved));
    for (const { name, bytes } of changes)
      if (bytes === null || bytes.length === 0) after.delete(name);
      else after.set(name, bytes);
    if (after.size > mostFiles) throw new PortalError("full", "too many files");
    const judged = judgeFiles(after, this.#settings);
    // What was wrong before is no reason to refuse something else.
    const problems = Object.entries(judged.problems).filter(
      ([name]) => names.has(name) || !Object.hasOwn(this.#judged.problems, name),
    );
    if (problems.length > 0) return { is: "wrong", problems: Object.fromEntries(problems) };

    const day = this.#clock.today();
    const files = changes.map(({ name, expected, bytes }) => ({
      name,
      version: expected + 1,
      bytes: bytes ?? new Uint8Array(),
      day,
    }));
    const stored = await this.#store.putPresentation(files, mostBytes);
    if (stored === "full") throw new PortalError("full", "no room for another version");
    await this.#reload();
    if (stored === "conflict") return { is: "conflict", files: this.#saved.filter((file) => names.has(file.name)) };
    return { is: "saved", versions: Object.fromEntries(files.map(({ name, version }) => [name, version])) };
  }
}
