/** Copies text to the clipboard, and says whether that worked: a browser may refuse it. */
import type { Drawing } from "./view-parts.ts";

/** `done`: the words for when it is copied. */
export async function copyText({ desk }: Pick<Drawing, "desk">, text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    desk.state.done = done;
  } catch {
    desk.state.done = "console:done.copyYourself";
  }
  desk.redraw();
}
