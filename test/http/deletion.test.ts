/** Deleting a case: what goes, what stays, who may, and what the reporter is told. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import SQLite from "better-sqlite3";
import { after, before, test } from "node:test";
import { fromHex, toBase64Url, toHex } from "../../crypto/bytes.ts";
import { deriveMailbox, tokenHashOf, tokenOf } from "../../crypto/keys.ts";
import { openMailboxAnswer } from "../../crypto/mailbox.ts";
import { generateReceiptCode } from "../../crypto/receipt.ts";
import { caseIndex, rowKey } from "../../crypto/vault.ts";
import { english } from "../../crypto/words.ts";
import { findCase, sealState } from "../../server/app/case-state.ts";
import { finishShreds, shredCase } from "../../server/app/shred-case.ts";
import { decide, deleteCase, prepare, reply, withTeam, writeNote } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { listCases } from "../../views/browser/client/listing.ts";
import { draftMessage, findMailboxByCode, lookAgain } from "../../views/browser/client/mailbox.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { deskOf, fileOfBytes, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { ask, askMailbox, serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

let served: ServedOrganisation;
let desk: Desk;

before(async () => {
  served = await serveOrganisation();
  desk = await deskOf(served, served.organisation.members.rosa.seed);
});
after(() => served.portal.discard());

interface Closed {
  code: string;
  caseId: string;
}

/** A case with something of every kind in it, closed. */
async function closedCase(title: string, close = true): Promise<Closed> {
  const code = await tell(served, { title, files: [fileOfBytes("a.bin", randomBytes(300_000))] });
  const caseId = (await findByTitle(served, desk, title))!;
  assert.notEqual(caseId, null);
  const file = fileOfBytes("answer.bin", randomBytes(1000));
  await reply(desk, caseId, { text: "We look", status: null }, await prepare(desk, fromHex(caseId, 32), [file]));
  await writeNote(desk, caseId, "A note", await withoutFiles(desk, caseId));
  if (close) await decide(desk, caseId, { phase: "closed", disposition: "withdrawn", reason: "asked" });
  return { code, caseId };
}

const api = (): { origin: string } => ({ origin: served.portal.reporterUrl });

async function visit(code: string): Promise<Awaited<ReturnType<typeof findMailboxByCode>>> {
  const { chain } = await fetchPortal(api());
  return findMailboxByCode(api(), chain!, code);
}

const mailboxOf = (code: string): ReturnType<typeof deriveMailbox> => deriveMailbox(code, served.organisation.portalId);

/** Files of the data folder in which one of these stands, wherever: rows, free pages, logs. */
function filesWith(marks: readonly Uint8Array[]): string[] {
  const { dataDir } = served.portal;
  const names = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return names.flatMap(({ parentPath, name }) => {
    const bytes = readFileSync(join(parentPath, name));
    return marks.filter((mark) => bytes.includes(Buffer.from(mark))).map(() => name);
  });
}

/** Everything that the server stores of a case, as it lies in its files. */
async function tracesOf(caseId: string): Promise<{ idx: Uint8Array; marks: Uint8Array[]; objects: string[] }> {
  const { context } = served.portal;
  const idx = caseIndex(context.keys.index, fromHex(caseId));
  const found = (await findCase(context, fromHex(caseId)))!;
  const open = await openCase(desk, caseId);
  const { key } = await withTeam(desk, caseId);
  const objects = [...open.entries, ...(open.team.state === "open" ? open.team.entries : [])]
    .filter((entry) => "files" in entry.content && entry.content.files.length > 0)
    .map(({ envId }) => toHex(envId));
  const entry = (await context.keyring.find(idx))!;
  const marks = [
    found.row.state.slice(0, 64),
    found.row.vaultPk,
    entry.slice(0, 32),
    entry.slice(40, 100),
    tokenHashOf(tokenOf(open.caseKey!)),
    tokenHashOf(tokenOf(key)),
    ...objects.map((id) => new Uint8Array(Buffer.from(id, "hex"))),
  ];
  return { idx, marks, objects };
}

test("a deleted case is nowhere: rows, free pages, logs, keyring, objects; the tombstone says when, the feed stays", async () => {
  const { code, caseId } = await closedCase("To be forgotten");
  const { context, dataDir } = served.portal;
  const { idx, marks, objects } = await tracesOf(caseId);
  for (const mark of marks) assert.notDeepEqual(filesWith([mark]), [], "it was there before");
  assert.equal(objects.length, 2);
  await context.store.padLog(context.clock.today() + 1);
  const leaves = await context.store.listLeaves(0, 10_000);
  const feed = await context.store.feedAfter(served.organisation.members.rosa.id, 0);

  const deletion = await deleteCase(desk, caseId);
  assert.match(deletion!.day, /^\d{4}-\d\d-\d\d$/);
  assert.equal(deletion!.erased, true);

  assert.deepEqual(filesWith(marks), []);
  assert.equal(await context.keyring.find(idx), null);
  assert.equal(await context.store.findCase(idx), null);
  assert.equal(await context.store.findTombstone(idx), context.clock.today());
  assert.deepEqual(await context.store.listUnfinishedShreds(), []);
  for (const id of objects) assert.ok(!readdirSync(join(dataDir, "objects")).includes(id));
  assert.deepEqual(await context.store.feedAfter(served.organisation.members.rosa.id, 0), feed);
  assert.deepEqual(await context.store.listLeaves(0, 10_000), leaves);

  assert.deepEqual(await visit(code), { is: "deleted", on: context.clock.today() });
  await assert.rejects(openCase(desk, caseId), { code: "missing" });
  assert.ok((await listCases(desk)).listings.every((listing) => listing.caseId !== caseId));
  assert.equal(await deleteCase(desk, caseId), null, "again: it is gone already");
});

test("a deleted mailbox answers with as many bytes as one that never was", async () => {
  const { code, caseId } = await closedCase("Same size");
  await deleteCase(desk, caseId);
  const deleted = await askMailbox(served, mailboxOf(code), "/mailbox/read");
  const stranger = mailboxOf(generateReceiptCode(english).canonical);
  const never = await askMailbox(served, stranger, "/mailbox/read");
  assert.deepEqual([deleted.status, deleted.bytes.length], [never.status, never.bytes.length]);
  const names = (answer: typeof never): string[] => [...answer.headers.keys()].sort();
  assert.deepEqual(names(deleted), names(never));
  assert.deepEqual(openMailboxAnswer(never.bytes), { envelopes: [], deletedOn: null });
});

test("the same report sent again does not come back to life", async () => {
  const { caseId } = await closedCase("Once more");
  const { context } = served.portal;
  const found = (await findCase(context, fromHex(caseId)))!;
  await deleteCase(desk, caseId);
  const again = await context.store.admitCase({
    row: { ...found.row, version: 0 },
    event: { rowKey: randomBytes(16), envKey: randomBytes(16), sealed: randomBytes(64) },
    tokenHash: randomBytes(32),
    feed: [],
    leaf: randomBytes(32),
    day: context.clock.today(),
    receipt: randomBytes(148),
    object: null,
  });
  assert.equal(again, "known");
  assert.equal(await context.store.findCase(found.row.idx), null);
});

for (const [what, code, prepareCase] of [
  ["is still open", "refused", () => closedCase("Still open", false)],
  [
    "is on hold",
    "refused",
    async () => {
      const closed = await closedCase("On hold");
      const { context } = served.portal;
      const { row, state, vault } = (await findCase(context, fromHex(closed.caseId)))!;
      const change = { event: null, tokenHash: null, object: null, leaf: null, day: context.clock.today() };
      const held = sealState({ ...state, hold: true }, vault.publicKey);
      await context.store.changeCase({ idx: row.idx, expectedVersion: row.version, state: held, ...change });
      return closed;
    },
  ],
] as [string, string, () => Promise<Closed>][])
  test(`a case that ${what} is not deleted`, async () => {
    const { caseId, code: words } = await prepareCase();
    await assert.rejects(deleteCase(desk, caseId), { code });
    assert.equal((await visit(words)).is, "open");
  });

test("without a session, with the case's token only, or with another case's: nothing is deleted", async () => {
  const { code, caseId } = await closedCase("Mine");
  const other = await closedCase("Other");
  const { consoleUrl } = served.portal;
  const team = async (id: string): Promise<string> => toBase64Url(tokenOf((await withTeam(desk, id)).key));
  const authorization = await served.signIn(served.organisation.members.rosa);
  const path = `/cases/${caseId}`;
  const statuses = [
    await ask(consoleUrl, "DELETE", path, undefined, { "x-team-token": await team(caseId) }),
    await ask(consoleUrl, "DELETE", path, undefined, { authorization }),
    await ask(consoleUrl, "DELETE", path, undefined, {
      authorization,
      "x-case-token": toBase64Url(tokenOf((await openCase(desk, caseId)).caseKey!)),
    }),
    await ask(consoleUrl, "DELETE", path, undefined, { authorization, "x-team-token": await team(other.caseId) }),
    await ask(consoleUrl, "DELETE", path, undefined, {
      authorization: await served.signIn("charter"),
      "x-team-token": await team(caseId),
    }),
  ].map(({ status }) => status);
  assert.deepEqual(statuses, [403, 404, 404, 404, 403]);
  assert.equal((await visit(code)).is, "open");
});

test("an open page learns of it when it looks or writes", async () => {
  const { code, caseId } = await closedCase("While somebody reads");
  const found = await visit(code);
  assert.ok(found.is === "open");
  await deleteCase(desk, caseId);
  await assert.rejects(draftMessage(found.open, { text: "Hello?", files: [] }).send(), { code: "missing" });
  assert.equal((await lookAgain(found.open)).is, "deleted");
});

test("readers, writers and two deletions at once: the case goes once, nobody is told a lie", async () => {
  const { code, caseId } = await closedCase("Everybody at once");
  const { context } = served.portal;
  const hash = tokenHashOf(tokenOf((await withTeam(desk, caseId)).key));
  const found = await visit(code);
  assert.ok(found.is === "open");
  const { open } = found;
  const outcomes = await Promise.allSettled([
    ...Array.from({ length: 4 }, () => draftMessage(open, { text: "now", files: [] }).send()),
    shredCase(context, fromHex(caseId), hash),
    shredCase(context, fromHex(caseId), hash),
    ...Array.from({ length: 4 }, () => visit(code)),
    ...Array.from({ length: 4 }, () => openCase(desk, caseId)),
  ]);
  const codes = outcomes.flatMap((each) => (each.status === "rejected" ? [each.reason.code as string] : []));
  assert.deepEqual(
    codes.filter((each) => each !== "missing" && each !== "conflict"),
    [],
  );
  assert.equal((await visit(code)).is, "deleted");
  assert.deepEqual(await context.store.listUnfinishedShreds(), []);
  const rows = await context.store.findCase(caseIndex(context.keys.index, fromHex(caseId)));
  assert.equal(rows, null);
});

test("while a backup reads, traces stay in the write-ahead log: said, and finished when it ends", async () => {
  const { caseId } = await closedCase("Held by a backup");
  const { context, dataDir } = served.portal;
  const { marks } = await tracesOf(caseId);
  const backups = ["portal.sqlite", "keyring.sqlite"].map((name) => {
    const backup = new SQLite(join(dataDir, name), { readonly: true });
    backup.exec("BEGIN");
    backup.prepare("SELECT count(*) FROM sqlite_master").get();
    return backup;
  });
  const deletion = await deleteCase(desk, caseId);
  assert.equal(deletion!.erased, false);
  assert.notDeepEqual(filesWith(marks), [], "control: they are there");
  assert.equal((await context.store.listUnfinishedShreds()).length, 1);
  for (const backup of backups) backup.close();
  await finishShreds(context);
  assert.deepEqual(await context.store.listUnfinishedShreds(), []);
  assert.deepEqual(filesWith(marks), []);
});

for (const [what, stream, seq] of [
  ["the closing act", 1, "last"],
  ["a reply with a file", 0, 1],
] as const)
  test(`${what} is damaged on the disk: the case can be deleted all the same`, async () => {
    const { code, caseId } = await closedCase(`Damaged ${what}`);
    const { context, dataDir } = served.portal;
    const { state } = (await findCase(context, fromHex(caseId)))!;
    const place = seq === "last" ? state.team.length - 1 : seq;
    const key = rowKey(context.keys.index, fromHex(caseId), stream, place);
    const hash = tokenHashOf(tokenOf((await withTeam(desk, caseId)).key));
    const db = new SQLite(join(dataDir, "portal.sqlite"));
    const sealed = db.prepare("SELECT sealed FROM events WHERE row_key = ?").pluck().get(key) as Buffer;
    sealed[200]! ^= 1;
    assert.equal(db.prepare("UPDATE events SET sealed = ? WHERE row_key = ?").run(sealed, key).changes, 1);
    db.close();
    await shredCase(context, fromHex(caseId), hash);
    assert.equal((await visit(code)).is, "deleted");
  });

test("stopped before the key was destroyed: the next start destroys it and the files", async () => {
  const { code, caseId } = await closedCase("Half-way");
  const { context } = served.portal;
  const { idx, marks, objects } = await tracesOf(caseId);
  const hash = tokenHashOf(tokenOf((await withTeam(desk, caseId)).key));
  const broken = {
    ...context,
    keyring: { ...context.keyring, remove: () => Promise.reject(new Error("the power failed")) },
  };
  await assert.rejects(shredCase(broken, fromHex(caseId), hash), /the power failed/);
  assert.notEqual(await context.keyring.find(idx), null);
  assert.equal((await visit(code)).is, "deleted", "what was promised to be gone is not shown");
  assert.equal((await context.store.listUnfinishedShreds()).length, 1);
  await finishShreds(context);
  assert.equal(await context.keyring.find(idx), null);
  assert.deepEqual(await context.store.listUnfinishedShreds(), []);
  const { expireUploads } = await import("../../server/app/upload-object.ts");
  await expireUploads(context);
  assert.deepEqual(filesWith(marks), []);
  for (const id of objects) assert.ok(!readdirSync(join(served.portal.dataDir, "objects")).includes(id));
});
