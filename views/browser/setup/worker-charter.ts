/** In the worker: the charter holder's office, from opening the key file to signing a roster. */
import { PortalError } from "../../../crypto/errors.ts";
import { openKeyFile } from "../../../crypto/keyfile.ts";
import { deriveCharter, parseCharterSeed, type MemberSeed } from "../../../crypto/keys.ts";
import {
  fingerprintWords,
  missingForIntake,
  openRoster,
  signRoster,
  type Roster,
  type RosterChain,
  type RosterContent,
} from "../../../crypto/roster.ts";
import { wipe } from "../../../crypto/sodium.ts";
import { english, formatRecoveryWords } from "../../../crypto/words.ts";
import type { Api } from "../client/http.ts";
import { generateMemberSeed, join, parseInviteFragment } from "../client/joining.ts";
import {
  createInvite,
  listInvites,
  nextRoster,
  officeSession,
  publishRoster,
  withdrawInvite,
  type InviteSeen,
  type Office,
} from "../client/office.ts";
import { fetchPortal, type PortalInfo } from "../client/portal.ts";
import type { Acts, MemberShown, OfficeView, RosterShown } from "./acts.ts";
import { today } from "./worker-setup.ts";

const dayMs = 24 * 3600 * 1000;

const shown = ({ id, name, title, roles }: MemberShown): MemberShown => ({ id, name, title, roles });

function showRoster(roster: Roster, day: string): RosterShown {
  const { epoch, organisation, issued, expires, trial, settings, recipientRoles, channels } = roster;
  const daysLeft = Math.round((Date.parse(expires) - Date.parse(day)) / dayMs);
  const members = roster.members.map(shown);
  return {
    epoch,
    organisation,
    issued,
    expires,
    daysLeft,
    trial,
    assisted: settings.assisted,
    approval: settings.approval === true,
    recipientRoles,
    members,
    channels,
  };
}

/** The newest name of everybody who was a member once and is none now. */
function formerMembers(chain: RosterChain | null): { id: number; name: string }[] {
  const names = new Map<number, string>();
  for (const roster of chain?.rosters ?? []) for (const { id, name } of roster.members) names.set(id, name);
  for (const { id } of chain?.current.members ?? []) names.delete(id);
  return [...names].map(([id, name]) => ({ id, name }));
}

/** What is known after the key file was opened. */
interface AtWork {
  office: Office;
  label: string;
  portal: PortalInfo;
  invites: InviteSeen[];
}

async function look(atWork: AtWork): Promise<OfficeView> {
  const { office } = atWork;
  const seen = atWork.portal.chain?.current.hash;
  atWork.portal = await fetchPortal(office.api, office.portalId, seen);
  const { chain } = atWork.portal;
  atWork.invites = await listInvites(office, chain);
  return {
    organisation: chain?.current.organisation ?? atWork.label,
    fingerprint: fingerprintWords(office.portalId, english),
    roster: chain === null ? null : showRoster(chain.current, today()),
    former: formerMembers(chain),
    // Left over when the page was closed between signing and tidying up.
    invites: atWork.invites
      .filter((invite) => invite.state !== "used")
      .map(({ id, name, title, roles, link, state }) => ({ id, name, title, roles, link, state })),
  };
}

async function openOffice(api: Api, bytes: Uint8Array, passphrase: string): Promise<AtWork> {
  const file = openKeyFile(bytes, passphrase);
  const [seed] = file.seeds;
  if (file.purpose !== "charter" || seed === undefined) {
    wipe(...file.seeds);
    throw new PortalError("conflict", "this is a member's key file");
  }
  const charter = deriveCharter(parseCharterSeed(seed));
  wipe(...file.seeds);
  const portal = await fetchPortal(api, file.portalId);
  return { office: await officeSession(api, charter), label: file.label, portal, invites: [] };
}

/** Verified as every client will, before anybody is asked to sign it. */
function tryRoster(content: RosterContent, atWork: AtWork): Roster {
  const { charter } = atWork.office;
  return openRoster(signRoster(content, charter), charter.sign.publicKey, atWork.portal.chain?.current ?? null);
}

type CharterPart = Pick<
  Acts,
  "openCharter" | "refresh" | "invite" | "withdraw" | "makeRecovery" | "keepRecovery" | "preview" | "signPreviewed"
>;

export function charterActs(api: Api): CharterPart {
  let open: AtWork | null = null;
  let recoverySeed: MemberSeed | null = null;
  let previewed: { content: RosterContent; admitted: string[] } | null = null;
  const work = (): AtWork => {
    if (open === null) throw new PortalError("missing", "no charter is open");
    return open;
  };
  return {
    async openCharter({ bytes, passphrase }) {
      open = await openOffice(api, bytes, passphrase);
      return look(open);
    },

    refresh: () => look(work()),

    async invite(terms) {
      await createInvite(work().office, terms);
      return look(work());
    },

    async withdraw({ id }) {
      await withdrawInvite(work().office, id);
      return look(work());
    },

    async makeRecovery() {
      recoverySeed = generateMemberSeed();
      return formatRecoveryWords(recoverySeed);
    },

    // The member on paper joins like everybody else: it waits on the server for the next signature.
    async keepRecovery(terms) {
      if (recoverySeed === null) throw new PortalError("missing", "no recovery words were made");
      const { link } = await createInvite(work().office, terms);
      await join(api, parseInviteFragment(new URL(link).hash.slice(1)), recoverySeed, terms.name);
      wipe(recoverySeed);
      recoverySeed = null;
      return look(work());
    },

    async preview(choice) {
      const atWork = work();
      const { office, portal } = atWork;
      if (portal.logKey === null) throw new PortalError("busy", "the server told no log key");
      const admitted = choice.admitted.map(({ invite: id, person }) => {
        const found = atWork.invites.find((invite) => invite.id === id && invite.state === "ready");
        if (found?.keys == null) throw new PortalError("conflict", "this invitation is not ready");
        const { name, title, roles, keys } = found;
        return { invite: id, name, title, roles, keys, person };
      });
      const draft = { ...choice, admitted, trial: false };
      const content = nextRoster(office.charter, portal.logKey, portal.chain, draft, today());
      const roster = tryRoster(content, atWork);
      previewed = { content, admitted: admitted.map((each) => each.invite) };
      return { content: { ...content, members: content.members.map(shown) }, missing: missingForIntake(roster) };
    },

    async signPreviewed() {
      const atWork = work();
      if (previewed === null) throw new PortalError("missing", "nothing was previewed");
      const { content, admitted } = previewed;
      await publishRoster(atWork.office, content, atWork.portal.chain);
      previewed = null;
      // Not needed any more; one that stays behind is recognised by its keys and never admitted again.
      for (const id of admitted) await withdrawInvite(atWork.office, id).catch(() => {});
      return look(atWork);
    },
  };
}
