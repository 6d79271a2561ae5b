/**
 * JSON Schemas of the files that people write, and of the case file's JSON, made from the shapes that judge them:
 * `node server/build/schemas.ts` writes them. A test holds the two together.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { toJSONSchema, type $ZodType } from "zod/v4/core";
import { caseFileShape } from "../../data/policy/case-file-shape.ts";
import { dutiesShape } from "../../data/policy/deadlines/duties-file.ts";
import { deadlinesShape } from "../../data/policy/deadlines/shape.ts";
import { questionnaireShape } from "../../data/policy/questionnaire-file.ts";
import { retentionShape } from "../../data/policy/retention-file.ts";

const folder = join(import.meta.dirname, "../../data/policy");

/** `shape` as it is written: what has a default may be left out. */
function schemaOf(shape: $ZodType, title: string, description: string): string {
  const { $schema, ...rest } = toJSONSchema(shape, { io: "input" });
  return `${JSON.stringify({ $schema, title, description, ...rest }, null, 2)}\n`;
}

/** By file name in data/policy. What a schema cannot say (ids once, what must agree) is in the document that each names. */
export function schemaFiles(): Record<string, string> {
  return {
    "case.schema.json": schemaOf(
      caseFileShape,
      "Case file",
      "data/case.json of a case file of Tellhaven. What stands beside these fields belongs to the kind of an entry.",
    ),
    "questionnaire.schema.json": schemaOf(
      questionnaireShape,
      "Questionnaire",
      "What a channel of the portal asks. docs/QUESTIONNAIRES.md has the rules beyond this shape.",
    ),
    "deadlines.schema.json": schemaOf(
      deadlinesShape,
      "Deadlines",
      "Duties with a day by which they fall due. docs/DEADLINES.md has the rules beyond this shape. Not legal advice.",
    ),
    "duties.schema.json": schemaOf(
      dutiesShape,
      "Duties",
      "What an operator sets of duties. docs/DEADLINES.md has the rules beyond this shape.",
    ),
    "retention.schema.json": schemaOf(
      retentionShape,
      "Retention",
      "How long an operator would keep closed cases. docs/OPERATOR.md says how it is read. Not legal advice.",
    ),
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  for (const [name, text] of Object.entries(schemaFiles())) writeFileSync(join(folder, name), text);
