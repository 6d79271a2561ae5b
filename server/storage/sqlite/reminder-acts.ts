import type { Database } from "better-sqlite3";
import type { Store } from "../../ports.ts";
import type { ActsOf } from "../acts.ts";

type ReminderActs = Pick<ActsOf<Store>, "findReminderSlot" | "advanceReminderSlot">;

/** Which of the fixed hours was served last. */
export function prepareReminders(db: Database): ReminderActs {
  const find = db.prepare<[], number>("SELECT slot FROM reminder_clock").pluck();
  const begin = db.prepare("INSERT INTO reminder_clock VALUES (1, ?) ON CONFLICT (one) DO NOTHING");
  const advance = db.prepare("UPDATE reminder_clock SET slot = ? WHERE slot = ?");
  return {
    findReminderSlot: () => find.get() ?? null,
    advanceReminderSlot(from, to) {
      const { changes } = from === null ? begin.run(to) : advance.run(to, from);
      return changes === 1;
    },
  };
}
