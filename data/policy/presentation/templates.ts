/** What reviewers may start a message from. Keys, not sentences: every language has its own words. */
import { z } from "../../../crypto/shape.ts";
import { parseJsonFile, type ParsedFile, type RuleProblem } from "../json-file.ts";
import builtIn from "./templates.json" with { type: "json" };

export interface Template {
  id: string;
  /** What reviewers choose it by; in the namespace "templates", like the text. */
  labelKey: string;
  textKey: string;
}

export const builtInTemplates: readonly Template[] = builtIn.templates;

const id = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,39}$/, "faults:id"));
const key = z
  .string()
  .check(z.regex(/^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/, "presentation:fault.key"), z.maxLength(120));
const shape: z.ZodMiniType<{ templates: Template[] }> = z.strictObject({
  templates: z.array(z.strictObject({ id, labelKey: key, textKey: key })).check(z.maxLength(50)),
});

/** `hasWords`: whether there are words for a key of the namespace "templates". */
export function parseTemplates(source: string, hasWords: (key: string) => boolean): ParsedFile<readonly Template[]> {
  const parsed = parseJsonFile(source, shape, {
    most: 50_000,
    rules: ({ templates }) =>
      templates.flatMap((template, i) => {
        const found: RuleProblem[] = [];
        if (templates.findIndex((other) => other.id === template.id) < i)
          found.push({
            path: ["templates", i, "id"],
            key: "presentation:fault.idTwice",
            values: { field: template.id },
          });
        for (const name of ["labelKey", "textKey"] as const)
          if (!hasWords(template[name]))
            found.push({
              path: ["templates", i, name],
              key: "presentation:fault.noWords",
              values: { field: `templates:${template[name]}` },
            });
        return found;
      }),
  });
  return "problems" in parsed ? parsed : { value: parsed.value.templates };
}
