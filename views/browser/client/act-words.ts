/** What somebody did to a case, in words: for the readers' timeline and for the case file. */
import type { ActContent } from "../../../crypto/team-content.ts";
import type { Translate } from "../i18n.ts";

/** One or more lines without the reason, which is the writer's own text. Days stand as YYYY-MM-DD. */
export function actLines(act: ActContent, t: Translate): string[] {
  switch (act.act) {
    case "status": {
      const phase = t("console:file.phase", { phase: t(`console:phase.${act.phase}`) });
      if (act.disposition === null) return [phase];
      return [phase, t("console:file.disposition", { disposition: t(`console:disposition.${act.disposition}`) })];
    }
    case "assess":
      return [t("duties:act.assess", { day: act.on })];
    case "clock":
      return [t("duties:act.clock", { deadline: act.deadline, from: act.from })];
    case "done":
      return [t(`duties:act.done.${act.how}`, { deadline: act.deadline, day: act.on })];
    case "triage":
      return [
        t("duties:act.triage", { day: act.on }),
        ...Object.entries(act.tests).map(
          ([test, verdict]) => `${t(`incident:test.${test}.short`)}: ${t(`incident:verdict.${verdict}`)}`,
        ),
        `${t("incident:imminent.short")}: ${t(`incident:yesNo.${act.imminent}`)}`,
      ];
    case "filing":
      return [
        t(act.filed === null ? "duties:act.draft" : "duties:act.filed", {
          id: act.id,
          recipient: act.recipient,
          day: act.filed?.on ?? "",
          reference: act.filed?.reference ?? "",
        }),
        ...(act.amends === null ? [] : [t("duties:act.amends", { id: act.amends })]),
        `${t("incident:field.date")}: ${act.date}`,
        `${t("incident:field.qualifies")}: ${act.qualifies}`,
        `${t("incident:field.statement")}: ${act.statement}`,
        `${t("incident:field.internalUse")}: ${t(`incident:yesNo.${act.internalUse}`)}`,
      ];
    case "posted":
      return [t(`duties:act.posted.${act.duty}`, { day: act.on }), ...(act.changed ? [] : [t("duties:act.noChange")])];
    case "retain":
      return [act.deleteOn === null ? t("duties:act.retainNone") : t("duties:act.retain", { day: act.deleteOn })];
    case "hold":
      return [t(act.on ? "duties:act.holdOn" : "duties:act.holdOff")];
  }
}
