/** The fixture organisation's third roster: a second place to send to, with other questions and fewer readers. */
import { toBase64, toHex } from "../../crypto/bytes.ts";
import { rosterHashOf, signRoster, type RosterContent } from "../../crypto/roster.ts";
import type { ServedOrganisation } from "./organisation-server.ts";

/** Signs and posts a roster after the newest one. @throws when the server does not take it */
export async function postRosterAfter(
  served: ServedOrganisation,
  change: (content: RosterContent) => RosterContent,
): Promise<void> {
  const { organisation, portal } = served;
  const { current } = portal.context.book.chain!;
  const previous = organisation.contents.at(-1)!;
  const content: RosterContent = change({ ...previous, epoch: current.epoch + 1, previous: toHex(current.hash) });
  const { bytes, signature } = signRoster(content, organisation.charter);
  const response = await fetch(`${portal.consoleUrl}/rosters`, {
    method: "POST",
    headers: { authorization: await served.signIn("charter"), "content-type": "application/json" },
    body: JSON.stringify({ bytes: toBase64(bytes), signature: toBase64(signature) }),
  });
  if (response.status !== 201) throw new Error(`the roster answered ${String(response.status)}`);
  if (!Buffer.from(rosterHashOf(bytes)).equals(portal.context.book.chain!.current.hash))
    throw new Error("the roster is not the current one");
  organisation.contents.push(content);
}

export const postTwoPlaces = (served: ServedOrganisation): Promise<void> =>
  postRosterAfter(served, (content) => ({
    ...content,
    channels: [
      { id: "general", name: "Speak up", questionnaire: "general", readers: [1, 2, 6] },
      { id: "safety", name: "AI safety", questionnaire: "sb53", readers: [1] },
    ],
  }));
