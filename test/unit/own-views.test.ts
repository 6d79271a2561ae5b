/** A member's own views on their device: readable with their keys at this portal, and nothing otherwise. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../../crypto/bytes.ts";
import { sealForCache } from "../../views/browser/client/key-cache.ts";
import { openViews, sealViews, viewsPurpose } from "../../views/browser/client/own-views.ts";
import {
  longestViewName,
  mergeViews,
  mostViews,
  noViews,
  type OwnViews,
} from "../../views/browser/console/queue/saved-views.ts";
import { seedFor } from "../support/fixtures.ts";

const [mine, theirs, here, elsewhere] = ["mine", "theirs", "here", "elsewhere"].map(seedFor) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const own: OwnViews = {
  views: [
    {
      id: "0123456789abcdef",
      name: "Rossi's plant",
      query: { text: "rossi", chosen: { tag: ["north"], assignee: ["me", "7"] }, order: "severity" },
    },
  ],
  first: "0123456789abcdef",
  letters: false,
};

const keys = { cache: mine, portalId: here };
const sealed = sealViews(keys, own);

test("what was kept comes back", () => assert.deepEqual(openViews(keys, sealed), own));

test("the bytes say nothing, not even how many views there are", () => {
  assert.ok(!Buffer.from(sealed).toString("latin1").includes("ossi"));
  assert.equal(sealed.length, sealViews(keys, noViews).length);
});

const changed = sealed.slice();
changed[50]! ^= 1;
for (const [what, open] of [
  ["nothing kept", () => openViews(keys, null)],
  ["another member", () => openViews({ ...keys, cache: theirs }, sealed)],
  ["another portal", () => openViews({ ...keys, portalId: elsewhere }, sealed)],
  ["a bit changed", () => openViews(keys, changed)],
  ["cut short", () => openViews(keys, sealed.slice(0, -8))],
  ["keys that are kept the same way", () => openViews(keys, sealForCache(new Uint8Array(90), keys, "keys"))],
  ["something else under the same purpose", () => openViews(keys, sealForCache(utf8("{}"), keys, viewsPurpose))],
] as const)
  test(`${what}: no views, and no error`, () => assert.deepEqual(open(), noViews));

for (const [what, wrong] of [
  ["a name that is too long", { ...own, views: [{ ...own.views[0]!, name: "x".repeat(longestViewName + 1) }] }],
  ["too many", { ...own, views: Array.from({ length: mostViews + 1 }, () => own.views[0]!) }],
] as const)
  test(`${what} is refused before it is kept`, () => assert.throws(() => sealViews(keys, wrong), { code: "format" }));

const view = (id: string): OwnViews["views"][number] => ({ ...own.views[0]!, id });
const views = (...ids: string[]): OwnViews => ({ ...noViews, views: ids.map(view) });
for (const [what, was, now, kept, is] of [
  ["one kept in each window: both stay", views(), views("b"), views("a"), views("a", "b")],
  ["one taken out here stays out, one kept there stays", views("a"), views(), views("a", "b"), views("b")],
  ["one taken out there does not come back", views("a"), views("a", "b"), views(), views("b")],
  [
    "how letters work is kept with what came there",
    noViews,
    { ...noViews, letters: false },
    views("a"),
    { ...views("a"), letters: false },
  ],
  [
    "the first one of the other window stays",
    views("a"),
    views("a", "b"),
    { ...views("a"), first: "a" },
    { ...views("a", "b"), first: "a" },
  ],
  ["one that is gone comes first nowhere", views("a"), { ...views("a"), first: "a" }, views(), noViews],
] as [string, OwnViews, OwnViews, OwnViews, OwnViews][])
  test(`two windows: ${what}`, () => assert.deepEqual(mergeViews(was, now, kept), is));

test("two windows keep no more than a device takes", () => {
  const ids = Array.from({ length: mostViews }, (_, i) => `v${String(i)}`);
  const merged = mergeViews(noViews, views("new"), views(...ids));
  assert.deepEqual([merged.views.length, merged.views.at(-1)!.id], [mostViews, "new"]);
});
