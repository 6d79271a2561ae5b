/** Several holds on one case, from the acts that readers signed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActDraft } from "../../views/browser/client/case-acts.ts";
import { holdsOf, isHeldBy } from "../../views/browser/client/holds.ts";

const [a, b] = ["aa".repeat(8), "bb".repeat(8)];
const put = (id: string | undefined, matter = "", more: Partial<ActDraft<"hold">> = {}): ActDraft => ({
  act: "hold",
  on: true,
  ...(id === undefined ? {} : { id, matter }),
  reason: "put",
  ...more,
});
const release = (id?: string): ActDraft => ({
  act: "hold",
  on: false,
  ...(id === undefined ? {} : { id }),
  dated: "2026-12-01",
  reason: "released",
});
const note = null;

for (const [what, acts, on, over] of [
  ["nothing", [note], [], []],
  ["the old single hold", [put(undefined)], [null], []],
  ["the old one lifted", [put(undefined), release()], [], [null]],
  ["two matters", [put(a), put(b)], [a, b], []],
  ["the first released, the second stays", [put(a), note, put(b), release(a)], [b], [a]],
  ["both released", [put(a), put(b), release(b), release(a)], [], [a, b]],
  ["the old one and one with an id are two", [put(undefined), put(a), release()], [a], [null]],
  ["releasing the one with an id leaves the old one", [put(undefined), put(a), release(a)], [null], [a]],
  ["put on again after its release", [put(a), release(a), put(a)], [a], []],
  ["a release of what was never put on", [release(a)], [], []],
  ["a release without an id frees no matter", [put(a), release()], [a], []],
] as [string, (ActDraft | null)[], (string | null)[], (string | null)[]][])
  test(what, () => {
    const entries = acts.map((act) => ({ author: 1, act }));
    const holds = holdsOf(entries);
    assert.deepEqual(
      holds.filter(({ released }) => released === null).map(({ id }) => id),
      on,
    );
    assert.deepEqual(
      holds.filter(({ released }) => released !== null).map(({ id }) => id),
      over,
    );
    assert.equal(isHeldBy(entries), on.length > 0);
  });

test("a hold says its matter, scope, day, reason and by whom; its release likewise, and the first release counts", () => {
  const first = put(a, "Court of Oakland", { scope: "Mailbox of the plant", dated: "2026-11-30" });
  const changed = put(a, "Court of Oakland, 24-1", { scope: "Mailboxes", dated: "2026-11-29", reason: "wider" });
  const entries = [first, changed, release(a), { ...release(a), reason: "again" } as ActDraft].map((act, i) => ({
    author: `person ${String(i)}`,
    act,
  }));
  assert.deepEqual(holdsOf(entries), [
    {
      id: a,
      matter: "Court of Oakland, 24-1",
      scope: "Mailboxes",
      from: "2026-11-29",
      reason: "wider",
      by: "person 1",
      released: { on: "2026-12-01", reason: "released", by: "person 2" },
    },
  ]);
});
