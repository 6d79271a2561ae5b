/**
 * Fills the frame in which a file is looked at. The frame's page has no script and may run none; what stands in it is
 * made here, element by element, from bytes that were made anew or are text.
 */
import type { Piece } from "./marks.ts";

/** Words that stand in the frame. */
export interface FrameWords {
  /** What the picture or the recording is; of a PDF with the number of its page, 1 for the first. */
  label(page: number | null): string;
  /** Over the text of a page. */
  pageText: string;
  noPageText: string;
}

const margin = 16; // CSS pixels on each side, as in views/styles/preview.scss

/** How wide the frame's content may be, in CSS pixels. */
export const widthIn = (frame: HTMLIFrameElement): number => Math.max(64, frame.clientWidth - 2 * margin - 2);

/** The frame's document; null when it is not the empty page that was asked for. */
export function documentOf(frame: HTMLIFrameElement): Document | null {
  try {
    const page = frame.contentDocument;
    return page !== null && page.location.href === frame.src ? page : null;
  } catch {
    return null; // an error page of the browser's
  }
}

function textBlock(page: Document, parts: readonly (readonly Piece[])[]): HTMLElement {
  const block = page.createElement("div");
  block.className = "text";
  for (const part of parts) {
    const paragraph = page.createElement("div");
    paragraph.className = "text__part";
    for (const { text, mark } of part) {
      if (!mark) {
        paragraph.append(text);
        continue;
      }
      const marked = page.createElement("mark");
      marked.dir = "ltr";
      marked.append(text);
      paragraph.append(marked);
    }
    block.append(paragraph);
  }
  return block;
}

export function fillWithText(page: Document, parts: readonly (readonly Piece[])[]): void {
  page.body.replaceChildren(textBlock(page, parts));
}

/** Sets how wide it is drawn, in CSS pixels. */
export function stretch(picture: HTMLElement, width: number): void {
  picture.style.setProperty("inline-size", `${Math.round(width)}px`);
}

export function fillWithPicture(page: Document, url: string, width: number, label: string): HTMLImageElement {
  const picture = page.createElement("img");
  picture.alt = label;
  picture.className = "picture";
  picture.src = url;
  stretch(picture, width);
  page.body.replaceChildren(picture);
  return picture;
}

export interface PageShown {
  /** 1 for the first. */
  number: number;
  url: string;
  /** CSS pixels. */
  width: number;
  text: readonly (readonly Piece[])[];
}

export function fillWithPage(page: Document, { number, url, width, text }: PageShown, words: FrameWords) {
  const picture = fillWithPicture(page, url, width, words.label(number));
  picture.className = "picture picture--page";
  const details = page.createElement("details");
  const summary = page.createElement("summary");
  summary.append(text.length === 0 ? words.noPageText : words.pageText);
  details.append(summary, textBlock(page, text));
  page.body.append(details);
  return picture;
}

/** Nothing plays before somebody presses the button. */
export function fillWithMedia(page: Document, element: "audio" | "video", url: string, label: string) {
  const player = page.createElement(element);
  player.controls = true;
  player.preload = "metadata";
  player.className = element;
  player.setAttribute("aria-label", label);
  player.src = url;
  page.body.replaceChildren(player);
  return player;
}
