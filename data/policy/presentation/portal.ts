/** Which languages are offered, what happens to hidden data in files, and what is known of outside channels. */
import { dayText, textUpTo, z } from "../../../crypto/shape.ts";
import { parseJsonFile, type ParsedFile, type RuleProblem } from "../json-file.ts";
import { builtInOutside, metadataPolicies, type MetadataPolicy } from "../presentation.ts";

/** What the operator knows of an outside channel: shown as text. */
export interface OutsideDetails {
  details: string;
  /** YYYY-MM-DD on which somebody checked them. */
  checkedOn: string;
}

export interface PortalFile {
  languages?: string[] | undefined;
  metadata?: MetadataPolicy | undefined;
  outside?: Record<string, OutsideDetails> | undefined;
}

const longestDetails = 1_000;

const shape: z.ZodMiniType<PortalFile> = z.strictObject({
  languages: z.optional(z.array(z.string()).check(z.minLength(1))),
  metadata: z.optional(z.enum(metadataPolicies)),
  outside: z.optional(
    z.record(
      z.string(),
      z.strictObject({ details: textUpTo(longestDetails).check(z.minLength(1)), checkedOn: dayText }),
    ),
  ),
});

/** `languages`: those that there are words for. */
export function parsePortalFile(source: string, languages: readonly string[]): ParsedFile<PortalFile> {
  return parseJsonFile(source, shape, {
    most: 50_000,
    rules: (file) => {
      const found: RuleProblem[] = [];
      for (const [i, language] of (file.languages ?? []).entries()) {
        const path = ["languages", i];
        if (!languages.includes(language)) {
          found.push({ path, key: "presentation:fault.language", values: { field: language } });
        } else if (file.languages!.indexOf(language) < i) {
          found.push({ path, key: "presentation:fault.languageTwice", values: { field: language } });
        }
      }
      for (const id of Object.keys(file.outside ?? {}))
        if (!builtInOutside.some((channel) => channel.id === id))
          found.push({ path: ["outside", id], key: "presentation:fault.outside", values: { field: id } });
      return found;
    },
  });
}
