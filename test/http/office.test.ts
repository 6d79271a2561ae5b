/** The charter holder's and new members' client against a real server, and against one that cheats. */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { equal, fromHex, toHex, utf8 } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { checkJoin, sealJoin } from "../../crypto/join.ts";
import { openKeyFile } from "../../crypto/keyfile.ts";
import { deriveCharter, deriveMember, parseCharterSeed, publicKeysOf, type CharterSecrets } from "../../crypto/keys.ts";
import type { Role, Roster } from "../../crypto/roster.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import { formatRecoveryWords, parseRecoveryWords } from "../../crypto/words.ts";
import { issueSetupSecret } from "../../server/app/set-up.ts";
import type { Clock } from "../../server/ports.ts";
import type { Api } from "../../views/browser/client/http.ts";
import {
  generateMemberSeed,
  join,
  keyFileName,
  memberKeyFile,
  parseInviteFragment,
  proveKeyFile,
  readInvitation,
  type InviteLink,
} from "../../views/browser/client/joining.ts";
import {
  closeOffice,
  createInvite,
  listInvites,
  nextRoster,
  officeSession,
  publishRoster,
  registerPortal,
  withdrawInvite,
  yearAfter,
  type InviteSeen,
  type Office,
  type RosterDraft,
} from "../../views/browser/client/office.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { makeTrial, trialKeyFiles, trialRecoveryWords } from "../../views/browser/client/trial.ts";
import { startTestPortal, type TestPortal } from "../support/server.ts";

const newCharter = (): CharterSecrets => deriveCharter(parseCharterSeed(randomBytes(32)));
const linkOf = (link: string): InviteLink => parseInviteFragment(new URL(link).hash.slice(1));
const reviewer: Role[] = ["reviewer"];

const emptyDraft: RosterDraft = {
  organisation: "Acme",
  assisted: true,
  approval: false,
  trial: false,
  recipientRoles: ["reviewer"],
  removed: [],
  admitted: [],
  channels: [{ id: "channel-1", name: "Report", questionnaire: "sb53", readers: [] }],
};

let portal: TestPortal;
let api: Api;
let charter: CharterSecrets;
let office: Office;
let now = Date.parse("2026-11-23T12:00:00Z");
const clock: Clock = { now: () => now, today: () => Math.floor(now / 86_400_000) };

async function begin(): Promise<void> {
  portal = await startTestPortal({}, { clock });
  api = { origin: portal.consoleUrl };
  charter = newCharter();
  await registerPortal(api, await issueSetupSecret(portal.context), charter);
  office = await officeSession(api, charter);
}

/** Invites and joins; answers the seed. */
async function admit(name: string, roles = reviewer, seed = generateMemberSeed()): Promise<typeof seed> {
  const { link } = await createInvite(office, { name, title: "", roles });
  await join(api, linkOf(link), seed, name);
  return seed;
}

async function invites(): Promise<InviteSeen[]> {
  return listInvites(office, (await fetchPortal(api)).chain);
}

const admissionOf = (invite: InviteSeen, person: number | null = null): RosterDraft["admitted"][number] => ({
  invite: invite.id,
  name: invite.name,
  title: invite.title,
  roles: invite.roles,
  keys: invite.keys!,
  person,
});

/** Signs the draft with everybody who is ready. */
async function publish(change: Partial<RosterDraft> = {}): Promise<Roster> {
  const { chain, logKey } = await fetchPortal(api);
  const admitted = (await invites()).filter(({ state }) => state === "ready").map((each) => admissionOf(each));
  const content = nextRoster(charter, logKey!, chain, { ...emptyDraft, admitted, ...change }, "2026-11-23");
  return publishRoster(office, content, chain);
}

const ids = (roster: Roster): [number, string][] => roster.members.map(({ id, name }) => [id, name]);

describe("the charter holder's office", () => {
  beforeEach(begin);
  afterEach(() => portal.discard());

  test("invites, members who join, one signature, and intake is open", async () => {
    const ana = await admit("Ana");
    await admit("Bob");
    await createInvite(office, { name: "Cleo", title: "Late", roles: reviewer });
    const seen = await invites();
    assert.deepEqual(
      seen.map(({ name, state }) => [name, state]),
      [
        ["Ana", "ready"],
        ["Bob", "ready"],
        ["Cleo", "waiting"],
      ],
    );
    const readers = seen.map(({ id }) => ({ invite: id }));
    const roster = await publish({ channels: [{ ...emptyDraft.channels[0]!, readers }] });
    assert.deepEqual(ids(roster), [
      [1, "Ana"],
      [2, "Bob"],
    ]);
    assert.deepEqual(roster.channels[0]?.readers, [1, 2], "who did not join is no reader");
    assert.equal(roster.expires, "2027-11-23");
    assert.ok(equal(roster.members[0]!.keys.sign, deriveMember(ana).sign.publicKey));
    const { chain, intakeOpen } = await fetchPortal(api);
    assert.equal(intakeOpen, true);
    assert.deepEqual(chain?.current.hash, roster.hash);
  });

  test("the recovery member's paper words derive the keys that the roster lists", async () => {
    const seed = await admit("Paper", ["recovery"]);
    const roster = await publish();
    const fromPaper = deriveMember(parseRecoveryWords(formatRecoveryWords(seed).join(" ")));
    assert.deepEqual(publicKeysOf(fromPaper), roster.members[0]!.keys);
    assert.deepEqual(
      roster.recipients.map(({ name }) => name),
      ["Paper"],
      "a recipient without its role being listed",
    );
  });

  test("person ids are never given twice, and a person who comes back with a new key keeps theirs", async () => {
    await admit("Ana");
    await admit("Bob");
    await publish();
    await publish({ removed: [2] });
    await admit("Cleo");
    assert.deepEqual(ids(await publish()), [
      [1, "Ana"],
      [3, "Cleo"],
    ]);
    const newKey = await admit("Bob");
    const back = (await invites()).find(({ name, state }) => name === "Bob" && state === "ready")!;
    const roster = await publish({ admitted: [admissionOf(back, 2)] });
    assert.deepEqual(ids(roster), [
      [1, "Ana"],
      [2, "Bob"],
      [3, "Cleo"],
    ]);
    assert.ok(equal(roster.members[1]!.keys.box, deriveMember(newKey).box.publicKey));
    await assert.rejects(publish({ admitted: [admissionOf({ ...back, keys: roster.members[0]!.keys }, 9)] }), {
      code: "format",
    });
  });

  test("readers who leave, or whose role gets no reports any more, drop out of the channels", async () => {
    await admit("Ana");
    await admit("Bob", ["counsel"]);
    const channels = [{ ...emptyDraft.channels[0]!, readers: [{ member: 1 }, { member: 2 }] }];
    await publish();
    const both = await publish({ recipientRoles: ["reviewer", "counsel"], channels });
    assert.deepEqual(both.channels[0]?.readers, [1, 2]);
    assert.deepEqual((await publish({ channels })).channels[0]?.readers, [1]);
    assert.deepEqual((await publish({ removed: [1], channels })).channels[0]?.readers, []);
  });

  test("an old join never admits a removed member again", async () => {
    await admit("Ana");
    await admit("Bob");
    await publish();
    await publish({ removed: [2] });
    assert.deepEqual(
      (await invites()).map(({ state }) => state),
      ["used", "used"],
    );
  });

  test("the loser of two signatures is told that another list came first", async () => {
    await admit("Ana");
    const { chain, logKey } = await fetchPortal(api);
    const late = nextRoster(charter, logKey!, chain, emptyDraft, "2026-11-23");
    await publish();
    await assert.rejects(publishRoster(office, late, chain), { code: "superseded" });
  });

  test("a trial stays one, and nothing else becomes one", async () => {
    await publish();
    assert.equal((await publish({ trial: true })).trial, false);
  });

  test("a session that ended is renewed with the key", async () => {
    now += 31 * 60_000;
    await createInvite(office, { name: "Ana", title: "", roles: reviewer });
    await closeOffice(office);
    assert.equal((await invites()).length, 1);
  });

  test("withdrawn is withdrawn", async () => {
    const { id, link } = await createInvite(office, { name: "Ana", title: "", roles: reviewer });
    await withdrawInvite(office, id);
    assert.deepEqual(await invites(), []);
    await assert.rejects(readInvitation(api, linkOf(link)), { code: "missing" });
    await assert.rejects(join(api, linkOf(link), generateMemberSeed(), "Ana"), { code: "missing" });
  });

  test("the second who joins with a link is refused", async () => {
    const { link } = await createInvite(office, { name: "Ana", title: "Head", roles: reviewer });
    assert.deepEqual(await readInvitation(api, linkOf(link)), {
      name: "Ana",
      title: "Head",
      roles: reviewer,
      joined: false,
    });
    await join(api, linkOf(link), generateMemberSeed(), "Ana");
    assert.equal((await readInvitation(api, linkOf(link))).joined, true);
    await assert.rejects(join(api, linkOf(link), generateMemberSeed(), "Ana"), { code: "conflict" });
  });

  test("set-up is refused with a wrong secret, and for good once a list is signed", async () => {
    const secret = await issueSetupSecret(portal.context);
    await assert.rejects(registerPortal(api, randomBytes(16), newCharter()), { code: "refused" });
    await registerPortal(api, secret, charter);
    await publish();
    await assert.rejects(registerPortal(api, secret, newCharter()), { code: "refused" });
    await assert.rejects(issueSetupSecret(portal.context), { code: "refused" });
  });

  test("another charter does not open the office", async () => {
    await assert.rejects(officeSession(api, newCharter()), { code: "refused" });
  });

  /** What a server that cheats may keep under an invitation, instead of what it was given. */
  const cheats: [what: string, cheat: (kept: Kept) => Partial<Kept> | Promise<Partial<Kept>>][] = [
    ["gives itself another role", () => ({ roles: ["reviewer", "counsel"] })],
    ["puts another name in", () => ({ name: "Mallory" })],
    ["changes the title", () => ({ title: "Chief" })],
    [
      "joins without the link's secret",
      (kept) => ({ join: sealJoin(deriveMember(generateMemberSeed()), kept.name, randomBytes(16), office.portalId) }),
    ],
    [
      "hands in a join made under another name",
      async (kept) => {
        const link = linkOf((await invites()).find(({ id }) => id === kept.id)!.link);
        return { join: sealJoin(deriveMember(generateMemberSeed()), "Mallory", link.secret, office.portalId) };
      },
    ],
    ["hands in rubbish", () => ({ join: randomBytes(1600) })],
  ];
  type Kept = { id: string; name: string; title: string; roles: string[]; join: Uint8Array | null };
  for (const [what, cheat] of cheats)
    test(`a server that ${what} is found out`, async () => {
      await admit("Ana");
      const [kept] = await portal.context.store.listInvites();
      const { store } = portal.context;
      const changed = { ...kept!, ...(await cheat(kept!)) };
      await store.deleteInvite(kept!.id);
      await store.putInvite(changed);
      if (changed.join !== null) await store.joinInvite(changed.id, changed.join);
      assert.deepEqual(
        (await invites()).map(({ state, keys }) => [state, keys]),
        [["forged", null]],
      );
    });

  test("who hands in another's keys is not admitted, and stops nobody", async () => {
    const ana = await admit("Ana");
    await admit("Bob");
    await publish();
    await admit("Copy", reviewer, ana);
    const half = { ...deriveMember(generateMemberSeed()), kem: deriveMember(ana).kem };
    const { link } = await createInvite(office, { name: "Half", title: "", roles: reviewer });
    const body = sealJoin(half, "Half", linkOf(link).secret, office.portalId);
    checkJoin(body, office.portalId);
    await portal.context.store.joinInvite(linkOf(link).id, body);
    const twin = await admit("Twin one");
    await admit("Twin two", reviewer, twin);
    const states = Object.fromEntries((await invites()).map(({ name, state }) => [name, state]));
    assert.deepEqual(states, {
      Ana: "used",
      Bob: "used",
      Copy: "used",
      Half: "forged",
      "Twin one": "forged",
      "Twin two": "forged",
    });
  });
});

describe("a trial", () => {
  before(begin);
  after(() => portal.discard());

  test("makes every key, says trial for good, and its files open with the one passphrase", async () => {
    const plan = {
      organisation: "Trial Company",
      people: [
        { name: "Robin Ödön", title: "", roles: reviewer },
        { name: "Paper", title: "", roles: ["recovery" as const] },
      ],
      recipientRoles: reviewer,
      channels: [{ id: "safety", name: "Report", questionnaire: "sb53", readerRoles: reviewer }],
      assisted: false,
    };
    const trial = makeTrial(plan);
    await registerPortal(api, await issueSetupSecret(portal.context), trial.charter);
    const trialOffice = await officeSession(api, trial.charter);
    const { logKey } = await fetchPortal(api);
    const first = nextRoster(trial.charter, logKey!, null, trial.draft, "2026-11-23");
    await publishRoster(trialOffice, first, null);
    const { chain } = await fetchPortal(api, trial.portalId);
    const { current } = chain!;
    assert.equal(current.trial, true);
    assert.deepEqual(current.channels[0]?.readers, [1]);
    assert.equal(nextRoster(trial.charter, logKey!, chain, emptyDraft, "2026-11-23").trial, true);

    const steps: string[] = [];
    const files = trialKeyFiles(trial, "one passphrase for all", (done, all) => steps.push(`${done}/${all}`));
    assert.deepEqual(steps, ["1/2", "2/2"]);
    assert.deepEqual(
      files.map(({ name }) => name),
      ["tellhaven-charter.json", "tellhaven-robin-odon.json"],
    );
    const opened = files.map(({ bytes }) => openKeyFile(bytes, "one passphrase for all"));
    assert.deepEqual(
      opened.map(({ purpose, label }) => [purpose, label]),
      [
        ["charter", "Trial Company"],
        ["member", "Robin Ödön"],
      ],
    );
    const paper = parseRecoveryWords(trialRecoveryWords(trial)!.join(" "));
    assert.deepEqual(publicKeysOf(deriveMember(paper)), current.members[1]!.keys);
  });
});

describe("links, files and days", () => {
  const id = "ab".repeat(16);
  const portalId = "cd".repeat(32);
  const secret = "A".repeat(22);
  test("an invitation's fragment is read back", () => {
    const link = parseInviteFragment(`${id}.${secret}.${portalId}`);
    assert.deepEqual([link.id, toHex(link.secret), toHex(link.portalId)], [id, "00".repeat(16), portalId]);
  });
  const malformed = ["", "a.b", `${id}.${secret}`, `${id}.${secret}.${portalId}.`, `${id}.${secret}=.${portalId}`];
  malformed.push(`${id.toUpperCase()}.${secret}.${portalId}`, `${id}.${secret}A.${portalId}`, `${id}.${secret}.${id}`);
  for (const fragment of malformed)
    test(`"${fragment.slice(0, 60)}" is no invitation`, () =>
      assert.throws(() => parseInviteFragment(fragment), { code: "format" }));

  test("a saved file is proven: this key, this passphrase, a key file at all", () => {
    const [seed, other] = [generateMemberSeed(), generateMemberSeed()];
    const bytes = utf8(memberKeyFile(seed, "twelve letters", "Ana", fromHex(portalId)));
    proveKeyFile(bytes, "twelve letters", seed);
    assert.throws(() => proveKeyFile(bytes, "twelve letters", other), { code: "conflict" });
    assert.throws(() => proveKeyFile(bytes, "other letters", seed), { code: "forged" });
    assert.throws(() => proveKeyFile(utf8("%PDF"), "twelve letters", seed), PortalError);
  });

  for (const [name, file] of [
    ["Ana Ödön", "tellhaven-ana-odon.json"],
    ["../../etc/passwd", "tellhaven-etc-passwd.json"],
    ["王小明", "tellhaven-member.json"],
  ] as const)
    test(`${name}'s key file is ${file}`, () => assert.equal(keyFileName(name), file));

  for (const [day, then] of [
    ["2026-11-23", "2027-11-23"],
    ["2028-02-29", "2029-03-01"],
  ] as const)
    test(`a year after ${day} is ${then}`, () => assert.equal(yearAfter(day), then));
});
