/** Somebody is told of each case whose date has passed, though nobody signs in. */
import { fromHex } from "../../crypto/bytes.ts";
import { isEscalated } from "../domain/reminder.ts";
import { findCase, storeState } from "./case-state.ts";
import type { Context } from "./context.ts";
import { everyCase } from "./every-case.ts";

/** Somebody who writes to the case at the same moment comes first. */
const mostTries = 5;
const markAtOnce = 16;

interface Overdue {
  caseId: Uint8Array;
  second: number | null;
}

/**
 * `tell`, once for each: person id of the one whom a reader named, or null where nobody was named; answers whether
 * somebody was reached. Only then is the day kept, so that the next hour tries again.
 */
export async function escalate(context: Context, tell: (second: number | null) => Promise<boolean>): Promise<void> {
  const overdue: Overdue[] = [];
  for await (const { state } of everyCase(context))
    if (isEscalated(state.reminder, context.clock.today()))
      overdue.push({ caseId: fromHex(state.caseId), second: state.reminder.second });
  await Promise.all(
    [...Map.groupBy(overdue, ({ second }) => second)].map(async ([second, cases]) => {
      if (!(await tell(second))) return;
      // A few at a time: thousands at once would fill the store's queue, and a reporter would be turned away.
      for (let i = 0; i < cases.length; i += markAtOnce)
        await Promise.all(cases.slice(i, i + markAtOnce).map(({ caseId }) => markTold(context, caseId)));
    }),
  );
}

/** A date that was changed or met meanwhile is left alone. */
async function markTold(context: Context, caseId: Uint8Array): Promise<void> {
  const today = context.clock.today();
  for (let tries = 0; tries < mostTries; tries++) {
    const found = await findCase(context, caseId);
    if (found === null || !isEscalated(found.state.reminder, today)) return;
    const { state } = found;
    if (await storeState(context, found, { ...state, reminder: { ...state.reminder, told: today } })) return;
  }
}
