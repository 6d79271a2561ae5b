/** The operator's desk: files as they are saved, and what was typed. Everything that is edited is the text of a file. */
import { PortalError, type ErrorCode } from "../../../../crypto/errors.ts";
import type {
  FileChange,
  PresentationFileView,
  PresentationProblem,
  PresentationView,
  SaveAnswer,
} from "../../client/presentation.ts";

export interface Draft {
  content: string | null;
  /** The version that it was begun from. */
  base: number;
}

/** Which page of the editor is open: the list, or one file as a form or as text. */
export interface EditorState {
  view: PresentationView | null;
  /** Words that come with the software, by language and key. */
  words: Map<string, Record<string, string>>;
  drafts: Map<string, Draft>;
  open: string | null;
  raw: boolean;
  /** Language whose words are edited. */
  language: string;
  /** What texts are searched for. */
  search: string;
  problems: Record<string, PresentationProblem[]>;
  /** The texts that were refused: the lines that are wrong are theirs, not those typed since. */
  refused: ReadonlyMap<string, string | null>;
  /** Files that somebody else saved meanwhile. */
  conflicts: PresentationFileView[];
  /** Of the last request; the words of it stand above the form. */
  failed: ErrorCode | null;
  busy: boolean;
  /** Key of what went well. */
  done: string | null;
  /** Question or template that was just added, to be focused. */
  focus: string | null;
  /** Ids of the questions that are unfolded. */
  expanded: Set<string>;
  /** Ids typed for a new questionnaire. */
  newName: string;
  newNameWrong: boolean;
}

export function firstEditorState(): EditorState {
  return {
    view: null,
    words: new Map(),
    drafts: new Map(),
    open: null,
    raw: false,
    language: "en",
    search: "",
    problems: {},
    refused: new Map(),
    conflicts: [],
    failed: null,
    busy: false,
    done: null,
    focus: null,
    expanded: new Set(),
    newName: "",
    newNameWrong: false,
  };
}

/** What the editor asks of the keyholder. */
export interface EditorPort {
  load(): Promise<PresentationView>;
  words(language: string): Promise<Record<string, string>>;
  save(files: FileChange[]): Promise<SaveAnswer>;
}

export interface Editor {
  state: EditorState;
  load(): Promise<void>;
  open(name: string | null): Promise<void>;
  /** Text in force, as saved or as typed; null only of a logo that is not there. */
  content(name: string): string | null;
  isChanged(name: string): boolean;
  isOwn(name: string): boolean;
  /** The file's value, or null while its text is no JSON. */
  value(name: string): object | null;
  write(name: string, value: unknown): void;
  writeText(name: string, content: string | null): void;
  /** Words of a key in a language: the operator's, else ours. */
  text(language: string, key: string): string;
  setText(language: string, key: string, words: string): void;
  useLanguage(language: string): Promise<void>;
  /** Saves the open file and the texts that were changed with it. */
  save(): Promise<void>;
  reset(): Promise<void>;
  discard(): void;
  takeTheirs(): void;
  keepMine(): void;
  redraw(): void;
}

export const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const textsName = (language: string): string => `texts-${language}`;

export function makeEditor(state: EditorState, port: EditorPort, redraw: () => void): Editor {
  const savedOf = (name: string): PresentationFileView | undefined =>
    state.view?.files.find((file) => file.name === name);

  async function attempt(work: () => Promise<void>): Promise<void> {
    Object.assign(state, { failed: null, busy: true, done: null });
    redraw();
    try {
      await work();
    } catch (error) {
      // Locked, or another answer than the files': what was typed stays in the drafts.
      state.failed = error instanceof PortalError ? error.code : null;
    } finally {
      state.busy = false;
      redraw();
    }
  }

  async function refresh(): Promise<void> {
    state.view = await port.load();
  }

  async function needWords(language: string): Promise<void> {
    if (!state.words.has(language)) state.words.set(language, await port.words(language));
  }

  /** The open file, and of questions and templates the words that were typed with them. */
  function namesToSave(): string[] {
    const { open } = state;
    if (open === null) return [];
    const withWords = open.startsWith("questionnaire-") || open === "templates" || open === "logo";
    const texts = withWords ? [...state.drafts.keys()].filter((name) => name.startsWith("texts-")) : [];
    return [...new Set([open, ...texts])].filter((name) => editor.isChanged(name));
  }

  /** A text without words is one that nobody wants replaced. */
  function dropBlank(name: string): void {
    const texts = name.startsWith("texts-") ? (editor.value(name) as Record<string, unknown> | null) : null;
    if (texts === null || Array.isArray(texts)) return;
    const kept = Object.entries(texts).filter(([, words]) => words !== "");
    if (kept.length < Object.keys(texts).length) editor.write(name, Object.fromEntries(kept));
  }

  async function put(files: FileChange[], done: string): Promise<void> {
    Object.assign(state, { problems: {}, conflicts: [] });
    const sent = new Map(files.map(({ name, content }) => [name, content]));
    const answer = await port.save(files);
    switch (answer.is) {
      case "saved":
        for (const [name, version] of Object.entries(answer.versions)) {
          const draft = state.drafts.get(name);
          // What was typed while it was on its way is not saved: it stays, on top of what is.
          if (draft?.content === sent.get(name)) state.drafts.delete(name);
          else if (draft !== undefined) draft.base = version;
        }
        await refresh();
        state.done = done;
        break;
      case "wrong":
        Object.assign(state, { problems: answer.problems, refused: sent });
        break;
      case "conflict":
        state.conflicts = answer.files;
    }
  }

  const editor: Editor = {
    state,
    redraw,
    load: () =>
      attempt(async () => {
        await refresh();
        await needWords("en");
        await needWords(state.language);
      }),
    async open(name) {
      Object.assign(state, {
        open: name,
        raw: false,
        problems: {},
        conflicts: [],
        failed: null,
        done: null,
        focus: null,
      });
      if (name?.startsWith("texts-") === true) await editor.useLanguage(name.slice("texts-".length));
      redraw();
    },
    content(name) {
      const draft = state.drafts.get(name);
      if (draft !== undefined && draft.content !== null) return draft.content;
      const builtIn = state.view?.builtIn[name] ?? (name.startsWith("texts-") ? "{}\n" : null);
      return draft === undefined ? (savedOf(name)?.content ?? builtIn) : builtIn;
    },
    isChanged: (name) => state.drafts.has(name),
    isOwn: (name) => (savedOf(name)?.content ?? null) !== null,
    value(name) {
      try {
        const value: unknown = JSON.parse(editor.content(name) ?? "");
        return typeof value === "object" ? value : null;
      } catch {
        return null;
      }
    },
    write(name, value) {
      editor.writeText(name, pretty(value));
    },
    writeText(name, content) {
      const base = state.drafts.get(name)?.base ?? savedOf(name)?.version ?? 0;
      state.drafts.set(name, { content, base });
      state.done = null;
    },
    text(language, key) {
      const own = editor.value(textsName(language)) as Record<string, string> | null;
      if (own !== null && Object.hasOwn(own, key)) return own[key]!;
      return state.words.get(language)?.[key] ?? "";
    },
    setText(language, key, words) {
      const name = textsName(language);
      const own: Record<string, string> = { ...editor.value(name) };
      // Empty stays while somebody types, or ours would spring back into the field; saving takes it out.
      if (words === state.words.get(language)?.[key]) delete own[key];
      else own[key] = words;
      editor.write(name, own);
    },
    async useLanguage(language) {
      state.language = language;
      if (!state.words.has(language)) await attempt(() => needWords(language));
      redraw();
    },
    save: () =>
      attempt(async () => {
        const files = namesToSave().map((name) => {
          dropBlank(name);
          const { content, base } = state.drafts.get(name)!;
          return { name, expected: base, content };
        });
        if (files.length > 0) await put(files, "presentation:done.saved");
      }),
    reset: () =>
      attempt(async () => {
        const { open } = state;
        if (open === null) return;
        await put([{ name: open, expected: savedOf(open)?.version ?? 0, content: null }], "presentation:done.reset");
        if (Object.keys(state.problems).length > 0 || state.conflicts.length > 0) return;
        state.drafts.delete(open);
        // A questionnaire of the operator's own is gone with its file.
        if (editor.content(open) === null) state.open = open === "logo" ? open : null;
      }),
    discard() {
      for (const name of namesToSave()) state.drafts.delete(name);
      Object.assign(state, { problems: {}, conflicts: [] });
      redraw();
    },
    takeTheirs() {
      for (const { name } of state.conflicts) state.drafts.delete(name);
      state.conflicts = [];
      void attempt(refresh);
    },
    keepMine() {
      for (const { name, version } of state.conflicts) {
        const draft = state.drafts.get(name);
        if (draft !== undefined) draft.base = version;
      }
      state.conflicts = [];
      redraw();
    },
  };
  return editor;
}
