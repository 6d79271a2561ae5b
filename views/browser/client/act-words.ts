/** What somebody did to a case, in words: for the readers' timeline and for the case file. */
import type { ActContent } from "../../../crypto/team-content.ts";
import { incidentTests } from "../../../data/policy/incident.ts";
import type { Translate } from "../i18n.ts";

/** A question needs no colon. */
const labelled = (label: string, value: string): string =>
  label.endsWith("?") ? `${label} ${value}` : `${label}: ${value}`;

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
        // A test that this version does not know is named by its id: ids are somebody else's words, and no key of ours.
        ...Object.entries(act.tests).map(([id, verdict]) => {
          const known = incidentTests.some((test) => test.id === id);
          return labelled(known ? t(`incident:test.${id}.short`) : id, t(`incident:verdict.${verdict}`));
        }),
        labelled(t("incident:imminent.short"), t(`incident:yesNo.${act.imminent}`)),
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
        ...(["date", "qualifies", "statement"] as const)
          .filter((field) => act[field] !== "")
          .map((field) => labelled(t(`incident:field.${field}`), act[field])),
        labelled(t("incident:field.internalUse"), t(`incident:yesNo.${act.internalUse}`)),
      ];
    case "posted":
      return [t(`duties:act.posted.${act.duty}`, { day: act.on }), ...(act.changed ? [] : [t("duties:act.noChange")])];
    case "retain":
      return [act.deleteOn === null ? t("duties:act.retainNone") : t("duties:act.retain", { day: act.deleteOn })];
    case "hold":
      return [t(act.on ? "duties:act.holdOn" : "duties:act.holdOff")];
  }
}
