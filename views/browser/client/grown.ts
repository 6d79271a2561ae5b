/** What is new since the last look. The requests depend on what changed, never on what anybody has on the screen. */
import { openCase, type OpenCase } from "./casework.ts";
import { forgetHeld, syncFeed, type Desk } from "./held-cases.ts";
import { listCases, shown, type CaseListing, type Listed } from "./listing.ts";
import { gateOf } from "./recusal.ts";

type Lengths = Pick<CaseListing, "conversationLength" | "teamLength">;
const grew = (a: Lengths, b: Lengths): boolean =>
  a.conversationLength !== b.conversationLength || a.teamLength !== b.teamLength;

/**
 * The list as it is now, and every known case that grew, read again. One that does not verify hides no other. Who
 * stepped back from a case, in whatever browser, loses it here; on their own act's word, not on a colleague's.
 */
export async function lookForNew(desk: Desk, most: number): Promise<Omit<Listed, "doubtful"> & { grown: OpenCase[] }> {
  const before = desk.cases;
  await syncFeed(desk);
  const { listings, left, doubtful } = await listCases(desk, most);
  const grown = new Map<string, OpenCase>();
  for (const listing of listings) {
    const known = before.get(listing.caseId)?.lookup;
    const isNew = known !== undefined && grew(known, listing);
    if (!isNew && !doubtful.includes(listing.caseId)) continue;
    const read = await openCase(desk, listing.caseId).catch(() => null);
    if (read === null) continue;
    if (gateOf(desk, read) === "gone") forgetHeld(desk, listing.caseId);
    else grown.set(listing.caseId, read);
  }
  const newest = listings
    .filter(({ caseId }) => desk.cases.has(caseId))
    .map((each) => shown(grown.get(each.caseId)?.listing ?? each));
  return { listings: newest, left, grown: [...grown.values()] };
}
