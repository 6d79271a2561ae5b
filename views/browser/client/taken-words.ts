/** What a report that was taken says of itself, in words: for the page of the case, and for case files. */
import type { WayTaken } from "../../../crypto/content.ts";
import type { Translate } from "../i18n.ts";

/** `day`: as people write it; null where the report says none. */
export function takenLine(
  { name, how, day }: { name: string; how: WayTaken; day: string | null },
  t: Translate,
): string {
  return day === null ? t(`taken:mark.undated.${how}`, { name }) : t(`taken:mark.on.${how}`, { name, day });
}
