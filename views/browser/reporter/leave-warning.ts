/** Asks before what a person typed, or their eight words, go with the page. Nothing of it is kept anywhere else. */

/** `unsaved`: whether something would be lost now. Leaving fast (quick-exit.ts) is never asked about. */
export function askBeforeLosing(unsaved: () => boolean): void {
  addEventListener("beforeunload", (event) => {
    const leavingFast = document.documentElement.hidden;
    if (!leavingFast && unsaved()) event.preventDefault();
  });
}
