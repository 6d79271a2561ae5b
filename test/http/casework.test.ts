/** Reviewers at work on a real portal: list, open, reply, note, decide, both at once, and what is refused. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { NewFile } from "../../crypto/attachments.ts";
import { concat, toHex, utf8 } from "../../crypto/bytes.ts";
import type { MemberSeed } from "../../crypto/keys.ts";
import { sealKeyFile } from "../../crypto/keyfile.ts";

import { generateReceiptCode } from "../../crypto/receipt.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import { english, formatRecoveryWords } from "../../crypto/words.ts";
import { openAttachment } from "../../views/browser/client/case-files.ts";
import { viewCase } from "../../views/browser/client/case-view.ts";
import {
  decide,
  phasesAfter,
  prepare,
  reply,
  seenAfter,
  summarise,
  writeNote,
} from "../../views/browser/client/case-writing.ts";
import { listCases, newDesk, openCase, syncFeed, type Desk } from "../../views/browser/client/casework.ts";
import { draftMessage, openMailboxByCode } from "../../views/browser/client/mailbox.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { startFiling } from "../../views/browser/client/report.ts";
import { Session, unlockKeyFile, unlockRecoveryWords } from "../../views/browser/client/session.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

let served: ServedOrganisation;

before(async () => {
  served = await serveOrganisation({ FEED_TICK_SECONDS: "3600" });
});
after(() => served.portal.discard());

function fileOfBytes(name: string, bytes: Uint8Array): NewFile {
  return {
    name,
    type: "application/octet-stream",
    size: bytes.length,
    async *read() {
      yield bytes;
    },
  };
}

async function file(what: string, options: { excluded?: number[]; files?: NewFile[] } = {}): Promise<string> {
  const api = { origin: served.portal.reporterUrl };
  const { chain } = await fetchPortal(api);
  const code = generateReceiptCode(english).canonical;
  const filing = startFiling({
    api,
    chain: chain!,
    code,
    channel: "general",
    answers: { what, categories: ["safety"] },
    category: "safety",
    title: what,
    language: "en",
    excluded: options.excluded ?? [],
    files: options.files ?? [],
    flags: 0,
  });
  assert.equal((await filing.send()).is, "filed");
  await served.portal.tick();
  return code;
}

async function deskOf(seed: MemberSeed): Promise<Desk> {
  const api = { origin: served.portal.consoleUrl };
  const { chain } = await fetchPortal(api);
  return newDesk(await Session.begin(api, chain!, [seed]));
}

async function findByTitle(desk: Desk, title: string): Promise<string | null> {
  // The feed gives out a fixed number of items per tick, in random order within a day.
  for (let ticks = 0; ticks < 20; ticks++) {
    await syncFeed(desk);
    const found = (await listCases(desk)).find((listing) => listing.reportSummary.title === title);
    if (found !== undefined) return found.caseId;
    await served.portal.tick();
  }
  return null;
}

const nothing = async (desk: Desk, caseId: Uint8Array): Promise<Awaited<ReturnType<typeof prepare>>> =>
  prepare(desk, caseId, []);

describe("signing in", () => {
  test("a key file with its passphrase, and the 24 words, open the same session", async () => {
    const { rosa, paper } = served.organisation.members;
    const file = sealKeyFile([rosa.seed], "correct horse", {
      purpose: "member",
      label: "Rosa",
      portalId: served.organisation.portalId,
    });
    assert.throws(() => unlockKeyFile(utf8(file), "wrong horse"), { code: "forged" });
    const unlocked = unlockKeyFile(utf8(file), "correct horse");
    const desk = await deskOf(unlocked.seeds[0]!);
    assert.equal(desk.session.me.name, "Rosa Reviewer");
    const words = formatRecoveryWords(paper.seed).join(" ");
    const onPaper = await deskOf(unlockRecoveryWords(words).seeds[0]!);
    assert.equal(onPaper.session.me.id, 5);
  });

  test("somebody who left the roster is refused", async () => {
    await assert.rejects(deskOf(served.organisation.members.dana.seed), { code: "refused" });
  });

  test("a session that ran out is renewed without asking anybody", async () => {
    const desk = await deskOf(served.organisation.members.rosa.seed);
    await desk.session.send("/session", { method: "DELETE" });
    await syncFeed(desk);
  });
});

describe("a case", () => {
  test("goes from the report over notes and replies to closing and reopening", async () => {
    const bytes = randomBytes(300_000);
    const code = await file("The whole life of a case", { files: [fileOfBytes("photo.jpg", bytes)] });
    const { rosa, nia } = served.organisation.members;
    const desk = await deskOf(rosa.seed);
    const caseId = (await findByTitle(desk, "The whole life of a case"))!;
    const open = await openCase(desk, caseId);
    assert.equal(open.listing.unread, 1);
    assert.equal(open.listing.phase, "received");
    assert.deepEqual(open.team, { state: "none" });

    const pieces: Uint8Array[] = [];
    for await (const piece of openAttachment(desk, open, { stream: 0, seq: 0, index: 0 })) pieces.push(piece);
    assert.equal(toHex(concat(...pieces)), toHex(bytes));

    const noted = await writeNote(desk, caseId, "Only for us", await nothing(desk, open.caseId));
    assert.equal(noted.team.state, "open");
    await decide(desk, caseId, { phase: "open", disposition: null, reason: "Looks serious" });
    const answer = await prepare(desk, open.caseId, [fileOfBytes("form.pdf", utf8("a form"))]);
    await reply(desk, caseId, { text: "We have opened this.", status: "open" }, answer);
    const seen = await summarise(desk, caseId, 0);
    assert.equal(seen.listing.unread, 0);
    assert.equal(seen.listing.phase, "open");

    const api = { origin: served.portal.reporterUrl };
    const mailbox = (await openMailboxByCode(api, (await fetchPortal(api)).chain!, code))!;
    assert.equal(mailbox.entries.length, 2);
    await draftMessage(mailbox, { text: "Thank you. There is more.", files: [] }).send();

    // The second reader gets the team's key at once, without a feed tick for it.
    const other = await deskOf(nia.seed);
    assert.equal(await findByTitle(other, "The whole life of a case"), caseId);
    const listing = (await listCases(other)).find((each) => each.caseId === caseId)!;
    assert.equal(listing.unread, 1);
    const theirs = viewCase(other.session.chain, await openCase(other, caseId));
    assert.deepEqual(
      theirs.team.entries.map(({ kind, text }) => [kind, text]),
      [
        ["team", ""],
        ["note", "Only for us"],
        ["act", "Looks serious"],
      ],
    );
    assert.deepEqual(
      theirs.conversation.map(({ author, text }) => [author?.name, text]),
      [
        ["Rosa Reviewer", "We have opened this."],
        [undefined, "Thank you. There is more."],
      ],
    );
    assert.ok(!JSON.stringify(theirs).includes('"key"'), "a page gets no key");

    await decide(other, caseId, { phase: "closed", disposition: "substantiated", reason: "Shown" });
    const again = await decide(other, caseId, { phase: "closed", disposition: "substantiated", reason: "Shown" });
    assert.equal(again.lookup.teamLength, 4, "the same decision twice writes once");
    assert.equal((await summarise(other, caseId, 2)).listing.teamSummary?.disposition, "substantiated");
    assert.deepEqual(phasesAfter(again.lookup.phase), ["open"]);
    const reopened = await decide(other, caseId, { phase: "open", disposition: null, reason: "New facts" });
    assert.equal(reopened.lookup.phase, "open");
  });

  test("two readers writing at the same moment both get through, under one team key", async () => {
    await file("Two at once");
    const { rosa, nia } = served.organisation.members;
    const desks = [await deskOf(rosa.seed), await deskOf(nia.seed)];
    const caseId = (await findByTitle(desks[0]!, "Two at once"))!;
    assert.equal(await findByTitle(desks[1]!, "Two at once"), caseId);
    const { caseId: id } = await openCase(desks[0]!, caseId);
    await Promise.all(
      desks.flatMap((desk) => [
        nothing(desk, id).then((empty) => writeNote(desk, caseId, `note of ${desk.session.me.name}`, empty)),
        nothing(desk, id).then((empty) =>
          reply(desk, caseId, { text: `reply of ${desk.session.me.name}`, status: null }, empty),
        ),
      ]),
    );
    await Promise.all(desks.map((desk) => summarise(desk, caseId, 0)));
    const open = await openCase(desks[0]!, caseId);
    assert.equal(open.entries.length, 3);
    assert.ok(open.team.state === "open" && open.team.entries.length === 3);
    assert.equal(open.lookup.summary?.version, 2);
  });

  test("a reply whose answer was lost is not sent twice", async () => {
    await file("Lost answer");
    const desk = await deskOf(served.organisation.members.rosa.seed);
    const caseId = (await findByTitle(desk, "Lost answer"))!;
    const prepared = await nothing(desk, (await openCase(desk, caseId)).caseId);
    await reply(desk, caseId, { text: "once", status: null }, prepared);
    const open = await reply(desk, caseId, { text: "once", status: null }, prepared);
    assert.equal(open.entries.length, 2);
  });

  test("who was left out finds nothing, and the server tells them nothing", async () => {
    await file("Not for Rosa", { excluded: [1] });
    const { rosa, nia } = served.organisation.members;
    assert.notEqual(await findByTitle(await deskOf(nia.seed), "Not for Rosa"), null);
    assert.equal(await findByTitle(await deskOf(rosa.seed), "Not for Rosa"), null);
  });

  test("closing needs a disposition, and nothing else may have one", async () => {
    await file("Badly closed");
    const desk = await deskOf(served.organisation.members.rosa.seed);
    const caseId = (await findByTitle(desk, "Badly closed"))!;
    for (const bad of [
      { phase: "closed", disposition: null, reason: "" },
      { phase: "open", disposition: "withdrawn", reason: "" },
    ] as const)
      await assert.rejects(decide(desk, caseId, bad), { code: "format" });
  });
});

test("what readers wrote themselves is not unread; a reporter's message is", () => {
  const entries = ["report", "reply", "message", "reply"].map((kind) => ({ kind }) as never);
  assert.equal(seenAfter(0, entries), 1);
  assert.equal(seenAfter(2, entries), 3);
  assert.equal(seenAfter(9, entries), 3);
});
