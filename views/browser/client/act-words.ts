/** What somebody did to a case, in words: for the readers' timeline and for the case file. */
import type { ActContent } from "../../../crypto/team-content.ts";
import { incidentTests } from "../../../data/policy/incident.ts";
import type { Translate } from "../i18n.ts";

/** A question needs no colon. */
const labelled = (label: string, value: string): string =>
  label.endsWith("?") ? `${label} ${value}` : `${label}: ${value}`;

/** Names in what an act says. */
export interface ActNames {
  person(id: number): string;
  /** Of the case that a link names. */
  linked: string;
}

/** One or more lines without the reason, which is the writer's own text. Days stand as YYYY-MM-DD. */
export function actLines(act: ActContent, t: Translate, names: ActNames): string[] {
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
    case "conflict":
      return [t(act.has ? "work:act.conflict" : "work:act.noConflict")];
    case "assign":
      return [act.to === null ? t("work:act.unassigned") : t("work:act.assigned", { name: names.person(act.to) })];
    case "describe":
      return [t("work:act.described", { title: act.title })];
    case "severity":
      return [t("work:act.severity", { level: t(`work:severity.${act.level}`) })];
    case "tag":
      return [t(act.on ? "work:act.tagOn" : "work:act.tagOff", { tag: act.tag })];
    case "task":
      return taskLines(act, t, names);
    case "link":
      return [t(act.on ? "work:act.linkOn" : "work:act.linkOff", { name: names.linked })];
    case "mute":
      return [t(act.on ? "work:act.muteOn" : "work:act.muteOff")];
    case "checkIns":
      return [t("work:act.checkIns", { days: act.days.join(", ") })];
    case "checkIn":
      return [t(`work:act.checkIn.${act.outcome}`, { day: act.day, on: act.on })];
    case "hold":
      return holdLines(act, t);
    case "redact":
      return [t(act.on ? "work:act.redacted" : "work:act.shownAgain", { part: partWords(act, t) })];
    case "askExport":
      return [t("work:act.askExport", { name: names.person(act.to) }), ...digestLines(act, t)];
    case "answerExport":
      return [t(act.approves ? "work:act.exportApproved" : "work:act.exportRefused")];
    case "exported":
      return [
        t(act.sealed ? "work:act.exportedSealed" : "work:act.exported"),
        ...(act.approvedBy === null ? [] : [t("work:act.exportApprovedBy", { name: names.person(act.approvedBy) })]),
        ...digestLines(act, t),
      ];
  }
}

function holdLines(
  { on, matter = "", scope = "", dated }: Extract<ActContent, { act: "hold" }>,
  t: Translate,
): string[] {
  return [
    t(on ? "duties:act.holdOn" : "duties:act.holdOff"),
    ...(matter === "" ? [] : [t("duties:act.holdMatter", { matter })]),
    ...(scope === "" ? [] : [t("duties:act.holdScope", { scope })]),
    ...(dated === undefined ? [] : [t(on ? "duties:act.holdDay" : "duties:act.holdEnd", { day: dated })]),
  ];
}

/** Which entry, and what of it: never the words themselves. */
function partWords({ stream, seq, part, span }: Extract<ActContent, { act: "redact" }>, t: Translate): string {
  const what = part.startsWith("file:") ? "file" : span === null ? "document" : "passage";
  return t(`work:act.part.${what}`, { of: t(stream === 0 ? "work:act.ofMessage" : "work:act.ofNote", { seq }) });
}

/** None where it is not to be told. */
const digestLines = ({ digest }: { digest: string }, t: Translate): string[] =>
  digest === "" ? [] : [t("work:act.exportDigest", { digest })];

function taskLines(
  { text, to, due, state }: Extract<ActContent, { act: "task" }>,
  t: Translate,
  names: ActNames,
): string[] {
  return [
    t(`work:act.task.${state}`, { text }),
    ...(to === null ? [] : [t("work:act.taskFor", { name: names.person(to) })]),
    ...(due === null ? [] : [t("work:act.taskDue", { day: due })]),
  ];
}
