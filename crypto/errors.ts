/**
 * The closed list of ways in which something can be refused. One place on the server turns
 * a code into an HTTP status, one place in views/ turns it into words for people.
 */
export const errorCodes = [
  "format",
  "forged",
  "refused",
  "missing",
  "superseded",
  "conflict",
  "large",
  "limited",
  "work",
  "busy",
  "closed",
  "full",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** The only error class: a closed code, an English message without secrets, the cause kept. */
export class PortalError extends Error {
  readonly code: ErrorCode;
  /** Which of many things failed, as the person who asked for them knows it; null: there is one, or none is known. */
  readonly part: string | null;

  constructor(
    code: ErrorCode,
    message: string,
    { part = null, ...options }: { cause?: unknown; part?: string | null } = {},
  ) {
    super(message, options);
    this.name = "PortalError";
    this.code = code;
    this.part = part;
  }
}

/** What can be told of whatever was thrown: a fault of this program is "busy". */
export function failureOf(error: unknown): Pick<PortalError, "code" | "part"> {
  return error instanceof PortalError ? error : { code: "busy", part: null };
}

/** The same failure, told of one of many things. */
export function inPart(error: unknown, part: string): unknown {
  return error instanceof PortalError ? new PortalError(error.code, error.message, { cause: error, part }) : error;
}

/** What does not verify, or is none of ours, is null; a fault of this program is thrown. */
export function orNull<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof PortalError) return null;
    throw error;
  }
}
