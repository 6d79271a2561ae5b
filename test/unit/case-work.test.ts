/** What the acts of a reviewer's day add up to: the newest of each thing, by readers, in their order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { taskStates } from "../../crypto/work-acts.ts";
import type { ActDraft } from "../../views/browser/client/case-acts.ts";
import { timelineOf } from "../../views/browser/client/case-timeline.ts";
import type { EntryView } from "../../views/browser/client/case-view.ts";
import { callsTo, mentionsOf, workOf, type WorkView } from "../../views/browser/client/case-work.ts";
import { nextCheckIn } from "../../views/browser/client/check-ins.ts";
import type { OpenCase } from "../../views/browser/client/casework.ts";
import { daysUntil, nearnessOf } from "../../views/browser/console/casework/days.ts";
import { findCall, namesThatFit } from "../../views/browser/console/casework/mentions.ts";
import { proposedDays } from "../../views/browser/console/casework/view-check-ins.ts";
import { orderTasks } from "../../views/browser/console/casework/view-tasks.ts";
import { makeCaseKey } from "../support/fixtures.ts";

const conversation = { seq: 0, hash: "00".repeat(32) };
type Said = { by: number } & ({ act: ActDraft } | { mentions: number[] });

/** As a case is once it was opened and verified: of that only what acts are read from. */
function opened(said: readonly Said[], readers = [1, 2, 6]): OpenCase {
  const entries = said.map((each, i) => {
    const placed = { seq: i + 1, author: each.by };
    if ("act" in each) return { ...placed, kind: "act", content: { ...each.act, conversation } };
    return { ...placed, kind: "note", content: { text: "Look", files: [], mentions: each.mentions, conversation } };
  });
  const team = { state: "open", entries, audience: readers };
  const caseId = new Uint8Array(32);
  return {
    team,
    readers,
    caseId,
    held: { caseKeys: [makeCaseKey()] },
    lookup: { reportSummary: "" },
  } as unknown as OpenCase;
}

const entriesOf = ({ team }: OpenCase): unknown[] => (team.state === "open" ? team.entries : []);

const worked = (...acts: (ActDraft | [number, ActDraft])[]): WorkView =>
  workOf(opened(acts.map((act) => (Array.isArray(act) ? { by: act[0], act: act[1] } : { by: 1, act }))));

const task = (id: string, text: string, more: Partial<ActDraft<"task">> = {}): ActDraft<"task"> => {
  return { act: "task", id: id.repeat(8), text, to: null, due: null, state: "open", ...more };
};
const assign = (to: number | null): ActDraft => ({ act: "assign", to, reason: "" });
const tag = (name: string, on = true): ActDraft => ({ act: "tag", tag: name, on });
const link = (id: string, on = true): ActDraft => ({ act: "link", case: id.repeat(32), on, reason: "same press" });
const closed: ActDraft = { act: "status", phase: "closed", disposition: "referred", reason: "r" };
const reopened: ActDraft = { act: "status", phase: "open", disposition: null, reason: "r" };
const plan = (...days: string[]): ActDraft => ({ act: "checkIns", days });
const checkIn = (day: string, outcome: "asked" | "quiet" | "retaliation"): ActDraft => {
  return { act: "checkIn", day, on: "2027-01-04", outcome, reason: "" };
};

const table: [what: string, acts: (ActDraft | [number, ActDraft])[], is: Partial<WorkView>][] = [
  [
    "nobody works on a new case",
    [],
    { assignee: null, severity: null, tags: [], muted: false, checkInsPlanned: false },
  ],
  ["the newest assignment counts", [assign(1), assign(2)], { assignee: 2 }],
  ["an assignment can be taken back", [assign(1), assign(null)], { assignee: null }],
  ["who is no reader is not assigned", [assign(1), assign(9)], { assignee: null }],
  [
    "the newest title and category count",
    [
      { act: "describe", title: "Press 4", category: "safety" },
      { act: "describe", title: "Press 4 and 5", category: "csi-1" },
    ],
    { title: "Press 4 and 5", category: "csi-1" },
  ],
  [
    "the newest word on how serious it is counts",
    [
      { act: "severity", level: "low", reason: "r" },
      { act: "severity", level: "critical", reason: "r" },
    ],
    { severity: "critical" },
  ],
  [
    "tags of two people stay both",
    [
      [1, tag("press")],
      [2, tag("night shift")],
    ],
    { tags: ["press", "night shift"] },
  ],
  ["a tag that was taken off is gone", [tag("press"), tag("b"), tag("press", false)], { tags: ["b"] }],
  ["a tag put on twice is there once", [tag("press"), tag("press")], { tags: ["press"] }],
  ["a tag that was never on comes off without harm", [tag("press", false)], { tags: [] }],
  [
    "a mailbox is muted and heard again",
    [
      { act: "mute", on: true, reason: "" },
      { act: "mute", on: false, reason: "" },
    ],
    { muted: false },
  ],
  [
    "planning marks that it was planned, with no day as well",
    [closed, plan()],
    { checkIns: [], checkInsPlanned: true },
  ],
  [
    "opening again asks for a plan at the next closing",
    [closed, plan("2027-01-02"), reopened, closed],
    { checkInsPlanned: false },
  ],
  [
    "planning anew keeps what was done, and drops what was not",
    [plan("2027-01-02", "2027-03-02"), checkIn("2027-01-02", "quiet"), plan("2027-04-02")],
    {
      checkIns: [
        { day: "2027-01-02", done: { on: "2027-01-04", outcome: "quiet", reason: "", by: 1 } },
        { day: "2027-04-02", done: null },
      ],
    },
  ],
  [
    "what the reporter answered later counts",
    [plan("2027-01-02"), checkIn("2027-01-02", "asked"), [2, checkIn("2027-01-02", "retaliation")]],
    { checkIns: [{ day: "2027-01-02", done: { on: "2027-01-04", outcome: "retaliation", reason: "", by: 2 } }] },
  ],
  [
    "check-ins stand by day",
    [plan("2027-03-02", "2027-01-02")],
    { checkIns: ["2027-01-02", "2027-03-02"].map((day) => ({ day, done: null })) },
  ],
  [
    "the newest declaration of each person counts",
    [
      [1, { act: "conflict", has: false, reason: "" }],
      [2, { act: "conflict", has: false, reason: "" }],
      [1, { act: "conflict", has: true, reason: "" }],
    ],
    {
      conflicts: [
        { person: 1, has: true },
        { person: 2, has: false },
      ],
    },
  ],
];

for (const [what, acts, is] of table)
  test(what, () => {
    const work = worked(...acts);
    for (const [key, value] of Object.entries(is)) assert.deepEqual(work[key as keyof WorkView], value, key);
  });

test("a task is changed under its id; who is no reader does none", () => {
  const { tasks } = worked(task("aa", "Call"), task("bb", "Write", { to: 9 }), [
    2,
    task("aa", "Call at noon", { to: 6, state: "done" }),
  ]);
  assert.deepEqual(
    tasks.map(({ text, to, state, by, seq }) => [text, to, state, by, seq]),
    [
      ["Call at noon", 6, "done", 2, 3],
      ["Write", null, "open", 1, 2],
    ],
  );
});

test("a link is there until it is taken away, by the case's name", () => {
  const { links } = worked(link("aa"), link("bb"), link("aa", false));
  assert.equal(links.length, 1);
  assert.equal(links[0]!.caseId, "bb".repeat(32));
  assert.match(links[0]!.name, /^[a-z]+-[a-z]+-\d+$/);
});

test("the next check-in is the first that nobody dealt with", () => {
  assert.equal(nextCheckIn(worked(plan("2027-03-02", "2027-01-02"))), "2027-01-02");
  assert.equal(nextCheckIn(worked(plan("2027-03-02", "2027-01-02"), checkIn("2027-01-02", "asked"))), "2027-03-02");
  assert.equal(nextCheckIn(worked(plan())), null);
});

test("acts about different things can be written in any order", () => {
  const acts = [assign(2), tag("a"), tag("b"), task("aa", "Call"), plan("2027-01-02"), link("cc")] as const;
  const sorted = ({ tags, ...work }: WorkView) => ({
    ...work,
    tags: tags.toSorted(),
    tasks: work.tasks.map((each) => ({ ...each, seq: 0 })),
    links: work.links.map((each) => ({ ...each, seq: 0 })),
  });
  fc.assert(
    fc.property(fc.shuffledSubarray([...acts], { minLength: acts.length }), (order) =>
      assert.deepEqual(sorted(worked(...order)), sorted(worked(...acts))),
    ),
  );
});

test("a note calls until the one who is called writes something", () => {
  const called = opened([
    { by: 1, mentions: [2] },
    { by: 6, mentions: [2, 1] },
  ]);
  assert.deepEqual(mentionsOf(called, 2), [1, 2]);
  assert.deepEqual(callsTo(called, 2), [1, 2]);
  assert.deepEqual(callsTo(called, 6), []);
  const since = opened([
    { by: 1, mentions: [2] },
    { by: 2, act: tag("seen") },
    { by: 6, mentions: [2] },
  ]);
  assert.deepEqual(mentionsOf(since, 2), [1, 3]);
  assert.deepEqual(callsTo(since, 2), [3]);
});

test("a call waits although the one who is called said since that they have no conflict, or made new keys", () => {
  const noConflict: ActDraft = { act: "conflict", has: false, reason: "" };
  const called = opened([
    { by: 1, mentions: [2] },
    { by: 2, act: noConflict },
  ]);
  assert.deepEqual(callsTo(called, 2), [1]);
  const rekeyed = { seq: 3, author: 2, kind: "rekey" };
  const renewed = { ...called, team: { ...called.team, entries: [...entriesOf(called), rekeyed] } };
  assert.deepEqual(callsTo(renewed as unknown as OpenCase, 2), [1]);
});

test("tasks: open before over, one's own first, what is due first, then as they came", () => {
  const { tasks } = worked(
    task("01", "over", { state: "done", due: "2026-01-01" }),
    task("02", "never due"),
    task("03", "due later", { due: "2027-02-01" }),
    task("04", "mine", { to: 2, due: "2027-05-01" }),
    task("05", "due first", { due: "2027-01-01", to: 1 }),
    task("06", "mine, sooner", { to: 2, due: "2027-04-01" }),
  );
  assert.deepEqual(
    orderTasks(tasks, 2).map(({ text }) => text),
    ["mine, sooner", "mine", "due first", "due later", "never due", "over"],
  );
  assert.deepEqual(orderTasks(tasks, null).at(-1)!.text, "over");
  assert.equal(taskStates.length, 3);
});

test("days are told by how far they are", () => {
  for (const [day, days, nearness] of [
    ["2027-01-01", -1, "late"],
    ["2027-01-02", 0, "soon"],
    ["2027-01-09", 7, "soon"],
    ["2027-01-10", 8, "later"],
  ] as const) {
    assert.equal(daysUntil(day, "2027-01-02"), days);
    assert.equal(nearnessOf(day, "2027-01-02"), nearness);
  }
});

test("check-ins are proposed 30, 90 and 180 days after closing, and none that is over", () => {
  assert.deepEqual(proposedDays("2027-01-01", "2027-01-01"), ["2027-01-31", "2027-04-01", "2027-06-30"]);
  assert.deepEqual(proposedDays("2027-01-01", "2027-04-01"), ["2027-06-30"]);
  assert.deepEqual(proposedDays("2027-13-01", "2027-04-01"), []);
});

for (const [text, found] of [
  ["@", { from: 0, typed: "" }],
  ["Ask @ni", { from: 4, typed: "ni" }],
  ["Ask (@ni", { from: 5, typed: "ni" }],
  ["Ask\n@Nia N", { from: 4, typed: "Nia N" }],
  ["write to me@ni", null],
  ["@nia\nand", null],
  ["nobody", null],
  [`@${"n".repeat(60)}`, null],
] as const)
  test(`${JSON.stringify(text)} ${found === null ? "calls nobody" : "begins a name"}`, () =>
    assert.deepEqual(findCall(text, text.length), found));

test("a name fits by its beginning or a word of it", () => {
  const people = ["Rosa Reviewer", "Nia New", "Ana Rossi"].map((name) => ({ name }));
  const fit = (typed: string): string[] => namesThatFit(people, typed).map(({ name }) => name);
  assert.deepEqual(fit("ros"), ["Rosa Reviewer", "Ana Rossi"]);
  assert.deepEqual(fit("NIA N"), ["Nia New"]);
  assert.deepEqual(
    fit(""),
    people.map(({ name }) => name),
  );
  assert.deepEqual(fit("x"), []);
});

const entry = (kind: EntryView["kind"], seq: number, more: Partial<EntryView> = {}): EntryView =>
  ({ kind, seq, day: null, act: null, after: null, ...more }) as EntryView;

test("the timeline puts notes behind the newest message that their writer had before them", () => {
  const items = timelineOf({
    report: { day: "2027-01-01" },
    conversation: [entry("message", 1), entry("reply", 2, { day: "2027-01-03" }), entry("message", 3)],
    team: {
      state: "open",
      entries: [
        entry("team", 0, { after: 0 }),
        entry("note", 1, { after: 2 }),
        // Written by a device that had less: its place in the stream still is behind the note.
        entry("act", 2, { after: 1, act: { act: "assess", on: "2027-01-04", conversation } }),
        entry("damaged", 3),
      ],
    },
  } as unknown as Parameters<typeof timelineOf>[0]);
  assert.deepEqual(
    items.map(({ stream, entry: of, kind, day }) => [stream, of?.seq ?? null, kind, day]),
    [
      [0, null, "messages", "2027-01-01"],
      [1, 0, "keys", null],
      [0, 1, "messages", null],
      [0, 2, "messages", "2027-01-03"],
      [1, 1, "notes", null],
      [1, 2, "acts", "2027-01-04"],
      [1, 3, "notes", null],
      [0, 3, "messages", null],
    ],
  );
});
