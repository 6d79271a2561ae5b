/** Setting a portal up as people do it, in a real browser against a real server. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { equal, utf8 } from "../../crypto/bytes.ts";
import { openKeyFile } from "../../crypto/keyfile.ts";
import { deriveMember, parseMemberSeed } from "../../crypto/keys.ts";
import { openRosterChain, type RosterChain } from "../../crypto/roster.ts";
import { parseRecoveryWords } from "../../crypto/words.ts";
import { ensureBuilt } from "../support/built.ts";
import { launchBrowser } from "../support/browser.ts";
import { requireJudge } from "../support/judges.ts";
import { startTestPortal, type TestPortal } from "../support/server.ts";
import {
  invite,
  joinWith,
  judgeScreen,
  keepKeyFile,
  openCharter,
  passphrase,
  proveKeyFile,
  saved,
  setupLinkOf,
  signList,
  typePassphrases,
  waitForHeading,
} from "../support/setup-pages.ts";
import { openContext } from "../support/watched-context.ts";
import { readZip } from "../support/read-zip.ts";

const chainOf = (portal: TestPortal): RosterChain => openRosterChain([...portal.context.book.signed]);

describe("set-up in the browser", requireJudge("browser"), () => {
  let browser: Browser;

  before(async () => {
    await ensureBuilt();
    browser = await launchBrowser();
  });

  after(() => browser?.close());

  test("try it here: one ZIP, a signed trial with intake open, and no second set-up", async (t) => {
    const portal = await startTestPortal();
    t.after(() => portal.discard());
    const link = await setupLinkOf(portal);
    const context = await openContext(t, browser, { origins: [portal.consoleUrl] });
    const page = await context.newPage();

    await page.goto(link);
    await waitForHeading(page, "Set up this portal");
    assert.equal(page.url(), `${portal.consoleUrl}/setup`, "the secret is out of the address bar");
    await judgeScreen(page, "setup-choice");

    await page.getByRole("button", { name: "Try it here" }).click();
    await typePassphrases(page, "short");
    await page.getByRole("button", { name: "Make the keys" }).click();
    await page.getByRole("link", { name: /Choose a longer passphrase/ }).waitFor();
    await judgeScreen(page, "setup-trial-fault");

    await page.getByRole("button", { name: "Suggest a passphrase" }).click();
    const suggestion = (await page.locator(".th-suggestion").textContent()) ?? "";
    assert.match(suggestion, /^(?:[a-z]+ ){5}[a-z]+$/);
    await typePassphrases(page, suggestion);
    await page.getByRole("button", { name: "Make the keys" }).click();
    await waitForHeading(page, "Save the keys");
    assert.equal(portal.context.book.chain, null, "nothing is signed before the keys are saved");
    await judgeScreen(page, "setup-trial-save");

    const zip = await saved(page, "Save the ZIP file");
    const files = readZip(zip.bytes);
    assert.equal(zip.name, "tellhaven-trial.zip");
    assert.equal(files.size, 8);
    await page.getByRole("button", { name: "Start the trial" }).click();
    await waitForHeading(page, "The trial is running");
    await judgeScreen(page, "setup-trial-done");

    const { current } = chainOf(portal);
    assert.equal(current.trial, true);
    assert.equal(portal.context.book.intakeOpen, true);
    const opened = openKeyFile(files.get("tellhaven-robin-reviewer.json")!, suggestion);
    const robin = current.members.find((member) => member.name === "Robin Reviewer")!;
    assert.ok(equal(deriveMember(parseMemberSeed(opened.seeds[0]!)).sign.publicKey, robin.keys.sign));
    const sheet = files.get("recovery-words.txt")!.toString();
    const words = [...sheet.matchAll(/^ ?\d+\. ([a-z]+)$/gm)].map(([, word]) => word).join(" ");
    const paper = current.members.find((member) => member.roles.includes("recovery"))!;
    assert.ok(equal(deriveMember(parseRecoveryWords(words)).box.publicKey, paper.keys.box));

    await page.goto("about:blank");
    await page.goto(link);
    await waitForHeading(page, "This portal is set up already");
    await judgeScreen(page, "setup-already");
  });

  test("for real: charter, two members and one on paper, one signature, a third member later", async (t) => {
    const portal = await startTestPortal();
    t.after(() => portal.discard());
    const context = await openContext(t, browser, {
      origins: [portal.consoleUrl],
      more: { permissions: ["clipboard-write"] },
    });
    const page = await context.newPage();

    await page.goto(`${portal.consoleUrl}/charter`);
    await waitForHeading(page, "There is no charter yet");
    await page.goto(await setupLinkOf(portal));
    await page.getByRole("button", { name: "Set up for real" }).click();
    await page.getByLabel("Name of your organisation").fill("Größe & <b>Co</b>");
    await typePassphrases(page);
    await judgeScreen(page, "setup-real-form");
    await page.getByRole("button", { name: "Make the charter" }).click();
    await waitForHeading(page, "Save the charter");
    const charter = await saved(page, "Save the key file");
    await judgeScreen(page, "setup-real-keep");
    await proveKeyFile(page, charter.bytes, "a wrong passphrase");
    await page.getByRole("link", { name: /This passphrase does not open this file/ }).waitFor();
    await proveKeyFile(page, charter.bytes);
    await waitForHeading(page, "Your charter is made");
    const fingerprint = await page.locator(".th-words li").allTextContents();
    assert.equal(fingerprint.length, 12);
    await judgeScreen(page, "setup-real-done");

    await openCharter(page, portal, charter.bytes);
    assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), "Größe & <b>Co</b>: members");
    await judgeScreen(page, "charter-empty");
    const anaLink = await invite(page, "Ana Ödön", "Head of ethics", ["Reviewer"]);
    const bobLink = await invite(page, "Bob Outside", "Ombuds office", ["Outside recipient"]);
    await page.locator('[data-invite="Ana Ödön"]').getByRole("button", { name: "Copy link" }).click();
    await page.getByText("The link was copied.").waitFor();
    await judgeScreen(page, "charter-invited");

    const member = await context.newPage();
    await member.goto(anaLink);
    await waitForHeading(member, "You are invited");
    assert.deepEqual(await member.locator(".th-words li").allTextContents(), fingerprint);
    assert.equal(member.url(), `${portal.consoleUrl}/join`);
    await judgeScreen(member, "join");
    for (const [language, heading] of [
      ["Deutsch", "Sie sind eingeladen"],
      ["English", "You are invited"],
    ] as const) {
      await member.getByRole("link", { name: language, exact: true }).click();
      await waitForHeading(member, heading);
      assert.deepEqual(await member.locator(".th-words li").allTextContents(), fingerprint, "the link came along");
    }
    assert.equal(member.url(), `${portal.consoleUrl}/en/join`, "and is out of the address bar");
    const anaFile = await joinWith(member, anaLink);
    await judgeScreen(member, "join-done");
    await member.goto("about:blank");
    await joinWith(member, bobLink);

    await member.goto("about:blank");
    await member.goto(anaLink);
    await waitForHeading(member, "Somebody has joined with this link");
    await judgeScreen(member, "join-already");

    await page.getByRole("button", { name: "Make the member on paper" }).click();
    await waitForHeading(page, "Recovery words");
    const words = await page.locator(".th-words li").allTextContents();
    assert.equal(words.length, 24);
    await judgeScreen(page, "charter-paper");
    await page.getByRole("button", { name: "I have them on paper" }).click();
    for (const input of await page.getByLabel(/^Word \d+$/).all()) {
      const place = Number((await input.getAttribute("id"))!.replace("word-", ""));
      await input.fill(words[place]!.toUpperCase());
    }
    await judgeScreen(page, "charter-paper-prove");
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.getByRole("heading", { level: 2, name: "People" }).waitFor();

    await page.getByRole("button", { name: "See who has joined" }).click();
    await page.locator('[data-invite="Bob Outside"]', { hasText: "Ready to be admitted" }).waitFor();
    await judgeScreen(page, "charter-ready");
    await page.getByRole("button", { name: "Check and sign" }).click();
    await waitForHeading(page, /^List 1 of /);
    await judgeScreen(page, "charter-preview");
    await page.getByRole("button", { name: "Back" }).click();
    await signList(page, 1);
    await judgeScreen(page, "charter-signed");

    const first = chainOf(portal).current;
    assert.deepEqual(
      first.members.map(({ id, name, roles }) => [id, name, roles]),
      [
        [1, "Ana Ödön", ["reviewer"]],
        [2, "Bob Outside", ["ombuds"]],
        [3, "Recovery on paper", ["recovery"]],
      ],
    );
    assert.deepEqual(first.channels[0]?.readers, [1, 2]);
    assert.equal(first.trial, false);
    assert.equal(portal.context.book.intakeOpen, true);
    const paperKeys = deriveMember(parseRecoveryWords(words.join(" ")));
    assert.ok(equal(paperKeys.kem.publicKey, first.members[2]!.keys.kem));
    const anaSeed = parseMemberSeed(openKeyFile(anaFile, passphrase).seeds[0]!);
    assert.ok(equal(deriveMember(anaSeed).login.publicKey, first.members[0]!.keys.login));
    assert.deepEqual(await portal.context.store.listInvites(), [], "admitted invitations are gone");

    await page.getByRole("button", { name: "Back to the members" }).click();
    const cleoLink = await invite(page, "Cleo Third", "", ["Reviewer", "Counsel"]);
    await member.goto("about:blank");
    await joinWith(member, cleoLink);
    await page.getByRole("button", { name: "See who has joined" }).click();
    await page.locator('[data-invite="Cleo Third"]', { hasText: "Ready to be admitted" }).waitFor();
    await page.getByRole("button", { name: "Remove Bob Outside" }).click();
    await judgeScreen(page, "charter-second");
    await page.getByRole("button", { name: "Check and sign" }).click();
    await waitForHeading(page, /^List 2 of /);
    await page.getByText("Cleo Third joins.").waitFor();
    await page.getByText(/^Bob Outside leaves\./).waitFor();
    await judgeScreen(page, "charter-second-preview");
    await page.getByRole("button", { name: "Back" }).click();
    await page.getByRole("button", { name: "Keep Bob Outside" }).click();
    await signList(page, 2);
    const second = chainOf(portal).current;
    assert.deepEqual(
      second.members.map(({ id, name }) => [id, name]),
      [
        [1, "Ana Ödön"],
        [2, "Bob Outside"],
        [3, "Recovery on paper"],
        [4, "Cleo Third"],
      ],
    );
    assert.deepEqual(second.channels[0]?.readers, [1, 2, 4]);

    await member.goto("about:blank");
    await member.goto(cleoLink);
    await member.getByText(/The portal does not know this invitation/).waitFor();
  });

  const refusals: [what: string, path: string, heading: string, text: RegExp][] = [
    ["no set-up secret", "/setup", "You need a set-up link", /setup-link/],
    ["half a set-up secret", "/setup#abc", "This set-up link is not whole", /setup-link/],
    ["no invitation", "/join", "You need an invitation", /whole link/],
    ["half an invitation", "/join#00.11", "This invitation cannot be opened", /not whole/],
    [
      "an invitation of another portal",
      `/join#${"0".repeat(32)}.${"A".repeat(22)}.${"0".repeat(64)}`,
      "This invitation cannot be opened",
      /another portal/,
    ],
  ];
  for (const [what, path, heading, text] of refusals)
    test(`${what} is told in words`, async (t) => {
      const portal = await startTestPortal();
      t.after(() => portal.discard());
      const context = await openContext(t, browser, { origins: [portal.consoleUrl] });
      const page = await context.newPage();
      await page.goto(portal.consoleUrl + path);
      await waitForHeading(page, heading);
      await page.getByText(text).first().waitFor();
      await judgeScreen(page, `refused-${what.replaceAll(" ", "-")}`);
    });

  test("a set-up secret that is not the newest is refused before anything is lost, and a new one goes on", async (t) => {
    const portal = await startTestPortal();
    t.after(() => portal.discard());
    const context = await openContext(t, browser, { origins: [portal.consoleUrl] });
    const page = await context.newPage();
    const stale = await setupLinkOf(portal);
    const fresh = await setupLinkOf(portal);
    for (const [link, answer] of [
      [stale, page.getByText(/This set-up link is wrong or too old/)],
      [fresh, page.getByRole("heading", { name: "Save the charter" })],
    ] as const) {
      await page.goto("about:blank");
      await page.goto(link);
      await page.getByRole("button", { name: "Set up for real" }).click();
      await page.getByLabel("Name of your organisation").fill("Acme");
      await typePassphrases(page);
      await page.getByRole("button", { name: "Make the charter" }).click();
      await answer.waitFor();
    }
    const file = await keepKeyFile(page);
    assert.equal(openKeyFile(utf8(file.bytes.toString()), passphrase).label, "Acme");
  });
});
