/** Keyholders in Node, each of one member: what a console's page may ask, asked of a real portal. */
import assert from "node:assert/strict";
import { formatRecoveryWords } from "../../crypto/words.ts";
import { makeActs, type Acts, type Told } from "../../views/browser/console/worker-acts.ts";
import { nodeStarts } from "./case-file-plan.ts";
import type { FixtureMember } from "./fixtures.ts";
import type { ServedOrganisation } from "./organisation-server.ts";

export const told = (): Told => ({ progress() {}, signal: new AbortController().signal });

/** Signed in, with a list of this many cases at least. */
export async function keyholderOf(served: ServedOrganisation, member: FixtureMember, cases: number): Promise<Acts> {
  const acts = makeActs(
    { origin: served.portal.consoleUrl },
    () => {},
    () => {},
    nodeStarts,
  );
  const credentials = { by: "words", words: formatRecoveryWords(member.seed).join(" ") } as const;
  const page = { lang: "en", words: { en: {} }, data: {} };
  const entered = await acts.unlock({ credentials, seen: {}, page, idleMinutes: 10 }, told());
  assert.equal(entered.is, "in");
  for (let ticks = 0; ticks < 20; ticks++) {
    if ((await acts.list({ most: null, shown: null }, told())).listings.length >= cases) return acts;
    await served.portal.tick();
  }
  throw new Error("the cases did not come");
}
