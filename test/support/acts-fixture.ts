import type { ActModes } from "../../server/storage/acts.ts";

/** A small port to try the threads of openActs() on, with acts that do what real ones must not. */
export interface Fixture {
  add(key: string): Promise<void>;
  /** Passes by itself and makes the COMMIT fail: a foreign key that is checked only there. */
  addOrphan(key: string): Promise<void>;
  addThenThrow(key: string): Promise<void>;
  /** Blocks the writing thread, milliseconds. */
  block(duration: number): Promise<void>;
  die(): Promise<void>;
  /** Allows the file this many pages more; the next is "disk full". */
  allowPages(more: number): Promise<void>;
  addLong(key: string, bytes: number): Promise<void>;
  keys(): Promise<string[]>;
  close(): Promise<void>;
}

export const fixtureModes: ActModes<Fixture> = {
  add: "write",
  addOrphan: "write",
  addThenThrow: "write",
  block: "write",
  die: "write",
  allowPages: "write",
  addLong: "write",
  keys: "read",
};
