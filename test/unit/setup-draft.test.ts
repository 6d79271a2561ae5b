/** What the charter page decides before anything is signed; and the passphrase rule. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { InviteShown, MemberShown, OfficeView } from "../../views/browser/setup/acts.ts";
import {
  adviceOf,
  beginDraft,
  changesOf,
  freshChannelId,
  offerReaders,
  peopleOf,
  refName,
  toChoice,
} from "../../views/browser/setup/draft.ts";
import { isStrongEnough } from "../../views/browser/setup/passphrase.ts";

const invited = (
  id: string,
  role: InviteShown["roles"][number],
  state: InviteShown["state"] = "ready",
): InviteShown => ({
  id,
  name: id,
  title: "",
  roles: [role],
  link: "",
  state,
});
const member = (id: number, role: MemberShown["roles"][number]): MemberShown => ({
  id,
  name: `m${id}`,
  title: "",
  roles: [role],
});

const fresh: OfficeView = { organisation: "Acme", fingerprint: [], roster: null, former: [], invites: [] };
const running: OfficeView = {
  ...fresh,
  roster: {
    epoch: 3,
    organisation: "Acme",
    issued: "2026-01-01",
    expires: "2027-01-01",
    daysLeft: 10,
    trial: false,
    assisted: false,
    approval: false,
    recipientRoles: ["reviewer"],
    members: [member(1, "reviewer"), member(2, "reviewer"), member(4, "recovery")],
    channels: [{ id: "channel-1", name: "Report", questionnaire: "sb53", readers: [1, 2] }],
  },
  former: [{ id: 3, name: "Gone" }],
};

describe("the charter page's draft", () => {
  test("a new portal begins with one channel, read by reviewers, counsel and the outside recipient who joined", () => {
    const invites = [
      invited("a", "reviewer"),
      invited("b", "counsel"),
      invited("c", "ombuds"),
      invited("d", "reviewer", "waiting"),
      invited("e", "director"),
    ];
    const choice = toChoice(beginDraft({ ...fresh, invites }, "Report"), { ...fresh, invites });
    assert.deepEqual(choice.channels[0]?.readers, [{ invite: "a" }, { invite: "b" }, { invite: "c" }]);
    assert.deepEqual(
      choice.admitted.map(({ invite }) => invite),
      ["a", "b", "c", "e"],
    );
  });

  test("who was unticked once is not ticked again by looking again", () => {
    const view = { ...fresh, invites: [invited("a", "reviewer")] };
    const draft = beginDraft(view, "Report");
    draft.channels[0]?.readers.delete(refName({ invite: "a" }));
    offerReaders(draft, view);
    assert.deepEqual(toChoice(draft, view).channels[0]?.readers, []);
  });

  test("a running portal's draft is its roster; who leaves reads no more, who comes back stands once", () => {
    const view = { ...running, invites: [invited("x", "reviewer")] };
    const draft = beginDraft(view, "unused");
    draft.removed.add(2);
    draft.persons.set("x", 1);
    assert.deepEqual(
      peopleOf(draft, view).map(({ ref }) => refName(ref)),
      ["m4", "ix"],
    );
    const choice = toChoice(draft, view);
    assert.deepEqual(choice.admitted, [{ invite: "x", person: 1 }]);
    assert.deepEqual(choice.channels[0]?.readers, [{ invite: "x" }]);
    assert.equal(choice.assisted, false);
  });

  test("a channel id is never given twice", () => {
    const draft = beginDraft(fresh, "Report");
    draft.channels.push({ id: "channel-2", name: "", questionnaire: "general", readers: new Set() });
    draft.channels.shift();
    assert.equal(freshChannelId(draft), "channel-3");
  });

  test("advice: outside recipient, paper, two reviewers", () => {
    assert.deepEqual(adviceOf(peopleOf(beginDraft(running, ""), running)), {
      outside: false,
      paper: true,
      reviewers: true,
    });
  });

  test("changes are named; no change is none", () => {
    const draft = beginDraft(running, "");
    const { roster } = running;
    const same = { ...roster!, settings: { assisted: false } } as unknown as Parameters<typeof changesOf>[2];
    assert.deepEqual(changesOf(running, draft, same), []);
    draft.persons.set("x", 3);
    const next = {
      ...same,
      members: [member(1, "reviewer"), member(3, "reviewer"), member(5, "reviewer")],
      settings: { assisted: true },
      organisation: "Other",
      recipientRoles: ["reviewer" as const, "counsel" as const],
      channels: [],
    };
    assert.deepEqual(
      changesOf(running, draft, next).map(({ key, name }) => `${key} ${name ?? ""}`.trim()),
      ["returns m3", "joins m5", "leaves m2", "leaves m4", "channels", "recipients", "organisation", "assisted"],
    );
    assert.deepEqual(changesOf(fresh, beginDraft(fresh, ""), next), []);
  });
});

describe("the passphrase rule", () => {
  for (const [passphrase, strong] of [
    ["elevenchars", false],
    ["twelve chars", true],
    ["aaaaaaaaaaaaaaaa", false],
    ["one two six ten cat", true],
    ["a b c d e", false],
    ["密码密码密码密码密码密码", false],
    ["十二個字以上的密碼很安全喔", true],
  ] as const)
    test(`"${passphrase}" is ${strong ? "taken" : "refused"}`, () => assert.equal(isStrongEnough(passphrase), strong));
});
