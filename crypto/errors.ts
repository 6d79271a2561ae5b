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

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "PortalError";
    this.code = code;
  }
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
