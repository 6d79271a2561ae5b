/** The organisation that is measured: five recipients and the recovery paper, not a trial. */
import { issueSetupSecret } from "../../server/app/set-up.ts";
import {
  closeOffice,
  nextRoster,
  officeSession,
  publishRoster,
  registerPortal,
} from "../../views/browser/client/office.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { makeTrial, type Trial } from "../../views/browser/client/trial.ts";
import type { RunningPortal } from "../../server/main.ts";
import type { Role } from "../../crypto/roster.ts";
import type { RosterContent } from "../../crypto/roster.ts";

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

export async function setUp(portal: RunningPortal): Promise<void> {
  const api = { origin: portal.consoleUrl };
  const people = makePeople();
  await registerPortal(api, await issueSetupSecret(portal.context), people.charter);
  const { logKey } = await fetchPortal(api);
  const office = await officeSession(api, people.charter);
  await publishRoster(office, firstRoster(people, logKey!), null);
  await closeOffice(office);
}
