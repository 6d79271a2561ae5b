/** A file that a person wrote is refused with the line that is wrong. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { z } from "../../crypto/shape.ts";
import { parseJsonFile, type RuleProblem } from "../../data/policy/json-file.ts";
import { translator } from "../../server/http/i18n.ts";

const shape = z.strictObject({
  id: z.string().check(z.regex(/^[a-z]+$/, "id"), z.maxLength(3)),
  kind: z.optional(z.enum(["a", "b"])),
  count: z.optional(z.int().check(z.gte(2), z.lte(9))),
  on: z.optional(z.boolean()),
  list: z.optional(
    z.array(z.strictObject({ name: z.string().check(z.minLength(1)) })).check(z.minLength(1), z.maxLength(2)),
  ),
  words: z.optional(z.record(z.string().check(z.regex(/^x/, "key")), z.string())),
});
/** Refuses the name "no". */
const rules = ({ list = [] }: z.infer<typeof shape>): RuleProblem[] =>
  list.flatMap(({ name }, i) => (name === "no" ? [{ path: ["list", i, "name"], key: "presentation:own" }] : []));

function problemsOf(text: string, most?: number): string[] {
  const parsed = parseJsonFile(text, shape, { rules, ...(most !== undefined && { most }) });
  if ("value" in parsed) return [];
  assert.ok(parsed.problems.length > 0);
  return parsed.problems.map(
    ({ line, column, key }) => `${String(line)}:${String(column)} ${key.replace("faults:", "")}`,
  );
}

const cases: [text: string, problems: string[]][] = [
  ['{"id": "ab"}', []],
  ['\uFEFF{"id": "ab"}\r\n', []],
  ['{"id": "ab", "list": [{"name": "yes"}], "words": {"x": "y"}, "count": 2, "on": true, "kind": "a"}', []],
  ["", ["1:1 syntax.value"]],
  ["nothing", ["1:1 syntax.other"]],
  ['{\n  "id": "ab"', ["2:13 syntax.brace"]],
  ['{\n  "id" "ab"}', ["2:8 syntax.colon"]],
  ['{\n  "id": "ab"\n  "on": true\n}', ["3:3 syntax.comma"]],
  ['{\n  "id": "ab",\n}', ["3:1 syntax.name"]],
  ['{\r\n  "id": "ab",\r\n}', ["3:1 syntax.name"]],
  ['{"id": "ab", "list": [1,\n]}', ["2:1 syntax.value"]],
  ['{"id": "ab", "list": [', ["1:23 syntax.bracket"]],
  ["{\n  id: 1}", ["2:3 syntax.other"]],
  ["{\n  'id': 1}", ["2:3 syntax.other"]],
  ['{"id": "ab}\n', ["1:8 syntax.quote"]],
  ['{"id": "a\tb"}', ["1:8 syntax.character"]],
  ['{"id": "a\\qb"}', ["1:8 syntax.escape"]],
  ['{"id": "ab"}}', ["1:13 syntax.end"]],
  ['{\n// why\n"id": "ab"}', ["2:1 syntax.comment"]],
  ["[]", ["1:1 type.object"]],
  ["{\n}", ["1:1 missing"]],
  ['{"id": "ab",\n "id": "ab"}', ["2:2 twice"]],
  ['{"id": "ab",\n "words": {"x": "1",\n "x": "2"}}', ["3:2 twice"]],
  ['{"id": "ab",\n "__proto__": {"on": true}}', ["2:2 forbidden"]],
  ['{"id": "ab",\n "words": {\n"constructor": "y"}}', ["3:1 forbidden"]],
  ['{"id": "ab",\n "Id": "ab"}', ["2:2 unknown"]],
  ['{"id":\n 4}', ["1:2 type.string"]],
  ['{"id": null}', ["1:2 type.string"]],
  ['{"id": "AB"}', ["1:2 id"]],
  ['{"id": "abcd"}', ["1:2 most.text"]],
  ['{"id": "ab",\n"kind": "c",\n"count": 1}', ["2:1 choice", "3:1 least.number"]],
  ['{"id": "ab",\n"count": 10,\n"on": "yes"}', ["2:1 most.number", "3:1 type.boolean"]],
  ['{"id": "ab",\n"count": "1",\n"list": {}}', ["2:1 type.number", "3:1 type.array"]],
  ['{"id": "ab",\n"list": []}', ["2:1 least.list"]],
  ['{"id": "ab",\n"list": [{"name": "a"},\n{"name": "b"}, {"name": "c"}]}', ["2:1 most.list"]],
  ['{"id": "ab",\n"list": [{"name": "a"},\n{}]}', ["3:1 missing"]],
  ['{"id": "ab",\n"list": [{"name": "a"},\n{"name": ""}]}', ["3:2 least.text"]],
  ['{"id": "ab",\n"list": ["a"]}', ["2:10 type.object"]],
  ['{"id": "ab",\n"list": [{"name": "a"},\n{"name": "no"}]}', ["3:2 presentation:own"]],
  ['{"id": "ab",\n"words": {\n"a": "b"}}', ["3:1 key"]],
  ["[".repeat(33), ["1:33 deep"]],
  ["[".repeat(90_000), ["1:33 deep"]],
  [`{"id": "${"é".repeat(100_000)}"}`, ["1:1 large"]],
];
for (const [text, problems] of cases)
  test(`${JSON.stringify(text).slice(0, 60)}: ${problems.join(", ") || "is taken"}`, () =>
    assert.deepEqual(problemsOf(text), problems));

test("a limit counts bytes", () => {
  assert.deepEqual(problemsOf('{"id": "é"}', 11), ["1:1 large"]);
  assert.deepEqual(problemsOf('{"id": "a"}', 11), []);
});

test("nobody is shown more than twenty problems", () => {
  assert.equal(
    problemsOf(`{"id": "ab", ${Array.from({ length: 50 }, (_, i) => `"a${String(i)}": 1`).join(",")}}`).length,
    20,
  );
});

test("every problem has words with all their values filled in", () => {
  const t = translator("en");
  for (const [text] of cases) {
    const parsed = parseJsonFile(text, shape);
    for (const { key, values } of "problems" in parsed ? parsed.problems : []) {
      const words = t(key, values);
      assert.notEqual(words, key);
      assert.ok(words.length > 10 && !words.includes("{{") && !words.startsWith("faults"), words);
    }
  }
});

test("no words for problems that nothing finds", () => {
  const sources = ["json-file.ts", "questionnaire-file.ts"]
    .map((name) => join(import.meta.dirname, "../../data/policy", name))
    .map((path) => (existsSync(path) ? readFileSync(path, "utf8") : ""));
  const said = (group: string, key: string): boolean =>
    ["at"].includes(key) ||
    ["type.", "most.", "least."].includes(group) ||
    [...sources, readFileSync(import.meta.filename, "utf8")].some((source) => source.includes(`"${group}${key}"`));
  const words = JSON.parse(
    readFileSync(join(import.meta.dirname, "../../views/locales/en/faults.json"), "utf8"),
  ) as Record<string, string | Record<string, string>>;
  for (const [key, value] of Object.entries(words))
    if (typeof value === "string") assert.ok(said("", key), key);
    else for (const inner of Object.keys(value)) assert.ok(said(`${key}.`, inner), `${key}.${inner}`);
});

test("whatever stands in a file, it is taken exactly when JSON.parse takes it and the shape fits, and never throws", () => {
  const pieces = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    '"x',
    "1",
    "-",
    "0",
    "true",
    "nul",
    "\n",
    "//",
    "\\",
    "\u0000",
    "e5",
    '"__proto__"',
  );
  const anything = z.unknown();
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(pieces).map((list) => list.join("")),
        fc.json(),
        fc.string(),
      ),
      (text) => {
        const parsed = parseJsonFile(text, anything);
        let value: { is: unknown } | null = null;
        try {
          value = { is: JSON.parse(text) };
        } catch {}
        if ("value" in parsed) assert.deepEqual(parsed.value, value?.is);
        else {
          const lines = text.split("\n");
          for (const { line, column } of parsed.problems) {
            assert.ok(line >= 1 && line <= lines.length);
            assert.ok(column >= 1 && column <= lines[line - 1]!.length + 1);
          }
          const ours = ["faults:twice", "faults:forbidden", "faults:deep"];
          assert.ok(value === null || parsed.problems.every(({ key }) => ours.includes(key)));
        }
      },
    ),
    { numRuns: 2000 },
  );
});
