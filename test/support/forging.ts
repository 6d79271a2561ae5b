/** A reader who writes in somebody else's name: what they sign with their own key and say another wrote. */
import assert from "node:assert/strict";
import { toBase64Url } from "../../crypto/bytes.ts";
import { generateEnvId, type Place } from "../../crypto/envelope/seal.ts";
import { sealByMember, type MembersKind } from "../../crypto/envelope/seal-member.ts";
import { formatEnvelopeWithSlots } from "../../crypto/envelope/wire.ts";
import { tokenOf } from "../../crypto/keys.ts";
import type { ContentOf } from "../../crypto/team-content.ts";
import { openCase, type OpenCase } from "../../views/browser/client/casework.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import type { FixtureMember } from "./fixtures.ts";
import { ask, type ServedOrganisation } from "./organisation-server.ts";

const placeIn = ({ session: { chain } }: Desk, open: OpenCase, stream: 0 | 1): Place => {
  const entries = stream === 0 || open.team.state !== "open" ? open.entries : open.team.entries;
  const last = entries.at(-1)!;
  const { portalId } = chain;
  return { portalId, caseId: open.caseId, roster: chain.current, seq: last.seq + 1, prevHash: last.hash, keyEpoch: 0 };
};

/** Posts it with the forger's token; nobody who opens it takes it for the victim's. */
export async function forge<K extends MembersKind>(
  served: ServedOrganisation,
  desk: Desk,
  { forger, victim }: Record<"forger" | "victim", FixtureMember>,
  caseId: string,
  kind: K,
  content: ContentOf[K],
): Promise<void> {
  const open = await openCase(desk, caseId);
  const stream = kind === "reply" ? 0 : 1;
  const teamKey = open.team.state === "open" ? open.team.key : null;
  const key = stream === 0 ? open.caseKey : teamKey;
  assert.ok(key !== null);
  const envelope = sealByMember({
    kind,
    place: placeIn(desk, open, stream),
    key,
    envId: generateEnvId(),
    author: { id: victim.id, secrets: forger.secrets },
    content,
    readers: [],
    object: null,
  });
  const token = { [stream === 0 ? "x-case-token" : "x-team-token"]: toBase64Url(tokenOf(key)) };
  const headers = { ...desk.session.headers, ...token };
  const path = `/cases/${caseId}/streams/${stream}`;
  const { status } = await ask(served.portal.consoleUrl, "POST", path, formatEnvelopeWithSlots(envelope), headers);
  assert.equal(status, 201, "the server cannot know");
}
