/** What counsel marks: targets and their texts, the same words elsewhere, marks in each other's way, words that give it away. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { ReviewedAnswer } from "../../data/policy/answer-review.ts";
import type { CaseView, EntryView } from "../../views/browser/client/case-view.ts";
import { clashOf, elsewhere, faultsOf, gapsOf } from "../../views/browser/client/casefile/mark-rules.ts";
import {
  fieldText,
  markTargets,
  offsetInField,
  offsetInText,
  targetAt,
  wordsAt,
  type MarkPlace,
} from "../../views/browser/client/casefile/mark-targets.ts";
import type { Mark } from "../../views/browser/client/casefile/marks.ts";
import { redactText } from "../../views/browser/client/casefile/redact.ts";
import { placesOf, repeats } from "../../views/browser/client/casefile/same-words.ts";
import { placeMark } from "../../views/pdf/blocks.ts";

const answer = (id: string, values: [string, string | null][], isList = false): ReviewedAnswer => ({
  id,
  labelKey: null,
  isList,
  values: values.map(([text, labelKey]) => ({ text, labelKey })),
  warnings: [],
});
const entry = (seq: number, kind: EntryView["kind"], text: string, more: Partial<EntryView> = {}): EntryView =>
  ({ seq, kind, text, files: [], author: null, day: null, act: null, linked: "", ...more }) as EntryView;
const conversation = { seq: 0, hash: "00".repeat(32) };

const view = {
  report: {
    answers: { what: "Maria Alt signed it.", where: "plant", categories: ["a", "b"] },
    review: [
      answer("what", [["Maria Alt signed it.", null]]),
      answer("where", [["plant", "questions.plant"]]),
      answer(
        "categories",
        [
          ["a", null],
          ["b", null],
        ],
        true,
      ),
      { ...answer("unanswered", []), warnings: ["required"] },
    ],
    files: [{ stream: 0, seq: 0, index: 0, name: "maria.pdf", type: "", size: 1, sha256: "" }],
    day: null,
  },
  conversation: [
    entry(1, "message", "I mean MARIA\r\n  ALT, the new one."),
    entry(2, "reply", ""),
    entry(3, "rekey", ""),
    entry(4, "damaged", ""),
  ],
  team: {
    state: "open",
    entries: [
      entry(0, "team", ""),
      entry(1, "note", "Ask Ｍaria Alt and maria alt."),
      entry(2, "act", "Maria Alt is on leave", {
        act: { act: "task", id: "aa".repeat(8), text: "Call Maria Alt", to: 2, due: null, state: "open", conversation },
      }),
      entry(3, "act", "r", {
        act: {
          act: "redact",
          id: "bb".repeat(8),
          stream: 0,
          seq: 0,
          part: "document",
          span: null,
          bases: [],
          description: "",
          on: true,
          dated: "2026-11-30",
          reason: "Maria Alt",
          conversation,
        },
      }),
    ],
  },
} as unknown as CaseView;
const targets = markTargets(view);

const place = (stream: 0 | 1, seq: number, part: string, span: [number, number] | null = null): MarkPlace => ({
  stream,
  seq,
  part,
  span: span === null ? null : { start: span[0], end: span[1] },
});
const markOn = (of: MarkPlace, more: Partial<Mark> = {}): Mark => ({
  id: "cc".repeat(8),
  ...of,
  bases: [],
  description: "",
  dated: "2026-11-30",
  reason: "third person",
  by: 1,
  epoch: 1,
  ...more,
});

describe("what can be marked", () => {
  test("every document with its parts under the names that acts call them by", () => {
    assert.deepEqual(
      targets.map(({ stream, seq, kind, parts }) => [
        stream,
        seq,
        kind,
        parts.map((each) => [each.part, each.passages]),
      ]),
      [
        [
          0,
          0,
          "report",
          [
            ["answer:what", true],
            ["answer:where", false],
            ["answer:categories", false],
          ],
        ],
        [0, 1, "message", [["text", true]]],
        [0, 2, "reply", []],
        [1, 1, "note", [["text", true]]],
        [1, 2, "act", [["text", true]]],
      ],
    );
    assert.equal(targets[0]!.parts[2]!.text, "a\nb", "a list is joined with newlines");
    assert.equal(targets[1]!.parts[0]!.text, "I mean MARIA\r\n  ALT, the new one.", "as it was sent");
    assert.match(targets[4]!.besides, /Call Maria Alt/);
  });

  for (const [what, at, words] of [
    ["a passage", place(0, 0, "answer:what", [0, 9]), "Maria Alt"],
    ["a whole answer", place(0, 0, "answer:categories"), "a\nb"],
    [
      "a document with what stands beside its parts",
      place(1, 2, "document"),
      "Maria Alt is on leave\nCall Maria Alt\nopen",
    ],
    ["an attachment: its name", place(0, 0, "file:0"), "maria.pdf"],
    ["what is not there", place(0, 0, "answer:none"), ""],
  ] as [string, MarkPlace, string][])
    test(`the words of ${what}`, () => assert.equal(wordsAt(targetAt(targets, at)!, at), words));
});

describe("a field that shows a text counts every line end as one", () => {
  for (const text of ["", "plain", "a\r\nb\r\n\r\nc", "\r\n", "a\rb\nc", "\n\r\n\r", "😀\r\n😀"])
    test(JSON.stringify(text), () => {
      const shown = fieldText(text);
      assert.ok(!shown.includes("\r"));
      for (let at = 0; at <= shown.length; at++) {
        const inText = offsetInText(text, at);
        assert.equal(fieldText(text.slice(0, inText)), shown.slice(0, at));
        assert.equal(offsetInField(text, inText), at);
      }
    });
});

describe("the same words", () => {
  for (const [what, words, text, found] of [
    ["another case", "Maria", "MARIA and maria", ["MARIA", "maria"]],
    ["other white space", "Maria Alt", "Maria \u00a0\r\n\tAlt", ["Maria \u00a0\r\n\tAlt"]],
    ["wide letters and ligatures", "file", "ＦＩＬＥ, ﬁle", ["ＦＩＬＥ", "ﬁle"]],
    ["accents in one or two characters", "José", "Jose\u0301", ["Jose\u0301"]],
    ["characters that are not seen", "Maria", "Ma\u00adri\u200ba", ["Ma\u00adri\u200ba"]],
    ["part of a word too", "Ann", "announce", ["ann"]],
    ["none over another", "aa", "aaaa", ["aa", "aa"]],
    ["in Chinese", "张伟", "他叫张伟。", ["张伟"]],
    ["white space around what was chosen", " Maria ", "a Maria b", ["Maria"]],
    ["nothing chosen", " \u200b", "a b", []],
    ["not there", "Maria", "Mario", []],
  ] as [string, string, string, string[]][])
    test(what, () => {
      assert.deepEqual(
        placesOf(words, text).map(({ start, end }) => text.slice(start, end)),
        found,
      );
    });

  test("whatever is sought is found where it was put, and nothing of it is left once it is taken out", () => {
    const letters = fc.string({
      unit: fc.constantFrom("a", "B", " ", "\r\n", "é", "e\u0301", "ﬁ", "😀", "ß"),
      maxLength: 12,
    });
    fc.assert(
      fc.property(letters, letters, letters, (before, words, after) => {
        const text = before + words + after;
        const places = placesOf(words, text);
        if (placesOf(words, words).length === 0) return;
        const redacted = redactText(
          text,
          places.map((span) => ({ ...span, reason: "r" })),
          () => "|",
        ).replaceAll(placeMark, "");
        for (const piece of redacted.split("|")) assert.deepEqual(placesOf(words, piece), []);
      }),
    );
  });

  test("elsewhere in the case: free ones, those in the way, those that go as a whole, marks that say them", () => {
    const chosen = place(0, 0, "answer:what", [0, 9]);
    const note = targets[3]!.parts[0]!.text;
    const partly = markOn(place(1, 1, "text", [note.indexOf("maria") + 3, note.length]), { id: "dd".repeat(8) });
    const says = markOn(place(0, 2, "document"), { reason: "name of maria  ALT" });
    const found = elsewhere(targets, [partly, says], chosen);
    assert.deepEqual(found.free, [
      place(0, 1, "text", [7, 19]),
      place(1, 1, "text", [4, 13]),
      place(1, 2, "text", [0, 9]),
    ]);
    assert.deepEqual(
      found.partly.map(({ by }) => by.id),
      [partly.id],
    );
    assert.deepEqual(found.whole, [place(1, 2, "document")]);
    assert.deepEqual(found.said, [says]);
    const covered = [markOn(place(0, 1, "document")), markOn(place(1, 1, "text")), markOn(place(1, 2, "document"))];
    const nothing = { free: [], partly: [], whole: [], said: [] };
    assert.deepEqual(elsewhere(targets, covered, chosen), nothing, "all of it is left out already");
    assert.deepEqual(elsewhere(targets, [], place(0, 0, "answer:categories")), nothing);
  });
});

describe("marks in each other's way", () => {
  const old = markOn(place(0, 1, "text", [5, 10]));
  for (const [what, marks, at, clashes] of [
    ["the same span", [old], place(0, 1, "text", [5, 10]), true],
    ["over its end", [old], place(0, 1, "text", [9, 12]), true],
    ["around it", [old], place(0, 1, "text", [0, 20]), true],
    ["beside it", [old], place(0, 1, "text", [10, 12]), false],
    ["in another document", [old], place(0, 2, "text", [5, 10]), false],
    ["in the other stream", [old], place(1, 1, "text", [5, 10]), false],
    ["in another part", [old], place(0, 1, "answer:x", [5, 10]), false],
    ["the whole text over a passage", [old], place(0, 1, "text"), false],
    ["the whole document over a passage", [old], place(0, 1, "document"), false],
    ["a passage of a text that is left out", [markOn(place(0, 1, "text"))], place(0, 1, "text", [0, 1]), true],
    ["a passage of a document that is left out", [markOn(place(0, 1, "document"))], place(0, 1, "text", [0, 1]), true],
    ["an attachment of one", [markOn(place(0, 1, "document"))], place(0, 1, "file:0"), false],
    ["an attachment twice", [markOn(place(0, 1, "file:0"))], place(0, 1, "file:0"), true],
    ["a document twice", [markOn(place(0, 1, "document"))], place(0, 1, "document"), true],
  ] as [string, Mark[], MarkPlace, boolean][])
    test(what, () => assert.equal(clashOf(marks, at) !== null, clashes));

  const spans = (...of: [[number, number] | null, string][]): Mark[] =>
    of.map(([span, reason]) => markOn(place(0, 1, "text", span), { reason }));
  for (const [what, marks, redacted] of [
    ["beside each other", spans([[0, 2], "a"], [[2, 4], "b"]), "[a][b]456789"],
    ["over each other: one gap, both reasons", spans([[3, 6], "b"], [[1, 4], "a"]), "0[a; b]6789"],
    ["one in the other, the same reason", spans([[1, 8], "a"], [[2, 3], "a"]), "0[a]89"],
    ["a whole text", spans([[1, 2], "a"], [null, "b"]), "[b; a]"],
    ["a span that does not fit leaves all out", spans([[8, 11], "a"]), "[a]"],
    ["an empty one too", spans([[3, 3], "a"]), "[a]"],
    [
      "with grounds, as on the page",
      [markOn(place(0, 1, "text", [0, 9]), { reason: "a", bases: ["AC", "WP"] })],
      "[AC, WP: a]9",
    ],
    ["without a reason", spans([[0, 9], " "]), "[-]9"],
  ] as [string, Mark[], string][])
    test(`two marks of one text, ${what}`, () => {
      const text = "0123456789";
      const sign = (reason: string): string => `[${reason}]`;
      assert.equal(redactText(text, gapsOf(marks, text), sign).replaceAll(placeMark, ""), redacted);
    });
});

describe("words that the other side reads", () => {
  const secret = "Maria Alt told me on Monday that the valve was never tested";
  for (const [what, typed, gives] of [
    ["something else", "name of a third person", false],
    ["all of it, written otherwise", `It says: ${secret.toUpperCase().replaceAll(" ", "  ")}.`, true],
    ["six words in a row", "that the valve was never tested by", true],
    ["five words in a row", "that the valve was never", false],
  ] as [string, string, boolean][])
    test(what, () => assert.equal(repeats(typed, secret), gives));
  test("a short one that is repeated", () => assert.ok(repeats("name of MARIA", "Maria")));
  test("nothing is repeated of an empty text", () => assert.ok(!repeats("anything", " ")));

  for (const [what, typed, faults] of [
    ["all is well", { reason: "privileged", description: "advice", bases: ["AC"] }, [null, null]],
    ["no ground, no description", { reason: "private", description: "", bases: [] }, [null, null]],
    ["a ground without a description", { reason: "private", description: " ", bases: ["WP"] }, [null, "missing"]],
    ["no reason", { reason: " ", description: "", bases: [] }, ["missing", null]],
    ["both repeat it", { reason: "maria alt", description: "Maria  Alt", bases: ["AC"] }, ["repeats", "repeats"]],
  ] as [string, Pick<Mark, "reason" | "description" | "bases">, unknown[]][])
    test(what, () => {
      const { reason, description } = faultsOf(typed, "Maria Alt");
      assert.deepEqual([reason, description], faults);
    });
});
