/** Leaves the page fast: Shift three times, or the button. Esc is no choice: it stops page loads. */

const presses = 3;
const withinMs = 3000;
/** The browser's history is asked to step back first; it never holds the leaving up for longer. */
const longestStepMs = 300;

/** How many entries of the history lead back to an earlier step of this same page (reporter/steps.ts). */
function stepsBehind(): number {
  const state: unknown = history.state;
  return typeof state === "object" && state !== null && "step" in state ? Number(state.step) || 0 : 0;
}

function leaveFor(address: string): void {
  // Something may hold the next page up for seconds: nothing is to be seen meanwhile, or to be found.
  document.documentElement.hidden = true;
  document.title = "";
  document.body.replaceChildren();
  // `replace` takes this page out of the back button; the browser's history still has it.
  const go = (): void => location.replace(address);
  const behind = stepsBehind();
  if (behind === 0) {
    go();
    return;
  }
  addEventListener("popstate", go, { once: true });
  setTimeout(go, longestStepMs);
  history.go(-behind);
}

/** Call once on each reporter page. Without it the button is a plain link to the same place. */
export function installQuickExit(): void {
  const link = document.querySelector<HTMLAnchorElement>("#quick-exit a");
  if (link === null) return;
  const { href } = link;
  // Shows the hint about the Shift key, which would be untrue without this script.
  document.documentElement.dataset["script"] = "";
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leaveFor(href);
  });
  let times: number[] = [];
  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    if (event.key !== "Shift") {
      times = []; // a capital letter while typing
      return;
    }
    times = [...times.filter((time) => event.timeStamp - time < withinMs), event.timeStamp];
    if (times.length >= presses) leaveFor(href);
  });
}
