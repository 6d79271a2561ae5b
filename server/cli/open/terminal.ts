/** Asks a person at the terminal: nothing secret as an argument, from the environment or a pipe, or on the screen. */
import { Mistake } from "../mistake.ts";

export interface Terminal {
  /** What is typed does not show. @throws Mistake when the person stops */
  askSecret(words: string): Promise<string>;
  ask(words: string): Promise<string>;
}

const enter = /[\r\n]/;
const stop = new Set(["\u0003", "\u0004"]);
const back = new Set(["\b", "\u007f"]);
const clear = "\u0015";

/** `cancelled`: words for who stopped. Null: there is nobody to ask. */
export function openTerminal(cancelled: string): Terminal | null {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) return null;
  /** Typed or pasted ahead of the next question. */
  let ahead = "";
  const readLine = async (words: string, shown: boolean): Promise<string> => {
    stderr.write(`${words} `);
    stdin.setRawMode(true);
    stdin.setEncoding("utf8");
    try {
      return await new Promise<string>((resolve, reject) => {
        let typed: string[] = [];
        const take = (data: string): void => {
          const keys = [...ahead, ...data];
          ahead = "";
          for (const [i, key] of keys.entries()) {
            if (enter.test(key)) {
              ahead = keys.slice(i + 1).join("");
              finish(() => resolve(typed.join("")));
              return;
            }
            if (stop.has(key)) return finish(() => reject(new Mistake(cancelled)));
            if (back.has(key)) {
              if (typed.pop() !== undefined && shown) stderr.write("\b \b");
            } else if (key === clear) {
              if (shown) stderr.write("\b \b".repeat(typed.length));
              typed = [];
            } else if (key >= " ") {
              typed.push(key);
              if (shown) stderr.write(key);
            }
          }
        };
        const end = (): void => finish(() => reject(new Mistake(cancelled)));
        const finish = (then: () => void): void => {
          stdin.off("data", take);
          stdin.off("end", end);
          then();
        };
        stdin.on("data", take);
        stdin.on("end", end);
        stdin.resume();
        if (ahead !== "") take("");
      });
    } finally {
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write("\n");
    }
  };
  return { askSecret: (words) => readLine(words, false), ask: (words) => readLine(words, true) };
}
