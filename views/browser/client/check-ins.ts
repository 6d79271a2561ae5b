/** Days after closing on which somebody asks the reporter how they fare. Apart, for pages that hold no key. */
import type { WorkView } from "./case-work.ts";

/** The next day on which somebody should ask the reporter how they fare; null: none. */
export function nextCheckIn({ checkIns }: Pick<WorkView, "checkIns">): string | null {
  return checkIns.find(({ done }) => done === null)?.day ?? null;
}
