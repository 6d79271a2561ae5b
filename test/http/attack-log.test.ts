/** A server that lies about its log: what a member's browser and a reporter notice, and that they do not forget. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import SQLite from "better-sqlite3";
import { toBase64 } from "../../crypto/bytes.ts";
import { signCheckpoint } from "../../crypto/checkpoint.ts";
import { PortalError } from "../../crypto/errors.ts";
import { signKeyPair } from "../../crypto/sodium.ts";
import { reply } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { newDesk, type Desk } from "../../views/browser/client/held-cases.ts";
import { currentHeadOf, nothingKnown } from "../../views/browser/client/log.ts";
import { compareRepliesLog } from "../../views/browser/client/mailbox-log.ts";
import { openMailboxByCode } from "../../views/browser/client/mailbox.ts";
import type { Session } from "../../views/browser/client/session.ts";
import { followLog, type Records } from "../../views/browser/console/worker-log.ts";
import { deskOf, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { TurnedClock } from "../support/dated-cases.ts";
import { seedFor } from "../support/fixtures.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const clock = new TurnedClock();
let served: ServedOrganisation;
let session: Session;

async function nextDay(): Promise<void> {
  clock.ahead += 1;
  await served.portal.context.store.padLog(clock.today());
  ({ session } = await deskOf(served, served.organisation.members.rosa.seed));
}

/** A browser's storage. */
class Device implements Records {
  readonly kept = new Map<string, Uint8Array>();
  async find(name: string): Promise<Uint8Array | null> {
    return this.kept.get(name) ?? null;
  }
  async put(name: string, bytes: Uint8Array): Promise<void> {
    this.kept.set(name, bytes);
  }
}

before(async () => {
  served = await serveOrganisation({}, 2, { clock });
  for (let day = 0; day < 3; day++) await nextDay();
});
after(() => served.portal.discard());

let device: Device;
/** As a new window of the same browser, or one after signing in again. */
const look = (desk: Desk = newDesk(session)) => followLog(desk, device);
const state = async (desk?: Desk): Promise<string> => (await look(desk)).state;

/** Changes what the server has of its log, as its operator could, and puts it back when the work is done. */
async function withLog(sql: string, work: () => Promise<void>): Promise<void> {
  const db = new SQLite(`${served.portal.dataDir}/portal.sqlite`);
  db.exec("CREATE TEMP TABLE was AS SELECT * FROM log_leaves");
  try {
    db.exec(`${sql}; DELETE FROM log_nodes`);
    await work();
  } finally {
    db.exec("DELETE FROM log_leaves; INSERT INTO log_leaves SELECT * FROM was; DELETE FROM log_nodes");
    db.close();
  }
}

/** The session as it is, but for what the server answers. */
function lying(answers: Partial<Pick<Session, "sendForBytes" | "sendForJson">>): Desk {
  const other = Object.create(session, {
    ...Object.fromEntries(
      Object.entries({
        sendForBytes: session.sendForBytes.bind(session),
        sendForJson: session.sendForJson.bind(session),
        ...answers,
      }).map(([name, value]) => [name, { value }]),
    ),
    chain: { value: session.chain },
    me: { value: session.me },
  }) as Session;
  return newDesk(other);
}

const checkpointText = async (): Promise<string> =>
  Buffer.from(await session.sendForBytes("/log/checkpoint")).toString();
const sizeNow = async (): Promise<number> => currentHeadOf(await checkpointText(), session.chain).size;
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

describe("a member's browser", () => {
  beforeEach(async () => {
    device = new Device();
    assert.equal(await state(), "holds");
  });

  test("goes along with a log that grows, also over days it did not look", async () => {
    for (let day = 0; day < 3; day++) {
      await nextDay();
      assert.equal(await state(), "holds");
    }
    await nextDay();
    await nextDay();
    const desk = newDesk(session);
    assert.equal(await state(desk), "holds");
    assert.equal(desk.log.known, await checkpointText());
  });

  test("keeps what it knows sealed, in one record that says nothing", async () => {
    assert.equal(device.kept.size, 1);
    const [name, bytes] = [...device.kept][0]!;
    assert.match(name, /^th-[\w-]{22}$/);
    assert.ok(!Buffer.from(bytes).includes("tellhaven") && bytes.length >= 65_536);
    const sealed = [...device.kept.values()];
    assert.equal(await state(), "holds");
    assert.deepEqual([...device.kept.values()], sealed, "the same again is not written");
  });

  for (const [what, sql] of [
    ["the newest day is cut off", "DELETE FROM log_leaves WHERE seq >= (SELECT max(seq) - 63 FROM log_leaves)"],
    ["everything is gone", "DELETE FROM log_leaves"],
    ["one leaf of the first day is another", "UPDATE log_leaves SET leaf = randomblob(32) WHERE seq = 7"],
    [
      "one leaf of the newest day is another",
      "UPDATE log_leaves SET leaf = randomblob(32) WHERE seq = (SELECT max(seq) FROM log_leaves)",
    ],
    [
      "a day is another, and days came after it",
      `UPDATE log_leaves SET leaf = randomblob(32) WHERE seq < 64;
      INSERT INTO log_leaves SELECT seq + (SELECT max(seq) + 1 FROM log_leaves), randomblob(32), day + 900 FROM log_leaves`,
    ],
  ] as const)
    test(`says that the log was rewritten when ${what}, and goes on saying so when it is put back`, async () => {
      const known = await checkpointText();
      await withLog(sql, async () => {
        const { state: said, notes } = await look();
        assert.equal(said, "rewritten");
        assert.deepEqual(notes, [known, await checkpointText()], "both signed states are kept");
      });
      assert.equal(await checkpointText(), known);
      const { state: later, notes } = await look();
      assert.equal(later, "rewritten");
      assert.equal(notes.length, 2);
    });

  test("notices that two windows were shown two logs, whichever looks next", async () => {
    const first = newDesk(session);
    await state(first);
    await withLog("UPDATE log_leaves SET leaf = randomblob(32) WHERE seq = 9", async () => {
      // A window that knows nothing yet, and whose browser keeps nothing.
      const other = newDesk(session);
      assert.equal((await followLog(other, new Device())).state, "holds");
      assert.equal(await state(other), "rewritten", "the record knows better");
    });
    assert.equal(await state(first), "rewritten");
  });

  test("another member's knowledge, or a spoilt record, is no knowledge", async () => {
    const carl = await deskOf(served, served.organisation.members.carl.seed);
    assert.equal((await followLog(carl, device)).state, "holds");
    assert.equal(device.kept.size, 2);
    for (const name of device.kept.keys()) device.kept.set(name, new Uint8Array(70_000));
    assert.equal(await state(), "holds");
  });

  for (const [what, said, answers] of [
    ["no proof", "rewritten", { sendForJson: async () => [] }],
    ["a proof of another tree", "rewritten", { sendForJson: async () => [toBase64(seedFor("x"))] }],
    [
      "a proof with a hash more",
      "rewritten",
      {
        sendForJson: async (path: string) => [
          ...((await session.sendForJson(path)) as string[]),
          toBase64(seedFor("x")),
        ],
      },
    ],
    [
      "the proof between other sizes",
      "rewritten",
      { sendForJson: async () => session.sendForJson(`/log/consistency?from=64&to=${await sizeNow()}`) },
    ],
    ["hashes of 31 bytes", "unproved", { sendForJson: async () => [toBase64(new Uint8Array(31))] }],
    ["something else than a proof", "unproved", { sendForJson: async () => ({ proof: "none" }) }],
    ["that it is busy", "unproved", { sendForJson: async () => Promise.reject(new PortalError("busy", "no")) }],
    ["no checkpoint", "unproved", { sendForBytes: async () => Promise.reject(new PortalError("missing", "no")) }],
    ["nothing", "unproved", { sendForBytes: async () => new Uint8Array() }],
    [
      "a checkpoint of another key",
      "unproved",
      {
        sendForBytes: async () => {
          const head = currentHeadOf(await checkpointText(), session.chain);
          return bytesOf(signCheckpoint(head, session.chain.portalId, signKeyPair(seedFor("x"))));
        },
      },
    ],
    ["a signed checkpoint of 2^53 leaves", "unproved", { sendForBytes: async () => bytesOf(signed(2 ** 53)) }],
    ["a signed checkpoint of size 0", "unproved", { sendForBytes: async () => bytesOf(signed(0)) }],
    ["a signed checkpoint of half a day", "unproved", { sendForBytes: async () => bytesOf(signed(1000)) }],
  ] as [string, string, Partial<Session>][])
    test(`says "${said}" when the log grew and the server answers ${what}`, async () => {
      await nextDay();
      assert.equal(await state(lying(answers)), said);
      assert.equal(await state(), said === "unproved" ? "holds" : "rewritten");
    });
});

/** What the server could sign of a size that its log has not. */
function signed(size: number): string {
  const { context } = served.portal;
  return signCheckpoint({ size, root: seedFor("root") }, served.organisation.portalId, context.keys.log);
}

describe("a reporter", () => {
  let code: string;
  const visit = async () => {
    const api = { origin: served.portal.reporterUrl };
    return (await openMailboxByCode(api, served.organisation.chain, code))!;
  };
  before(async () => {
    device = new Device();
    code = await tell(served, { title: "Compared" });
  });

  async function answer(log: Desk["log"]): Promise<void> {
    const desk = await deskOf(served, served.organisation.members.rosa.seed);
    const caseId = (await findByTitle(served, desk, "Compared"))!;
    await openCase(desk, caseId);
    desk.log = log;
    await reply(desk, caseId, { text: "Here.", status: null }, await withoutFiles(desk, caseId));
  }

  test("has nothing to compare while no reply says what log its writer was shown", async () => {
    await answer(nothingKnown);
    assert.equal(await compareRepliesLog(await visit()), "none");
  });

  test("does not doubt the portal for what a reader made up", async () => {
    await answer({ known: "nonsense", against: null });
    const other = signCheckpoint(
      { size: 64, root: seedFor("x") },
      served.organisation.portalId,
      signKeyPair(seedFor("x")),
    );
    await answer({ known: other, against: null });
    assert.equal(await compareRepliesLog(await visit()), "none");
  });

  test("sees that the readers were shown the same log, on the day and later", async () => {
    await answer({ known: await checkpointText(), against: null });
    assert.equal(await compareRepliesLog(await visit()), "same");
    await nextDay();
    await answer({ known: await checkpointText(), against: null });
    assert.equal(await compareRepliesLog(await visit()), "same");
  });

  for (const [what, sql] of [
    ["a shorter log", "DELETE FROM log_leaves WHERE seq >= (SELECT max(seq) - 63 FROM log_leaves)"],
    ["one with another leaf", "UPDATE log_leaves SET leaf = randomblob(32) WHERE seq = 3"],
  ] as const)
    test(`sees that they are shown ${what} than the readers were`, () =>
      withLog(sql, () => assert.rejects(async () => compareRepliesLog(await visit()), { code: "forged" })));
});
