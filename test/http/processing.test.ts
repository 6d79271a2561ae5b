/** The processing record over the wire: who may have it, that an outside tool reads it, that no secret is in it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fromUtf8, toBase64, utf8 } from "../../crypto/bytes.ts";
import { tell } from "../support/casework.ts";
import { requireJudge } from "../support/judges.ts";
import { ask, serveOrganisation, type Answer, type ServedOrganisation } from "../support/organisation-server.ts";
import { testFolder } from "../support/store-rows.ts";

const secrets = {
  KEYRING_KEY: randomBytes(32).toString("hex"),
  SMTP_PASSWORD: "plant-password-kumquat",
  WEBHOOK_SECRET: "plant-secret-persimmon",
};
const addresses = ["rosa@plant-mail.example", "https://hooks.plant-hook.example/tamarind", "mail.plant-host.example"];

let served: ServedOrganisation;
let folder: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "tellhaven-processing-"));
  const notify = {
    hours: ["07:00"],
    from: "portal@plant-mail.example",
    smtp: { host: addresses[2], port: 465, secure: true, user: "plant-user-rambutan" },
    members: { "1": { email: addresses[0] }, "2": { webhook: addresses[1] } },
  };
  writeFileSync(join(folder, "notify.json"), JSON.stringify(notify));
  served = await serveOrganisation({ ...secrets, NOTIFY_FILE: join(folder, "notify.json"), KEYRING_BACKUP_DAYS: "19" });
});
after(async () => {
  await served?.portal.discard();
  rmSync(folder, { recursive: true, force: true });
});

async function get(
  path: string,
  who?: keyof ServedOrganisation["organisation"]["members"] | "charter",
): Promise<Answer> {
  const member = who === undefined || who === "charter" ? who : served.organisation.members[who];
  const headers = member === undefined ? {} : { authorization: await served.signIn(member) };
  return ask(served.portal.consoleUrl, "GET", path, undefined, headers);
}

for (const path of ["/processing", "/processing/record.docx"])
  for (const [who, status] of [
    ["olu", 200],
    ["carl", 200],
    ["rosa", 403],
    ["paper", 403],
    ["charter", 403],
    [undefined, 403],
  ] as const)
    test(`${path}: ${who ?? "nobody signed in"} gets ${status}`, async () => {
      const answer = await get(path, who);
      assert.equal(answer.status, status);
      if (status === 403) assert.deepEqual(answer.json, { error: "refused" });
    });

test("settings of this very portal are in it", async () => {
  const { json } = await get("/processing", "olu");
  const text = JSON.stringify(json);
  for (const words of [
    "Fixture & Sons",
    served.portal.reporterUrl,
    "kept for 19 days",
    "by email and webhook",
    "Speak up",
  ])
    assert.ok(text.includes(words), words);
  assert.ok(text.includes("Given by the environment"));
});

test("members are named only where somebody asks for it", async () => {
  const [without, named] = [await get("/processing", "carl"), await get("/processing?names=1", "carl")];
  const { members } = served.organisation.chain.current;
  for (const { name } of members) assert.ok(!fromUtf8(without.bytes).includes(name), name);
  for (const { name } of members) assert.ok(fromUtf8(named.bytes).includes(name), name);
  assert.equal((await get("/processing?names=yes", "carl")).status, 400);
});

test("no secret, no address, no path and nothing of a case is in it", async () => {
  await tell(served, { title: "plant-title-mangosteen", what: "plant-what-salak" });
  const files = await Promise.all([get("/processing?names=1", "olu"), get("/processing/record.docx?names=1", "olu")]);
  const { context, dataDir } = served.portal;
  const { keys } = context;
  const planted = [
    ...Object.values(secrets),
    ...addresses,
    "plant-",
    dataDir,
    folder,
    toBase64(keys.index),
    toBase64(keys.box.secretKey),
    toBase64(keys.log.secretKey),
  ];
  for (const { bytes } of files)
    for (const word of planted) assert.ok(!Buffer.from(bytes).includes(Buffer.from(utf8(word))), word);
});

test("the same settings give the same bytes, after the portal was used too", async () => {
  const first = await get("/processing/record.docx", "olu");
  await tell(served, { title: "Something" });
  const again = await get("/processing/record.docx", "carl");
  assert.deepEqual(first.bytes, again.bytes);
  assert.equal(first.headers.get("content-disposition"), "attachment; filename=processing-record.docx");
});

describe("outside tools", requireJudge("unzip", "xmllint"), () => {
  test("unzip and xmllint read the Word file, and find the headings of the law", async (t) => {
    const file = join(testFolder(t), "record.docx");
    const out = testFolder(t);
    writeFileSync(file, (await get("/processing/record.docx", "olu")).bytes);
    assert.equal(spawnSync("unzip", ["-q", file, "-d", out]).status, 0);
    const parts = ["[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/_rels/document.xml.rels"];
    parts.push(...["document", "styles", "numbering", "footer1"].map((name) => `word/${name}.xml`));
    for (const part of parts) assert.equal(spawnSync("xmllint", ["--noout", join(out, part)]).status, 0, part);
    const titles = `//*[local-name()="p"][.//*[local-name()="pStyle" and @*="Heading2"]]`;
    const { stdout } = spawnSync("xmllint", ["--xpath", `count(${titles})`, join(out, "word/document.xml")]);
    assert.equal(stdout.toString().trim(), "11");
    const text = readFileSync(join(out, "word/document.xml"), "utf8");
    for (const letter of "abcdefg") assert.ok(text.includes(`Art. 30(1)(${letter})`), letter);
    for (const letter of "abcd") assert.ok(text.includes(`Art. 35(7)(${letter})`), letter);
  });
});
