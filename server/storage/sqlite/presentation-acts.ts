import type { Database } from "better-sqlite3";
import type { PresentationFile, Store } from "../../ports.ts";
import type { ActsOf } from "../acts.ts";

type PresentationActs = Pick<
  ActsOf<Store>,
  "listPresentation" | "putPresentation" | "putQuestionnaires" | "findQuestionnaire"
>;

/** What operators set, version upon version, and the questionnaires that were ever asked. */
export function preparePresentationActs(db: Database): PresentationActs {
  const list = db.prepare<[], PresentationFile>(
    `SELECT name, version, bytes, day FROM presentation AS each
     WHERE version = (SELECT max(version) FROM presentation WHERE name = each.name) ORDER BY name`,
  );
  const newest = db.prepare<[string], number | null>("SELECT max(version) FROM presentation WHERE name = ?").pluck();
  const held = db.prepare<[], number>("SELECT coalesce(sum(length(bytes)), 0) FROM presentation").pluck();
  const put = db.prepare("INSERT INTO presentation VALUES (?, ?, ?, ?)");
  const putQuestionnaire = db.prepare("INSERT INTO questionnaires VALUES (?, ?) ON CONFLICT (version) DO NOTHING");
  const findQuestionnaire = db.prepare<[string], string>("SELECT text FROM questionnaires WHERE version = ?").pluck();

  return {
    listPresentation: () => list.all(),
    putPresentation(files, mostBytes) {
      if (files.some(({ name, version }) => version !== (newest.get(name) ?? 0) + 1)) return "conflict";
      const added = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
      if (held.get()! + added > mostBytes) return "full";
      for (const { name, version, bytes, day } of files) put.run(name, version, bytes, day);
      return "stored";
    },
    putQuestionnaires(asked) {
      for (const { version, text } of asked) putQuestionnaire.run(version, text);
    },
    findQuestionnaire: (version) => findQuestionnaire.get(version) ?? null,
  };
}
