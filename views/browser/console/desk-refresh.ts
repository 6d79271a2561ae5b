/** Keeping the desk up to date: at beats, by a click, and by itself every two minutes while no beats come. */
import type { Desktop, Identity, Input } from "./keyholder-api.ts";
import type { State } from "./state.ts";
import { noteViewed, takeDesktop } from "./together.ts";
import type { Runner } from "./under-way.ts";

/**
 * For when a proxy holds the stream back, or too many windows are open. With a stream nobody looks
 * between beats: what comes in meanwhile is shown with the next one, and so tells no time.
 */
const refreshMs = 2 * 60_000;
/** Shown before the rest of a long list is looked up. */
const firstCases = 500;

interface Tools {
  state: State;
  list(input: Input<"list">): Promise<Desktop>;
  remember(me: Identity): void;
  /** After each look. */
  looked(): void;
  attempt: Runner["attempt"];
  show: Runner["show"];
  draw(): void;
}

export interface Refresher {
  refresh(options?: { quietly: boolean }): Promise<void>;
  /** To be called when work is over that a quiet look had to wait for. */
  catchUp(): void;
}

export function makeRefresher({ state, list, remember, looked, attempt, show, draw }: Tools): Refresher {
  let looking: Promise<void> | null = null;
  let due = false;

  async function take(most: number | null): Promise<void> {
    const desktop = await list({ most, shown: state.open?.listing.caseId ?? null });
    remember(desktop.me);
    takeDesktop(state, desktop);
    noteViewed(state);
    draw();
  }

  async function look(): Promise<void> {
    const isFirst = state.listings === null;
    // A long list takes a while: what came in last shows first.
    if (isFirst) await take(firstCases);
    if (!isFirst || state.left > 0) await take(null);
    looked();
  }

  /** One at a time. */
  async function inTurn(): Promise<void> {
    await looking?.catch(() => {});
    looking = look();
    await looking.finally(() => (looking = null));
  }

  async function quietly(): Promise<void> {
    if (state.me === null) return;
    due = state.job !== null || looking !== null;
    if (due) return;
    await inTurn().catch(() => {}); // the next one, or a click, tells
    draw();
    catchUp();
  }

  function catchUp(): void {
    if (due) void quietly();
  }

  setInterval(() => {
    if (!state.live) void quietly();
  }, refreshMs);

  return {
    catchUp,
    async refresh(options = { quietly: false }) {
      if (options.quietly) return quietly();
      await attempt("list", async () => {
        state.arrived = 0;
        show({ place: "list", label: "console:job.listing" });
        await inTurn();
      });
    },
  };
}
