/** Reads a JSON file that a person wrote, and says on which line it is wrong. */
import { createScanner, parseTree, findNodeAtLocation, printParseErrorCode } from "jsonc-parser";
import type { Node, ParseError } from "jsonc-parser";
import type { z } from "../../crypto/shape.ts";

/** Where and what: line and column from 1, a key of words ("faults:…" where no other namespace is named), and their values. */
export interface FileProblem {
  line: number;
  /** In UTF-16 units, as editors in browsers count. */
  column: number;
  key: string;
  values: Record<string, string | number>;
}

export type ParsedFile<T> = { value: T } | { problems: FileProblem[] };

/** What a shape cannot say. `path` leads to the value that is wrong, or to a name that is missing in one. */
export interface RuleProblem {
  path: readonly (string | number)[];
  key: string;
  values?: Record<string, string | number>;
}

/** jsonc-parser's SyntaxKind: a const enum has no values once types are stripped. */
const token = { openBrace: 1, closeBrace: 2, openBracket: 3, closeBracket: 4, end: 17 } as const;

const deepest = 32;
/** More than a person mends before trying again. */
const mostProblems = 20;
/** An object that took these names would have them from its prototype as well. */
const forbidden = new Set(["__proto__", "constructor", "prototype"]);

/** By jsonc-parser's name of the error; everything else is "syntax.other". */
const syntaxKeys: Record<string, string> = {
  PropertyNameExpected: "syntax.name",
  ValueExpected: "syntax.value",
  ColonExpected: "syntax.colon",
  CommaExpected: "syntax.comma",
  CloseBraceExpected: "syntax.brace",
  CloseBracketExpected: "syntax.bracket",
  EndOfFileExpected: "syntax.end",
  InvalidCommentToken: "syntax.comment",
  UnexpectedEndOfComment: "syntax.comment",
  UnexpectedEndOfString: "syntax.quote",
  InvalidEscapeCharacter: "syntax.escape",
  InvalidUnicode: "syntax.escape",
  InvalidCharacter: "syntax.character",
};

function problemAt(text: string, offset: number, key: string, values: FileProblem["values"] = {}): FileProblem {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return {
    line: before.split("\n").length,
    column: offset - lineStart + 1,
    key: key.includes(":") ? key : `faults:${key}`,
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? cut(value) : value]),
    ),
  };
}

function cut(text: string): string {
  const chars = [...text];
  return chars.length > 80 ? `${chars.slice(0, 80).join("")}…` : text;
}

/** Offset of the first bracket that is nested too deep for a parser that calls itself; null: none. */
function tooDeep(text: string): number | null {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (;;) {
    const kind: number = scanner.scan();
    if (kind === token.end) return null;
    if (kind === token.openBrace || kind === token.openBracket) depth++;
    if (kind === token.closeBrace || kind === token.closeBracket) depth--;
    if (depth > deepest) return scanner.getTokenOffset();
  }
}

/** Names that stand twice in one object, or that no object may have. */
function nameProblems(text: string, node: Node): FileProblem[] {
  const children = node.children ?? [];
  if (node.type !== "object") return children.flatMap((child) => nameProblems(text, child));
  const seen = new Set<string>();
  return children.flatMap((property) => {
    const [name, value] = property.children as [Node, Node];
    const field = String(name.value);
    const inner = nameProblems(text, value);
    if (forbidden.has(field)) return [problemAt(text, name.offset, "forbidden", { field }), ...inner];
    if (seen.has(field)) return [problemAt(text, name.offset, "twice", { field }), ...inner];
    seen.add(field);
    return inner;
  });
}

/** The property's name where there is one, so that a person finds it; the nearest parent of what is missing. */
function offsetOf(tree: Node, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    if (node !== undefined) return node.parent?.type === "property" ? node.parent.offset : node.offset;
  }
  return 0;
}

const fieldOf = (path: readonly (string | number)[]): string => path.findLast((step) => typeof step === "string") ?? "";

type Issue = z.core.$ZodIssue;

/** A shape's own key stands where zod would say a sentence: `z.regex(pattern, "id")` names "faults:id". */
const keyShape = /^[a-z][\w:.-]*$/i;

function ruleOf(issue: Issue, path: readonly (string | number)[], present: boolean): RuleProblem[] {
  const field = fieldOf(path);
  if (!present && issue.code !== "custom") return [{ path, key: "missing", values: { field } }];
  const { message } = issue.code === "invalid_key" ? (issue.issues[0] ?? issue) : issue;
  const own = keyShape.test(message) ? message : null;
  const one = (key: string, values: RuleProblem["values"] = {}): RuleProblem[] => [
    { path, key: own ?? key, values: { field, ...values } },
  ];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((name) => ({ path: [...path, name], key: "unknown", values: { field: name } }));
    case "invalid_type":
      return one(
        `type.${issue.expected === "record" ? "object" : issue.expected === "int" ? "number" : issue.expected}`,
      );
    case "invalid_value":
      return one("choice", { wanted: issue.values.map(String).join(", ") });
    case "too_big":
      return one(`most.${sizeKind(issue.origin)}`, { count: Number(issue.maximum) });
    case "too_small":
      return one(`least.${sizeKind(issue.origin)}`, { count: Number(issue.minimum) });
    case "invalid_key":
    case "invalid_format":
    case "invalid_union":
    case "invalid_element":
    case "not_multiple_of":
    case "custom":
      return one("format");
  }
}

function sizeKind(origin: string): "text" | "list" | "number" {
  return origin === "string" ? "text" : origin === "array" || origin === "set" || origin === "map" ? "list" : "number";
}

/**
 * The file's value, or what is wrong with it in the order of its lines: syntax (the first fault only, for
 * the others follow from it), then shape, then `rules`, which see only values of the right shape.
 * A field that nobody knows is a fault: it was meant to do something.
 * @param most bytes of UTF-8
 */
export function parseJsonFile<T>(
  source: string,
  shape: z.ZodMiniType<T>,
  { most = 200_000, rules }: { most?: number; rules?: (value: T) => RuleProblem[] } = {},
): ParsedFile<T> {
  // Some editors begin a file with this mark.
  const text = source.startsWith("\uFEFF") ? source.slice(1) : source;
  // Three bytes are the most that one UTF-16 unit takes.
  if (text.length * 3 > most && new TextEncoder().encode(text).length > most)
    return { problems: [problemAt(text, 0, "large", { count: most })] };
  const deep = tooDeep(text);
  if (deep !== null) return { problems: [problemAt(text, deep, "deep", { count: deepest })] };
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  const first = errors[0];
  if (first !== undefined || tree === undefined) {
    const key = first === undefined ? undefined : syntaxKeys[printParseErrorCode(first.error)];
    return { problems: [problemAt(text, first?.offset ?? 0, key ?? "syntax.other")] };
  }
  const names = nameProblems(text, tree);
  if (names.length > 0) return { problems: names.slice(0, mostProblems) };
  const parsed = shape.safeParse(JSON.parse(text));
  const found = parsed.success ? (rules?.(parsed.data) ?? []) : issuesOf(tree, parsed.error.issues);
  if (parsed.success && found.length === 0) return { value: parsed.data };
  const problems = found.map(({ path, key, values }) => ({ offset: offsetOf(tree, path), key, values }));
  problems.sort((a, b) => a.offset - b.offset);
  return {
    problems: problems.slice(0, mostProblems).map(({ offset, key, values }) => problemAt(text, offset, key, values)),
  };
}

function issuesOf(tree: Node, issues: readonly Issue[]): RuleProblem[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
    return ruleOf(issue, path, findNodeAtLocation(tree, path) !== undefined);
  });
}
