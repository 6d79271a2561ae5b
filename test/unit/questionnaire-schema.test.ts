/** The schema and the page that say what a questionnaire is, held to the code that judges one. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { builtInQuestionnaires } from "../../data/policy/built-in-questionnaires.ts";
import { parseQuestionnaireFile } from "../../data/policy/questionnaire-file.ts";
import { questionTypes } from "../../data/policy/questionnaire.ts";
import { schemaFiles } from "../../server/build/schemas.ts";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/QUESTIONNAIRES.md"), "utf8");
const any = (): boolean => true;

interface Schema {
  properties: Record<string, { items?: Schema } & Schema>;
}

for (const [name, text] of Object.entries(schemaFiles()))
  test(`${name} is what the shape gives: node server/build/schemas.ts writes it anew`, () =>
    assert.equal(readFileSync(join(root, "data/policy", name), "utf8"), text));

test("the page's table has every field of a question and its types, and no others", () => {
  const schema = JSON.parse(schemaFiles()["questionnaire.schema.json"]!) as Schema;
  const question = schema.properties["questions"]!.items!;
  const rows = [...page.matchAll(/^\| `(\w+)` +\| (.*?) *\|$/gm)];
  assert.deepEqual(
    rows.map(([, field]) => field),
    Object.keys(question.properties),
  );
  const types = rows.find(([, field]) => field === "type")![2]!;
  assert.deepEqual(
    [...types.matchAll(/`(\w+)` \(/g)].map(([, type]) => type),
    [...questionTypes],
  );
});

test("the page's example, and the built-in ones, are taken as they are", () => {
  const [, example] = /```json\n([^]*?)```/.exec(page)!;
  const parsed = parseQuestionnaireFile(example!, any);
  assert.ok("value" in parsed, JSON.stringify(parsed));
  for (const each of builtInQuestionnaires) {
    const again = parseQuestionnaireFile(JSON.stringify(each), any);
    assert.ok("value" in again, each.id);
  }
});

for (const [what, from, to] of [
  ["without its first question", '"what",', '"who",'],
  ["with a condition on nothing", '"question": "categories"', '"question": "nothing"'],
  ["with a sentence in place of a key", '"what.label"', '"What happened?"'],
  ["with a field of its own", '"required": true', '"required": true, "colour": "red"'],
] as const)
  test(`the page's example ${what} is refused`, () => {
    const [, example] = /```json\n([^]*?)```/.exec(page)!;
    assert.ok(example!.includes(from));
    assert.ok("problems" in parseQuestionnaireFile(example!.replace(from, to), any));
  });
