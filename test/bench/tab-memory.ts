/** Memory of a browser's pages, workers and service workers included; on Linux. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";

/** Resident bytes of the browser's page processes. */
export async function memoryOf(browser: Browser): Promise<number> {
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  await devtools.detach();
  return processInfo.filter(({ type }) => type === "renderer").reduce((sum, { id }) => sum + residentBytes(id), 0);
}

function residentBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0; // it ended in between
  }
}

const sampleMs = 100;

/** The most that `memoryOf` says while `act` runs. */
export async function peakDuring(browser: Browser, act: () => Promise<void>): Promise<number> {
  let peak = await memoryOf(browser);
  const ended = new AbortController();
  const watching = (async () => {
    while (!ended.signal.aborted) {
      peak = Math.max(peak, await memoryOf(browser));
      await sleep(sampleMs);
    }
  })();
  try {
    await act();
  } finally {
    ended.abort();
    await watching;
  }
  return peak;
}
