/** Reviewers at work on a real portal: list, open, reply, note, decide, both at once, and what is refused. */
import { randomBytes } from "node:crypto";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { concat, toHex, utf8 } from "../../crypto/bytes.ts";
import { sealKeyFile } from "../../crypto/keyfile.ts";
import { parseMemberSeed } from "../../crypto/keys.ts";
import { formatRecoveryWords } from "../../crypto/words.ts";
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
import { openCase } from "../../views/browser/client/casework.ts";
import { syncFeed, type Desk } from "../../views/browser/client/held-cases.ts";
import { listCases } from "../../views/browser/client/listing.ts";
import { draftMessage, openMailboxByCode } from "../../views/browser/client/mailbox.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { unlockKeyFile, unlockRecoveryWords } from "../../views/browser/client/session.ts";
import { deskOf, fileOfBytes, findByTitle, tell, withoutFiles, type Told } from "../support/casework.ts";
import type { FixtureMember } from "../support/fixtures.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

let served: ServedOrganisation;

before(async () => {
  served = await serveOrganisation({ FEED_TICK_SECONDS: "3600" });
});
after(() => served.portal.discard());

const file = (told: Told): Promise<string> => tell(served, told);
const desksOf = (...who: FixtureMember[]): Promise<Desk[]> => Promise.all(who.map(({ seed }) => deskOf(served, seed)));

/** One reader's desk and the id of the case with this title. */
async function at(title: string, who: FixtureMember): Promise<{ desk: Desk; caseId: string }> {
  const desk = await deskOf(served, who.seed);
  const caseId = await findByTitle(served, desk, title);
  assert.ok(caseId !== null, "the case is on this desk");
  return { desk, caseId };
}

describe("signing in", () => {
  test("a key file with its passphrase, and the 24 words, open a session", async () => {
    const { rosa, paper } = served.organisation.members;
    const { portalId } = served.organisation;
    const keyFile = utf8(sealKeyFile([rosa.seed], "correct horse", { purpose: "member", label: "Rosa", portalId }));
    assert.throws(() => unlockKeyFile(keyFile, "wrong horse"), { code: "forged" });
    const desk = await deskOf(served, unlockKeyFile(keyFile, "correct horse").seeds[0]!);
    assert.equal(desk.session.me.name, "Rosa Reviewer");
    const { seeds } = unlockRecoveryWords(formatRecoveryWords(paper.seed).join(" "));
    assert.equal((await deskOf(served, seeds[0]!)).session.me.id, 5);
  });

  test("a charter's key file is no member's", () => {
    const { portalId } = served.organisation;
    const keyFile = utf8(sealKeyFile([randomBytes(32)], "p", { purpose: "charter", label: "Charter", portalId }));
    assert.throws(() => unlockKeyFile(keyFile, "p"), { code: "format" });
  });

  for (const [who, seed] of [
    ["somebody who left the roster", (): Uint8Array => served.organisation.members.dana.seed],
    ["somebody who never was on it", (): Uint8Array => randomBytes(32)],
  ] as const)
    test(`${who} is refused`, async () => {
      await assert.rejects(deskOf(served, parseMemberSeed(seed())), { code: "refused" });
    });

  test("a session that ran out is renewed without asking anybody", async () => {
    const desk = await deskOf(served, served.organisation.members.rosa.seed);
    await desk.session.send("/session", { method: "DELETE" });
    await syncFeed(desk);
  });

  test("after the end the keys are wiped", async () => {
    const desk = await deskOf(served, served.organisation.members.rosa.seed);
    const { secrets } = desk.session;
    await desk.session.end();
    assert.ok([secrets.sign, secrets.box, secrets.kem].every(({ secretKey }) => secretKey.every((byte) => byte === 0)));
    await assert.rejects(syncFeed(desk));
  });
});

describe("a case", () => {
  test("goes from the report over notes and replies to closing and reopening", async () => {
    const title = "The whole life of a case";
    const bytes = randomBytes(300_000);
    const code = await file({ title, files: [fileOfBytes("photo.jpg", bytes)] });
    const { rosa, nia } = served.organisation.members;
    const { desk, caseId } = await at(title, rosa);
    const open = await openCase(desk, caseId);
    assert.equal(open.listing.unread, 1);
    assert.equal(open.listing.phase, "received");
    assert.deepEqual(open.team, { state: "none" });

    const pieces: Uint8Array[] = [];
    for await (const piece of openAttachment(desk, open, { stream: 0, seq: 0, index: 0 })) pieces.push(piece);
    assert.equal(toHex(concat(...pieces)), toHex(bytes));

    const noted = await writeNote(desk, caseId, "Only for us", await withoutFiles(desk, caseId));
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
    const other = await at(title, nia);
    assert.equal(other.caseId, caseId);
    const listing = (await listCases(other.desk)).listings.find((each) => each.caseId === caseId)!;
    assert.deepEqual([listing.gate, listing.title, listing.unread], ["undeclared", "", 0], "before they said anything");
    const theirs = viewCase(other.desk.session.chain, await openCase(other.desk, caseId));
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
    // Steps of counting have keys of words.
    assert.doesNotMatch(JSON.stringify(theirs), /"key":"(?!(?:deadlines|duties):)/, "a page gets no key");

    const closed = { phase: "closed", disposition: "substantiated", reason: "Shown" } as const;
    await decide(other.desk, caseId, closed);
    const again = await decide(other.desk, caseId, closed);
    assert.equal(again.lookup.teamLength, 4, "the same decision twice writes once");
    assert.equal((await summarise(other.desk, caseId, 2)).summary?.disposition, "substantiated");
    assert.deepEqual(phasesAfter(again.lookup.phase), ["open"]);
    const reopened = await decide(other.desk, caseId, { phase: "open", disposition: null, reason: "New facts" });
    assert.equal(reopened.lookup.phase, "open");
  });

  test("two readers writing at the same moment both get through, under one team key", async () => {
    await file({ title: "Two at once" });
    const { rosa, nia } = served.organisation.members;
    const desks = await desksOf(rosa, nia);
    const [caseId] = await Promise.all(desks.map((desk) => findByTitle(served, desk, "Two at once")));
    assert.ok(typeof caseId === "string");
    await Promise.all(
      desks.flatMap((desk) => {
        const { name } = desk.session.me;
        return [
          withoutFiles(desk, caseId).then((empty) => writeNote(desk, caseId, `note of ${name}`, empty)),
          withoutFiles(desk, caseId).then((empty) =>
            reply(desk, caseId, { text: `reply of ${name}`, status: null }, empty),
          ),
        ];
      }),
    );
    await Promise.all(desks.map((desk) => summarise(desk, caseId, 0)));
    const open = await openCase(desks[0]!, caseId);
    assert.equal(open.entries.length, 3);
    assert.ok(open.team.state === "open" && open.team.entries.length === 3);
    assert.equal(open.lookup.summary?.version, 1, "the second has nothing to add");
  });

  test("a reply whose answer was lost is not sent twice", async () => {
    await file({ title: "Lost answer" });
    const { desk, caseId } = await at("Lost answer", served.organisation.members.rosa);
    const prepared = await withoutFiles(desk, caseId);
    await reply(desk, caseId, { text: "once", status: null }, prepared);
    const open = await reply(desk, caseId, { text: "once", status: null }, prepared);
    assert.equal(open.entries.length, 2);
  });

  test("who was left out finds nothing", async () => {
    const { rosa, nia } = served.organisation.members;
    await file({ title: "Not for Rosa", excluded: [rosa.id] });
    await at("Not for Rosa", nia);
    assert.equal(await findByTitle(served, await deskOf(served, rosa.seed), "Not for Rosa"), null);
  });

  test("closing needs a disposition, and nothing else may have one", async () => {
    await file({ title: "Badly closed" });
    const { desk, caseId } = await at("Badly closed", served.organisation.members.rosa);
    for (const bad of [
      { phase: "closed", disposition: null, reason: "" },
      { phase: "open", disposition: "withdrawn", reason: "" },
    ] as const)
      await assert.rejects(decide(desk, caseId, bad), { code: "format" });
  });

  test("a title longer than a summary is cut, and the case still listed", async () => {
    const title = "ß".repeat(120);
    await file({ title });
    await at(title, served.organisation.members.nia);
  });
});

test("what readers wrote themselves is not unread; a reporter's message is", () => {
  const entries = ["report", "reply", "message", "reply"].map((kind) => ({ kind }) as never);
  assert.equal(seenAfter(0, entries), 1);
  assert.equal(seenAfter(2, entries), 3);
  assert.equal(seenAfter(9, entries), 3);
});
