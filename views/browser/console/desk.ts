/** What people do at the console, act by act. Each keeps what was typed until it is stored. */
import { PortalError } from "../../../crypto/errors.ts";
import type { DutiesFile } from "../../../data/policy/deadlines/duties-file.ts";
import type { Template } from "../../../data/policy/presentation/templates.ts";
import type { RetentionRow } from "../../../data/policy/retention.ts";
import type { CaseView, FileView } from "../client/case-view.ts";
import type { PageData } from "../i18n.ts";
import { safeFileName } from "../file-names.ts";
import { openSink, saveBlob } from "../save-file.ts";
import { Cancelled, startKeyholder, type Keyholder, type Work } from "./ask-keyholder.ts";
import { caseActs, type CaseDesk } from "./desk-case.ts";
import type {
  CallName,
  Credentials,
  Identity,
  Input,
  OfficeAnswer,
  OfficeCall,
  Output,
  SeenRosters,
} from "./keyholder-api.ts";
import { firstNoticeState, makeNoticeDesk, type NoticeDesk } from "./notice/notice-desk.ts";
import { firstProcessingState, makeProcessingDesk, type ProcessingDesk } from "./processing/processing-desk.ts";
import { makeEditor, type Editor } from "./presentation/editor.ts";
import { draftOf, firstState, screensOf, type Place, type State, type Tab } from "./state.ts";
import { today } from "./update-by.ts";

/** Up to here a file is verified in memory and saved at once; larger ones are read twice. */
const memoryBytes = 32 * 1024 * 1024;
/** Where the browser has no service worker, more than this is not attempted. */
const blobBytes = 1024 * 1024 * 1024;
const refreshMs = 2 * 60_000;
const touchMs = 5_000;
const rostersKey = "tellhaven-rosters";

export interface Desk extends CaseDesk {
  state: State;
  /** For operators: what reporters see. */
  editor: Editor;
  /** For operators and counsel: the printed notice. */
  notice: NoticeDesk;
  /** For operators and counsel: what has to be written down about the processing of personal data. */
  processing: ProcessingDesk;
  /** Texts that a reply can start from. */
  templates: readonly Template[];
  /** Which laws apply, as the operator set it; null: as it comes. */
  duties: DutiesFile | null;
  /** How long closed cases are kept, in the order in which rows are asked. */
  retention: readonly RetentionRow[];
  /** Days for which backups of the keyring are kept, by the operator's word; 0: there are none. */
  keyringBackupDays: number;
  show(screen: State["screen"]): Promise<void>;
  signIn(credentials: Credentials): Promise<void>;
  refresh(options?: { quietly: boolean }): Promise<void>;
  choose(caseId: string | null): Promise<void>;
  showTab(tab: Tab): void;
  /** For screens that hold nothing of a case. */
  office(call: OfficeCall): Promise<OfficeAnswer>;
  save(file: FileView): Promise<void>;
  exportCase(): Promise<void>;
  lock(): Promise<void>;
  /** Somebody is there: puts the idle lock off. */
  touch(): void;
  redraw(): void;
}

/** Public hashes only, so the browser's storage is good enough; a cleared one forgets, a changed one is refused. */
function seenRosters(): SeenRosters {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(rostersKey) ?? "{}");
    const entries = typeof kept === "object" && kept !== null ? Object.entries(kept) : [];
    return Object.fromEntries(entries.filter(([, hash]) => typeof hash === "string" && /^[0-9a-f]{64}$/.test(hash)));
  } catch {
    return {};
  }
}

function rememberRoster({ portalId, rosterHash }: Identity): void {
  try {
    localStorage.setItem(rostersKey, JSON.stringify({ ...seenRosters(), [portalId]: rosterHash }));
  } catch {
    // Storage is blocked or full: this browser cannot notice an older list next time, and can work all the same.
  }
}

export function makeDesk(state: State, page: PageData, idleMinutes: number, draw: () => void): Desk {
  let keyholder: Keyholder | null = null;
  let touched = 0;
  /** Whose drafts and whose case the page holds: portal and person id. */
  let heldFor: string | null = null;

  const onLocked = (): void => {
    keyholder = null;
    notice.forget();
    processing.forget();
    // What was decrypted leaves the page; what was typed stays.
    Object.assign(state, {
      me: null,
      locked: true,
      listings: null,
      open: null,
      exported: null,
      deleted: null,
      job: null,
      problem: null,
    });
    state.done = null;
    draw();
  };

  /** Somebody else opened their key in this window: nothing of the member before them may show, not even that there was a case. */
  function holdFor({ portalId, id }: Identity): void {
    const who = `${portalId} ${id}`;
    if (heldFor !== null && heldFor !== who) {
      const { chosen, tab, filter, drafts, screen } = firstState();
      Object.assign(state, { chosen, tab, filter, drafts, screen });
      Object.assign(state.editor, firstState().editor);
    }
    heldFor = who;
  }

  /** Runs one act: shows what went wrong at its place, and leaves the drafts as they are. */
  async function attempt(place: Place, work: () => Promise<void>): Promise<boolean> {
    Object.assign(state, { problem: null, missing: {}, done: null });
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof Cancelled))
        state.problem = { place, code: error instanceof PortalError ? error.code : "busy" };
      return false;
    } finally {
      state.job = null;
      draw();
    }
  }

  const asked = (): Keyholder => {
    if (keyholder === null) throw new Cancelled();
    return keyholder;
  };

  /** A call with its bar; the page can cancel it. */
  async function job<K extends CallName>(
    of: { place: Place; label: string; what?: string; fixed?: boolean },
    call: K,
    input: Input<K>,
    transfer: Transferable[] = [],
  ): Promise<Output<K>> {
    const work: Work<K> = asked().ask(call, input, {
      transfer,
      progress(progress) {
        if (state.job !== null) state.job.progress = progress;
        draw();
      },
    });
    const cancel = of.fixed === true ? null : (): void => work.cancel();
    state.job = { place: of.place, label: of.label, what: of.what ?? "", progress: null, cancel };
    draw();
    return work.answer;
  }

  /** Shows the case as it now is, and the list with it. */
  function took(view: CaseView, done: string): void {
    state.done = done;
    showCase(view);
  }

  function showCase(view: CaseView): void {
    const { caseId } = view.listing;
    if (state.chosen === caseId) state.open = view;
    state.listings = state.listings?.map((each) => (each.caseId === caseId ? view.listing : each)) ?? null;
  }

  async function save(
    place: Place,
    name: string,
    size: number,
    get: (port: MessagePort | null) => Promise<Blob | null>,
    inMemory: boolean,
  ): Promise<void> {
    const sink = inMemory ? null : await openSink(name, size);
    if (sink === null && size > blobBytes) throw new PortalError("large", "this browser cannot save so much");
    try {
      const blob = await get(sink?.port ?? null);
      if (blob !== null) saveBlob(blob, name);
      state.done = place === "export" ? "console:done.exported" : "console:done.saved";
    } finally {
      sink?.close();
    }
  }

  const editor = makeEditor(
    state.editor,
    {
      load: () => asked().ask("presentation", null).answer,
      words: (language) => asked().ask("presentationWords", { language }).answer,
      save: (files) => asked().ask("savePresentation", { files }).answer,
    },
    draw,
  );

  const office = {
    office: (call: OfficeCall) => asked().ask("office", call).answer,
    tell(done: string) {
      state.done = done;
      draw();
    },
    draw,
  };
  const notice = makeNoticeDesk(firstNoticeState(), office);
  const processing = makeProcessingDesk(firstProcessingState(), office);

  const desk: Desk = {
    state,
    editor,
    notice,
    processing,
    templates: (page.data["templates"] ?? []) as Template[],
    duties: page.data["duties"] ?? null,
    retention: (page.data["retention"] ?? []) as RetentionRow[],
    keyringBackupDays: Number(page.data["keyringBackupDays"]),
    async show(screen) {
      Object.assign(state, { screen, done: null });
      draw();
      if (screen === "presentation") await editor.load();
      if (screen === "notices") await notice.load();
      if (screen === "processing") await processing.load();
    },
    redraw: draw,
    async signIn(credentials) {
      keyholder ??= startKeyholder(onLocked);
      const input = { credentials, seen: seenRosters(), page, idleMinutes };
      const ok = await attempt("signIn", async () => {
        state.refusal = null;
        const result = await job({ place: "signIn", label: "console:job.unlocking", fixed: true }, "unlock", input);
        if (result.is === "refused") state.refusal = result.why;
        else {
          rememberRoster(result.me);
          holdFor(result.me);
          Object.assign(state, { me: result.me, locked: false });
        }
      });
      if (!ok || state.me === null) return;
      if (!screensOf(state.me.roles).includes(state.screen)) state.screen = "cases";
      if (state.screen === "presentation") await editor.load();
      if (state.screen === "notices") await notice.load();
      if (state.screen === "processing") await processing.load();
      await desk.refresh();
      if (state.chosen !== null) await desk.choose(state.chosen);
    },
    async refresh({ quietly } = { quietly: false }) {
      const load = async (): Promise<void> => {
        const { me, listings, damaged } = await asked().ask("list", null).answer;
        rememberRoster(me);
        Object.assign(state, { me, listings, damaged });
        const { open } = state;
        const now = listings.find((each) => each.caseId === open?.listing.caseId);
        const grown =
          now?.conversationLength !== open?.listing.conversationLength || now?.teamLength !== open?.listing.teamLength;
        if (now !== undefined && grown) showCase(await asked().ask("open", { caseId: now.caseId }).answer);
      };
      if (quietly) {
        await load().catch(() => {}); // the next one, or a click, tells
        return draw();
      }
      await attempt("list", async () => {
        state.job = { place: "list", label: "console:job.listing", what: "", progress: null, cancel: null };
        draw();
        await load();
      });
    },
    async choose(caseId) {
      Object.assign(state, { chosen: caseId, open: null, exported: null, deleted: null });
      if (caseId === null) return draw();
      await attempt("case", async () => {
        const view = await job({ place: "case", label: "console:job.opening", fixed: true }, "open", { caseId });
        showCase(view);
      });
    },
    showTab(tab) {
      Object.assign(state, { tab, problem: null, missing: {}, done: null });
      draw();
    },
    ...caseActs({ state, attempt, job, took, showCase, draw }),
    office: (call) => asked().ask("office", call).answer,
    async save({ stream, seq, index, name: given, size }) {
      const name = safeFileName(given);
      const caseId = state.chosen;
      if (caseId === null) return;
      const at = { caseId, stream, seq, index };
      await attempt("file", async () => {
        const small = size <= memoryBytes;
        // Nothing of a large file reaches the disk before all of it was verified once.
        if (!small) await job({ place: "file", label: "console:job.checking", what: name }, "checkFile", at);
        const get = (port: MessagePort | null): Promise<Blob | null> => {
          const of = {
            place: "file",
            label: small ? "console:job.checking" : "console:job.saving",
            what: name,
          } as const;
          return job(of, "saveFile", { ...at, port }, port === null ? [] : [port]);
        };
        await save("file", name, size, get, small);
      });
    },
    async exportCase() {
      const caseId = state.chosen;
      if (caseId === null) return;
      const { exportNotes: notes, exportNames: originalNames } = draftOf(state, caseId);
      state.exported = null;
      await attempt("export", async () => {
        const input = { caseId, choices: { notes, originalNames }, today: today() };
        const of = { place: "export", label: "console:job.exporting" } as const;
        const file = await job(of, "planExport", input);
        const get = (port: MessagePort | null): Promise<Blob | null> =>
          job({ ...of, what: file.fileName }, "saveExport", { port }, port === null ? [] : [port]);
        await save("export", file.fileName, file.length, get, file.length <= memoryBytes);
        state.exported = file;
        showCase(await asked().ask("open", { caseId }).answer);
      });
    },
    async lock() {
      await keyholder?.ask("lock", null).answer.catch(() => {});
    },
    touch() {
      const now = Date.now();
      if (keyholder === null || now - touched < touchMs) return;
      touched = now;
      keyholder.touch();
    },
  };
  setInterval(() => {
    if (state.me !== null && state.job === null && !document.hidden) void desk.refresh({ quietly: true });
  }, refreshMs);
  return desk;
}
