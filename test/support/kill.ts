import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * Runs a script of test/support, waits for its first line, then kills it with SIGKILL after
 * `delay` milliseconds. Returns the whole lines that it had printed by then.
 * @throws when it ended by itself: then nothing was tried
 */
export async function runAndKill(script: string, args: string[], delay: number): Promise<string[]> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  let timer: NodeJS.Timeout | undefined;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    timer ??= setTimeout(() => child.kill("SIGKILL"), delay);
  });
  const signal = await new Promise((resolve) => child.on("close", (_code, by) => resolve(by)));
  clearTimeout(timer);
  if (signal !== "SIGKILL") throw new Error(`${script} ended before it was killed, after ${output.length} characters`);
  return output.split("\n").slice(0, -1);
}
