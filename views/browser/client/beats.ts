/** Listening for beats: that something may be new, never what. Connects again by itself, waiting longer each time. */
import { randomBytes } from "../../../crypto/sodium.ts";
import type { Session } from "./session.ts";

/** The server writes a line every 20 seconds: a stream that says nothing for so long is dead. */
const silentMs = 60_000;
const firstWaitMs = 1_000;
const longestWaitMs = 60_000;
/** A stream that lived for so long was a good one: the next wait is short again. */
const goodMs = 60_000;
/** A tick's number has 16 digits at most. */
const longestLine = 20;

export interface Listener {
  /** Look now. Also after each connection: nobody knows what was told before it. */
  beat(): void;
  /** Whether there is a stream. */
  live(on: boolean): void;
}

/** Resolves when the signal is aborted, and not before. */
export async function hearBeats(
  session: Pick<Session, "send">,
  { beat, live }: Listener,
  signal: AbortSignal,
): Promise<void> {
  let wait = firstWaitMs;
  while (!signal.aborted) {
    const began = Date.now();
    await readStream(session, { beat, live }, signal).catch(() => {}); // whatever ended it, there is a next time
    if (signal.aborted) return;
    live(false);
    if (Date.now() - began >= goodMs) wait = firstWaitMs;
    // Half of it by chance: after a restart not everybody comes at once.
    await pause(wait * (0.5 + randomBytes(1)[0]! / 512), signal);
    wait = Math.min(longestWaitMs, wait * 2);
  }
}

async function readStream(
  session: Pick<Session, "send">,
  { beat, live }: Listener,
  signal: AbortSignal,
): Promise<void> {
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), silentMs);
  try {
    const response = await session.send("/beats", { signal: AbortSignal.any([signal, silent.signal]) });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    live(true);
    beat();
    let line = "";
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), silentMs);
      const lines = (line + next.value).split("\n");
      line = lines.pop()!;
      if (line.length > longestLine) return silent.abort();
      if (lines.some((each) => each !== "")) beat();
    }
  } finally {
    clearTimeout(timer);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
