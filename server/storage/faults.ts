import { PortalError } from "../../crypto/errors.ts";
import type { ErrorCode } from "../../crypto/errors.ts";

const noSpace = new Set(["ENOSPC", "EDQUOT", "SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"]);
const damaged = /^SQLITE_(CORRUPT|NOTADB)/;

/** What a fault of SQLite or of the file system means to the one who asked. */
export function portalErrorOf(fault: unknown): PortalError {
  if (fault instanceof PortalError) return fault;
  const code = codeOf(fault);
  return new PortalError(meaningOf(code), `storage: ${code}`, { cause: fault });
}

/** True when the database file itself no longer makes sense; writing on would make it worse. */
export function isDamage(fault: unknown): boolean {
  return damaged.test(codeOf(fault));
}

function meaningOf(code: string): ErrorCode {
  if (noSpace.has(code)) return "full";
  if (damaged.test(code)) return "closed";
  if (/^SQLITE_CONSTRAINT_(PRIMARYKEY|UNIQUE|ROWID|FOREIGNKEY)$/.test(code)) return "conflict";
  // A CHECK, a NOT NULL or a wrong type: the caller handed over a value of the wrong form.
  if (code.startsWith("SQLITE_CONSTRAINT") || code === "TypeError" || code === "RangeError") return "format";
  // Locked, read-only, I/O errors, out of memory: it may work later.
  return "busy";
}

function codeOf(fault: unknown): string {
  if (!(fault instanceof Error)) return "unknown";
  return "code" in fault && typeof fault.code === "string" ? fault.code : fault.name;
}
