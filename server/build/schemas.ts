/**
 * JSON Schemas of the files that people write, made from the shapes that judge them:
 * `node server/build/schemas.ts` writes them. A test holds the two together.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { toJSONSchema } from "zod/v4/core";
import { questionnaireShape } from "../../data/policy/questionnaire-file.ts";

const folder = join(import.meta.dirname, "../../data/policy");

/** By file name in data/policy. What a schema cannot say (ids once, conditions on earlier questions) is in docs/QUESTIONNAIRES.md. */
export function schemaFiles(): Record<string, string> {
  const { $schema, ...rest } = toJSONSchema(questionnaireShape);
  const questionnaire = {
    $schema,
    title: "Questionnaire",
    description: "What a channel of the portal asks. docs/QUESTIONNAIRES.md has the rules beyond this shape.",
    ...rest,
  };
  return { "questionnaire.schema.json": `${JSON.stringify(questionnaire, null, 2)}\n` };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  for (const [name, text] of Object.entries(schemaFiles())) writeFileSync(join(folder, name), text);
