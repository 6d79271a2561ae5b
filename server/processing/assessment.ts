/** Part 2: what GDPR Art. 35(7)(a) to (d) wants in an impact assessment. */
import type { Question } from "../../data/policy/questionnaire.ts";
import type { Block, Part } from "../../data/policy/processing-document.ts";
import type { Facts } from "./facts.ts";
import { channelNames } from "./record.ts";
import { section, type Say } from "./say.ts";

export function assessmentPart(facts: Facts, say: Say): Part {
  const { t } = say;
  return {
    id: "assessment",
    title: t("processing:assessment.title"),
    lead: t("processing:assessment.lead"),
    sections: [
      section(say, 35, "a", t("processing:va.title"), description(facts, say)),
      section(say, 35, "b", t("processing:vb.title"), [necessity(facts, say)]),
      section(say, 35, "c", t("processing:vc.title"), risks(facts, say)),
      section(say, 35, "d", t("processing:vd.title"), [decisions(facts, say)]),
    ],
  };
}

function description(facts: Facts, say: Say): Block[] {
  const { t, text, list, joined, languageName } = say;
  const { hosting, organisation } = facts;
  const languages = joined(facts.languages.map(languageName));
  return [
    text(t("processing:va.flow", { reporter: hosting.reporterOrigin, console: hosting.consoleOrigin })),
    text(t("processing:va.scope", { organisation, channels: channelNames(facts, say), languages })),
    list(
      t("processing:va.expected"),
      t("processing:va.context"),
      t("processing:va.legal"),
      t("processing:va.interest"),
    ),
  ];
}

/** Each form once, however many channels use it. */
function questionsOf({ channels }: Facts): Question[] {
  return [...new Map(channels.map(({ questionnaire, questions }) => [questionnaire, questions])).values()].flat();
}

function necessity(facts: Facts, { t, table, joined }: Say): Block {
  const all = questionsOf(facts);
  const required = all
    .filter((question) => question.required === true)
    .map(({ labelKey }) => t(`questionnaires:${labelKey}`));
  const months = facts.retention.map((row) => row.months);
  const minimum = {
    all: all.length,
    required: required.length,
    names: required.length === 0 ? t("processing:vb.minimumNone") : joined([...new Set(required)]),
  };
  return table(
    [t("processing:vb.question"), t("processing:vb.answer")],
    [
      [t("processing:vb.minimum"), t("processing:vb.minimumHere", minimum)],
      [t("processing:vb.readers"), t("processing:vb.readersHere")],
      [
        t("processing:vb.storage"),
        t("processing:vb.storageHere", { least: Math.min(...months), most: Math.max(...months) }),
      ],
      [t("processing:vb.inform"), t("processing:vb.informHere")],
      [t("processing:vb.rights"), t("processing:vb.rightsHere")],
      [t("processing:vb.alternatives"), t("processing:vb.alternativesHere")],
      [t("processing:vb.consult"), t("processing:vb.consultHere")],
      [t("processing:vb.advice"), t("processing:vb.adviceHere")],
    ],
  );
}

function risks({ assisted, metadata }: Facts, { t, heading, table }: Say): Block[] {
  const groups: [title: string, ids: string[]][] = [
    [t("processing:vc.reporters"), ["r1", "r2", "r3", "r4", "r5", assisted ? "r6on" : "r6off", "r7"]],
    [t("processing:vc.concerned"), ["c1", "c2", "c3"]],
    [t("processing:vc.witnesses"), ["w1"]],
    [t("processing:vc.members"), ["m1"]],
  ];
  const head = [t("processing:vc.risk"), t("processing:vc.does"), t("processing:vc.left"), t("processing:vc.judge")];
  const policy = t(`processing:c.metadata.${metadata}`);
  return groups.flatMap(([title, ids]) => [
    heading(title),
    table(
      head,
      ids.map((id) => [
        t(`processing:vc.${id}.risk`),
        t(`processing:vc.${id}.does`, { policy }),
        t(`processing:vc.${id}.left`),
        t("processing:vc.judgeHere"),
      ]),
    ),
  ]);
}

/** What the settings leave open: somebody should have decided it, not overlooked it. */
function openPoints(facts: Facts, { t, joined }: Say): string[] {
  const { channels, hosting } = facts;
  const few = channels.filter(({ readers }) => readers.atWork < 2);
  const hasOmbuds = channels.some(({ readers }) => readers.roles.some(({ role }) => role === "ombuds"));
  const points: [open: boolean, words: string][] = [
    [facts.trial, t("processing:vd.open.trial")],
    [!hosting.keyApart, t("processing:vd.open.keys")],
    [hosting.keyringBackupDays === 0, t("processing:vd.open.backups")],
    [facts.assisted, t("processing:vd.open.assisted")],
    [hosting.reporterOnion === null, t("processing:vd.open.onion")],
    [facts.metadata !== "always", t("processing:vd.open.metadata")],
    [few.length > 0, t("processing:vd.open.readers", { names: joined(few.map(({ name }) => name)) })],
    [!hasOmbuds, t("processing:vd.open.ombuds")],
    [facts.duties === null, t("processing:vd.open.duties")],
  ];
  return points.filter(([open]) => open).map(([, words]) => words);
}

function decisions(facts: Facts, say: Say): Block {
  const { t, list, day } = say;
  const open = openPoints(facts, say);
  return list(
    t(open.length === 0 ? "processing:vd.nothingOpen" : "processing:vd.measures"),
    ...open,
    t("processing:vd.owner"),
    t("processing:vd.residual"),
    t("processing:vd.consultation"),
    t("processing:vd.review", { expires: day(facts.expires) }),
  );
}
