/** What a transfer says of itself, and the valve that stops it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Valve, type Halt } from "../../views/browser/client/valve.ts";
import { readFile } from "../../views/browser/reporter/read-file.ts";
import { makeEstimate } from "../../views/browser/reporter/estimate.ts";

test("a file of a few bytes is read without a stream: in hundreds of them some never answered", async () => {
  const file = new Blob(["x".repeat(1000)]);
  file.stream = () => assert.fail("not for small files");
  const pieces: Uint8Array[] = [];
  for await (const piece of readFile(file)) pieces.push(piece);
  assert.equal(Buffer.concat(pieces).toString(), "x".repeat(1000));
  for await (const piece of readFile(new Blob([]))) assert.fail(`${String(piece.length)} bytes of nothing`);
});

test("nothing is said of the time left before some seconds were seen", () => {
  const estimate = makeEstimate();
  estimate.note(0, 1000, 0);
  estimate.note(100, 1000, 3);
  assert.equal(estimate.left(), null);
  estimate.note(200, 1000, 7);
  assert.equal(estimate.left(), 60);
});

test("a speed that jumps does not make the time jump", () => {
  const estimate = makeEstimate();
  const shown = new Set<number>();
  let done = 0;
  for (let at = 0; at < 400; at++) {
    done += at % 2 === 0 ? 0 : 20; // nothing for a second, then twice as much
    estimate.note(done, 10_000, at);
    const left = estimate.left();
    if (left !== null) shown.add(left);
  }
  const told = [...shown];
  assert.deepEqual(
    told,
    told.toSorted((a, b) => b - a),
    "it only goes down",
  );
  assert.ok(told[0]! <= 25 * 60 && told.length < 15, told.join());
});

test("a pause is no slowness", () => {
  const estimate = makeEstimate();
  for (let at = 0; at <= 20; at++) estimate.note(at * 100, 10_000, at);
  const before = estimate.left();
  estimate.rest();
  for (let at = 1000; at <= 1010; at++) estimate.note(2000 + (at - 1000) * 100, 10_000, at);
  assert.ok(estimate.left()! <= before!);
});

test("a line that has become much slower is told", () => {
  const estimate = makeEstimate();
  let done = 0;
  for (let at = 0; at < 20; at++) estimate.note((done += 100), 20_000, at);
  const fast = estimate.left()!;
  for (let at = 20; at < 120; at++) estimate.note((done += 5), 20_000, at);
  assert.ok(estimate.left()! > fast * 3);
});

test("the valve opens when the last reason is gone, and lets nothing pass before", async () => {
  const told: (Halt | null)[] = [];
  const valve = new Valve((halt) => void told.push(halt));
  await valve.pass();
  const { flow } = valve;
  valve.close("lost");
  assert.ok(flow.aborted);
  valve.close("person");
  let passed = false;
  const waiting = valve.pass().then(() => (passed = true));
  valve.open("lost");
  await Promise.resolve();
  assert.equal(passed, false);
  valve.open("person");
  await waiting;
  assert.equal(valve.flow.aborted, false);
  assert.deepEqual(told, ["lost", "person", null]);
});

test("who stops waiting at a closed valve is let go", async () => {
  const valve = new Valve();
  valve.close("offline");
  const controller = new AbortController();
  const waiting = valve.pass(controller.signal);
  controller.abort(new DOMException("stopped", "AbortError"));
  await assert.rejects(waiting, { name: "AbortError" });
});
