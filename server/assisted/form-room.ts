/**
 * Room for the text of forms without scripts, shared by all of them: a stranger who sends large forms,
 * slowly or many, fills it and not the memory. Who finds it full waits for others to end; the one that
 * has been sending for longest gives way. A form's room ends with its answer, because until then its
 * text is in memory.
 */

/** Bytes in front of a form's files that are not counted: ordinary forms go through whatever others send. */
const ordinaryBytes = 64 * 1024;
/** What all forms under way may hold beyond that, bytes as they come; twice as much as text in memory. */
const roomBytes = 64 * 1024 * 1024;
/** More of one form is never kept, see form.ts: it is read and thrown away. */
const mostOfOne = 3 * 1024 * 1024;
const longestWaitMs = 60_000;
/** Who has been sending for so long while others wait is slower than any connection that people use. */
const slowMs = 10_000;
const lookMs = 1000;

export interface FormInRoom {
  /** Stops reading until `goOn` is called. */
  pause(): void;
  goOn(): void;
  /** There is no room for it, or it gives way. */
  end(): void;
}

interface Guest {
  form: FormInRoom;
  /** performance.now() */
  began: number;
  seen: number;
  taken: number;
  /** Bytes that it waits for, and until when. */
  waits: { bytes: number; until: number; timer: NodeJS.Timeout } | null;
  /** All of it arrived: it cannot give way any more. */
  whole: boolean;
}

/** Oldest first. */
const guests = new Set<Guest>();
let roomTaken = 0;

/** One form's account. */
export class Place {
  readonly #guest: Guest;

  constructor(form: FormInRoom) {
    this.#guest = { form, began: performance.now(), seen: 0, taken: 0, waits: null, whole: false };
    guests.add(this.#guest);
  }

  /** So many bytes of text arrived. */
  count(bytes: number): void {
    const guest = this.#guest;
    guest.seen = Math.min(guest.seen + bytes, mostOfOne);
    const more = Math.max(0, guest.seen - ordinaryBytes) - guest.taken;
    if (more <= 0 || guest.waits !== null || take(guest, more)) return;
    guest.form.pause();
    const timer = setInterval(() => waitOn(guest), lookMs);
    timer.unref();
    guest.waits = { bytes: more, until: performance.now() + longestWaitMs, timer };
    waitOn(guest);
  }

  /** Nothing more of it comes; what came stays in memory until `leave`. */
  arrived(): void {
    this.#guest.whole = true;
  }

  leave(): void {
    const guest = this.#guest;
    if (!guests.delete(guest)) return;
    if (guest.waits !== null) clearInterval(guest.waits.timer);
    guest.waits = null;
    roomTaken -= guest.taken;
    guest.taken = 0;
    letIn();
  }
}

function take(guest: Guest, bytes: number): boolean {
  if (roomTaken + bytes > roomBytes) return false;
  roomTaken += bytes;
  guest.taken += bytes;
  return true;
}

/** Of those that are still being sent the slowest ends; a newcomer that waited too long gives up. */
function waitOn(newcomer: Guest): void {
  const now = performance.now();
  if (newcomer.waits !== null && now > newcomer.waits.until) return newcomer.form.end();
  const oldest = [...guests].find((guest) => guest !== newcomer && !guest.whole && guest.taken > 0);
  if (oldest !== undefined && now - oldest.began > slowMs) oldest.form.end();
}

/** Those that wait, in the order in which they came. */
function letIn(): void {
  for (const guest of guests) {
    if (guest.waits === null) continue;
    if (!take(guest, guest.waits.bytes)) return;
    clearInterval(guest.waits.timer);
    guest.waits = null;
    guest.form.goOn();
  }
}
