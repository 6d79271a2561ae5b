/** Challenges and passes: what is good, what is not, and that strangers cannot make memory grow. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/web/pbkdf2";
import fc from "fast-check";
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from "../../crypto/bytes.ts";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { passLifeSeconds, WorkDesk, type Task } from "../../server/app/work.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const heapAfterCollecting = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

const day = 24 * 3600 * 1000;
const start = Date.UTC(2026, 10, 23);

function desk(cost = 4, most?: number): { desk: WorkDesk; clock: { at: number } } {
  const clock = { at: start };
  return { desk: new WorkDesk({ now: () => clock.at }, cost, most), clock };
}

async function solved({ challenge }: Task): Promise<string> {
  assert.ok(challenge !== null);
  const solution = await solveChallenge({ challenge, deriveKey });
  const { counter, derivedKey } = solution!;
  return toBase64Url(utf8(JSON.stringify({ challenge, solution: { counter, derivedKey } })));
}

type Payload = {
  challenge: { parameters: Record<string, unknown> & { data: Record<string, unknown> }; signature: string };
  solution: Record<string, unknown>;
};

function changed(header: string, change: (payload: Payload) => void): string {
  const payload = JSON.parse(fromUtf8(fromBase64Url(header))) as Payload;
  change(payload);
  return toBase64Url(utf8(JSON.stringify(payload)));
}

const flip = (hex: unknown): string => String(hex).replace(/^./, (c) => (c === "0" ? "1" : "0"));

test("a solved challenge is a pass, and nothing of it is remembered before it is spent", async () => {
  const { desk: one } = desk();
  const header = await solved(await one.issue());
  assert.ok(header.length < 1000, "fits a header");
  assert.notEqual(await one.verify(header), null);
  assert.equal(one.size, 0);
});

const forgeries: [what: string, change: (payload: Payload) => void][] = [
  ["another signature", (p) => void (p.challenge.signature = flip(p.challenge.signature))],
  ["a longer life", (p) => void (p.challenge.parameters.data["until"] = start / 1000 + 60)],
  ["fewer tries", (p) => void (p.challenge.parameters.data["most"] = 1)],
  ["another nonce", (p) => void (p.challenge.parameters["nonce"] = flip(p.challenge.parameters["nonce"]))],
  ["another salt", (p) => void (p.challenge.parameters["salt"] = flip(p.challenge.parameters["salt"]))],
  ["a cheaper try", (p) => void (p.challenge.parameters["cost"] = 1)],
  ["another algorithm", (p) => void (p.challenge.parameters["algorithm"] = "SHA-256")],
  ["a field more", (p) => void (p.challenge.parameters["expiresAt"] = 9e9)],
  ["no key signature", (p) => void delete p.challenge.parameters["keySignature"]],
  ["another answer", (p) => void (p.solution["derivedKey"] = flip(p.solution["derivedKey"]))],
  [
    "only the half that everybody sees",
    (p) => void (p.solution["derivedKey"] = String(p.challenge.parameters["keyPrefix"]).repeat(2)),
  ],
  ["no answer", (p) => void delete p.solution["derivedKey"]],
];
for (const [what, change] of forgeries)
  test(`forged: ${what}`, async () => {
    const { desk: one } = desk();
    assert.equal(await one.verify(changed(await solved(await one.issue()), change)), null);
  });

test("anything else in the header is no pass, and no error", async () => {
  const { desk: one } = desk();
  assert.equal(await one.verify(undefined), null);
  assert.equal(await one.verify("x".repeat(100_000)), null);
  await fc.assert(fc.asyncProperty(fc.string(), async (text) => (await one.verify(text)) === null));
  await fc.assert(
    fc.asyncProperty(
      fc.jsonValue(),
      async (value) => (await one.verify(toBase64Url(utf8(JSON.stringify(value))))) === null,
    ),
  );
});

test("a pass of another portal is no pass here", async () => {
  assert.equal(await desk().desk.verify(await solved(await desk().desk.issue())), null);
});

test("a pass is good for one envelope id, eight times", async () => {
  const { desk: one } = desk();
  const pass = await one.verify(await solved(await one.issue()));
  const envId = generateEnvId();
  for (let i = 0; i < 8; i++) one.spend(pass, envId);
  assert.throws(() => one.spend(pass, envId), { code: "work" });
  assert.throws(() => one.spend(pass, generateEnvId()), { code: "work" });
  assert.throws(() => one.spend(null, generateEnvId()), { code: "work" });
  assert.equal(one.size, 1);
});

test("it ends with its time, and with it the memory of its spending", async () => {
  const { desk: one, clock } = desk();
  const header = await solved(await one.issue());
  const pass = await one.verify(header);
  clock.at += (passLifeSeconds + 1) * 1000;
  assert.equal(await one.verify(header), null);
  assert.throws(() => one.spend(pass, generateEnvId()), { code: "work" }, "also when it was read in time");
  clock.at -= (passLifeSeconds + 1) * 1000;
});

test("under a clock that jumps, no spent pass comes to life again", async () => {
  for (const days of [2000, -2000]) {
    const { desk: one, clock } = desk();
    const header = await solved(await one.issue());
    one.spend(await one.verify(header), generateEnvId());
    clock.at += days * day;
    assert.equal(await one.verify(header), null);
    // Others spend meanwhile, so that what is over is forgotten.
    one.spend(await one.verify(await solved(await one.issue())), generateEnvId());
    clock.at = start;
    const pass = await one.verify(header);
    assert.throws(() => one.spend(pass, generateEnvId()), { code: "work" });
    // And who comes now gets through.
    one.spend(await one.verify(await solved(await one.issue())), generateEnvId());
  }
});

test("when the set is full everything issued ends, and a new challenge is good at once", async () => {
  const { desk: one } = desk(1, 3);
  const early = await solved(await one.issue());
  const spent: string[] = [];
  for (let i = 0; i < 3; i++) {
    const header = await solved(await one.issue());
    one.spend(await one.verify(header), generateEnvId());
    spent.push(header);
  }
  const unlucky = await one.verify(await solved(await one.issue()));
  assert.throws(() => one.spend(unlucky, generateEnvId()), { code: "work" });
  assert.equal(one.size, 0);
  for (const header of [...spent, early]) assert.equal(await one.verify(header), null);
  one.spend(await one.verify(await solved(await one.issue())), generateEnvId());
});

test(
  "100,000 passes spent, 500 challenges issued: memory is bounded, and holds no address",
  { timeout: 120_000 },
  async () => {
    const { desk: one, clock } = desk(1);
    const until = (): number => clock.at / 1000 + passLifeSeconds;
    const before = heapAfterCollecting();
    let largest = 0;
    let generation = 0;
    for (let i = 0; i < 100_000; i++) {
      try {
        one.spend({ id: randomBytes(16).toString("latin1"), until: until(), generation }, randomBytes(16));
      } catch {
        generation += 1; // it was full
      }
      largest = Math.max(largest, one.size);
    }
    assert.equal(largest, 50_000);
    assert.ok(heapAfterCollecting() - before < 25 * 1024 * 1024, `${(heapAfterCollecting() - before) / 1e6} MB`);
    for (let i = 0; i < 500; i++) await one.issue();
    assert.ok(one.size <= 50_000);
  },
);

test("what many send makes it harder, up to four times, and it falls again", async () => {
  const { desk: one, clock } = desk(1);
  let serial = 0;
  const spend = (n: number): void => {
    for (let i = 0; i < n; i++)
      one.spend({ id: `pass ${serial++}`, until: clock.at / 1000 + passLifeSeconds, generation: 0 }, generateEnvId());
  };
  assert.equal(one.hardness(), 1);
  spend(60);
  assert.equal(one.hardness(), 1);
  spend(1);
  assert.equal(one.hardness(), 2);
  assert.equal(one.underLoad, true);
  spend(5000);
  assert.equal(one.hardness(), 4);
  const { challenge } = await one.issue();
  assert.equal(challenge?.parameters.data?.["most"], 4);
  clock.at += 70_000;
  assert.equal(one.hardness(), 1);
});
