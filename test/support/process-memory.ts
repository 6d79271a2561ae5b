/** Memory of the processes that this test started: Linux only, from /proc. */
import { readdirSync, readFileSync } from "node:fs";

export const canMeasureMemory = process.platform === "linux";

interface Child {
  pid: string;
  command: string;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // it ended in between
  }
}

/** All descendants of this process, so that another browser on the machine is not counted. */
export function descendants(): Child[] {
  const children = new Map<string, string[]>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const stat = read(`/proc/${pid}/stat`);
    // "pid (name with any characters) state ppid …"
    const parent = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? "";
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: Child[] = [];
  const queue = [String(process.pid)];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop())
    for (const child of children.get(pid) ?? []) {
      found.push({ pid: child, command: read(`/proc/${child}/cmdline`).replaceAll("\0", " ") });
      queue.push(child);
    }
  return found;
}

/** Anonymous resident memory, MB: what the process allocated, without files and shared libraries. */
export function memoryOf(pid: string): number {
  const kilobytes = /RssAnon:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1];
  return kilobytes === undefined ? 0 : Number(kilobytes) / 1024;
}

export interface Peak {
  /** The largest tab with its workers, MB. */
  tab: number;
  /** The browser, network and other helper processes together, MB. */
  rest: number;
}

/** Samples the browser's processes until `stop`, which answers the highest values seen. */
export function watchMemory(): { stop(): Peak } {
  const processes = descendants().filter(({ command }) => /chrom/i.test(command));
  const peak: Peak = { tab: 0, rest: 0 };
  const timer = setInterval(() => {
    let rest = 0;
    for (const { pid, command } of processes) {
      const memory = memoryOf(pid);
      if (command.includes("--type=renderer")) peak.tab = Math.max(peak.tab, memory);
      else rest += memory;
    }
    peak.rest = Math.max(peak.rest, rest);
  }, 20);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}
