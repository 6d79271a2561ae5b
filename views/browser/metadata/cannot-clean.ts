/** Why a file is left as it is. */
import type { UntouchedReason } from "./findings.ts";

/** Thrown anywhere inside a cleaner; `cleanFile` turns it into an "untouched" result. */
export class CannotClean extends Error {
  readonly reason: UntouchedReason;

  constructor(reason: UntouchedReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CannotClean";
    this.reason = reason;
  }
}

export function damaged(message: string, cause?: unknown): CannotClean {
  return new CannotClean("damaged", message, { cause });
}
