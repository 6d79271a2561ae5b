/** Places other than this portal and rights by law: rows with sources and words, shown from their day on. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseShape, z } from "../../crypto/shape.ts";
import {
  allRights,
  outsideChannels,
  outsidePlaces,
  placeGroups,
  rightsInForce,
} from "../../data/policy/outside-channels.ts";
import { translator } from "../../server/http/i18n.ts";

const t = translator("en");
const key = z.string().check(z.regex(/^rights:[a-z0-9.-]+$/));
const row = {
  id: z.string().check(z.regex(/^[a-z0-9-]+$/)),
  group: z.enum(placeGroups),
  from: z.nullable(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/))),
  citation: z.string(),
  source: z.strictObject({ asOf: z.string().check(z.regex(/^\d{4}-\d{2}$/)), read: z.boolean() }),
};
const placeShape = z.strictObject({ ...row, labelKey: key, remarkKey: z.optional(key) });
const rightShape = z.strictObject({
  ...row,
  textKey: key,
  listKeys: z.optional(z.array(key)),
  afterKey: z.optional(key),
});

const idsOn = (today: string): string[] => outsideChannels(today, []).flatMap(({ rows }) => rows.map(({ id }) => id));

describe("outside places", () => {
  test("each row has the shape, a name of its own, and a source where a law is cited", () => {
    for (const place of outsidePlaces) parseShape(placeShape, place, place.id);
    assert.equal(new Set(outsidePlaces.map(({ id }) => id)).size, outsidePlaces.length);
    for (const { id, citation } of outsidePlaces) assert.equal(citation === "", ["danger", "lawyer"].includes(id), id);
  });

  test("no number and no address is invented: how to reach a place is the operator's to write", () => {
    for (const { id, labelKey, remarkKey } of outsidePlaces)
      for (const words of [t(labelKey), remarkKey === undefined ? "" : t(remarkKey)]) {
        assert.ok(words !== labelKey && words !== remarkKey, id);
        assert.doesNotMatch(words, /https?:|www\.|\.(?:gov|org|com|eu)\b|@|\d{3}[ -]\d|\b911\b|\b112\b|\b999\b/, id);
      }
  });

  for (const [today, shown, hidden] of [
    [
      "2026-11-23",
      "attorney-general oes federal danger labor-commissioner osha sec eu-ai-office eu-national uk lawyer",
      "illinois new-york",
    ],
    ["2026-12-31", "attorney-general", "illinois new-york"],
    ["2027-01-01", "attorney-general illinois new-york", ""],
    ["2025-12-31", "federal lawyer", "attorney-general oes"],
  ] as const)
    test(`on ${today}: ${shown}${hidden === "" ? "" : `; not yet ${hidden}`}`, () => {
      const ids = idsOn(today);
      for (const id of shown.split(" ")) assert.ok(ids.includes(id), id);
      for (const id of hidden.split(" ").filter((each) => each !== "")) assert.ok(!ids.includes(id), id);
    });

  test("what the operator wrote is shown with its day, and only at its place", () => {
    const known = [
      { id: "oes", details: "Room 1\nFloor 2", checkedOn: "2026-11-01" },
      { id: "nowhere", details: "x", checkedOn: "2026-11-01" },
    ];
    const rows = outsideChannels("2026-11-23", known).flatMap((group) => group.rows);
    for (const { id, details, checkedOn } of rows)
      assert.deepEqual([details, checkedOn], id === "oes" ? ["Room 1\nFloor 2", "2026-11-01"] : ["", null]);
  });

  test("of Cal OES it is said that telling it alone does not protect", () => {
    assert.match(t(outsidePlaces.find(({ id }) => id === "oes")!.remarkKey!), /not on the list/);
  });
});

describe("rights", () => {
  test("each row has the shape and words", () => {
    for (const right of allRights) {
      parseShape(rightShape, right, right.id);
      for (const each of [
        right.textKey,
        ...(right.listKeys ?? []),
        ...(right.afterKey === undefined ? [] : [right.afterKey]),
      ])
        assert.notEqual(t(each), each);
    }
  });

  test("Labor Code 1107.1 names four who may be told, and Cal OES is not among them", () => {
    const right = rightsInForce("2026-11-23")
      .flatMap(({ rows }) => rows)
      .find(({ id }) => id === "ca-1107")!;
    assert.equal(right.listKeys?.length, 4);
    for (const each of right.listKeys) assert.doesNotMatch(t(each), /emergency|OES/i);
    assert.match(t(right.afterKey!), /OES.*not on this list/);
    assert.ok(!rightsInForce("2025-12-31").some(({ rows }) => rows.some(({ id }) => id === "ca-1107")));
  });
});
