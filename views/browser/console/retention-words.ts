/** Why policy proposes what it proposes, where that was read, and how long backups last. */
import { deletedEverywhere } from "../../../data/policy/deleted-everywhere.ts";
import type { RetentionRow } from "../../../data/policy/retention.ts";
import { dayOf, textOfDay } from "../../../data/policy/update-date.ts";
import type { Translate } from "../i18n.ts";
import { dayText, type Drawing } from "./view-parts.ts";

/** An operator's own reason is their text. */
export function basisText(t: Translate, { basisKey, basis }: RetentionRow): string {
  return basisKey === undefined ? (basis ?? "") : t(basisKey);
}

/** "" where nothing is cited. */
export function sourceText(t: Translate, { citation, source }: RetentionRow): string {
  if (citation === "") return "";
  const cited = t("retention:date.source", { citation, asOf: source.asOf });
  return source.read ? `${cited}.` : `${cited}. ${t("retention:date.unread")}`;
}

/** The last day on which a backup may open what goes on this one. `from`: YYYY-MM-DD. */
export function backupsText({ t, desk, lang }: Drawing, from: string, key: "now" | "dated"): string {
  const last = deletedEverywhere(dayOf(from)!, desk.keyringBackupDays);
  if (last === null) return t("retention:everywhere.none");
  return t(`retention:everywhere.${key}`, { day: dayText(lang, textOfDay(last)) });
}
