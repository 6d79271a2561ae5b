/** How long a case that was closed as spam can be restored: nobody may delete it before that, and then it goes by itself. */
import { PortalError } from "../../crypto/errors.ts";
import { dayOf, textOfDay } from "./update-date.ts";

export const spamDays = 30;

/** The first day on which it may be deleted, YYYY-MM-DD. @throws PortalError "format": no such day */
export function spamGoesOn(closedOn: string): string {
  const day = dayOf(closedOn);
  if (day === null) throw new PortalError("format", "there is no such day, written YYYY-MM-DD");
  return textOfDay(day + spamDays);
}
