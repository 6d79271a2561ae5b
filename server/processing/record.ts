/** Part 1: what GDPR Art. 30(1)(a) to (g) wants in a controller's record. */
import { builtInDuties } from "../../data/policy/deadlines/duties-file.ts";
import type { Question } from "../../data/policy/questionnaire.ts";
import type { RetentionRow } from "../../data/policy/retention.ts";
import type { Block, Part } from "../../data/policy/processing-document.ts";
import type { ChannelFacts, Facts } from "./facts.ts";
import { measures } from "./measures.ts";
import { section, type Say } from "./say.ts";

export function recordPart(facts: Facts, say: Say): Part {
  const { t } = say;
  return {
    id: "record",
    title: t("processing:record.title"),
    lead: t("processing:record.lead"),
    sections: [
      section(say, 30, "a", t("processing:a.title"), [controller(facts, say)]),
      section(say, 30, "b", t("processing:b.title"), purposes(facts, say)),
      section(say, 30, "c", t("processing:c.title"), subjectsAndData(facts, say)),
      section(say, 30, "d", t("processing:d.title"), [recipients(facts, say)]),
      section(say, 30, "e", t("processing:e.title"), [transfers(facts, say)]),
      section(say, 30, "f", t("processing:f.title"), erasure(facts, say)),
      section(say, 30, "g", t("processing:g.title"), [
        say.table([t("processing:g.measure"), t("processing:g.here")], measures(facts, say)),
      ]),
    ],
  };
}

function controller({ organisation }: Facts, { t, list }: Say): Block {
  return list(
    t("processing:a.name", { organisation }),
    t("processing:a.contact"),
    t("processing:a.joint"),
    t("processing:a.representative"),
    t("processing:a.dpo"),
  );
}

export function channelNames({ channels }: Facts, { t, joined }: Say): string {
  return joined(channels.map(({ name, questionnaire }) => t("processing:b.channel", { name, form: questionnaire })));
}

function dutiesLines({ duties, dutiesCounted }: Facts, { t, joined }: Say): string[] {
  const { profile, jurisdictions, off = [], rows = [] } = duties ?? builtInDuties;
  const places = joined(
    (jurisdictions ?? builtInDuties.jurisdictions).map((place) => t(`deadlines:jurisdiction.${place}`)),
  );
  const set = { count: dutiesCounted, profile: t(`deadlines:profile.${profile ?? builtInDuties.profile}`), places };
  return [
    t("processing:b.duties", set),
    ...(duties === null ? [t("processing:b.dutiesUnset")] : []),
    ...(off.length === 0 ? [] : [t("processing:b.dutiesOff", { ids: joined(off) })]),
    ...(rows.length === 0 ? [] : [t("processing:b.dutiesOwn", { ids: joined(rows.map(({ id }) => id)) })]),
  ];
}

function purposes(facts: Facts, say: Say): Block[] {
  const { t, text, list } = say;
  return [
    text(t("processing:b.purpose")),
    list(
      t("processing:b.channels", { channels: channelNames(facts, say) }),
      ...dutiesLines(facts, say),
      ...(facts.noticeList ? [t("processing:b.notice")] : []),
      t("processing:b.basis"),
      t("processing:b.special"),
    ),
  ];
}

function subjectsAndData(facts: Facts, say: Say): Block[] {
  const { t, table, text, size } = say;
  const subjects = [
    "reporters",
    "concerned",
    "witnesses",
    "members",
    ...(facts.noticeList ? ["noticeList"] : []),
    "visitors",
  ];
  return [
    table(
      [t("processing:c.who"), t("processing:c.what")],
      subjects.map((who) => [t(`processing:c.${who}`), t(`processing:c.${who}Data`)]),
    ),
    ...facts.channels.flatMap((channel) => asked(channel, say)),
    text(
      t("processing:c.files", {
        size: size(facts.hosting.maxFileBytes),
        policy: t(`processing:c.metadata.${facts.metadata}`),
      }),
    ),
  ];
}

function asked({ name, questions }: ChannelFacts, say: Say): Block[] {
  const { t, table, heading } = say;
  const row = (question: Question): string[] => [
    t(`questionnaires:${question.labelKey}`),
    t(`processing:c.type.${question.type}`, {
      options: say.joined((question.options ?? []).map(({ labelKey }) => t(`questionnaires:${labelKey}`))),
    }),
    t(question.required === true ? "processing:yes" : "processing:no"),
  ];
  const head = [t("processing:c.question"), t("processing:c.kind"), t("processing:c.required")];
  return [heading(t("processing:c.asked", { channel: name })), table(head, questions.map(row))];
}

function recipients({ channels, recovery, operators, hosting }: Facts, { t, list, people, joined }: Say): Block {
  const kinds = joined(hosting.reminders.map((kind) => t(`processing:d.kind.${kind}`)));
  return list(
    ...channels.map(({ name, readers }) => t("processing:d.readers", { channel: name, people: people(readers) })),
    t("processing:d.recovery", { people: people(recovery) }),
    t("processing:d.operators", { people: people(operators) }),
    t("processing:d.charter"),
    t("processing:d.sealed"),
    t("processing:d.processors"),
    hosting.reminders.length === 0 ? t("processing:d.noReminders") : t("processing:d.reminders", { kinds }),
    t("processing:d.authorities"),
  );
}

function transfers({ hosting: { reporterOnion } }: Facts, { t, list }: Say): Block {
  return list(
    t("processing:e.none"),
    ...(reporterOnion === null ? [] : [t("processing:e.onion", { onion: reporterOnion })]),
    t("processing:e.server"),
    t("processing:e.members"),
    t("processing:e.safeguards"),
  );
}

/** A row of the operator's own says its reason and subjects in the operator's words. */
function retentionRow(row: RetentionRow, { t, joined }: Say): string[] {
  const { dispositions, categories, months, basisKey, basis = "", citation } = row;
  const outcome =
    dispositions === undefined
      ? t("processing:f.anyOutcome")
      : joined(dispositions.map((each) => t(`console:disposition.${each}`)));
  const word = (category: string): string => {
    const words = t(`questionnaires:categories.${category}`);
    return words === `categories.${category}` ? category : words;
  };
  const subject = categories === undefined ? t("processing:f.anySubject") : joined(categories.map(word));
  const why = basisKey === undefined ? basis : t(basisKey);
  return [
    outcome,
    subject,
    t("retention:months", { count: months }),
    citation === "" ? why : t("processing:f.source", { basis: why, citation }),
  ];
}

function erasure({ retention, hosting, noticeList }: Facts, say: Say): Block[] {
  const { t, text, list, table } = say;
  return [
    text(t("processing:f.how")),
    table(
      ["outcome", "subject", "keep", "why"].map((column) => t(`processing:f.${column}`)),
      retention.map((row) => retentionRow(row, say)),
    ),
    list(
      t("processing:f.confirm"),
      t("processing:f.backups", { count: hosting.keyringBackupDays }),
      t("processing:f.tombstone"),
      t("processing:f.uploads"),
      ...(noticeList ? [t("processing:f.noticeList")] : []),
      ...(hosting.tls === "proxy" ? [t("processing:f.proxy")] : []),
    ),
  ];
}
