/** How a guarded act ended, for tests of what must be refused. */
import assert from "node:assert/strict";
import { PortalError } from "../../crypto/errors.ts";

/** Null: accepted. Anything but a PortalError is a fault of the code and thrown on. */
export function codeOf(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof PortalError) return error.code;
    throw error;
  }
}

export function refuses(act: () => unknown, ...codes: string[]): void {
  const code = codeOf(act);
  assert.ok(code !== null && codes.includes(code), `answered ${String(code)}, not ${codes.join(" or ")}`);
}
