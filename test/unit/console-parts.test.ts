/** Small things of the case desk that must be right: names of files, the lock. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { startIdleLock } from "../../views/browser/console/idle-lock.ts";
import { safeFileName } from "../../views/browser/file-names.ts";

const names: [given: string, safe: string][] = [
  ["report.pdf", "report.pdf"],
  ["../../etc/passwd", "_.._etc_passwd"],
  ["C:\\Windows\\x.exe", "C__Windows_x.exe"],
  ["emails\u202Egnp.exe", "emailsgnp.exe"],
  [".bashrc", "bashrc"],
  ["a\nb\u0000c.txt", "abc.txt"],
  ["", "file"],
  ["...", "file"],
  [" spaces . ", "spaces"],
  [`${"x".repeat(300)}.docx`, `${"x".repeat(115)}.docx`],
  ["отчёт.doc", "отчёт.doc"],
];
for (const [given, safe] of names)
  test(`the file name ${JSON.stringify(given).slice(0, 40)} is saved as ${safe.slice(0, 30)}`, () => {
    assert.equal(safeFileName(given), safe);
  });

test("the desk locks after idling, not while somebody works or waits, and at once after a sleep", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  let now = 0;
  let locked = 0;
  const minute = 60_000;
  const pass = (ms: number): void => {
    now += ms;
    mock.timers.tick(5_000);
  };
  const idle = startIdleLock(
    15,
    () => {
      locked += 1;
    },
    () => now,
  );
  pass(14 * minute);
  idle.touch();
  pass(14 * minute);
  assert.equal(locked, 0, "somebody was there in between");

  let finish = (): void => {};
  const work = idle.busy(
    new Promise<void>((resolve) => {
      finish = resolve;
    }),
  );
  pass(60 * minute);
  assert.equal(locked, 0, "a download runs");
  finish();
  await work;
  pass(14 * minute);
  assert.equal(locked, 0, "idling began anew when it ended");

  pass(8 * 60 * minute);
  assert.equal(locked, 1, "the lid was closed over night");
  pass(60 * minute);
  assert.equal(locked, 1, "once");
  mock.timers.reset();
});
