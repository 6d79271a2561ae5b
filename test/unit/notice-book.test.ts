/** The notice's own file: no name in the clear, nothing twice, and what a list does not say stays as it was. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { PortalError } from "../../crypto/errors.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import { NoticeBook } from "../../server/app/notice-book.ts";
import type { NoticeStore } from "../../server/ports.ts";
import { openSqliteNotices } from "../../server/storage/notices.ts";

const today = 20_787; // 2026-11-30
const clock = { now: () => today * 86_400_000, today: () => today };
const key = randomBytes(32);
const textHash = "ab".repeat(32);
const ada = { ref: "Ada Applied", since: "2026-01-05", remote: true, removedOn: "2026-10-01" };

async function openStore(t: TestContext): Promise<{ store: NoticeStore; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "tellhaven-notices-"));
  const store = await openSqliteNotices(join(folder, "notices.sqlite"));
  t.after(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  return { store, folder };
}

async function openBook(t: TestContext): Promise<NoticeBook> {
  return NoticeBook.open((await openStore(t)).store, key, clock);
}

test("no name, place or day is in the clear in its files, while it runs", async (t) => {
  const { store, folder } = await openStore(t);
  const book = await NoticeBook.open(store, key, clock);
  await book.publish(textHash, 1);
  const id = await book.addPerson(ada);
  await book.sent([id], 1, "2026-11-30");
  await book.addPosting({
    place: "Lobby of house seven",
    version: 1,
    postedOn: "2026-11-30",
    checkedOn: "2026-11-30",
    by: "Bela Blank",
    photoSha256: null,
    removedOn: null,
  });
  const files = await readdir(folder);
  assert.ok(files.includes("notices.sqlite"));
  for (const file of files) {
    const bytes = (await readFile(join(folder, file))).toString("latin1");
    for (const secret of ["Ada", "Applied", "Lobby", "Bela", "2026-", "person", textHash])
      assert.ok(!bytes.includes(secret), `${file}: ${secret}`);
  }
  assert.deepEqual((await NoticeBook.open(store, key, clock)).people(), book.people());
  await assert.rejects(NoticeBook.open(store, randomBytes(32), clock), { code: "refused" });
});

test("two who publish the same text at once make one version", async (t) => {
  const book = await openBook(t);
  const both = await Promise.allSettled([book.publish(textHash, 1), book.publish(textHash, 1)]);
  assert.deepEqual(
    both.map(({ status }) => status),
    ["fulfilled", "rejected"],
  );
  assert.deepEqual(
    book.versions().map(({ number }) => number),
    [1],
  );
  await assert.rejects(book.publish(textHash, 1), { code: "conflict" });
  assert.equal((await book.publish("cd".repeat(32), 1)).number, 2);
});

test("what was stored without an answer is known, and not stored again", async (t) => {
  const { store } = await openStore(t);
  let fails = false;
  const shaky: NoticeStore = {
    ...store,
    async change(put, removed) {
      await store.change(put, removed);
      if (fails) throw new PortalError("busy", "the thread ended before it answered");
    },
  };
  const book = await NoticeBook.open(shaky, key, clock);
  fails = true;
  await assert.rejects(book.publish(textHash, 1), { code: "busy" });
  await assert.rejects(book.addPerson(ada), { code: "busy" });
  fails = false;
  await assert.rejects(book.publish(textHash, 1), { code: "conflict" });
  await assert.rejects(book.addPerson(ada), { code: "conflict" });
  assert.deepEqual([book.versions().length, book.people().length], [1, 1]);
});

test("a list changes what it has a column for, and nothing else", async (t) => {
  const book = await openBook(t);
  await book.publish(textHash, 1);
  const id = await book.addPerson(ada);
  await book.acknowledged([id], 1, "2026-11-30");
  const before = book.people();
  assert.deepEqual(await book.importPeople([{ ref: "Ada Applied" }, { ref: "Bela" }]), { added: 1, changed: 1 });
  assert.deepEqual(book.people()[0], before[0], "first day, place of work and leaving are as they were");
  await book.importPeople([{ ref: "ada applied", removedOn: null }]);
  const { since, remote, removedOn, notices } = book.people()[0]!;
  assert.deepEqual({ since, remote, removedOn }, { since: "2026-01-05", remote: true, removedOn: null });
  assert.equal(notices.length, 1);
});

test("a name is the same name with its accent as one sign or as two", async (t) => {
  const book = await openBook(t);
  await book.addPerson({ ...ada, ref: "José" });
  await assert.rejects(book.addPerson({ ...ada, ref: "JOSE\u0301" }), { code: "conflict" });
  assert.deepEqual(await book.importPeople([{ ref: "Jose\u0301" }]), { added: 0, changed: 1 });
});

test("nothing was given, confirmed or hung up before its version was published", async (t) => {
  const book = await openBook(t);
  await book.publish(textHash, 1);
  const id = await book.addPerson(ada);
  const place = { place: "Lobby", version: 1, checkedOn: "2026-11-30", by: "", photoSha256: null, removedOn: null };
  for (const act of [
    () => book.sent([id], 1, "2026-11-28"),
    () => book.acknowledged([id], 1, "2026-11-28"),
    () => book.addPosting({ ...place, postedOn: "2026-11-28" }),
  ])
    await assert.rejects(act(), { code: "format" });
  // The day before, as it may be where the sun sets last.
  await book.sent([id], 1, "2026-11-29");
  await book.addPosting({ ...place, postedOn: "2026-11-29" });
});

test("a long list does not keep everybody else waiting", async (t) => {
  const { store } = await openStore(t);
  let turns = 0;
  let turnsBefore = 0;
  const watched: NoticeStore = {
    ...store,
    change(put, removed) {
      turnsBefore = turns;
      return store.change(put, removed);
    },
  };
  const book = await NoticeBook.open(watched, key, clock);
  const count = (): void => {
    turns++;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  await book.importPeople(Array.from({ length: 1000 }, (_, i) => ({ ref: `Person ${String(i)}` })));
  clearImmediate(next);
  assert.ok(turnsBefore >= 10, `others had ${String(turnsBefore)} turns`);
  assert.equal(book.people().length, 1000);
});
