/** What is left of a case that was deleted on its day: in the live files, in backups, and after a crash. */
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import SQLite from "better-sqlite3";
import { fromHex, toHex } from "../../crypto/bytes.ts";
import { caseIndex } from "../../crypto/vault.ts";
import { findCase } from "../../server/app/case-state.ts";
import { finishShreds, shredDue } from "../../server/app/shred-case.ts";
import { decide, prepare, reply, writeNote } from "../../views/browser/client/case-writing.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { deskOf, fileOfBytes, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { closedCase, setDate, TurnedClock, visit } from "../support/dated-cases.ts";
import { backUp, copyWithLog, openRows } from "../support/old-backup.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { freePort, startTestPortal } from "../support/server.ts";
import { sweep } from "../support/sweep.ts";

const clock = new TurnedClock();
let served: ServedOrganisation;
let rosa: Desk;

before(async () => {
  served = await serveOrganisation({}, 2, { clock });
  rosa = await deskOf(served, served.organisation.members.rosa.seed);
});
after(() => served.portal.discard());

/** Files of a folder in which these bytes stand. */
function filesWith(dir: string, mark: Uint8Array): string[] {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return names
    .filter(({ parentPath, name }) => readFileSync(join(parentPath, name)).includes(Buffer.from(mark)))
    .map(({ name }) => name);
}

const hexOf = (bytes: Uint8Array): Uint8Array => Buffer.from(toHex(bytes));

describe("what is left of a case that went on its day", () => {
  test("no key, no row, no file, no word: in none of the live files; and an old backup opens nothing with the keyring of now", async (t) => {
    const { context, dataDir } = served.portal;
    const [title, text, note] = ["Orchid in the cellar", "The wax seals were broken", "Ask the night porter"];
    const fileName = "porter-rota-orchid.bin";
    const code = await tell(served, { title, what: text, files: [fileOfBytes(fileName, randomBytes(200_000))] });
    const caseId = (await findByTitle(served, rosa, title))!;
    const answer = fileOfBytes("answer-orchid.bin", randomBytes(1000));
    await reply(rosa, caseId, { text: "We look", status: null }, await prepare(rosa, fromHex(caseId, 32), [answer]));
    await writeNote(rosa, caseId, note, await withoutFiles(rosa, caseId));
    await decide(rosa, caseId, { phase: "closed", disposition: "withdrawn", reason: note });
    const kept = await closedCase(served, rosa, "Stays where it is");
    await setDate(rosa, caseId, clock.inDays(1));

    const found = (await findCase(context, fromHex(caseId)))!;
    const idx = caseIndex(context.keys.index, fromHex(caseId));
    const entry = (await context.keyring.find(idx))!;
    const secret = entry.slice(32);
    const blinding = fromHex(found.state.blinding, 32);
    const objects = readdirSync(join(dataDir, "objects"));
    const envIds = [found.state.report.envId];
    assert.ok(envIds.every((id) => objects.includes(id)));

    // Backups of both files, as they are before the day, and a copy of the disk as it lies there.
    const old = mkdtempSync(join(tmpdir(), "tellhaven-backup-"));
    t.after(() => rmSync(old, { recursive: true }));
    backUp(join(dataDir, "portal.sqlite"), join(old, "portal.sqlite"));
    copyWithLog(join(dataDir, "portal.sqlite"), join(old, "copied.sqlite"));
    backUp(join(dataDir, "keyring.sqlite"), join(old, "keyring.sqlite"));
    const rows = 1 + found.state.conversation.length + found.state.team.length;
    const live = join(dataDir, "keyring.sqlite");
    const isOurs = (state: Uint8Array): boolean => Buffer.from(state).includes(Buffer.from(caseId));
    // Control: before, everything of it opens, from either copy, and what it holds is what we shall look for.
    const before = openRows(join(old, "portal.sqlite"), live, dataDir);
    assert.equal(before.shut, 0);
    assert.equal(before.states.filter(isOurs).length, 1);
    assert.ok(Buffer.from(before.states.find(isOurs)!).includes(Buffer.from(hexOf(blinding))));
    assert.equal(openRows(join(old, "copied.sqlite"), live, dataDir).states.filter(isOurs).length, 1);
    for (const mark of [secret.slice(0, 48), idx, found.row.state.slice(0, 64)])
      assert.notDeepEqual(filesWith(dataDir, mark), [], "control: it was there");

    clock.ahead += 1;
    assert.equal(await shredDue(context), 1);
    assert.deepEqual(await visit(served, code), { is: "deleted", on: clock.today() });

    // The live files: keyring and database with their logs, shared memory, objects.
    const marks = { secret, public: found.row.vaultPk, state: found.row.state, blinding, hexBlinding: hexOf(blinding) };
    for (const [what, mark] of Object.entries(marks))
      for (const part of mark.length > 64 ? [mark.slice(0, 40), mark.slice(-40)] : [mark])
        assert.deepEqual(filesWith(dataDir, part), [], what);
    assert.equal(statSync(join(dataDir, "keyring.sqlite-wal")).size, 0, "nothing is left in the keyring's log");
    // In the database's stands the tombstone, whose last mark goes after that; it is emptied soon.
    const log = join(dataDir, "portal.sqlite-wal");
    for (let i = 0; i < 60 && statSync(log).size > 0; i++) await sleep(50);
    assert.equal(statSync(log).size, 0);
    for (const id of envIds) assert.ok(!readdirSync(join(dataDir, "objects")).includes(id));
    assert.ok(readdirSync(join(dataDir, "objects")).length < objects.length);

    // An old backup of the database, with today's keyring: of this case not one row; of the others all, as before.
    for (const name of ["portal.sqlite", "copied.sqlite"]) {
      const now = openRows(join(old, name), live, dataDir);
      assert.equal(now.shut, rows, name);
      assert.equal(now.states.filter(isOurs).length, 0);
      assert.equal(now.states.length, before.states.length - 1);
      assert.equal(now.events.length, before.events.length - rows + 1);
      assert.equal(now.states.filter((state) => Buffer.from(state).includes(Buffer.from(kept.caseId))).length, 1);
    }
    // Only the old keyring opens it still: that is what the days of KEYRING_BACKUP_DAYS are about.
    assert.equal(openRows(join(old, "portal.sqlite"), join(old, "keyring.sqlite"), dataDir).shut, 0);

    // What was said was never in any of these files; the words of the receipt neither.
    const plants = [title, text, note, fileName, "answer-orchid.bin", code, code.split(" ").slice(0, 3).join(" ")];
    const swept = await sweep(plants, [dataDir, old]);
    assert.deepEqual(swept.hits, []);
    assert.ok(swept.files >= 8 && swept.bytes > 100_000, "there was something to search");
    // Control: the sweep finds such words where they do stand.
    const shown = await sweep([title], [{ label: "shown", bytes: Buffer.from(`x${title}x`) }]);
    assert.notDeepEqual(shown.hits, []);
  });

  test("all of an old backup put back: what had a date goes again at the start, before anybody is let in", async (t) => {
    const { dataDir } = served.portal;
    const dated = await closedCase(served, rosa, "Back from the backup");
    const undated = await closedCase(served, rosa, "Back as well");
    await setDate(rosa, dated.caseId, clock.inDays(1));
    const restored = mkdtempSync(join(tmpdir(), "tellhaven-restored-"));
    t.after(() => rmSync(restored, { recursive: true, force: true }));
    for (const name of ["portal.sqlite", "keyring.sqlite"]) backUp(join(dataDir, name), join(restored, name));
    copyFileSync(join(dataDir, "keyring.key"), join(restored, "keyring.key"));
    clock.ahead += 1;
    assert.equal(await shredDue(served.portal.context), 1);
    const portal = await startTestPortal({}, { dataDir: restored, clock });
    try {
      assert.deepEqual(await visit({ portal }, dated.code), { is: "deleted", on: clock.today() });
      assert.equal((await visit({ portal }, undated.code)).is, "open");
    } finally {
      await portal.close();
    }
  });

  test("while a backup reads, all that is due goes without waiting for it once each; afterwards it is finished", async () => {
    const { context, dataDir } = served.portal;
    const cases = [];
    for (const title of ["Due 1", "Due 2", "Due 3"]) cases.push(await closedCase(served, rosa, title));
    for (const { caseId } of cases) await setDate(rosa, caseId, clock.inDays(1));
    clock.ahead += 1;
    let asked = 0;
    const forgotten = (): Promise<boolean> => {
      asked++;
      return context.keyring.forgotten();
    };
    const backup = new SQLite(join(dataDir, "keyring.sqlite"), { readonly: true });
    backup.exec("BEGIN");
    backup.prepare("SELECT count(*) FROM keyring").get();
    assert.equal(await shredDue({ ...context, keyring: { ...context.keyring, forgotten } }), 3);
    assert.ok(asked <= 10, `asked ${asked} times`);
    assert.equal((await context.store.listUnfinishedShreds()).length, 3);
    for (const { code } of cases) assert.equal((await visit(served, code)).is, "deleted");
    backup.close();
    await finishShreds(context);
    assert.deepEqual(await context.store.listUnfinishedShreds(), []);
  });

  test("the old key's bytes are overwritten in the file itself: a keyring without secure deletion would keep them", (t) => {
    const dir = mkdtempSync(join(tmpdir(), "tellhaven-secure-"));
    t.after(() => rmSync(dir, { recursive: true }));
    const left = ["OFF", "ON"].map((mode) => {
      const path = join(dir, `${mode}.sqlite`);
      const db = new SQLite(path);
      db.pragma(`secure_delete = ${mode}`);
      db.exec("CREATE TABLE keyring (idx BLOB PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID");
      const mark = randomBytes(80);
      const add = db.prepare("INSERT INTO keyring VALUES (?, ?)");
      for (let i = 0; i < 50; i++) add.run(randomBytes(32), i === 20 ? mark : randomBytes(80));
      db.prepare("DELETE FROM keyring WHERE sealed = ?").run(mark);
      db.close();
      return readFileSync(path).includes(mark);
    });
    assert.deepEqual(left, [true, false]);
  });
});

describe("cut short", () => {
  for (const step of ["rows", "key", "mark"])
    test(`killed while it destroys ${step === "rows" ? "the rows" : step === "key" ? "the key" : "the last mark"}: the next start ends it`, async (t) => {
      const dataDir = mkdtempSync(join(tmpdir(), "tellhaven-killed-"));
      t.after(() => rmSync(dataDir, { recursive: true, force: true }));
      const first = await serveOrganisation({}, 2, { dataDir });
      const desk = await deskOf(first, first.organisation.members.rosa.seed);
      const title = "Cut short";
      const code = await tell(first, { title, files: [fileOfBytes("a.bin", randomBytes(100_000))] });
      const caseId = (await findByTitle(first, desk, title))!;
      await decide(desk, caseId, { phase: "closed", disposition: "withdrawn", reason: "asked" });
      await setDate(desk, caseId, new TurnedClock().inDays(1));
      const { context } = first.portal;
      const idx = caseIndex(context.keys.index, fromHex(caseId));
      const entry = (await context.keyring.find(idx))!;
      await first.portal.close();

      const ports = { PORT: String(await freePort()), CONSOLE_PORT: String(await freePort()) };
      const env = { ...ports, DATA_DIR: dataDir, MIN_FREE_BYTES: "1000000" };
      const child = fork(join(import.meta.dirname, "../support/kill-shred-child.ts"), [JSON.stringify(env), "1", step]);
      assert.deepEqual((await once(child, "exit"))[1], "SIGKILL");
      const left = filesWith(dataDir, entry.slice(40, 100));
      if (step !== "mark") assert.notDeepEqual(left, [], "it died too late to prove anything");

      const oneDayOn = new TurnedClock();
      oneDayOn.ahead = 1;
      const portal = await startTestPortal({}, { dataDir, clock: oneDayOn });
      try {
        assert.deepEqual(filesWith(dataDir, entry.slice(40, 100)), []);
        assert.equal(await portal.context.keyring.find(idx), null);
        assert.deepEqual(await portal.context.store.listUnfinishedShreds(), []);
        assert.equal(await portal.context.store.findTombstone(idx), oneDayOn.today());
        assert.deepEqual(readdirSync(join(dataDir, "objects")), []);
        assert.deepEqual(await visit({ portal }, code), { is: "deleted", on: oneDayOn.today() });
        assert.deepEqual(portal.lines, []);
      } finally {
        await portal.close();
      }
    });
});
