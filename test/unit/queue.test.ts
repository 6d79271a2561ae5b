/** The list of cases: what comes first, what fits a filter, what each choice would show, and that 10,000 are quick. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { severities } from "../../crypto/work-acts.ts";
import { dayOf, textOfDay } from "../../data/policy/update-date.ts";
import type { CaseListing } from "../../views/browser/client/listing.ts";
import {
  dueOf,
  facets,
  lookingAt,
  needsMe,
  newMessages,
  statusOf,
  valuesOf,
} from "../../views/browser/console/queue/facets.ts";
import {
  countOf,
  emptyQuery,
  filter,
  orders,
  pageNumbers,
  pageOf,
  pageRows,
  sort,
  type Query,
} from "../../views/browser/console/queue/queue.ts";
import { builtInViews, chosenOf, noViews, queryOf, toggled } from "../../views/browser/console/queue/saved-views.ts";

const today = "2026-11-30";
const looking = lookingAt(1, today);
const words = { lang: "en", category: (category: string) => category };

const plain: CaseListing = {
  caseId: "00".repeat(32),
  name: "still-ledge-7554",
  gate: "cleared",
  title: "Forged time sheets",
  category: "fraud",
  channel: "general",
  language: "en",
  phase: "open",
  disposition: null,
  receivedOn: "2026-11-01",
  hold: false,
  remindOn: null,
  deleteOn: null,
  heardOn: null,
  urgent: false,
  assisted: false,
  conversationLength: 1,
  teamLength: 1,
  unread: 0,
  assignee: null,
  severity: null,
  tags: [],
  muted: false,
  teamDamaged: false,
};
let made = 0;
const listing = (of: Partial<CaseListing> = {}): CaseListing => {
  made += 1;
  return { ...plain, caseId: made.toString(16).padStart(64, "0"), ...of };
};

/** As shown() leaves it: nothing but name, category, day, date and phase. */
const undeclared = (of: Partial<CaseListing> = {}): CaseListing =>
  listing({ gate: "undeclared", title: "", channel: "", language: "", ...of });

const day = fc.integer({ min: -40, max: 40 }).map((days) => textOfDay(dayOf(today)! + days));
const anyListing: fc.Arbitrary<CaseListing> = fc
  .record({
    name: fc.constantFrom("a-b-1", "c-d-2", "e-f-3"),
    gate: fc.constantFrom("cleared" as const, "undeclared" as const),
    category: fc.constantFrom("", "fraud", "safety"),
    phase: fc.constantFrom("received" as const, "open" as const, "closed" as const),
    disposition: fc.constantFrom(null, "spam", "withdrawn"),
    receivedOn: day,
    remindOn: fc.option(day),
    deleteOn: fc.option(day),
    urgent: fc.boolean(),
    hold: fc.boolean(),
    muted: fc.boolean(),
    unread: fc.nat(2),
    assignee: fc.option(fc.integer({ min: 1, max: 3 })),
    severity: fc.option(fc.constantFrom(...severities)),
    tags: fc.subarray(["north", "south"]),
  })
  .map((of) => (of.gate === "cleared" ? listing(of) : undeclared({ ...of, ...nothingTold })));
const nothingTold = {
  disposition: null,
  deleteOn: null,
  urgent: false,
  hold: false,
  muted: false,
  unread: 0,
  assignee: null,
  severity: null,
  tags: [],
};

describe("what is due", () => {
  for (const [remindOn, due] of [
    ["2026-11-29", "overdue"],
    ["2026-11-30", "soon"],
    ["2026-12-03", "soon"],
    ["2026-12-04", "later"],
    [null, "none"],
  ] as const)
    test(`on ${remindOn ?? "no day"}: ${due}`, () => assert.equal(dueOf({ remindOn }, looking), due));
});

describe("the order", () => {
  const ofNames = (rows: readonly CaseListing[]): string[] => rows.map(({ name }) => name);

  test("overdue first, urgent first within a day, the longest waiting next, closed ones and spam last", () => {
    const inOrder = [
      listing({ name: "overdue for long", remindOn: "2026-10-01" }),
      listing({ name: "overdue", remindOn: "2026-11-29" }),
      listing({ name: "today, urgent", remindOn: today, urgent: true }),
      listing({ name: "today, waits long", remindOn: today, receivedOn: "2026-10-30" }),
      listing({ name: "today", remindOn: today }),
      undeclared({ name: "tomorrow", remindOn: "2026-12-01", phase: "received" }),
      listing({ name: "closed, and still owes a report", phase: "closed", remindOn: "2026-12-20" }),
      listing({ name: "nothing due" }),
      listing({ name: "closed", phase: "closed", disposition: "withdrawn" }),
      listing({ name: "spam", phase: "closed", disposition: "spam" }),
    ];
    assert.deepEqual(ofNames(sort(inOrder.toReversed(), "due", words)), ofNames(inOrder));
  });

  for (const [order, names] of [
    ["newest", ["new", "old"]],
    ["category", ["old", "new"]],
    ["severity", ["new", "old"]],
  ] as const)
    test(`by ${order}`, () => {
      const rows = [
        listing({ name: "old", receivedOn: "2026-10-01", category: "aa", remindOn: today, severity: "low" }),
        listing({ name: "new", receivedOn: "2026-11-01", category: "bb", severity: "high" }),
      ];
      assert.deepEqual(ofNames(sort(rows, order, words)), names);
    });

  test("categories go by their words, in the reader's alphabet; none comes last", () => {
    const said = { lang: "de", category: (id: string) => ({ a: "Zoll", b: "Ärger", c: "Betrug" })[id] ?? "" };
    const rows = ["a", "", "b", "c"].map((category) => listing({ category, name: category }));
    assert.deepEqual(ofNames(sort(rows, "category", said)), ["b", "c", "a", ""]);
  });

  test("any order keeps every case once, and does not depend on what order they came in", () => {
    fc.assert(
      fc.property(fc.array(anyListing, { maxLength: 30 }), fc.constantFrom(...orders), (rows, order) => {
        const sorted = sort(rows, order, words);
        assert.deepEqual(new Set(sorted), new Set(rows));
        assert.equal(sorted.length, rows.length);
        assert.deepEqual(sort(rows.toReversed(), order, words), sorted);
      }),
    );
  });
});

describe("filters", () => {
  const all = [
    listing({ title: "Gefälschte Rechnung", assignee: 1, tags: ["north"], unread: 2, urgent: true }),
    listing({ title: "Noise", assignee: 2, muted: true, unread: 3, hold: true }),
    listing({ title: "Old", phase: "closed", disposition: "withdrawn", deleteOn: "2027-01-01" }),
    listing({ title: "Watches", phase: "closed", disposition: "spam", deleteOn: "2026-12-30" }),
    undeclared({ phase: "received", remindOn: "2026-12-01" }),
    undeclared({ phase: "closed" }),
  ];
  const shown = (query: Partial<Query>): number[] =>
    filter(all, { ...emptyQuery, ...query }, looking).rows.map((row) => all.indexOf(row));

  for (const [what, query, rows] of [
    ["nothing", {}, [0, 1, 2, 3, 4, 5]],
    ["a word of a title, without its accent", { text: "gefalschte  RECH" }, [0]],
    ["two words that no case has together", { text: "noise old" }, []],
    ["a name", { text: "ledge" }, [0, 1, 2, 3, 4, 5]],
    ["me", { chosen: { assignee: ["me"] } }, [0]],
    ["me or somebody else", { chosen: { assignee: ["me", "2"] } }, [0, 1]],
    ["nobody, which nobody knows of a case that was not opened", { chosen: { assignee: ["nobody"] } }, [2, 3]],
    ["new messages, of muted mailboxes not", { chosen: { mark: ["unread"] } }, [0]],
    ["two marks at once", { chosen: { mark: ["unread", "urgent"] } }, [0]],
    ["two marks that no case has together", { chosen: { mark: ["unread", "hold"] } }, []],
    ["spam", { chosen: { status: ["spam"] } }, [3]],
    ["closed, not as spam", { chosen: { status: ["closed"] } }, [2, 5]],
    ["not opened by me yet, and still to be done", { chosen: { status: ["undeclared"] } }, [4]],
    ["a tag and a person", { chosen: { tag: ["north"], assignee: ["2"] } }, []],
    ["an empty choice", { chosen: { tag: [] } }, [0, 1, 2, 3, 4, 5]],
  ] as [string, Partial<Query>, number[]][])
    test(`${what}: ${rows.length}`, () => assert.deepEqual(shown(query), rows));

  test("how many fit is counted as they are found", () => {
    fc.assert(
      fc.property(fc.array(anyListing, { maxLength: 25 }), fc.constantFrom(...builtInViews), (listings, view) => {
        const query = queryOf(view, noViews)!;
        assert.equal(countOf(listings, query, looking), filter(listings, query, looking).rows.length);
      }),
    );
  });

  for (const [view, rows] of Object.entries({
    all: [0, 1, 2, 3, 4, 5],
    today: [0, 4],
    mine: [0],
    nobody: [],
    new: [4],
    going: [2, 3],
    spam: [3],
  }))
    test(`the view "${view}"`, () => assert.deepEqual(shown(queryOf(view, noViews)!), rows));

  test("a count is what the choice alone would show beside all other facets", () => {
    fc.assert(
      fc.property(
        fc.array(anyListing, { maxLength: 25 }),
        fc.record({ status: fc.subarray(["open", "spam"]), tag: fc.subarray(["north"]) }),
        (listings, chosen) => {
          const { counts } = filter(listings, { ...emptyQuery, chosen }, looking);
          for (const facet of facets.filter((each) => each !== "mark"))
            for (const [value, count] of counts[facet]) {
              const alone = { ...emptyQuery, chosen: { ...chosen, [facet]: [value] } };
              assert.equal(filter(listings, alone, looking).rows.length, count, `${facet} ${value}`);
            }
        },
      ),
    );
  });

  test("nothing of a case that was not opened is told by a filter, but its status, category and date", () => {
    fc.assert(
      fc.property(anyListing, (each) => {
        if (each.gate === "cleared") return;
        for (const facet of ["assignee", "severity", "channel", "language", "tag"] as const)
          assert.deepEqual(valuesOf(each, facet, looking), []);
        assert.ok(["undeclared", "closed"].includes(statusOf(each)));
      }),
    );
  });

  test("new messages of a muted mailbox call nobody", () => {
    const noisy = listing({ muted: true, unread: 7, remindOn: null });
    assert.equal(newMessages(noisy), 0);
    assert.equal(needsMe(noisy, looking), false);
    assert.equal(needsMe({ ...noisy, muted: false }, looking), true);
    assert.equal(needsMe({ ...noisy, remindOn: today }, looking), true, "a date set by law still does");
  });

  test("what somebody else works on does not need me, and neither does spam", () => {
    assert.equal(needsMe(listing({ remindOn: today, assignee: 2 }), looking), false);
    assert.equal(needsMe(listing({ remindOn: today, assignee: 1 }), looking), true);
    assert.equal(needsMe(listing({ unread: 1, phase: "closed", disposition: "spam" }), looking), false);
  });
});

describe("views and choices", () => {
  test("every built-in view asks something of its own", () => {
    const asked = builtInViews.map((id) => JSON.stringify(queryOf(id, noViews)));
    assert.equal(new Set(asked).size, builtInViews.length);
    assert.equal(queryOf("gone", noViews), null);
  });

  test("choosing twice takes the choice back, and what is chosen is listed by facet", () => {
    const once = toggled(toggled(emptyQuery, "tag", "north"), "due", "soon");
    assert.deepEqual(chosenOf(once), [
      { facet: "due", value: "soon" },
      { facet: "tag", value: "north" },
    ]);
    assert.deepEqual(chosenOf(toggled(toggled(once, "tag", "north"), "due", "soon")), []);
  });
});

describe("pages", () => {
  const rows = Array.from({ length: 2 * pageRows + 1 }, () => listing());
  for (const [wanted, page, length] of [
    [-3, 0, pageRows],
    [1, 1, pageRows],
    [2, 2, 1],
    [9, 2, 1],
  ] as const)
    test(`page ${wanted} of three is page ${page}, with ${length} rows`, () => {
      const shown = pageOf(rows, wanted);
      assert.deepEqual([shown.page, shown.rows.length, shown.pages], [page, length, 3]);
    });
  test("no case is one empty page", () => assert.deepEqual(pageOf([], 4), { rows: [], page: 0, pages: 1 }));

  for (const [page, pages, numbers] of [
    [0, 1, [0]],
    [0, 3, [0, 1, 2]],
    [3, 9, [0, 1, 2, 3, 4, null, 8]],
    [99, 200, [0, null, 98, 99, 100, null, 199]],
    [199, 200, [0, null, 198, 199]],
  ] as const)
    test(`numbers on page ${page} of ${pages}`, () => assert.deepEqual(pageNumbers(page, pages), numbers));
});

test("10,000 cases are filtered, counted and sorted in well under a second", () => {
  const many = fc.sample(anyListing, { numRuns: 10_000, seed: 7 });
  const query = { text: "a", chosen: { status: ["open", "received", "undeclared"] }, order: "due" } as const;
  const arranged = () => filter(sort(many, query.order, words), query, looking);
  arranged();
  const from = performance.now();
  const { rows } = arranged();
  const took = performance.now() - from;
  assert.ok(rows.length > 1000);
  assert.ok(took < 500, `${took} ms`);
});
