/**
 * What the portal's settings say about the processing of personal data. No secret is among it, and
 * nothing of a case: the roster and what operators set are public to members anyway.
 */
import type { Role, RosterContent } from "../../crypto/roster.ts";
import { dutiesOf, type DutiesFile } from "../../data/policy/deadlines/duties-file.ts";
import type { MetadataPolicy, Presentation } from "../../data/policy/presentation.ts";
import { findActive, type Question } from "../../data/policy/questionnaire.ts";
import type { RetentionRow } from "../../data/policy/retention.ts";
import type { Config } from "../config.ts";

/** How reminders leave the portal. */
export type ReminderKind = "email" | "webhook";

export interface Hosting {
  reporterOrigin: string;
  reporterOnion: string | null;
  consoleOrigin: string;
  /** Who ends TLS: the portal, a proxy in front, or nobody (this machine only, or an onion service). */
  tls: "own" | "proxy" | "none";
  /** The keyring's key is given by the environment, not kept beside the database. */
  keyApart: boolean;
  keyringBackupDays: number;
  feedTickSeconds: number;
  feedItems: number;
  maxFileBytes: number;
  uploadBudgetBytes: number;
  minFreeBytes: number;
  assistedWaitSeconds: number;
  workCost: number;
  rates: Config["rates"];
  quickExitUrl: string;
  reminders: readonly ReminderKind[];
}

/** Names each field that is taken over, so that a new setting never gets in by itself. */
export function hostingOf(config: Config, keyApart: boolean, reminders: Iterable<ReminderKind>): Hosting {
  return {
    reporterOrigin: config.reporterOrigin,
    reporterOnion: config.reporterOnion,
    consoleOrigin: config.consoleOrigin,
    tls: config.tls !== null ? "own" : config.behindProxy ? "proxy" : "none",
    keyApart,
    keyringBackupDays: config.keyringBackupDays,
    feedTickSeconds: config.feedTickSeconds,
    feedItems: config.feedItems,
    maxFileBytes: config.maxFileBytes,
    uploadBudgetBytes: config.uploadBudgetBytes,
    minFreeBytes: config.minFreeBytes,
    assistedWaitSeconds: config.assistedWaitSeconds,
    workCost: config.workCost,
    rates: { ...config.rates },
    quickExitUrl: config.quickExitUrl,
    reminders: [...new Set(reminders)].sort(),
  };
}

/** Roles with the number of people who hold them, and their names where the reader asked for names. */
export interface People {
  roles: { role: Role; count: number }[];
  /** Those who are not the member on paper. */
  atWork: number;
  /** In the list's order; null: names were not asked for. */
  names: string[] | null;
}

export interface ChannelFacts {
  name: string;
  questionnaire: string;
  questions: readonly Question[];
  readers: People;
}

export interface Facts {
  organisation: string;
  epoch: number;
  /** YYYY-MM-DD */
  issued: string;
  expires: string;
  trial: boolean;
  assisted: boolean;
  /** BCP 47 tags that reporters are offered. */
  languages: readonly string[];
  metadata: MetadataPolicy;
  channels: ChannelFacts[];
  /** Who gets reports wherever they are not left out: the member on paper. */
  recovery: People;
  /** Who sets what reporters see; reads nothing with that role. */
  operators: People;
  retention: readonly RetentionRow[];
  duties: DutiesFile | null;
  /** Duties that apply by that file. */
  dutiesCounted: number;
  /** Whether the list of people who were given the notice is in use. */
  noticeList: boolean;
  hosting: Hosting;
}

type Member = Pick<RosterContent["members"][number], "id" | "name" | "roles">;

export interface Sources {
  roster: Omit<RosterContent, "members"> & { members: readonly Member[] };
  presentation: Presentation;
  hosting: Hosting;
  noticeList: boolean;
  /** Whether members are named. */
  names: boolean;
}

/** A person with two roles counts in both. */
function peopleOf(members: readonly Member[], names: boolean): People {
  const counts = new Map<Role, number>();
  for (const { roles } of members) for (const role of roles) counts.set(role, (counts.get(role) ?? 0) + 1);
  return {
    roles: [...counts].map(([role, count]) => ({ role, count })),
    atWork: members.filter(({ roles }) => !roles.includes("recovery")).length,
    names: names ? members.map(({ name }) => name) : null,
  };
}

export function factsOf({ roster, presentation, hosting, noticeList, names }: Sources): Facts {
  const { members } = roster;
  const withRole = (role: Role): People =>
    peopleOf(
      members.filter(({ roles }) => roles.includes(role)),
      names,
    );
  return {
    organisation: roster.organisation,
    epoch: roster.epoch,
    issued: roster.issued,
    expires: roster.expires,
    trial: roster.trial,
    assisted: roster.settings.assisted,
    languages: presentation.languages,
    metadata: presentation.metadata,
    channels: roster.channels.map(({ name, questionnaire, readers }) => ({
      name,
      questionnaire,
      questions: findActive(presentation.questionnaires, questionnaire).questionnaire.questions,
      readers: peopleOf(
        members.filter(({ id }) => readers.includes(id)),
        names,
      ),
    })),
    recovery: withRole("recovery"),
    operators: withRole("operator"),
    retention: presentation.retention,
    duties: presentation.duties,
    dutiesCounted: dutiesOf(presentation.duties).length,
    noticeList,
    hosting,
  };
}
