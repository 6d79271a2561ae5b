/**
 * What the page and metadata.worker.ts say to each other. Load the worker only when `mayBeCleaned`
 * says yes for a chosen file. Any number of requests may be open; they are done one after another.
 */
import type { CleanResult } from "./findings.ts";

export type ToMetadataWorker =
  | { clean: number; file: File }
  /** Stops that request, begun or not; it is answered with `cancelled`. */
  | { cancel: number };

export type FromMetadataWorker =
  /** From 0 to 1, never falling. */
  | { id: number; progress: number }
  /** The last word of a request: exactly one of these. */
  | { id: number; result: CleanResult }
  | { id: number; cancelled: true }
  /** The file itself cannot be read any more (moved, deleted, changed). */
  | { id: number; unreadable: true };
