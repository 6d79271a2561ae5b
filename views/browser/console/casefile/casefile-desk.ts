/** What counsel does with case files: look at what would be in one, then save it. */
import { isPrefix } from "../../client/casefile/prefix.ts";
import { saveBytes } from "../desk-files.ts";
import type { CallName, Input, Output } from "../keyholder-api.ts";
import type { Place, State } from "../state.ts";
import { today } from "../update-by.ts";
import { answerField, askingFields, draftAbout } from "./asking.ts";

interface Host {
  state: State;
  /** BCP 47 tag, and which way it runs: of the case file's words. */
  language: string;
  dir: "ltr" | "rtl";
  /** Whether the portal has a time-stamping authority. */
  stamps: boolean;
  attempt(place: Place, work: () => Promise<void>): Promise<boolean>;
  job<K extends CallName>(
    of: { place: Place; label: string; what?: string; counts?: "items" },
    call: K,
    input: Input<K>,
    transfer?: Transferable[],
  ): Promise<Output<K>>;
  /** The chosen case is read again. */
  reopen(): Promise<void>;
  draw(): void;
}

export interface CaseFileDesk {
  stamps: boolean;
  /** Prints and numbers everything, and shows what it comes to. `cases`: hex ids, in the order of their numbers. */
  plan(cases: readonly string[]): Promise<void>;
  save(): Promise<void>;
  /** Asks another reader to look at what was planned. */
  ask(): Promise<void>;
  /** Makes a case file again that somebody was asked about: by its id in the chosen case. */
  remake(id: string): Promise<void>;
  /** What whoever was asked says of it. */
  answer(approves: boolean): Promise<void>;
  /** What was looked at is not what would be made any more. */
  changed(): void;
}

const mostDigits = 7;

export function makeCaseFileDesk({ state, language, dir, stamps, attempt, job, reopen, draw }: Host): CaseFileDesk {
  const files = state.caseFiles;

  /** Words for what is wrong, by field; empty: nothing is. */
  function faults(cases: readonly string[]): Record<string, string> {
    const { prefix, first, conversation, notes } = files.choices;
    return {
      ...(cases.length === 0 ? { "casefile-scope": "production:missing.cases" } : {}),
      ...(conversation || notes ? {} : { "casefile-conversation": "production:missing.anything" }),
      ...(isPrefix(prefix) ? {} : { "casefile-prefix": "production:missing.prefix" }),
      ...(/^[1-9]\d*$/.test(first) && first.length < mostDigits
        ? {}
        : { "casefile-first": "production:missing.first" }),
    };
  }

  function miss(id: string, words: string): void {
    Object.assign(state, { missing: { [id]: words }, problem: null, done: null, focus: [`#${id}`] });
    draw();
  }

  return {
    stamps,
    async plan(cases) {
      const missing = faults(cases);
      files.plan = null;
      files.saved = null;
      if (Object.keys(missing).length > 0) {
        Object.assign(state, { missing, problem: null, done: null, focus: [`#${Object.keys(missing)[0]!}`] });
        return draw();
      }
      await attempt("export", async () => {
        const choices = { ...files.choices, first: Number(files.choices.first), language };
        const of = { place: "export", label: "production:job.planning", counts: "items" } as const;
        const plan = await job(of, "planCaseFile", { cases: [...cases], choices, dir, today: today() });
        files.plan = { plan, cases, request: null };
        state.focus = ["#casefile-plan"];
      });
    },
    async save() {
      const { plan } = files;
      if (plan === null) return;
      Object.assign(files, { unstamped: null, wrongKey: null });
      await attempt("export", async () => {
        const making = { place: "export", label: "production:job.stamping" } as const;
        const stamp = stamps && files.stamp;
        const ready = await job(making, "readyCaseFile", { recipient: files.recipient, stamp });
        if (ready.is === "unstamped") {
          files.unstamped = ready.why;
          state.focus = ["#casefile-unstamped"];
          return;
        }
        if (ready.is === "wrong") {
          files.wrongKey = ready.why;
          // It opens what it should close: it stays nowhere.
          if (ready.why === "secret") files.recipient = "";
          state.focus = ["#casefile-recipient"];
          return;
        }
        const { fileName, length } = ready;
        const of = { place: "export", label: "production:job.saving", what: fileName } as const;
        const get = (port: MessagePort | null): Promise<Blob | null> =>
          job(of, "saveCaseFile", { port, today: today() }, port === null ? [] : [port]);
        await saveBytes(fileName, length, get);
        state.done = "console:done.exported";
        Object.assign(files, { saved: plan.plan, plan: null, recipient: "" });
        state.focus = ["#casefile-key"];
        await reopen();
      });
    },
    async ask() {
      if (files.plan === null) return;
      const { fields } = draftAbout(state, files.plan.cases);
      const [to, reason] = [fields[askingFields.to] ?? "", fields[askingFields.reason] ?? ""];
      if (to === "") return miss(askingFields.to, "production:missing.to");
      await attempt("export", async () => {
        const of = { place: "export", label: "production:job.asking" } as const;
        await job(of, "askApproval", { to: Number(to), reason });
        files.plan = null;
        for (const id of Object.values(askingFields)) delete fields[id];
        state.done = "production:done.asked";
        await reopen();
      });
    },
    async remake(id) {
      const caseId = state.chosen;
      if (caseId === null) return;
      Object.assign(files, { plan: null, saved: null });
      await attempt("export", async () => {
        const of = { place: "export", label: "production:job.planning", counts: "items" } as const;
        const { plan, same } = await job(of, "remakeCaseFile", { caseId, id, dir });
        files.plan = { plan, cases: [caseId], request: { id, same } };
        state.focus = ["#casefile-plan"];
      });
    },
    async answer(approves) {
      const { plan } = files;
      if (plan === null || plan.request === null) return;
      const { fields } = draftAbout(state, plan.cases);
      const field = answerField(plan.request.id);
      const reason = (fields[field] ?? "").trim();
      if (!approves && reason === "") return miss("casefile-answer", "production:missing.answer");
      await attempt("export", async () => {
        const of = { place: "export", label: "production:job.answering" } as const;
        await job(of, "answerApproval", { approves, reason, today: today() });
        files.plan = null;
        delete fields[field];
        state.done = approves ? "production:done.approved" : "production:done.refused";
        await reopen();
      });
    },
    changed() {
      files.plan = null;
      draw();
    },
  };
}
