/** What every act is given: ports, the server's keys, the settings that acts look at, the roster book. */
import { equal } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { missingForIntake, openRosterChain, type RosterChain } from "../../crypto/roster.ts";
import type { KeyringKeys } from "../../crypto/vault.ts";
import type { Beats } from "./beats.ts";
import type { NoticeBook } from "./notice-book.ts";
import type { PresentationBook } from "./presentation.ts";
import type { WorkDesk } from "./work.ts";
import type { Clock, KeyringStore, Messenger, ObjectStore, Portal, Store } from "../ports.ts";

export interface ActSettings {
  maxFileBytes: number;
  uploadBudgetBytes: number;
  minFreeBytes: number;
  assistedWaitSeconds: number;
  feedItems: number;
  keyringBackupDays: number;
  reporterOrigins: readonly string[];
  consoleOrigin: string;
}

export interface Context {
  store: Store;
  keyring: KeyringStore;
  objects: ObjectStore;
  clock: Clock;
  keys: KeyringKeys;
  settings: ActSettings;
  book: RosterBook;
  presentation: PresentationBook;
  notices: NoticeBook;
  work: WorkDesk;
  beats: Beats;
  messenger: Messenger;
}

/** The portal and its verified roster chain, read once and again after each change. */
export class RosterBook {
  readonly #store: Store;
  #portal: Portal | null = null;
  #chain: RosterChain | null = null;
  #signed: { bytes: Uint8Array; signature: Uint8Array }[] = [];
  #changing = false;

  private constructor(store: Store) {
    this.#store = store;
  }

  static async open(store: Store): Promise<RosterBook> {
    const book = new RosterBook(store);
    await book.reload();
    return book;
  }

  /** @throws PortalError "forged" when what is stored does not verify: the server then does not start */
  async reload(): Promise<void> {
    const [portal, signed] = await Promise.all([this.#store.findPortal(), this.#store.listRosters()]);
    this.#chain = signed.length === 0 ? null : openRosterChain(signed, portal?.portalId);
    this.#portal = portal;
    this.#signed = signed;
  }

  /** Runs an act that stores a portal or roster, and reads again what is stored. */
  async change(act: () => Promise<void>): Promise<void> {
    this.#changing = true;
    try {
      await act();
      await this.reload();
    } finally {
      this.#changing = false;
    }
  }

  /**
   * To be called just before a write is handed to the store, with nothing awaited in between: the
   * store writes in order, so what was sealed under a roster never comes after the next one.
   * @throws PortalError "superseded"; "busy" while a roster is being stored
   */
  requireCurrent(rosterHash: Uint8Array): void {
    if (!equal(rosterHash, this.requireChain().current.hash))
      throw new PortalError("superseded", "sealed under an older roster");
    if (this.#changing) throw new PortalError("busy", "a roster is being stored");
  }

  get portal(): Portal | null {
    return this.#portal;
  }

  get chain(): RosterChain | null {
    return this.#chain;
  }

  /** As they were signed, oldest first. */
  get signed(): readonly { bytes: Uint8Array; signature: Uint8Array }[] {
    return this.#signed;
  }

  get intakeOpen(): boolean {
    return this.#chain !== null && missingForIntake(this.#chain.current).length === 0;
  }

  /** @throws PortalError "closed" before the first roster */
  requireChain(): RosterChain {
    if (this.#chain === null) throw new PortalError("closed", "there is no roster yet");
    return this.#chain;
  }
}
