/** A hold notice, made in the browser and saved: the server does not hear of it. */
import { holdNoticeOrder, type HoldNotice } from "../client/casefile/hold-notice.ts";
import { openPress } from "../client/casefile/press.ts";
import { saveBlob } from "../save-file.ts";
import { startWorker } from "../trusted.ts";
import { problemAt, type Job } from "./state.ts";
import type { Drawing } from "./view-parts.ts";

/** What went wrong is shown where holds are; what was typed stays. */
export async function saveHoldNotice({ desk, t }: Pick<Drawing, "desk" | "t">, notice: HoldNotice): Promise<void> {
  const { state } = desk;
  const about = state.chosen;
  const bar = { place: "hold", label: "retention:holdNotice.making", what: "", counts: "bytes" } as const;
  const job: Job = { ...bar, progress: null, cancel: null, about };
  Object.assign(state, { problem: null, missing: {}, done: null, jobs: [...state.jobs, job] });
  desk.redraw();
  const press = openPress(startWorker("press"));
  try {
    const { bytes } = await press.print(holdNoticeOrder(notice, t));
    // Locked meanwhile: what was decrypted does not leave any more.
    if (state.me === null) return;
    saveBlob(
      new Blob([bytes], { type: "application/pdf" }),
      t("retention:holdNotice.fileName", { name: notice.caseName }),
    );
    state.done = "retention:holdNotice.saved";
  } catch (error) {
    state.problems.set(about, problemAt("hold", error));
  } finally {
    press.stop();
    state.jobs = state.jobs.filter((each) => each !== job);
    desk.redraw();
  }
}
