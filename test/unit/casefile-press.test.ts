/** The page's end of the press: answers find their order, and whoever waits is never left waiting. The worker itself runs in test/browser/press.test.ts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPress, type FromPress, type Press, type ToPress } from "../../views/browser/client/casefile/press.ts";
import type { PdfOrder } from "../../views/pdf/write.ts";

const order = { title: "T" } as PdfOrder;

/** A worker in the hands of the test. */
function open(): {
  press: Press;
  asked: ToPress[];
  say: (message: FromPress) => void;
  fail: () => void;
  ended: () => boolean;
} {
  const asked: ToPress[] = [];
  const told = new EventTarget();
  let ended = false;
  const press = openPress({
    postMessage: (message) => void asked.push(message),
    addEventListener: (type: string, listener: unknown) => told.addEventListener(type, listener as EventListener),
    terminate: () => {
      ended = true;
    },
  });
  return {
    press,
    asked,
    say: (data) => void told.dispatchEvent(new MessageEvent("message", { data })),
    fail: () => void told.dispatchEvent(new Event("error", { cancelable: true })),
    ended: () => ended,
  };
}

const printed = (id: number): FromPress => ({ is: "printed", id, bytes: Uint8Array.of(id), pages: id, marks: [id] });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("nothing is sent before the worker is ready; answers find their order", async () => {
  const { press, asked, say } = open();
  const [one, two, three] = [press.print(order), press.count(order), press.print(order)];
  await turn();
  assert.equal(asked.length, 0);
  say({ is: "ready" });
  await turn();
  assert.deepEqual(
    asked.map(({ id, counts }) => [id, counts]),
    [
      [1, false],
      [2, true],
      [3, false],
    ],
  );
  say(printed(3));
  say({ is: "counted", id: 2, pages: 7 });
  say(printed(1));
  assert.deepEqual(await one, { bytes: Uint8Array.of(1), pages: 1, marks: [1] });
  assert.equal(await two, 7);
  assert.equal((await three).pages, 3);
});

test("a refusal keeps its code, and the press goes on", async () => {
  const { press, say } = open();
  say({ is: "ready" });
  const first = press.print(order);
  say({ is: "refused", id: 1, code: "large", message: "too long" });
  await assert.rejects(first, { name: "PortalError", code: "large" });
  const second = press.print(order);
  say(printed(2));
  assert.equal((await second).pages, 2);
});

for (const [what, end] of [
  ["stopped", ({ press }: ReturnType<typeof open>) => press.stop()],
  ["failed", ({ fail }: ReturnType<typeof open>) => fail()],
] as const)
  test(`a press that was ${what} refuses whoever waits and whoever comes`, async () => {
    const opened = open();
    const waiting = opened.press.print(order);
    end(opened);
    await assert.rejects(waiting, { code: "busy" });
    await assert.rejects(opened.press.count(order), { code: "busy" });
    assert.equal(opened.ended(), true);
  });
