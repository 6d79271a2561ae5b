/** Sets up the portal that is measured. */
import { issueSetupSecret } from "../../server/app/set-up.ts";
import type { RunningPortal } from "../../server/main.ts";
import { closeOffice, officeSession, publishRoster, registerPortal } from "../../views/browser/client/office.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { firstRoster, makePeople } from "./people.ts";

export async function setUp(portal: RunningPortal): Promise<void> {
  const api = { origin: portal.consoleUrl };
  const people = makePeople();
  await registerPortal(api, await issueSetupSecret(portal.context), people.charter);
  const { logKey } = await fetchPortal(api);
  const office = await officeSession(api, people.charter);
  await publishRoster(office, firstRoster(people, logKey!), null);
  await closeOffice(office);
}
