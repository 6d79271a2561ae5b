/** Leaves the page fast: Shift three times, or the button. Esc is no choice: it stops page loads. */

const presses = 3;
const withinMs = 3000;

/** Call once on each reporter page. Without it the button is a plain link to the same place. */
export function installQuickExit(): void {
  const link = document.querySelector<HTMLAnchorElement>("#quick-exit a");
  if (link === null) return;
  // Shows the hint about the Shift key, which would be untrue without this script.
  document.documentElement.dataset["script"] = "";
  const leave = () => {
    // Something may hold the next page up for seconds: nothing is to be seen meanwhile.
    document.documentElement.hidden = true;
    document.title = "";
    // `replace` takes this page out of the back button; the browser's history still has it.
    location.replace(link.href);
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  let times: number[] = [];
  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    if (event.key !== "Shift") {
      times = []; // a capital letter while typing
      return;
    }
    times = [...times.filter((time) => event.timeStamp - time < withinMs), event.timeStamp];
    if (times.length >= presses) leave();
  });
}
