/** What operators set, asked and saved with a member's session. */
import { PortalError } from "../../../crypto/errors.ts";
import { count, parseShape, z } from "../../../crypto/shape.ts";
import type { Session } from "./session.ts";

/** Strings and numbers that go into words as text. */
const values = z.record(z.string(), z.unknown()) as unknown as z.ZodMiniType<Record<string, string | number>>;
const file = z.object({ name: z.string(), version: count, content: z.nullable(z.string()) });
const problem = z.object({ line: count, column: count, key: z.string(), values });
const problems = z.record(z.string(), z.array(problem));

const viewShape = z.object({
  files: z.array(file),
  builtIn: z.record(z.string(), z.string()),
  problems,
  warnings: z.array(z.object({ key: z.string(), values })),
  languages: z.array(z.string()),
  outside: z.array(z.object({ id: z.string(), nameKey: z.string() })),
});
export type PresentationView = z.infer<typeof viewShape>;
export type PresentationFileView = z.infer<typeof file>;
export type PresentationProblem = z.infer<typeof problem>;

export interface FileChange {
  name: string;
  expected: number;
  /** Null: back to what comes with the software. */
  content: string | null;
}

export type SaveAnswer =
  | { is: "saved"; versions: Record<string, number> }
  | { is: "wrong"; problems: Record<string, PresentationProblem[]> }
  | { is: "conflict"; files: PresentationFileView[] };

export async function fetchPresentation(session: Session): Promise<PresentationView> {
  return parseShape(viewShape, await session.sendForJson("/presentation"), "presentation");
}

/** The words that come with the software, by "namespace:key". */
export async function fetchWords(session: Session, language: string): Promise<Record<string, string>> {
  const answer = await session.sendForJson(`/presentation/words/${encodeURIComponent(language)}`);
  return parseShape(z.record(z.string(), z.string()), answer, "words");
}

const savedShape = z.object({ versions: z.record(z.string(), count) });
const wrongShape = z.object({ problems });
const conflictShape = z.object({ files: z.array(file) });

/** @throws PortalError for everything that is no answer to the files themselves */
export async function savePresentation(session: Session, files: FileChange[]): Promise<SaveAnswer> {
  try {
    const answer = await session.sendForJson("/presentation", { method: "PUT", body: { files } });
    return { is: "saved", ...parseShape(savedShape, answer, "answer") };
  } catch (error) {
    if (!(error instanceof PortalError)) throw error;
    const wrong = wrongShape.safeParse(error.cause);
    if (error.code === "format" && wrong.success) return { is: "wrong", problems: wrong.data.problems };
    const conflict = conflictShape.safeParse(error.cause);
    if (error.code === "conflict" && conflict.success) return { is: "conflict", files: conflict.data.files };
    throw error;
  }
}
