/** The newest list of members that this browser saw, by portal: an older one is refused. */
import type { Identity, SeenRosters } from "./keyholder-api.ts";

const rostersKey = "tellhaven-rosters";

/** Public hashes only, so the browser's storage is good enough; a cleared one forgets, a changed one is refused. */
export function seenRosters(): SeenRosters {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(rostersKey) ?? "{}");
    const entries = typeof kept === "object" && kept !== null ? Object.entries(kept) : [];
    return Object.fromEntries(entries.filter(([, hash]) => typeof hash === "string" && /^[0-9a-f]{64}$/.test(hash)));
  } catch {
    return {};
  }
}

export function rememberRoster({ portalId, rosterHash }: Identity): void {
  try {
    localStorage.setItem(rostersKey, JSON.stringify({ ...seenRosters(), [portalId]: rosterHash }));
  } catch {
    // Storage is blocked or full: this browser cannot notice an older list next time, and can work all the same.
  }
}
