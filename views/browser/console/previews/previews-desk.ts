/** Looking at one file at a time. Everything of it is in memory, and goes when it is closed. */
import { failureOf, type ErrorCode } from "../../../../crypto/errors.ts";
import type { FileView } from "../../client/case-view.ts";
import { Cancelled, type Work } from "../ask-keyholder.ts";
import type { Progress } from "../keyholder-api.ts";
import { openMaker, openPageDrawer, type Maker, type PageDrawer } from "./ask-workers.ts";
import { documentOf, fillWithMedia, fillWithPage, fillWithPicture, fillWithText, stretch, widthIn } from "./frame.ts";
import type { FrameWords } from "./frame.ts";
import { mostMediaBytes } from "./limits.ts";
import { isGrave, uncheckedFinding } from "./warnings.ts";
import type { DrawnPage, Finding, Prepared, Refusal } from "./worker-api.ts";

/** Times the width that fits. */
export const zooms = [0.5, 0.75, 1, 1.5, 2, 3, 4] as const;
const fitting = zooms.indexOf(1);

export interface OpenPreview {
  file: FileView;
  /** Of getting the bytes; null before the first and after the last. */
  progress: Progress | null;
  /** Null while the file is fetched and made ready. */
  prepared: Prepared | null;
  /** Why the bytes did not come. */
  error: ErrorCode | null;
  /** Of a PDF: how many there are and which one is shown, 0 for the first. */
  pages: { count: number; at: number; drawing: boolean } | null;
  /** Index in `zooms`. */
  zoom: number;
  /** The browser's player does not know what is in the file. */
  unplayable: boolean;
}

export interface PreviewsState {
  open: OpenPreview | null;
  /** What the files of the chosen case were found to be, by `keyOf`. */
  findings: Map<string, Finding>;
  /** The file that is not saved before it is asked for once more, by `keyOf`. */
  held: string | null;
}

export interface PreviewsDesk {
  readonly state: PreviewsState;
  look(file: FileView): Promise<void>;
  /** Call when the frame has loaded its page. */
  frameLoaded(frame: HTMLIFrameElement, words: FrameWords): void;
  turn(page: number): void;
  zoom(step: 1 | -1): void;
  close(): void;
  /** The case that is shown now. Of another one, or of the one before, nothing stays. */
  keepFor(caseId: string | null): void;
  /**
   * Before a file is saved. @throws Cancelled when its content calls for words that nobody has read yet
   * `bytes`: all of the file, or its beginning.
   */
  vet(file: FileView, bytes: Blob): Promise<void>;
  copyHash(file: FileView): Promise<void>;
}

/** What a preview needs of the case desk. */
export interface PreviewsHost {
  /** Asks the keyholder for all bytes of a file of the chosen case. */
  fetch(file: FileView, progress: (progress: Progress) => void): Work<"saveFile">;
  /** Shows what is in the state. */
  draw(): void;
  /** Somebody is there. */
  touch(): void;
  tell(done: string): void;
  /** Where the focus goes with the next drawing, as a CSS selector. */
  focus(selector: string): void;
}

/** Which file of the case; fit for an attribute. */
export const keyOf = ({ stream, seq, index }: FileView): string => `${stream}-${seq}-${index}`;

/** What is held while one file is open, and let go with it. */
interface Session {
  open: OpenPreview;
  stops: (() => void)[];
  urls: Set<string>;
  bytes: Blob | null;
  drawer: PageDrawer | null;
  drawn: DrawnPage | null;
  frame: HTMLIFrameElement | null;
  words: FrameWords | null;
  picture: HTMLImageElement | null;
  /** Which page `picture` shows. */
  shownPage: number | null;
  url: string | null;
}

export function makePreviewsDesk(host: PreviewsHost): PreviewsDesk {
  const state: PreviewsState = { open: null, findings: new Map(), held: null };
  let session: Session | null = null;
  let keptFor: string | null = null;
  let vetting: Maker | null = null;

  const isOpen = (of: Session): boolean => session === of;

  function end(): void {
    if (session === null) return;
    const { stops, urls, frame } = session;
    session = null;
    state.open = null;
    for (const stop of stops) stop();
    if (frame !== null) documentOf(frame)?.body.replaceChildren();
    for (const url of urls) URL.revokeObjectURL(url);
  }

  /** In place of the one before, if there was one. */
  function addressOf(of: Session, bytes: Blob): string {
    if (of.url !== null) {
      URL.revokeObjectURL(of.url);
      of.urls.delete(of.url);
    }
    of.url = URL.createObjectURL(bytes);
    of.urls.add(of.url);
    return of.url;
  }

  function refuse(of: Session, why: Refusal): void {
    of.open.prepared = { is: "refused", why };
    of.open.pages = null;
  }

  async function getBytes(of: Session): Promise<Blob | null> {
    const work = host.fetch(of.open.file, (progress) => {
      of.open.progress = progress;
      if (isOpen(of)) host.draw();
    });
    of.stops.push(() => work.cancel());
    try {
      return await work.answer;
    } catch (error) {
      if (!(error instanceof Cancelled)) of.open.error = failureOf(error).code;
      return null;
    } finally {
      of.open.progress = null;
    }
  }

  async function makeReady(of: Session, bytes: Blob): Promise<void> {
    const maker = openMaker();
    of.stops.push(maker.stop);
    const made = await maker.make(bytes, true);
    const finding = made?.finding ?? (await uncheckedFinding(bytes));
    if (!isOpen(of)) return;
    state.findings.set(keyOf(of.open.file), finding);
    if (made === null) return refuse(of, "slow");
    if (made.prepared.is === "pages") return openDocument(of, bytes);
    of.open.prepared = made.prepared;
  }

  async function openDocument(of: Session, bytes: Blob): Promise<void> {
    of.drawer = openPageDrawer();
    of.stops.push(of.drawer.stop);
    const opened = await of.drawer.open(bytes);
    if (!isOpen(of)) return;
    if (typeof opened === "string") return refuse(of, opened);
    of.open.pages = { count: opened.pages, at: 0, drawing: false };
    of.open.prepared = { is: "pages" };
  }

  const fitWidth = (of: Session, frame: HTMLIFrameElement): number => widthIn(frame) * zooms[of.open.zoom]!;

  /** Draws the page that is wanted now, and again if another is wanted by then. */
  async function drawPage(of: Session): Promise<void> {
    const { open, frame, drawer } = of;
    const { pages } = open;
    if (pages === null || frame === null || drawer === null || pages.drawing) return;
    pages.drawing = true;
    for (;;) {
      const [at, zoom] = [pages.at, open.zoom];
      const drawn = await drawer.draw(at, Math.round(fitWidth(of, frame) * devicePixelRatio));
      if (!isOpen(of)) return;
      if (typeof drawn === "string") {
        refuse(of, drawn);
        break;
      }
      of.drawn = drawn;
      if (pages.at === at && open.zoom === zoom) break;
    }
    pages.drawing = false;
    fill(of);
    host.draw();
  }

  function fill(of: Session): void {
    const { frame, words, drawn } = of;
    const { prepared, file } = of.open;
    const page = frame === null ? null : documentOf(frame);
    if (frame === null || words === null || prepared === null) return;
    if (page === null) {
      of.open.error = "busy";
      return host.draw();
    }
    switch (prepared.is) {
      case "text":
        return fillWithText(page, prepared.parts);
      case "picture": {
        const url = addressOf(of, prepared.picture);
        of.picture = fillWithPicture(page, url, pictureWidth(of, frame, prepared.width), words.label(null));
        return;
      }
      case "media": {
        const typed = of.bytes!.slice(0, file.size, prepared.type);
        const player = fillWithMedia(page, prepared.element, addressOf(of, typed), words.label(null));
        player.addEventListener("error", () => {
          of.open.unplayable = true;
          if (isOpen(of)) host.draw();
        });
        return;
      }
      case "pages": {
        if (drawn === null) return;
        const [url, width] = [addressOf(of, drawn.picture), fitWidth(of, frame)];
        // The same page in another size stays where it was scrolled to.
        if (of.picture !== null && of.shownPage === drawn.page) {
          of.picture.src = url;
          return stretch(of.picture, width);
        }
        of.picture = fillWithPage(page, { number: drawn.page + 1, url, width, text: drawn.text }, words);
        of.shownPage = drawn.page;
        frame.contentWindow?.scrollTo(0, 0);
        return;
      }
      case "refused":
        return;
    }
  }

  /** A small picture is not blown up before somebody asks for it. */
  function pictureWidth(of: Session, frame: HTMLIFrameElement, width: number): number {
    return Math.min(width / devicePixelRatio, widthIn(frame)) * zooms[of.open.zoom]!;
  }

  async function look(file: FileView): Promise<void> {
    end();
    const open: OpenPreview = {
      file,
      progress: null,
      prepared: null,
      error: null,
      pages: null,
      zoom: fitting,
      unplayable: false,
    };
    const of: Session = {
      open,
      stops: [],
      urls: new Set(),
      bytes: null,
      drawer: null,
      drawn: null,
      frame: null,
      words: null,
      picture: null,
      shownPage: null,
      url: null,
    };
    session = of;
    Object.assign(state, { open, held: null });
    // Nothing larger is shown, so nothing larger is fetched for it.
    if (file.size > mostMediaBytes) refuse(of, "large");
    host.draw();
    if (open.prepared !== null) return;
    of.bytes = await getBytes(of);
    if (!isOpen(of)) return;
    host.draw();
    if (of.bytes !== null) await makeReady(of, of.bytes);
    if (isOpen(of)) host.draw();
  }

  /** Keys and pointers in the frame count as on the page; Esc closes. Where a browser does not tell, the button does. */
  function listen(page: Document): void {
    page.addEventListener("keydown", (event) => {
      host.touch();
      if (event.key === "Escape") desk.close();
    });
    page.addEventListener("pointerdown", () => host.touch(), { passive: true });
  }

  async function vet(file: FileView, bytes: Blob): Promise<void> {
    const key = keyOf(file);
    const known = state.findings.has(key);
    state.held = null;
    if (known) return;
    const maker = openMaker();
    vetting = maker;
    const made = await maker.make(bytes, false);
    const finding = made?.finding ?? (await uncheckedFinding(bytes));
    if (vetting !== maker) throw new Cancelled(); // that case is not open any more
    vetting = null;
    state.findings.set(key, finding);
    if (!isGrave(file, finding)) return;
    state.held = key;
    throw new Cancelled();
  }

  const desk: PreviewsDesk = {
    state,
    look,
    vet,
    frameLoaded(frame, words) {
      if (session === null) return;
      Object.assign(session, { frame, words });
      const page = documentOf(frame);
      if (page !== null) listen(page);
      if (session.open.pages === null) fill(session);
      else void drawPage(session);
    },
    turn(to) {
      const pages = session?.open.pages ?? null;
      if (session === null || pages === null || !(to >= 0 && to < pages.count)) return;
      pages.at = to;
      host.draw();
      void drawPage(session);
    },
    zoom(step) {
      if (session === null || zooms[session.open.zoom + step] === undefined) return;
      session.open.zoom += step;
      host.draw();
      const { frame, picture, open } = session;
      if (frame === null || picture === null) return;
      if (open.prepared?.is === "picture") stretch(picture, pictureWidth(session, frame, open.prepared.width));
      else stretch(picture, fitWidth(session, frame));
      void drawPage(session);
    },
    close() {
      if (state.open === null) return;
      host.focus(`[data-look="${keyOf(state.open.file)}"]`);
      end();
      host.draw();
    },
    keepFor(caseId) {
      if (caseId === keptFor) return;
      keptFor = caseId;
      end();
      vetting?.stop();
      vetting = null;
      state.findings.clear();
      state.held = null;
    },
    async copyHash({ sha256 }) {
      try {
        await navigator.clipboard.writeText(sha256);
        host.tell("previews:hash.copied");
      } catch {
        host.tell("previews:hash.copyYourself");
      }
    },
  };
  return desk;
}
