/** Durable sealed intake against the same bytes kept by Express and better-sqlite3, 32 requests at once. */
import { fork, type ChildProcess } from "node:child_process";
import { mkdtemp, mkdir, rm } from "node:fs/promises";
import http from "node:http";
import { join } from "node:path";
import { generateEnvId, sealReport } from "../../crypto/envelope/seal.ts";
import { formatEnvelopeWithSlots } from "../../crypto/envelope/wire.ts";
import { parseCaseKey } from "../../crypto/keys.ts";
import { readersOf, type RosterChain } from "../../crypto/roster.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { makeWork } from "../../views/browser/client/work.ts";
import { makeMailbox } from "../support/fixtures.ts";
import { compare, median, type Round, type Row } from "./measure.ts";

const atOnce = 32;
const perRound = 256;
const rounds = 7;

/** Sealed before the clock runs: that is the browser's work. */
export function sealMany(chain: RosterChain, count: number): Uint8Array[] {
  const readers = readersOf(chain.current, "general", []);
  return Array.from({ length: count }, (_, i) => {
    const envelope = sealReport({
      mailbox: makeMailbox(chain.portalId, `bench ${String(i)}`),
      roster: chain.current,
      caseKey: parseCaseKey(randomBytes(32)),
      envId: generateEnvId(),
      flags: 0,
      content: {
        channel: "general",
        language: "en",
        answers: { what: "A report of four thousand characters. ".repeat(105), categories: ["safety"] },
        readers,
        excluded: [],
        files: [],
      },
      summary: { channel: "general", category: "safety", language: "en", title: "A report" },
      object: null,
    });
    return formatEnvelopeWithSlots(envelope);
  });
}

async function startServer(
  kind: "portal" | "work" | "plain",
  folder: string,
): Promise<{ child: ChildProcess; origin: string }> {
  const child = fork(join(import.meta.dirname, "intake-server.ts"), [kind, folder], { stdio: "inherit" });
  const origin = await new Promise<string>((resolve, reject) => {
    child.once("message", (message: string) => resolve(message));
    child.once("exit", (code) => reject(new Error(`the ${kind} server ended with ${String(code)}`)));
  });
  return { child, origin };
}

function post(agent: http.Agent, origin: string, body: Uint8Array, pass?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      "content-type": "application/octet-stream",
      "content-length": body.length,
      ...(pass && { "x-work": pass }),
    };
    const request = http.request(`${origin}/reports`, { method: "POST", agent, headers }, (answer) => {
      answer.resume();
      answer.once("end", () => {
        if (answer.statusCode === 201) resolve();
        else reject(new Error(`/reports answered ${String(answer.statusCode)}`));
      });
    });
    request.once("error", reject);
    request.end(body);
  });
}

/** Each round posts bodies that the server has not seen. Milliseconds of each answer go to `waits`. */
function intakeRound(
  origin: string,
  bodies: readonly Uint8Array[],
  waits: number[],
  passes: readonly string[] = [],
): Round {
  const agent = new http.Agent({ keepAlive: true, maxSockets: atOnce });
  let next = 0;
  return async () => {
    const end = next + perRound;
    const start = performance.now();
    const work = async (): Promise<void> => {
      while (next < end) {
        const pass = passes[next];
        const body = bodies[next++]!;
        const sent = performance.now();
        await post(agent, origin, body, pass);
        waits.push(performance.now() - sent);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return (perRound * 1000) / (performance.now() - start);
  };
}

const percentile = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))]!;

export interface IntakeResult {
  row: Row;
  /** Bytes of one request. */
  bodyBytes: number;
  /** Milliseconds, with 32 at once. */
  waits: Record<"ours" | "theirs", { p50: number; p99: number }>;
}

export async function measureIntake(outputDir: string): Promise<IntakeResult> {
  // On the disk of the checkout: a folder in memory would make fsync free.
  await mkdir(outputDir, { recursive: true });
  const folders = await Promise.all(["portal-", "plain-"].map((name) => mkdtemp(join(outputDir, name))));
  const servers: ChildProcess[] = [];
  try {
    const ours = await startServer("portal", folders[0]!);
    servers.push(ours.child);
    const theirs = await startServer("plain", folders[1]!);
    servers.push(theirs.child);
    const { chain } = await fetchPortal({ origin: ours.origin });
    const bodies = sealMany(chain!, perRound * (rounds + 1));
    const waits = { ours: [] as number[], theirs: [] as number[] };
    const row = await compare(
      {
        what: "durable sealed intake, 32 at once",
        unit: "reports/s",
        against: "Express 5 + better-sqlite3 (WAL, FULL, group commit), same bytes, no checks",
      },
      intakeRound(ours.origin, bodies, waits.ours),
      intakeRound(theirs.origin, bodies, waits.theirs),
      rounds,
    );
    const summary = (all: number[]): { p50: number; p99: number } => ({ p50: median(all), p99: percentile(all, 0.99) });
    return { row, bodyBytes: bodies[0]!.length, waits: { ours: summary(waits.ours), theirs: summary(waits.theirs) } };
  } finally {
    for (const server of servers) {
      server.disconnect();
      await new Promise((resolve) => server.once("exit", resolve));
    }
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  }
}

/** What checking a pass costs the server: the same intake with and without. */
export async function measureWorkCheck(outputDir: string): Promise<Row> {
  await mkdir(outputDir, { recursive: true });
  const folders = await Promise.all(["work-", "portal-"].map((name) => mkdtemp(join(outputDir, name))));
  const servers: ChildProcess[] = [];
  try {
    const asking = await startServer("work", folders[0]!);
    servers.push(asking.child);
    const open = await startServer("portal", folders[1]!);
    servers.push(open.child);
    const prepare = async (origin: string): Promise<Uint8Array[]> =>
      sealMany((await fetchPortal({ origin })).chain!, perRound * (rounds + 1));
    const [asked, free] = [await prepare(asking.origin), await prepare(open.origin)];
    const work = makeWork({ origin: asking.origin });
    const passes: string[] = [];
    for (let i = 0; i < asked.length; i++) passes.push(await work.pass(generateEnvId()));
    return await compare(
      { what: "intake that checks a pass, 32 at once", unit: "reports/s", against: "the same without proof of work" },
      intakeRound(asking.origin, asked, [], passes),
      intakeRound(open.origin, free, []),
      rounds,
    );
  } finally {
    for (const server of servers) {
      server.disconnect();
      await new Promise((resolve) => server.once("exit", resolve));
    }
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  }
}
