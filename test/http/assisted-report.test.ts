/** Filing without scripts, on a real server: what is stored, who can open it, what comes back with an error. */
import { randomBytes } from "node:crypto";
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openFile } from "../../crypto/attachments.ts";
import { concat, equal, toHex, utf8 } from "../../crypto/bytes.ts";
import { openConversation, openReportSlot } from "../../crypto/envelope/open.ts";
import { flagAssisted, parseEnvelope } from "../../crypto/envelope/wire.ts";
import { deriveMailbox, type Mailbox } from "../../crypto/keys.ts";
import { parseMailboxAnswer } from "../../crypto/mailbox.ts";
import { openReportSummary } from "../../crypto/summary.ts";
import { readMailbox } from "../../server/app/read-mailbox.ts";
import { sweep } from "../support/sweep.ts";
import {
  AssistedVisitor,
  deadLinks,
  faultsIn,
  inputValue,
  unescaped,
  type FilledForm,
  type SeenPage,
} from "../support/assisted-visitor.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

let served: ServedOrganisation;
let visitor: AssistedVisitor;
before(async () => {
  served = await serveOrganisation({ MAX_FILE_BYTES: "3000000" });
  visitor = new AssistedVisitor(served.portal.reporterUrl);
});
after(() => served.portal.discard());

/** A page's form, filled in. */
function filled(page: SeenPage, change: Record<string, string | string[]> = {}): FilledForm["fields"] {
  return {
    code: inputValue(page, "code"),
    ticket: inputValue(page, "ticket"),
    seen: inputValue(page, "seen"),
    channel: inputValue(page, "channel"),
    "answer-what": "The guard of press 4 was taken off.\r\nSince <spring>.",
    "answer-categories": ["safety", "retaliation"],
    "answer-when": "last spring",
    confirm: "yes",
    ...change,
  };
}

const mailboxOf = (page: SeenPage, of = served): Mailbox =>
  deriveMailbox(inputValue(page, "code"), of.organisation.portalId);

/** What stands in the mailbox of this code, as stored. */
async function stored(mailbox: Mailbox, of = served): Promise<Uint8Array[]> {
  return parseMailboxAnswer(await readMailbox(of.portal.context, mailbox.caseId));
}

async function objectsOnDisk(of = served): Promise<string[]> {
  return readdir(join(of.portal.dataDir, "objects"));
}

test("a report with files is sealed to the readers, and to nobody who was left out", async () => {
  const { organisation, portal } = served;
  const { rosa, carl, paper, nia, olu } = organisation.members;
  const page = await visitor.open("/assisted/report");
  assert.equal(page.status, 200);
  assert.equal(page.headers.get("cache-control"), "no-store");
  for (const word of inputValue(page, "code").split(" ")) assert.ok(page.html.includes(`>${word}</li>`));
  const big = randomBytes(700_000);
  const files: FilledForm["files"] = [
    ["täglich.csv", "a;b\n"],
    ["empty.txt", ""],
    ["../../press <4>.bin", big],
  ];
  const exclude = [String(carl.id), String(olu.id)];
  assert.equal(await visitor.send("/assisted/report", { fields: filled(page, { exclude }), files }), "/assisted/sent");
  const sent = await visitor.open("/assisted/sent");
  assert.equal(sent.status, 200);
  for (const word of inputValue(page, "code").split(" ")) assert.ok(!sent.html.includes(`>${word}<`));

  const mailbox = mailboxOf(page);
  const [first] = await stored(mailbox);
  const envelope = parseEnvelope(first!);
  assert.equal(envelope.header.flags, flagAssisted);
  for (const member of [carl, olu])
    assert.equal(openReportSlot(envelope, organisation.chain, member.id, member.secrets), null, member.name);
  for (const member of [rosa, paper, nia]) {
    const caseKey = openReportSlot(envelope, organisation.chain, member.id, member.secrets);
    assert.ok(caseKey !== null, member.name);
    const { report } = openConversation([first!], organisation.chain, mailbox.caseId, caseKey);
    const { content } = report;
    assert.deepEqual(content.answers, {
      what: "The guard of press 4 was taken off.\nSince <spring>.",
      categories: ["safety", "retaliation"],
      when: "last spring",
    });
    assert.deepEqual([content.readers, content.excluded, content.language], [[1, 5, 6], [2, 4], "en"]);
    assert.deepEqual(openReportSummary(envelope.header.report!.summary, caseKey, mailbox.caseId), {
      channel: "general",
      category: "safety",
      language: "en",
      title: "The guard of press 4 was taken off.",
    });
    assert.deepEqual(
      content.files.map(({ name, size }) => [name, size]),
      [
        ["täglich.csv", 4],
        ["empty.txt", 0],
        ["press <4>.bin", big.length],
      ],
    );
    const place = { portalId: organisation.portalId, caseId: mailbox.caseId, envId: envelope.header.envId };
    const opened: Uint8Array[] = [];
    for (const [index, file] of content.files.entries()) {
      const range = { start: file.offset, end: file.offset + file.length };
      const parts: Uint8Array[] = [];
      for await (const part of openFile(file, index, place, portal.context.objects.read(place.envId, range)))
        parts.push(part);
      opened.push(concat(...parts));
    }
    assert.deepEqual(opened[0], utf8("a;b\n"));
    assert.equal(opened[1]!.length, 0);
    assert.ok(equal(opened[2]!, big));
  }
  // The size class of what the form could have held.
  assert.equal(envelope.header.objLen, 1024 * 1024);
  assert.deepEqual(await objectsOnDisk(), [toHex(envelope.header.envId)]);
});

test("the same click twice is one report, and both are told that it is stored", async () => {
  const page = await visitor.open("/assisted/report");
  const form: FilledForm = { fields: filled(page), files: [["a.txt", "twice"]] };
  const before = (await objectsOnDisk()).length;
  const answers = await Promise.all([1, 2, 3].map(() => visitor.send("/assisted/report", form)));
  assert.deepEqual(answers, Array<string>(3).fill("/assisted/sent"));
  assert.equal((await stored(mailboxOf(page))).length, 1);
  assert.equal((await objectsOnDisk()).length, before + 1);
});

test("another text under the same words is not swallowed: it comes back with new words", async () => {
  const page = await visitor.open("/assisted/report");
  await visitor.send("/assisted/report", { fields: filled(page) });
  const changed = filled(page, { "answer-what": "Something else entirely" });
  const back = await visitor.submit("/assisted/report", { fields: changed });
  assert.match(faultsIn(back)[0]!, /^Another report is stored/);
  assert.notEqual(inputValue(back, "code"), inputValue(page, "code"));
  assert.ok(!back.html.includes('name="confirm" value="yes" autocomplete="off" aria-required="true" checked'));
  assert.ok(back.html.includes("Something else entirely"));
  const again = { ...changed, code: inputValue(back, "code") };
  assert.equal(await visitor.send("/assisted/report", { fields: again }), "/assisted/sent");
});

const everybody = ["1", "2", "5", "6"];
const wrong: [what: string, change: Record<string, string | string[]>, fault: RegExp, keepsCode: boolean][] = [
  ["no text", { "answer-what": " \n" }, /^Tell us what happened/, true],
  ["a text that is too long", { "answer-what": "x".repeat(100_001) }, /^This is too long/, true],
  ["a text that no field may have", { "answer-what": "x".repeat(1_100_000) }, /^Your text is too long/, true],
  ["an answer that is not offered", { "answer-categories": ["<b>"] }, /^Check this answer/, true],
  ["everybody left out", { exclude: everybody }, /^Leave at least one reader/, true],
  ["the words not confirmed", { confirm: "" }, /^Write down the eight words/, true],
  ["no words", { code: "" }, /^Your eight words did not arrive/, false],
  ["words with a wrong checksum", { code: "able ".repeat(8).trim() }, /^Your eight words did not arrive/, false],
  ["readers that are no longer the ones shown", { seen: "00".repeat(32) }, /^The list of readers has changed/, true],
  ["a channel that does not exist", { channel: "nowhere" }, /^Choose where this should go/, true],
];
for (const [what, change, fault, keepsCode] of wrong)
  test(`${what}: told, nothing stored, everything typed comes back`, async () => {
    const page = await visitor.open("/assisted/report");
    const before = await objectsOnDisk();
    const fields = filled(page, { "answer-when": 'when "it" <rained>', exclude: ["2"], ...change });
    const back = await visitor.submit("/assisted/report", { fields, files: [["a.txt", "some words"]] });
    assert.match(back.path, /^\/assisted\/report\/[\w-]{43}$/);
    assert.ok(back.status >= 400 && back.status < 500, String(back.status));
    assert.match(faultsIn(back)[0]!, fault);
    assert.deepEqual(deadLinks(back), []);
    assert.ok(faultsIn(back).some((line) => line.startsWith("Choose your files again")));
    const html = unescaped(back.html);
    assert.ok(html.includes('value="when "it" <rained>"'));
    const text = String(fields["answer-what"]).replaceAll("\r\n", "\n");
    assert.ok(text.length > 1_000_000 || html.includes(text));
    for (const id of fields["exclude"]!)
      assert.match(back.html, new RegExp(`name="exclude" value="${id}"[^>]* checked`));
    assert.equal(inputValue(back, "code") === inputValue(page, "code"), keepsCode);
    assert.deepEqual(await stored(mailboxOf(page)), []);
    assert.deepEqual(await objectsOnDisk(), before);
    if (!keepsCode) return;
    const mended = filled(page);
    assert.equal(await visitor.send("/assisted/report", { fields: mended }), "/assisted/sent");
  });

test("everybody left out: the spare key is not called the last one that is left", async () => {
  const page = await visitor.open("/assisted/report");
  const submit = (exclude: string[]): Promise<SeenPage> =>
    visitor.submit("/assisted/report", { fields: filled(page, { exclude, confirm: "" }) });
  assert.ok(!(await submit(everybody)).html.includes("Only the spare key is left."));
  assert.ok((await submit(["1", "2", "6"])).html.includes("Only the spare key is left."));
});

const brokenForms: [what: string, change: Partial<FilledForm>, fault: RegExp][] = [
  [
    "a file in front of the fields",
    { filesFirst: true, files: [["a.txt", "words"]] },
    /order that we cannot use|did not arrive|nothing here/i,
  ],
  ["a file that is too large", { files: [["a.bin", new Uint8Array(3_000_001)]] }, /^A file is too large|too large/],
  ["too many files", { files: Array.from({ length: 21 }, (_, i) => [`${i}.txt`, "x"]) }, /^You chose too many files/],
];
for (const [what, change, fault] of brokenForms)
  test(`${what}: told, nothing stored, text kept`, async () => {
    const page = await visitor.open("/assisted/report");
    const before = await objectsOnDisk();
    const back = await visitor.submit("/assisted/report", { fields: filled(page), ...change });
    assert.match(faultsIn(back)[0]!, fault);
    assert.deepEqual(deadLinks(back), []);
    if (change.filesFirst !== true) assert.ok(back.html.includes("The guard of press 4"));
    assert.deepEqual(await stored(mailboxOf(page)), []);
    assert.deepEqual(await objectsOnDisk(), before);
  });

test("a file of exactly the largest size is taken", async () => {
  const page = await visitor.open("/assisted/report");
  const files: FilledForm["files"] = [["a.bin", new Uint8Array(3_000_000)]];
  assert.equal(await visitor.send("/assisted/report", { fields: filled(page), files }), "/assisted/sent");
});

test("no room for files: told with the text kept, and the text alone goes through", async () => {
  const small = await serveOrganisation({ UPLOAD_BUDGET_BYTES: "300000" });
  try {
    const guest = new AssistedVisitor(small.portal.reporterUrl);
    const page = await guest.open("/assisted/report");
    const files: FilledForm["files"] = [["a.bin", new Uint8Array(400_000)]];
    const back = await guest.submit("/assisted/report", { fields: filled(page), files });
    assert.equal(back.status, 507);
    assert.match(faultsIn(back)[0]!, /^There is no room for files/);
    assert.ok(back.html.includes("The guard of press 4"));
    assert.equal(await guest.send("/assisted/report", { fields: filled(back) }), "/assisted/sent");
    // What a failed form had reserved is free again.
    const other = await guest.open("/assisted/report");
    const fits: FilledForm["files"] = [["a.bin", new Uint8Array(100_000)]];
    const cut = await guest.submit("/assisted/report", {
      fields: filled(other, { seen: "00".repeat(32) }),
      files: fits,
    });
    assert.equal(await guest.send("/assisted/report", { fields: filled(cut), files: fits }), "/assisted/sent");
  } finally {
    await small.portal.discard();
  }
});

test("a roster signed while the person writes: nothing goes to the old list, the text stays", async () => {
  const early = await serveOrganisation({}, 1);
  try {
    const guest = new AssistedVisitor(early.portal.reporterUrl);
    const page = await guest.open("/assisted/report");
    assert.ok(page.html.includes("Dana Director"));
    assert.equal((await early.postRoster(2)).status, 201);
    const back = await guest.submit("/assisted/report", { fields: filled(page) });
    assert.match(faultsIn(back)[0]!, /^The list of readers has changed/);
    assert.ok(back.html.includes("Nia New") && !back.html.includes("Dana Director"));
    assert.deepEqual(await stored(mailboxOf(page), early), []);
    assert.equal(await guest.send("/assisted/report", { fields: filled(back) }), "/assisted/sent");
  } finally {
    await early.portal.discard();
  }
});

test("before a roster is signed the page says that intake is closed", async () => {
  const empty = await serveOrganisation({}, 0);
  try {
    const guest = new AssistedVisitor(empty.portal.reporterUrl);
    assert.equal((await guest.open("/assisted/report")).status, 503);
    assert.equal(await guest.send("/assisted/report", { fields: { "answer-what": "x" } }), "/assisted/report");
  } finally {
    await empty.portal.discard();
  }
});

test("of several channels the person chooses one first, and never files with readers they did not see", async () => {
  const { channels } = served.portal.context.book.requireChain().current;
  channels.push({ id: "safety", name: "Model safety", questionnaire: "sb53", readers: [2] });
  try {
    const choice = await visitor.open("/assisted/report");
    assert.ok(choice.html.includes('href="/en/assisted/report?channel=safety">Model safety'));
    assert.ok(!choice.html.includes('name="code"'));
    const page = await visitor.open("/assisted/report?channel=safety");
    assert.equal(inputValue(page, "channel"), "safety");
    const lost = await visitor.submit("/assisted/report", { fields: filled(page, { channel: "gone" }) });
    assert.match(faultsIn(lost)[0]!, /^Choose where this should go/);
    assert.ok(!lost.html.includes("These people can open"), "of no place nobody is named");
    assert.deepEqual(deadLinks(lost), []);
    const fields = { ...filled(page), seen: inputValue(lost, "seen"), channel: "general" };
    const unseen = await visitor.submit("/assisted/report", { fields });
    assert.match(faultsIn(unseen)[0]!, /^These are the readers of the place you chose/);
    assert.ok(unseen.html.includes("Nia New"));
    assert.equal(await visitor.send("/assisted/report", { fields: filled(unseen) }), "/assisted/sent");
  } finally {
    channels.pop();
  }
});

test("a page with typed words is shown once", async () => {
  const page = await visitor.open("/assisted/report");
  const path = await visitor.send("/assisted/report", { fields: filled(page, { confirm: "" }) });
  const look = await fetch(served.portal.reporterUrl + path, { method: "HEAD" });
  assert.equal(look.status, 200, "a look does not use it up");
  assert.equal((await visitor.open(path)).status, 400);
  const second = await visitor.open(path);
  assert.equal(second.status, 404);
  assert.ok(!second.html.includes("The guard of press 4"));
  assert.equal((await visitor.open("/assisted/report/nonsense")).status, 404);
});

test("more reports at once than can wait: some are told when to press again, with text and place kept", async () => {
  const crowded = await serveOrganisation();
  try {
    const guest = new AssistedVisitor(crowded.portal.reporterUrl);
    const pages = await Promise.all(Array.from({ length: 60 }, () => guest.open("/assisted/report")));
    const back = await Promise.all(pages.map((page) => guest.submit("/assisted/report", { fields: filled(page) })));
    const waiting = back.findIndex(({ status }) => status === 503);
    assert.ok(waiting >= 0, "nobody was told to wait");
    assert.ok(back.some(({ path }) => path === "/assisted/sent"));
    const page = back[waiting]!;
    assert.match(faultsIn(page).join(), /Wait \d+ seconds/);
    assert.ok(page.html.includes("The guard of press 4"));
    assert.equal(inputValue(page, "ticket"), inputValue(pages[waiting]!, "ticket"));
    assert.equal((await guest.submit("/assisted/report", { fields: filled(page) })).path, "/assisted/sent");
  } finally {
    await crowded.portal.discard();
  }
});

test("what is no form, and a form that breaks off, are answered in words and leave nothing", async () => {
  const before = await objectsOnDisk();
  const origin = served.portal.reporterUrl;
  const post = (type: string, body: string): Promise<Response> =>
    fetch(`${origin}/assisted/report`, { method: "POST", headers: { "content-type": type }, body, redirect: "manual" });
  for (const [type, body] of [
    ["text/plain", "x"],
    ["multipart/form-data", "x"],
    ["multipart/form-data; boundary=b", '--b\r\nContent-Disposition: form-data; name="channel"\r\n\r\ngen'],
  ] as const) {
    const response = await post(type, body);
    assert.deepEqual([response.status, response.headers.get("location")], [303, "/assisted/failed/format"]);
  }
  const failed = await visitor.open("/assisted/failed/format");
  assert.equal(failed.status, 400);
  assert.ok(failed.html.includes("What you typed is not on this page."));
  assert.ok(!failed.html.includes("Nothing you typed is lost"), "it may be");
  assert.equal((await visitor.open("/assisted/failed/nonsense")).status, 404);
  assert.deepEqual(await objectsOnDisk(), before);
  assert.deepEqual(served.portal.lines, []);
});

test("a form sent as urlencoded text works too", async () => {
  const page = await visitor.open("/assisted/report");
  const { "answer-categories": _, ...fields } = filled(page);
  const body = new URLSearchParams(fields as Record<string, string>);
  const response = await fetch(`${served.portal.reporterUrl}/assisted/report`, {
    method: "POST",
    body,
    redirect: "manual",
  });
  assert.deepEqual([response.status, response.headers.get("location")], [303, "/assisted/sent"]);
});

test("neither disk nor log holds what was written, its files' names, or the words", async () => {
  const page = await visitor.open("/assisted/report");
  const code = inputValue(page, "code");
  const fields = filled(page, { "answer-what": "Zebrafinch in the boiler room", confirm: "" });
  const files: FilledForm["files"] = [["quokka-photo.jpg", "numbat and bandicoot"]];
  await visitor.submit("/assisted/report", { fields, files });
  await visitor.send("/assisted/report", { fields: { ...fields, confirm: "yes" }, files });
  const words = [code, "Zebrafinch in the boiler room", "quokka-photo", "numbat and bandicoot"];
  const swept = await sweep(words, [served.portal.dataDir]);
  assert.ok(swept.files > 2);
  assert.deepEqual(swept.hits, []);
  for (const line of served.portal.lines) for (const word of words) assert.ok(!line.includes(word));
});
