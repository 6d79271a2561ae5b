/** The room that forms without scripts share: bounded, and held until their answers. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { Place } from "../../server/assisted/form-room.ts";

const MiB = 1024 * 1024;

interface Watched {
  place: Place;
  said: string[];
}

function enter(): Watched {
  const said: string[] = [];
  const place = new Place({
    pause: () => said.push("pause"),
    goOn: () => said.push("goOn"),
    end: () => said.push("end"),
  });
  return { place, said };
}

/** Twenty-one forms of 3 MiB leave room for two MiB more. */
function fill(t: TestContext, { whole }: { whole: boolean }): Watched[] {
  const guests = Array.from({ length: 21 }, enter);
  t.after(() => guests.forEach(({ place }) => place.leave()));
  for (const { place } of guests) {
    place.count(3 * MiB);
    if (whole) place.arrived();
  }
  assert.ok(guests.every(({ said }) => said.length === 0));
  return guests;
}

test("one form takes no more than is kept of it, however much it sends", (t) => {
  const endless = enter();
  t.after(() => endless.place.leave());
  for (let i = 0; i < 200; i++) endless.place.count(MiB);
  assert.deepEqual(endless.said, []);
  const other = enter();
  t.after(() => other.place.leave());
  other.place.count(3 * MiB);
  assert.deepEqual(other.said, []);
});

test("forms that arrived hold their room until they are answered; the next waits for it", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const guests = fill(t, { whole: true });
  const next = enter();
  t.after(() => next.place.leave());
  next.place.count(3 * MiB);
  assert.deepEqual(next.said, ["pause"]);
  t.mock.timers.tick(5000);
  assert.ok(
    guests.every(({ said }) => said.length === 0),
    "who has arrived does not give way",
  );
  guests[7]!.place.leave();
  assert.deepEqual(next.said, ["pause", "goOn"]);
});

test("ordinary forms never wait", (t) => {
  fill(t, { whole: false });
  const small = enter();
  t.after(() => small.place.leave());
  small.place.count(64 * 1024);
  assert.deepEqual(small.said, []);
});

test("of those that are still sending the slowest gives way, and no other", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const real = performance.now.bind(performance);
  let ahead = 0;
  t.mock.method(performance, "now", () => real() + ahead);
  const guests = fill(t, { whole: false });
  const next = enter();
  t.after(() => next.place.leave());
  next.place.count(3 * MiB);
  t.mock.timers.tick(1000);
  assert.ok(
    guests.every(({ said }) => said.length === 0),
    "nobody is slow yet",
  );
  ahead = 10_001;
  t.mock.timers.tick(1000);
  assert.deepEqual(
    guests.map(({ said }) => said.length),
    [1, ...Array<number>(20).fill(0)],
  );
  guests[0]!.place.leave();
  assert.deepEqual(next.said, ["pause", "goOn"]);
});

test("who waited a minute gives up", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const real = performance.now.bind(performance);
  let ahead = 0;
  t.mock.method(performance, "now", () => real() + ahead);
  fill(t, { whole: true });
  const next = enter();
  t.after(() => next.place.leave());
  next.place.count(3 * MiB);
  ahead = 60_001;
  t.mock.timers.tick(1000);
  assert.deepEqual(next.said, ["pause", "end"]);
});
