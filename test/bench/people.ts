/** The organisation that is measured: five recipients and the recovery paper, not a trial. Runs in a browser too. */
import type { Role, RosterContent } from "../../crypto/roster.ts";
import { nextRoster } from "../../views/browser/client/office.ts";
import { makeTrial, type Trial } from "../../views/browser/client/trial.ts";

const roles: Role[] = ["reviewer", "reviewer", "counsel", "director", "ombuds", "recovery"];

export function makePeople(): Trial {
  return makeTrial({
    organisation: "Bench",
    people: roles.map((role, i) => ({ name: `${role} ${String(i + 1)}`, title: "", roles: [role] })),
    recipientRoles: ["reviewer", "counsel", "director", "ombuds"],
    channels: [
      {
        id: "general",
        name: "General",
        questionnaire: "general",
        readerRoles: ["reviewer", "counsel", "director", "ombuds"],
      },
    ],
    assisted: false,
  });
}

export function firstRoster({ charter, draft }: Trial, logKey: Uint8Array): RosterContent {
  // A trial publishes its feed at each report, which a real portal does not.
  return nextRoster(charter, logKey, null, { ...draft, trial: false }, new Date().toISOString().slice(0, 10));
}
