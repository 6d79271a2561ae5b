/** In the worker: a new member makes their keys and joins. */
import { equal, utf8 } from "../../../crypto/bytes.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { parseMemberSeed } from "../../../crypto/keys.ts";
import { fingerprintWords } from "../../../crypto/roster.ts";
import { wipe } from "../../../crypto/sodium.ts";
import { english } from "../../../crypto/words.ts";
import type { Api } from "../client/http.ts";
import {
  generateMemberSeed,
  join,
  keyFileName,
  memberKeyFile,
  parseInviteFragment,
  readInvitation,
  type InviteLink,
} from "../client/joining.ts";
import { fetchPortal } from "../client/portal.ts";
import type { Acts } from "./acts.ts";
import { fileOut, type Made } from "./worker-setup.ts";

export function joinActs(api: Api, made: Made): Pick<Acts, "readInvite" | "makeMember" | "join"> {
  let reading: { link: InviteLink; name: string } | null = null;
  const invited = (): { link: InviteLink; name: string } => {
    if (reading === null) throw new PortalError("missing", "no invitation was read");
    return reading;
  };
  return {
    async readInvite({ fragment }) {
      const link = parseInviteFragment(fragment);
      const portal = await fetchPortal(api, link.portalId);
      if (portal.portalId === null || !equal(portal.portalId, link.portalId))
        throw new PortalError("forged", "the link is for another portal");
      const invitation = await readInvitation(api, link);
      reading = { link, name: invitation.name };
      const roster = portal.chain?.current ?? null;
      const fingerprint = fingerprintWords(link.portalId, english);
      return { ...invitation, organisation: roster?.organisation ?? null, fingerprint, trial: roster?.trial ?? false };
    },

    async makeMember({ passphrase }) {
      const { link, name } = invited();
      const seed = generateMemberSeed();
      const text = memberKeyFile(seed, passphrase, name, link.portalId);
      if (made.seed !== null) wipe(made.seed);
      made.seed = seed;
      return fileOut(keyFileName(name), utf8(text));
    },

    async join() {
      const { link, name } = invited();
      if (made.seed === null) throw new PortalError("missing", "no key was made here");
      await join(api, link, parseMemberSeed(made.seed), name);
      wipe(made.seed);
      made.seed = null;
      return null;
    },
  };
}
