/** Acts under way: what each shows while it runs, and what went wrong with it. Several may run, each of its own case. */
import { Cancelled, type Keyholder } from "./ask-keyholder.ts";
import type { CallName, Input, Output } from "./keyholder-api.ts";
import { shownNow } from "./shown.ts";
import { problemAt, type Job, type Place, type State } from "./state.ts";

/** These are of no case and of no screen. */
const ofAll: readonly Place[] = ["signIn", "list", "queue"];

export interface AttemptOptions {
  /** What the act is of; see Job. */
  about?: string | null;
  /** It only fetches what is shown: what went wrong with an act before stays told. */
  fetching?: boolean;
}

export interface JobOf {
  place: Place;
  /** Key of the words beside the bar. */
  label: string;
  what?: string;
  /** It cannot be cancelled. */
  fixed?: boolean;
  counts?: "items";
}

/** One act under way. */
interface Act {
  place: Place;
  about: string | null;
  job: Job | null;
}

export interface Runner {
  /** Runs one act: shows what went wrong at its place, and leaves the drafts as they are. */
  attempt(place: Place, work: () => Promise<void>, options?: AttemptOptions): Promise<boolean>;
  /** A call with its bar; the page can cancel it. */
  job<K extends CallName>(of: JobOf, call: K, input: Input<K>, transfer?: Transferable[]): Promise<Output<K>>;
  /** A bar for work that is not the keyholder's, until the attempt is over. */
  show(of: JobOf): void;
}

interface Tools {
  state: State;
  asked(): Keyholder;
  /** After each act. */
  over(): void;
  draw(): void;
}

/** The case that a call names. */
function caseOf(input: unknown): string | null {
  const named = typeof input === "object" && input !== null && "caseId" in input ? input.caseId : null;
  return typeof named === "string" ? named : null;
}

export function makeRunner({ state, asked, over, draw }: Tools): Runner {
  const acts = new Set<Act>();

  /** The newest at that place; of that case, where several run there. */
  const actAt = (place: Place, caseId: string | null): Act | undefined => {
    const there = [...acts].filter((act) => act.place === place);
    return there.findLast(({ about }) => about === caseId) ?? there.at(-1);
  };

  /** Takes the place of what the act showed before. */
  function put({ place, label, what = "", counts }: JobOf, caseId: string | null): Job {
    const act = actAt(place, caseId);
    const shown = { place, label, what, counts: counts ?? "bytes", about: act?.about ?? null } as const;
    const job: Job = { ...shown, progress: null, cancel: null };
    state.jobs = [...state.jobs.filter((each) => each !== act?.job), job];
    if (act !== undefined) act.job = job;
    return job;
  }

  return {
    async attempt(place, work, { about = ofAll.includes(place) ? null : shownNow(state), fetching = false } = {}) {
      state.problems.delete(null);
      if (!fetching || state.problems.get(about)?.fetching === true) state.problems.delete(about);
      Object.assign(state, { missing: {}, done: null });
      const act: Act = { place, about, job: null };
      acts.add(act);
      try {
        await work();
        return true;
      } catch (error) {
        if (!(error instanceof Cancelled)) state.problems.set(about, { ...problemAt(place, error), fetching });
        return false;
      } finally {
        acts.delete(act);
        state.jobs = state.jobs.filter((each) => each !== act.job);
        draw();
        over();
      }
    },
    async job(of, call, input, transfer = []) {
      const work = asked().ask(call, input, {
        transfer,
        progress(progress) {
          job.progress = progress;
          draw();
        },
      });
      const job = put(of, caseOf(input));
      if (of.fixed !== true) job.cancel = () => work.cancel();
      draw();
      return work.answer;
    },
    show(of) {
      put(of, null);
      draw();
    },
  };
}
