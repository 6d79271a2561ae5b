/** A real portal on free ports with its own data folder, for tests. Nothing of it is faked. */
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig, type Config } from "../../server/config.ts";
import { startPortal, type RunningPortal } from "../../server/main.ts";
import type { Clock } from "../../server/ports.ts";

export interface TestPortal extends RunningPortal {
  config: Config;
  dataDir: string;
  /** Every line that the server logged. */
  lines: string[];
  /** Stops the portal and removes its data. */
  discard(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Options {
  dataDir?: string;
  clock?: Clock;
}

/** `env`: settings besides ports and data folder. `dataDir`: start on data that is there already. */
export async function startTestPortal(env: Record<string, string> = {}, options: Options = {}): Promise<TestPortal> {
  for (let tries = 1; ; tries++) {
    try {
      return await tryStart(env, options);
    } catch (error) {
      // Another program took a port between its choice and its use.
      if (!(error instanceof Error) || !("code" in error) || error.code !== "EADDRINUSE" || tries === 5) throw error;
    }
  }
}

async function tryStart(env: Record<string, string>, options: Options): Promise<TestPortal> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "tellhaven-test-")));
  const ports = { PORT: String(await freePort()), CONSOLE_PORT: String(await freePort()) };
  const { config, secrets } = readConfig({
    ...ports,
    DATA_DIR: dataDir,
    MIN_FREE_BYTES: "1000000",
    WORK_COST: "20",
    ASSISTED_WAIT_SECONDS: "0",
    ...env,
  });
  const lines: string[] = [];
  const portal = await startPortal(config, secrets, (line) => void lines.push(line), options.clock);
  const discard = async (): Promise<void> => {
    await portal.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { ...portal, config, dataDir, lines, discard };
}
