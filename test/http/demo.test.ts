/** The demo as a person starts it: what it prints is then used, through the client's own code. */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Phase } from "../../crypto/content.ts";
import { channels, people, stories, type PersonKey } from "../../server/demo/stories.ts";
import { openAttachment } from "../../views/browser/client/case-files.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { newDesk, syncFeed, type Desk } from "../../views/browser/client/held-cases.ts";
import { listCases } from "../../views/browser/client/listing.ts";
import { openMailboxByCode } from "../../views/browser/client/mailbox.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { Session, unlockKeyFile } from "../../views/browser/client/session.ts";
import { freePort } from "../support/server.ts";

const root = join(import.meta.dirname, "../..");

interface Demo {
  child: ChildProcess;
  output: string;
  /** Resolves when the output matches; rejects when the demo ends before. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  ended: Promise<number | null>;
}

async function startDemo(): Promise<Demo> {
  const ports = { PORT: String(await freePort()), CONSOLE_PORT: String(await freePort()) };
  const child = spawn(process.execPath, ["server/demo/demo.ts", "--built"], {
    cwd: root,
    env: { ...process.env, ...ports },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const demo: Demo = {
    child,
    output: "",
    ended,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(demo.output);
          if (match !== null) resolve(match);
        };
        child.stdout.on("data", look);
        void ended.then(() => reject(new Error(`the demo ended without ${String(pattern)}:\n${demo.output}`)));
        look();
      }),
  };
  for (const stream of [child.stdout, child.stderr])
    stream.prependListener("data", (text: Buffer) => {
      demo.output += text.toString();
    });
  return demo;
}

const wordsAfter = (demo: Demo, label: string): string =>
  new RegExp(`^${label} +(.+)$`, "m").exec(demo.output)?.[1] ?? assert.fail(`nothing said after "${label}"`);

describe("the demo", () => {
  let demo: Demo;
  let folder: string;

  before(async () => {
    demo = await startDemo();
    await demo.until(/Ctrl\+C/);
    folder = /(\S*tellhaven-demo-\w+)/.exec(demo.output)![1]!;
  });
  after(() => demo.child.kill());

  async function deskOf(person: PersonKey): Promise<Desk> {
    const files = [...demo.output.matchAll(/one of the keys +(.+)$/gm)].map((match) => match[1]!);
    const file = files[people.findIndex(({ key }) => key === person)]!;
    const { seeds } = unlockKeyFile(readFileSync(file), wordsAfter(demo, "with passphrase"));
    const api = { origin: wordsAfter(demo, "As a member, open") };
    const desk = newDesk(await Session.begin(api, (await fetchPortal(api)).chain!, seeds));
    await syncFeed(desk);
    return desk;
  }

  for (const person of ["reviewerOne", "director"] as const)
    test(`${person} finds the cases that are theirs, in the state that they are in`, async () => {
      const { roles } = people.find(({ key }) => key === person)!;
      const theirs = stories.filter(({ channel, excluded }) => {
        const readers: readonly string[] = channels.find(({ id }) => id === channel)!.readerRoles;
        return readers.includes(roles[0]) && excluded?.includes(person) !== true;
      });
      assert.ok(theirs.length < stories.length, "somebody left this person out");
      const states = theirs.map(({ categories, steps }) => {
        const decided = steps.findLast((step) => step.do === "open" || step.do === "close");
        const phase: Phase = decided === undefined ? "received" : decided.do === "open" ? "open" : "closed";
        const said = steps.filter((step) => step.do === "reply" || step.do === "message").length;
        return [categories[0], phase, 1 + said].join(" ");
      });
      const listed = (await listCases(await deskOf(person))).listings.map((each) =>
        [each.category, each.phase, each.conversationLength].join(" "),
      );
      assert.deepEqual(listed.sort(), states.sort());
    });

  test("what was filed came in on different days, the last one today", async () => {
    const { listings: listed } = await listCases(await deskOf("reviewerOne"));
    assert.equal(new Set(listed.map(({ receivedOn }) => receivedOn)).size, listed.length);
    assert.equal(
      listed
        .map(({ receivedOn }) => receivedOn)
        .sort()
        .at(-1),
      new Date().toISOString().slice(0, 10),
    );
  });

  test("a case opens with its files, notes and outcome", async () => {
    const desk = await deskOf("counsel");
    const { caseId } = (await listCases(desk)).listings.find(({ category }) => category === "csi-4")!;
    const open = await openCase(desk, caseId);
    assert.equal(open.tailHidden, false);
    assert.ok(open.team.state === "open" && open.team.entries.some(({ kind }) => kind === "note"));
    let bytes = 0;
    for await (const piece of openAttachment(desk, open, { stream: 0, seq: 0, index: 0 })) bytes += piece.length;
    assert.equal(bytes, open.report.content.files[0]?.size);
  });

  test("the printed code opens a mailbox with replies", async () => {
    const api = { origin: wordsAfter(demo, "As a reporter, open") };
    const { chain } = await fetchPortal(api);
    assert.equal(chain?.current.trial, true);
    const mailbox = await openMailboxByCode(api, chain, wordsAfter(demo, "come back with"));
    assert.equal(mailbox?.entries.filter(({ kind }) => kind === "reply").length, 2);
  });

  test("the pages are there", async () => {
    for (const label of ["As a reporter, open", "As a member, open"])
      assert.equal((await fetch(wordsAfter(demo, label))).status, 200);
  });

  test("Ctrl+C ends it and removes everything", async () => {
    assert.ok(existsSync(folder));
    demo.child.kill("SIGINT");
    assert.equal(await demo.ended, 0);
    assert.ok(!existsSync(folder));
  });
});

test("Ctrl+C while it still starts removes everything too", async () => {
  const demo = await startDemo();
  const [, folder] = await demo.until(/(\S*tellhaven-demo-\w+)/);
  demo.child.kill("SIGINT");
  assert.equal(await demo.ended, 0);
  assert.ok(!existsSync(folder!));
});
