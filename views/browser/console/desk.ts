/** What people do at the console, act by act. Each keeps what was typed until it is stored. */
import type { DutiesFile } from "../../../data/policy/deadlines/duties-file.ts";
import type { Template } from "../../../data/policy/presentation/templates.ts";
import type { RetentionRow } from "../../../data/policy/retention.ts";
import type { CaseView, FileView } from "../client/case-view.ts";
import type { CaseFigures } from "../client/digest-types.ts";
import type { PageData } from "../i18n.ts";
import { Cancelled, startKeyholder, type Keyholder } from "./ask-keyholder.ts";
import { workActs, type WorkDesk } from "./casework/desk-work.ts";
import { caseActs, type CaseDesk } from "./desk-case.ts";
import { makeCaseFileDesk, type CaseFileDesk } from "./casefile/casefile-desk.ts";
import { makeFilesDesk, saveBytes } from "./desk-files.ts";
import type { Credentials, Identity, OfficeAnswer, OfficeCall, Opened, SearchAnswer } from "./keyholder-api.ts";
import { makeReadingDesk } from "./desk-reading.ts";
import { rememberRoster, seenRosters } from "./seen-rosters.ts";
import { makeRefresher } from "./desk-refresh.ts";
import { markSince, noteViewed } from "./together.ts";
import { firstNoticeState, makeNoticeDesk, type NoticeDesk } from "./notice/notice-desk.ts";
import { firstProcessingState, makeProcessingDesk, type ProcessingDesk } from "./processing/processing-desk.ts";
import { makeTakenDesk, type TakenDesk } from "./taken/taken-desk.ts";
import type { PreviewsDesk } from "./previews/previews-desk.ts";
import { makeEditor, type Editor } from "./presentation/editor.ts";
import { makeQueueDesk, type QueueDesk } from "./queue/queue-desk.ts";
import { makeRunner } from "./under-way.ts";
import { draftOf, forgetCase, forgetDecrypted, forgetMember, screensOf, type State, type Tab } from "./state.ts";

const touchMs = 5_000;

export interface Desk extends CaseDesk, WorkDesk {
  state: State;
  /** For operators: what reporters see. */
  editor: Editor;
  /** For operators and counsel: the printed notice. */
  notice: NoticeDesk;
  /** For operators and counsel: what has to be written down about the processing of personal data. */
  processing: ProcessingDesk;
  /** For recipients: reports that they write down for somebody. */
  taken: TakenDesk;
  /** Looking at what reporters sent. */
  previews: PreviewsDesk;
  /** The list of cases: views, filters, and things for many cases at once. */
  queue: QueueDesk;
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
  /** What the dashboard counts. */
  /** `reading`: how many of the cases that are to be counted are known; null: nobody said yet. */
  figures(): { known: CaseFigures[]; reading: { done: number; total: number } | null };
  /** Cases that have all of what was typed. */
  search(query: string): Promise<SearchAnswer>;
  /** For screens that hold nothing of a case. */
  office(call: OfficeCall): Promise<OfficeAnswer>;
  save(file: FileView): Promise<void>;
  /** Saves the chosen case as the server keeps it. */
  saveSealed(): Promise<void>;
  caseFiles: CaseFileDesk;
  lock(): Promise<void>;
  /** Whether the member has a conflict in the chosen case. */
  declare(has: boolean): Promise<void>;
  /** Asks once more, or takes the question back. */
  askSure(sure?: boolean): void;
  /** Somebody is there: puts the idle lock off. */
  touch(): void;
  redraw(): void;
}

export function makeDesk(state: State, page: PageData, idleMinutes: number, drawPage: () => void): Desk {
  let keyholder: Keyholder | null = null;
  let touched = 0;
  /** Whose drafts and whose case the page holds: portal and person id. */
  let heldFor: string | null = null;

  function draw(): void {
    // A file is looked at as long as its case is.
    previews.keepFor(state.screen === "cases" ? (state.open?.listing.caseId ?? null) : null);
    drawPage();
  }

  const onLocked = (): void => {
    keyholder = null;
    state.live = false;
    notice.forget();
    processing.forget();
    taken.forget();
    forgetDecrypted(state);
    draw();
  };

  /** The next sign-in starts another: one that could not be fetched is never fetched again. */
  const onFailed = (): void => {
    if (state.me !== null) return onLocked();
    keyholder = null;
  };

  /** Somebody else opened their key in this window: nothing of the member before them may show, not even that there was a case. */
  function holdFor({ portalId, id }: Identity): void {
    const who = `${portalId} ${id}`;
    if (heldFor !== null && heldFor !== who) forgetMember(state);
    heldFor = who;
  }

  const asked = (): Keyholder => {
    if (keyholder === null) throw new Cancelled();
    return keyholder;
  };

  const { attempt, job, show } = makeRunner({ state, asked, over: () => refresher.catchUp(), draw });

  /** Shows the case as it now is, and the list with it. */
  function took(view: CaseView, done: string): void {
    state.done = done;
    showCase(view);
  }

  function showCase(view: CaseView): void {
    const { caseId } = view.listing;
    if (state.chosen === caseId) state.open = view;
    noteViewed(state);
    state.listings = state.listings?.map((each) => (each.caseId === caseId ? view.listing : each)) ?? null;
  }

  /** What came of opening the case, which may be chosen no more. */
  function opened(caseId: string, answer: Opened): void {
    const isChosen = state.chosen === caseId;
    switch (answer.is) {
      case "case":
        if (isChosen) state.gate = null;
        if (isChosen && state.open === null) markSince(state, answer.view);
        return showCase(answer.view);
      case "gate":
        if (isChosen) state.gate = { ...answer, sure: state.gate?.sure ?? false };
        return;
      case "gone":
        forgetCase(state, caseId);
        state.done = "work:gate.gone";
    }
  }

  const refresher = makeRefresher({
    state,
    list: (input) => asked().ask("list", input).answer,
    remember: rememberRoster,
    looked: () => void reading.follow(),
    attempt,
    show,
    draw,
  });

  const editor = makeEditor(
    state.editor,
    {
      load: () => asked().ask("presentation", null).answer,
      words: (language) => asked().ask("presentationWords", { language }).answer,
      save: (files) => asked().ask("savePresentation", { files }).answer,
    },
    draw,
  );

  const reading = makeReadingDesk(state, () => keyholder, draw);

  const office = {
    office: (call: OfficeCall) => asked().ask("office", call).answer,
    tell(done: string) {
      state.done = done;
      draw();
    },
    draw,
  };
  const notice = makeNoticeDesk(firstNoticeState(), office, state.noticeFields);
  const processing = makeProcessingDesk(firstProcessingState(), office);

  const refresh = (): Promise<void> => desk.refresh({ quietly: true });
  const taken = makeTakenDesk({ state, language: page.lang, attempt, job, refresh, draw });

  /** What the screen shows that comes from the server. */
  async function loadScreen(): Promise<void> {
    const { screen } = state;
    if (screen === "presentation") await editor.load();
    if (screen === "notices") await notice.load();
    if (screen === "processing") await processing.load();
    if (screen === "taken") await taken.load();
    // Before there is a list, nothing was read.
    if (screen === "dashboard" && state.listings !== null) await reading.follow();
  }
  const { previews, save } = makeFilesDesk({ state, attempt, job, asked, touch: () => desk.touch(), draw });

  const caseFiles = makeCaseFileDesk({
    state,
    language: page.lang,
    dir: document.documentElement.dir === "rtl" ? "rtl" : "ltr",
    stamps: page.data["timestamps"] === true,
    attempt,
    job,
    async reopen() {
      const caseId = state.chosen;
      if (caseId !== null) opened(caseId, await asked().ask("open", { caseId }).answer);
    },
    draw,
  });
  const tools = { state, attempt, job, took, showCase, opened, draw };
  const desk: Desk = {
    state,
    editor,
    notice,
    processing,
    taken,
    previews,
    caseFiles,
    templates: (page.data["templates"] ?? []) as Template[],
    duties: page.data["duties"] ?? null,
    retention: (page.data["retention"] ?? []) as RetentionRow[],
    keyringBackupDays: Number(page.data["keyringBackupDays"]),
    async show(screen) {
      Object.assign(state, { screen, done: null });
      draw();
      await loadScreen();
    },
    redraw: draw,
    async signIn(credentials) {
      keyholder ??= startKeyholder({
        locked: onLocked,
        failed: onFailed,
        beat: () => void refresher.refresh({ quietly: true }),
        live(on) {
          state.live = on;
          draw();
        },
      });
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
      if (!screensOf(state.me).includes(state.screen)) state.screen = "cases";
      await loadScreen();
      await desk.queue.begin();
      await desk.refresh();
      if (state.chosen !== null) await desk.choose(state.chosen);
    },
    refresh: (options) => refresher.refresh(options),
    async choose(caseId) {
      const closed = { open: null, gate: null, deleted: null, gone: false, arrived: 0 };
      Object.assign(state, { chosen: caseId, ...closed });
      if (caseId === null) return draw();
      const open = async (): Promise<void> => {
        const of = { place: "case", label: "console:job.opening", fixed: true } as const;
        opened(caseId, await job(of, "open", { caseId }));
      };
      await attempt("case", open, { about: caseId, fetching: true });
    },
    showTab(tab) {
      Object.assign(state, { tab, problem: null, missing: {}, done: null });
      noteViewed(state);
      draw();
    },
    figures() {
      const { figures: known, reading: told } = state.readings;
      // What was read counts once its figures are here: they come later than the numbers.
      return { known, reading: told === null ? null : { ...told, done: Math.min(told.done, known.length) } };
    },
    search: (query) => asked().ask("search", { query, language: page.lang }).answer,
    queue: makeQueueDesk(tools),
    ...caseActs(tools),
    ...workActs(tools),
    office: (call) => asked().ask("office", call).answer,
    save,
    async saveSealed() {
      const caseId = state.chosen;
      if (caseId === null) return;
      await attempt("sealed", async () => {
        const of = { place: "sealed", label: "console:job.sealed" } as const;
        const { fileName, length, missing } = await job(of, "planSealed", { caseId });
        const get = (port: MessagePort | null): Promise<Blob | null> =>
          job({ ...of, what: fileName }, "saveSealed", { port }, port === null ? [] : [port]);
        await saveBytes(fileName, length, get);
        state.done = missing === 0 ? "console:done.sealed" : "console:done.sealedLess";
        opened(caseId, await asked().ask("open", { caseId }).answer);
      });
    },
    askSure(sure = true) {
      if (state.gate !== null) state.gate.sure = sure;
      state.focus = sure ? ["#conflict-sure"] : ["#conflict"];
      draw();
    },
    async declare(has) {
      const caseId = state.chosen;
      if (caseId === null) return;
      const reason = has ? draftOf(state, caseId).conflictReason : "";
      await attempt("gate", async () => {
        const of = { place: "gate", label: "console:job.keeping", fixed: true } as const;
        const answer = await job(of, "declare", { caseId, has, reason });
        if (answer.is !== "alone") return opened(caseId, answer);
        if (state.gate?.listing.caseId !== caseId) return;
        state.gate.alone = true;
        state.done = "work:gate.stillAlone";
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
  return desk;
}
