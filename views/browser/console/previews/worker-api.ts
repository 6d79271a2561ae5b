/** Messages between the page and the two workers that make previews. Neither worker has a key or asks the server for a case. */
import type { Active } from "./active.ts";
import type { Content } from "./content.ts";
import type { Piece } from "./marks.ts";
import type { Encoding } from "./text.ts";

/** Why a file is not shown; each has words. */
export const refusals = ["kind", "empty", "large", "pixels", "damaged", "slow", "password", "pages", "engine"] as const;
export type Refusal = (typeof refusals)[number];

/** What a file is by its bytes. */
export interface Finding {
  content: Content;
  active: Active[];
}

/** What reaches the frame, or what the page still has to do for it. */
export type Prepared =
  /** Encoded anew: nothing of the file is in it but its pixels. `share`: of the original's width, 1 when not reduced. */
  | { is: "picture"; picture: Blob; width: number; height: number; share: number }
  | { is: "text"; parts: Piece[][]; encoding: Encoding; cut: boolean }
  /** PDFs go to pdfpages.worker.ts. */
  | { is: "pages" }
  | { is: "media"; element: "audio" | "video"; type: string }
  | { is: "refused"; why: Refusal };

/** `prepare`: false to be told the finding alone. */
export interface ToPreview {
  file: Blob;
  prepare: boolean;
}
export type FromPreview = { is: "ready" } | { is: "made"; finding: Finding; prepared: Prepared };

export interface DrawnPage {
  /** 0 for the first. */
  page: number;
  picture: Blob;
  /** Points, 1/72 inch. */
  width: number;
  height: number;
  /** What can be read on it, for those who cannot see it. */
  text: Piece[][];
}

/** `width`: how many pixels wide the page's picture is wanted. */
export type ToPages = { is: "open"; file: Blob } | { is: "draw"; page: number; width: number };
export type FromPages =
  | { is: "ready" }
  | { is: "opened"; pages: number }
  | { is: "drawn"; drawn: DrawnPage }
  | { is: "refused"; why: Refusal };
