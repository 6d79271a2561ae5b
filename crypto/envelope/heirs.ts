/** PROTOCOL.md §13: who may have a stream's next key. */
import { equal, fromBase64 } from "../bytes.ts";
import { PortalError } from "../errors.ts";
import { formatMemberKeys } from "../keys.ts";
import type { Roster } from "../roster.ts";

/**
 * Who had the last key and may have the next: those of `readers` who are recipients still, with the same keys. Somebody
 * who was given new ones begins anew: whoever signs lists could otherwise open what was filed before.
 */
export function heirsOf(readers: readonly number[], keyRoster: Roster, roster: Roster): number[] {
  const keysIn = (of: Roster, id: number): Uint8Array | null => {
    const member = of.recipients.find((each) => each.id === id);
    return member === undefined ? null : formatMemberKeys(member.keys);
  };
  return roster.recipients.flatMap(({ id }) => {
    const [before, now] = [keysIn(keyRoster, id), keysIn(roster, id)];
    return readers.includes(id) && before !== null && now !== null && equal(before, now) ? [id] : [];
  });
}

/** A new key goes to some of those who had the last, its maker among them, and its maker knew the last. @throws PortalError "forged" */
export function checkHeirs(
  { author, content }: { author: number | null; content: { previous: string } },
  last: Uint8Array,
  given: readonly number[],
  { readers, keyRoster, roster }: { readers: readonly number[]; keyRoster: Roster; roster: Roster },
): void {
  const heirs = heirsOf(readers, keyRoster, roster);
  const inOrder = heirs.filter((id) => given.includes(id));
  if (!equal(fromBase64(content.previous), last))
    throw new PortalError("forged", "a new key by somebody without the last");
  if (given.length === 0 || inOrder.length !== given.length || inOrder.some((id, i) => given[i] !== id))
    throw new PortalError("forged", "a new key was given to the wrong people");
  if (author === null || !given.includes(author))
    throw new PortalError("forged", "a new key by somebody who has no part in it");
}
