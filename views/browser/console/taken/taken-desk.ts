/** What people do on the screen "Take a report". Nothing typed goes before it is stored. */
import { plainWord } from "../../../../crypto/code-words.ts";
import { jobShown } from "../shown.ts";
import type { State } from "../state.ts";
import type { Runner } from "../under-way.ts";
import { emptyTaking, forgetTaking, inputOf, missingOf } from "./taking.ts";

/** What desk.ts lends. */
interface Tools extends Pick<Runner, "attempt" | "job"> {
  state: State;
  /** BCP 47 tag of the page. */
  language: string;
  refresh(): Promise<void>;
  draw(): void;
}

export interface TakenDesk {
  load(): Promise<void>;
  send(): Promise<void>;
  /** Forgets the words once this one of them was typed from the sheet. */
  handOver(typed: string): void;
  /** Forgets the words that nobody can be given. */
  giveUp(): void;
  /** For when the page is locked. */
  forget(): void;
}

/** Which word is asked for is no secret. */
const pick = (most: number): number => crypto.getRandomValues(new Uint8Array(1))[0]! % most;

export function makeTakenDesk({ state, language, attempt, job, refresh, draw }: Tools): TakenDesk {
  const end = (done: string): void => {
    state.taking.receipt = null;
    Object.assign(state, { done, missing: {}, focus: ["#taken-title"] });
    draw();
  };

  return {
    async load() {
      const { taking } = state;
      if (taking.lost === "untold") taking.lost = "told";
      // On its way: it is shown as it is.
      if (taking.receipt !== null || jobShown(state, "taken") !== null) return;
      const of = { place: "taken", label: "taken:job.loading", fixed: true } as const;
      const load = async (): Promise<void> => void (taking.form = await job(of, "takingForm", null));
      await attempt("taken", load, { fetching: true });
    },
    async send() {
      const { taking } = state;
      if (taking.form === null || state.job !== null) return;
      const missing = missingOf(taking);
      const input = inputOf(taking, language);
      if (input === null || Object.keys(missing).length > 0) {
        Object.assign(state, { missing, problem: null, done: null });
        return draw();
      }
      Object.assign(taking, { changed: false, unreadable: null, lost: "no" });
      const ok = await attempt("taken", async () => {
        const of = { place: "taken", label: "taken:job.sending", fixed: input.files.length === 0 } as const;
        const result = await job(of, "takeReport", input);
        switch (result.is) {
          case "stored":
            Object.assign(taking, { receipt: result.receipt, unsure: "no", draft: emptyTaking() });
            taking.asked = pick(result.receipt.words.length);
            state.focus = ["#receipt-title"];
            return;
          case "readersChanged":
            Object.assign(taking, { form: result.form, changed: true, unsure: "no" });
            state.focus = ["#readers-changed"];
            return;
          case "unreadable":
            taking.unreadable = result.file;
            state.focus = ["#taken-unreadable"];
        }
      });
      if (ok) return taking.receipt === null ? undefined : refresh();
      if (state.me === null) taking.unsure = "locked";
      else if (state.problems.get("taken")?.code === "busy") taking.unsure = "here";
      draw();
    },
    handOver(typed) {
      const { receipt, asked } = state.taking;
      if (receipt === null) return;
      if (plainWord(typed.trim()) === plainWord(receipt.words[asked]!)) return end("taken:done.handedOver");
      state.missing = { "handed-word": typed.trim() === "" ? "taken:missing.word" : "taken:missing.wrongWord" };
      draw();
    },
    giveUp: () => end("taken:done.givenUp"),
    forget: () => forgetTaking(state.taking),
  };
}
