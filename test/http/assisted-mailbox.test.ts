/** Coming back without scripts, on a real server: opening, reading, writing, saving files, leaving. */
import { randomBytes } from "node:crypto";
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { concat, equal, utf8 } from "../../crypto/bytes.ts";
import { flagAssisted, parseEnvelope } from "../../crypto/envelope/wire.ts";
import { deriveMailbox, type Mailbox } from "../../crypto/keys.ts";
import { encodeReceiptCode } from "../../crypto/receipt.ts";
import { english } from "../../crypto/words.ts";
import { heldMinutes } from "../../server/assisted/held.ts";
import { readCase, replyTo, type ReadCase } from "../support/assisted-reviewer.ts";
import {
  AssistedVisitor,
  deadLinks,
  faultsIn,
  inputValue,
  unescaped,
  type SeenPage,
} from "../support/assisted-visitor.ts";
import { fileReport, seedFor } from "../support/fixtures.ts";
import { ask, serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

let served: ServedOrganisation;
let visitor: AssistedVisitor;
const time = { offset: 0 };
const codeFor = (name: string): string => encodeReceiptCode(seedFor(name).subarray(0, 10), english).canonical;
const code = codeFor("assisted mailbox");
let mailbox: Mailbox;

before(async () => {
  const clock = {
    now: () => Date.now() + time.offset,
    today: () => Math.floor((Date.now() + time.offset) / 86_400_000),
  };
  served = await serveOrganisation({ MAX_FILE_BYTES: "3000000" }, 2, { clock });
  visitor = new AssistedVisitor(served.portal.reporterUrl);
  mailbox = deriveMailbox(code, served.organisation.portalId);
  const { bytes } = fileReport(served.organisation, { mailbox });
  assert.equal((await ask(served.portal.reporterUrl, "POST", "/reports", bytes)).status, 201);
});
after(() => served.portal.discard());

const openMailbox = (): Promise<SeenPage> => visitor.submit("/assisted/mailbox", { fields: { code } });
const say = (page: SeenPage, text: string, files?: [string, Uint8Array | string][]): Promise<SeenPage> =>
  visitor.submit("/assisted/mailbox/message", {
    fields: { token: inputValue(page, "token"), message: text },
    ...(files === undefined ? {} : { files }),
  });

const conversation = (): Promise<ReadCase> => readCase(served, mailbox);
const reply = (text: string, name: string, content: Uint8Array): Promise<void> =>
  replyTo(served, mailbox, text, { name, content });

test("the words open the report, as it was filed", async () => {
  const page = await openMailbox();
  assert.equal(page.status, 200);
  assert.match(page.path, /^\/assisted\/mailbox\/[\w-]{43}$/);
  assert.equal(page.headers.get("cache-control"), "no-store");
  assert.ok(page.html.includes("The guard of press 4 was taken off."));
  assert.ok(page.html.includes("Rosa Reviewer"));
  assert.ok(page.html.includes("No reply yet."));
  for (const word of code.split(" ")) assert.ok(!page.html.includes(`>${word}<`));
  assert.equal((await visitor.open(page.path)).status, 404);
});

const wrongCodes: [what: string, typed: string, fault: RegExp][] = [
  ["nothing", "  ", /^Type your eight words/],
  ["seven words", code.split(" ").slice(1).join(" "), /^These are 7 words/],
  ["a word that is none", `${code.split(" ").slice(1).join(" ")} <zzz>`, /^This word is not on our list: zzz/],
  [
    "two words the other way round",
    [...code.split(" ").slice(2), ...code.split(" ").slice(0, 2)].join(" "),
    /^One of the words is wrong/,
  ],
  ["a code that nobody filed with", codeFor("nobody"), /^Nothing was filed with these words/],
];
for (const [what, typed, fault] of wrongCodes)
  test(`${what}: told, and what was typed stays`, async () => {
    const page = await visitor.submit("/assisted/mailbox", { fields: { code: typed } });
    assert.equal(page.status, 400);
    assert.match(faultsIn(page)[0]!, fault);
    assert.deepEqual(deadLinks(page), []);
    assert.ok(unescaped(page.html).includes(`${typed}</textarea>`));
  });

test("a message with files is stored, sealed, and stands on the next page", async () => {
  const page = await say(await openMailbox(), "More <about> it\r\nsecond line", [["späte notiz.txt", "words"]]);
  assert.ok(page.html.includes("Your message is stored."));
  assert.ok(unescaped(page.html).includes("More <about> it\nsecond line"));
  const { entries, raw } = await conversation();
  const last = entries.at(-1)!;
  assert.equal(parseEnvelope(raw.at(-1)!).header.flags, flagAssisted);
  assert.deepEqual([last.kind, last.author], ["message", null]);
  assert.ok("text" in last.content && last.content.text === "More <about> it\nsecond line");
  const path = unescaped(page.html).match(
    /href="(\/en\/assisted\/file\/[\w-]{43})" download[^>]*>Save späte notiz\.txt/,
  )?.[1];
  const saved = await fetch(served.portal.reporterUrl + path!);
  assert.deepEqual(new Uint8Array(await saved.arrayBuffer()), utf8("words"));
});

test("a page sends once: the second click keeps the text and asks for the words again", async () => {
  const page = await openMailbox();
  await say(page, "first click");
  const second = await say(page, "second click");
  assert.match(faultsIn(second)[0]!, /^The time on that page was over/);
  assert.ok(second.html.includes("second click</textarea>"));
  assert.ok(!second.html.includes("The guard of press 4"));
  const { entries } = await conversation();
  assert.ok(!entries.some(({ content }) => "text" in content && content.text === "second click"));
  const opened = await visitor.submit("/assisted/mailbox", { fields: { code, message: "second click" } });
  assert.ok(opened.html.includes("second click</textarea>"));
});

test("after five minutes the words are asked for again and the message stays", async () => {
  const page = await openMailbox();
  time.offset += heldMinutes * 60_000;
  const late = await say(page, "took my time");
  assert.equal(late.status, 400);
  assert.ok(late.html.includes("took my time</textarea>"));
  assert.ok(!late.html.includes("The guard of press 4"));
});

const wrongMessages: [what: string, text: string, files: [string, Uint8Array | string][] | undefined, fault: RegExp][] =
  [
    ["an empty message", " \r\n ", undefined, /^Write a message or choose a file/],
    ["a message that is too long", "x".repeat(100_001), undefined, /^Your message is too long/],
    ["a file that is too large", "with a file", [["a.bin", new Uint8Array(3_000_001)]], /^This is too large/],
    ["too many files", "with files", Array.from({ length: 21 }, (_, i) => [`${i}`, "x"]), /^You chose too many files/],
  ];
for (const [what, text, files, fault] of wrongMessages)
  test(`${what}: told, nothing stored, text kept, page still open`, async () => {
    const before = (await conversation()).entries.length;
    const page = await say(await openMailbox(), text, files);
    assert.match(faultsIn(page)[0]!, fault);
    assert.deepEqual(deadLinks(page), []);
    assert.ok(page.html.includes(`${text.replaceAll("\r\n", "\n")}</textarea>`));
    assert.equal((await conversation()).entries.length, before);
    assert.ok((await say(page, "mended")).html.includes("Your message is stored."));
  });

test("looking for replies keeps what is being written, and shows the reply and its file", async () => {
  const page = await openMailbox();
  const content = concat(utf8("<script>alert(1)</script>"), randomBytes(200_000));
  await reply("Thank you. <b>When</b> was it?", "answer\u202Egpj.html", content);
  const look = await visitor.submit("/assisted/mailbox/look", {
    fields: { token: inputValue(page, "token"), message: "half a sen" },
  });
  assert.ok(look.html.includes("half a sen</textarea>"));
  assert.ok(look.html.includes("Thank you. &lt;b&gt;When&lt;/b&gt; was it?"));
  assert.ok(look.html.includes("Open. People are working on it."));
  const path = look.html.match(/href="(\/en\/assisted\/file\/[\w-]{43})" download[^>]*>Save answergpj\.html/)?.[1];
  const saved = await fetch(served.portal.reporterUrl + path!);
  assert.deepEqual(
    ["content-type", "content-length", "x-content-type-options", "cache-control"].map((name) =>
      saved.headers.get(name),
    ),
    ["application/octet-stream", String(content.length), "nosniff", "no-store"],
  );
  assert.equal(saved.headers.get("content-disposition"), "attachment; filename=answergpj.html");
  assert.ok(equal(new Uint8Array(await saved.arrayBuffer()), content));
  assert.equal((await visitor.open(path!)).status, 404);
});

test("a reply in another reader's name is not shown, and silences nobody", async () => {
  const { carl } = served.organisation.members;
  await replyTo(served, mailbox, "Carl says go away", { name: "planted.txt", content: utf8("x") }, carl.id);
  const page = await say(await openMailbox(), "still talking");
  assert.ok(page.html.includes("Your message is stored."));
  assert.ok(page.html.includes("still talking"));
  assert.ok(page.html.includes("did not pass our check"));
  assert.ok(!page.html.includes("Carl says go away") && !page.html.includes("planted.txt"));
});

test("a file that was damaged on the server's disk never arrives whole", async () => {
  const text = randomBytes(300_000);
  const page = await say(await openMailbox(), "with a file", [["a.bin", text]]);
  const paths = [...page.html.matchAll(/href="(\/en\/assisted\/file\/[\w-]{43})"/g)].map(([, path]) => path!);
  const { raw } = await conversation();
  const { envId, objLen } = parseEnvelope(raw.at(-1)!).header;
  const { objects } = served.portal.context;
  const parts: Uint8Array[] = [];
  for await (const part of objects.read(envId)) parts.push(part);
  const spoiled = Uint8Array.from(concat(...parts));
  spoiled[299_000]! ^= 1;
  await objects.appendPart(
    envId,
    0,
    (async function* () {
      yield spoiled;
    })(),
    objLen,
  );
  const saved = await fetch(served.portal.reporterUrl + paths.at(-1)!);
  await assert.rejects(saved.arrayBuffer());
});

test("leaving forgets the page and its files, and clears the browser's cache", async () => {
  const page = await openMailbox();
  const files = [...page.html.matchAll(/href="(\/en\/assisted\/file\/[\w-]{43})"/g)].map(([, path]) => path!);
  assert.ok(files.length > 0);
  const left = await visitor.submit("/assisted/mailbox/leave", { fields: { token: inputValue(page, "token") } });
  assert.deepEqual([left.path, left.headers.get("clear-site-data")], ["/assisted/left", '"cache"']);
  assert.match(faultsIn(await say(page, "still here?"))[0]!, /^The time on that page was over/);
  for (const path of files) assert.equal((await visitor.open(path)).status, 404);
});

test("more codes at once than can wait: some are asked to try again, with the code kept", async () => {
  const pages = await Promise.all(Array.from({ length: 40 }, openMailbox));
  const statuses = pages.map(({ status }) => status);
  assert.deepEqual(new Set(statuses), new Set([200, 503]));
  const busy = pages.find(({ status }) => status === 503)!;
  assert.equal(busy.headers.get("retry-after"), "5");
  assert.ok(busy.html.includes(`${code}</textarea>`));
});

test("a roster that turns assisted mode off: a page says so, and nothing is taken", async () => {
  const { context } = served.portal;
  const { settings } = context.book.requireChain().current;
  settings.assisted = false;
  try {
    for (const path of ["/assisted/report", "/assisted/mailbox", "/assisted/sent"]) {
      const page = await visitor.open(path);
      assert.equal(page.status, 403);
      assert.ok(page.html.includes("does not work without JavaScript"));
    }
    for (const path of ["/assisted/report", "/assisted/mailbox", "/assisted/mailbox/message"])
      assert.equal(await visitor.send(path, { fields: { code, message: "x" } }), "/assisted/report");
    // Switched off while somebody was writing: what they typed comes back once, to be copied.
    const answers = { "answer-what": "And <this>", "answer-when": "三週間前", "answer-more": "no-time-left" };
    const fields = { code, message: "Typed for an hour", ...answers };
    const back = await visitor.submit("/assisted/mailbox/message", { fields });
    assert.match(back.path, /^\/assisted\/typed\/[\w-]{43}$/);
    for (const typed of ["Typed for an hour", "And &lt;this&gt;", "三週間前"]) assert.ok(back.html.includes(typed));
    assert.ok(!back.html.includes("no-time-left"), "what was ticked is not what was typed");
    for (const word of code.split(" ")) assert.ok(!back.html.includes(`>${word}<`));
    assert.equal((await visitor.open(back.path)).status, 404);
  } finally {
    settings.assisted = true;
  }
  assert.deepEqual(served.portal.lines, []);
});
