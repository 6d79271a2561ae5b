/**
 * The list by keyboard. In the list: arrows, j and k, x, Enter (WAI-ARIA, grid pattern with one stop for Tab). Anywhere
 * on the screen of cases: Escape, and single letters unless the member turned them off (WCAG 2.2, 2.1.4).
 */
import type { Drawing } from "../view-parts.ts";
import { pageOf } from "./queue.ts";
import { activeRow, shownPage, shownRows } from "./shown-rows.ts";

const typed = /^(?:text|search|password|email|number|date|time|tel|url|datetime-local)$/;

/** Whether a key belongs to what somebody writes or chooses there. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && typed.test(target.type);
}

const rowOf = (caseId: string | null): HTMLElement | null =>
  caseId === null ? null : document.querySelector<HTMLElement>(`.th-listed[data-case="${caseId}"]`);

function moveTo(drawing: Drawing, caseId: string | null): void {
  if (caseId === null) return;
  drawing.desk.state.queue.at = caseId;
  drawing.desk.redraw();
  const row = rowOf(caseId);
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

/** `step`: rows down; ends at the ends of the page. */
function step(drawing: Drawing, by: number): void {
  const shown = shownRows(drawing);
  if (shown === null) return;
  const page = shownPage(drawing, shown);
  const at = page.rows.findIndex(({ caseId }) => caseId === activeRow(drawing, page));
  // The first key only leads there.
  const inList = document.activeElement?.closest(".th-listed") !== null;
  const to = Math.min(page.rows.length - 1, Math.max(0, inList ? at + by : at));
  moveTo(drawing, page.rows[to]?.caseId ?? null);
}

function turn(drawing: Drawing, by: number): void {
  const shown = shownRows(drawing);
  if (shown === null) return;
  const now = shownPage(drawing, shown);
  const next = pageOf(shown.rows, now.page + by).page;
  if (next !== now.page) drawing.desk.queue.turnTo(next);
}

/** Left and right go through what can be pressed in a row, the row itself first. */
function within(row: HTMLElement, by: number): void {
  const stops = [row, ...row.querySelectorAll<HTMLElement>("input, button")];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  stops[Math.min(stops.length - 1, Math.max(0, at + by))]?.focus();
}

function selectActive({ desk }: Drawing, row: HTMLElement): void {
  const caseId = row.dataset["case"]!;
  if (row.dataset["gate"] === "undeclared") return;
  desk.queue.select([caseId], !desk.state.queue.selected.has(caseId));
}

/** Keys of the list itself. True: it was one. */
function listKey(drawing: Drawing, key: string, row: HTMLElement, target: EventTarget | null): boolean {
  const { letters } = drawing.desk.state.queue.own;
  const forward = document.documentElement.dir === "rtl" ? -1 : 1;
  switch (key) {
    case "ArrowDown":
      step(drawing, 1);
      return true;
    case "ArrowUp":
      step(drawing, -1);
      return true;
    case "Home":
      step(drawing, -Infinity);
      return true;
    case "End":
      step(drawing, Infinity);
      return true;
    case "ArrowRight":
      within(row, forward);
      return true;
    case "ArrowLeft":
      within(row, -forward);
      return true;
    case "Enter":
      // What stands in the row has its own.
      if (target === row) row.click();
      return target === row;
    case "x":
      if (letters) selectActive(drawing, row);
      return letters;
    default:
      return false;
  }
}

function letterKey(drawing: Drawing, key: string): boolean {
  const { queue } = drawing.desk.state;
  switch (key) {
    case "j":
      step(drawing, 1);
      return true;
    case "k":
      step(drawing, -1);
      return true;
    case "[":
      turn(drawing, -1);
      return true;
    case "]":
      turn(drawing, 1);
      return true;
    case "?":
      queue.showKeys = !queue.showKeys;
      drawing.desk.redraw();
      return true;
    case "f":
      document.getElementById("queue-text")?.focus();
      return true;
    default:
      return false;
  }
}

/** From a case back to its row; what was typed there stays. */
export function backToList({ desk }: Drawing): void {
  const { chosen, queue } = desk.state;
  if (chosen !== null) queue.at = chosen;
  desk.state.focus = [`.th-listed[data-case="${chosen ?? ""}"]`, ".th-listed[tabindex='0']"];
  void desk.choose(null);
}

/** Whether keys are held that make it a command of the browser. AltGr writes "[" on many keyboards, and looks like both. */
const isCommand = (event: KeyboardEvent): boolean =>
  event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph"));

export function queueKey(drawing: Drawing, event: KeyboardEvent): void {
  const { state } = drawing.desk;
  const { key, target } = event;
  if (event.defaultPrevented || isCommand(event) || event.isComposing) return;
  if (state.me === null || state.screen !== "cases" || isTyping(target)) return;
  if (key === "Escape") {
    if (state.queue.showKeys) {
      state.queue.showKeys = false;
      drawing.desk.redraw();
    } else if (state.chosen !== null) backToList(drawing);
    return;
  }
  const row = target instanceof HTMLElement ? target.closest<HTMLElement>(".th-listed") : null;
  // A list that is not on the screen takes no keys.
  const isSeen = document.querySelector(".th-queue")?.checkVisibility() === true;
  if (!isSeen) return;
  const used =
    (row !== null && listKey(drawing, key, row, target)) || (state.queue.own.letters && letterKey(drawing, key));
  if (used) event.preventDefault();
}
