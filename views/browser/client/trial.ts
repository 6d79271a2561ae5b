/** Try it here: one place makes every key. What comes out says "trial" in its roster and can only be erased. */
import { utf8 } from "../../../crypto/bytes.ts";
import { sealKeyFile } from "../../../crypto/keyfile.ts";
import {
  deriveCharter,
  deriveMember,
  parseCharterSeed,
  portalIdOf,
  publicKeysOf,
  type CharterSecrets,
  type MemberSeed,
} from "../../../crypto/keys.ts";
import type { Role } from "../../../crypto/roster.ts";
import { randomBytes } from "../../../crypto/sodium.ts";
import { formatRecoveryWords } from "../../../crypto/words.ts";
import { generateMemberSeed, keyFileName, memberKeyFile } from "./joining.ts";
import type { RosterDraft, Terms } from "./office.ts";

/** Names and words come from the caller: they are for people to read. */
export interface TrialPlan {
  organisation: string;
  /** In the order of their person ids; who has the role "recovery" gets paper words, no file. */
  people: readonly Terms[];
  recipientRoles: Role[];
  channels: readonly { id: string; name: string; questionnaire: string; readerRoles: readonly Role[] }[];
  assisted: boolean;
}

export interface TrialMember extends Terms {
  /** Person id in the roster. */
  id: number;
  seed: MemberSeed;
}

export interface Trial {
  charterSeed: Uint8Array;
  charter: CharterSecrets;
  portalId: Uint8Array;
  members: TrialMember[];
  draft: RosterDraft;
}

/** Makes every key and the draft of the first roster; signs and posts nothing. */
export function makeTrial(plan: TrialPlan): Trial {
  const charterSeed = parseCharterSeed(randomBytes(32));
  const charter = deriveCharter(charterSeed);
  const members = plan.people.map((terms, i) => ({ ...terms, id: i + 1, seed: generateMemberSeed() }));
  const admitted = members.map(({ id, seed, name, title, roles }) => ({
    name,
    title,
    roles,
    keys: publicKeysOf(deriveMember(seed)),
    invite: String(id),
    person: null,
  }));
  const channels = plan.channels.map(({ id, name, questionnaire, readerRoles }) => ({
    id,
    name,
    questionnaire,
    readers: members
      .filter((member) => member.roles.some((role) => readerRoles.includes(role)))
      .map((member) => ({ invite: String(member.id) })),
  }));
  const { organisation, recipientRoles, assisted } = plan;
  const draft = {
    organisation,
    assisted,
    trial: true,
    approval: false,
    recipientRoles: [...recipientRoles],
    removed: [],
    admitted,
    channels,
  };
  return { charterSeed, charter, portalId: portalIdOf(charter.sign.publicKey), members, draft };
}

export interface SavedFile {
  name: string;
  bytes: Uint8Array;
}

/**
 * The charter's key file and every member's, under one passphrase: about a second of work each.
 * `onFile` is called after each with the number done and the number in all.
 */
export function trialKeyFiles(
  trial: Trial,
  passphrase: string,
  onFile: (done: number, all: number) => void = () => {},
): SavedFile[] {
  const { portalId, draft } = trial;
  const withFile = trial.members.filter((member) => !member.roles.includes("recovery"));
  const all = withFile.length + 1;
  const charterFile = sealKeyFile([trial.charterSeed], passphrase, {
    purpose: "charter",
    label: draft.organisation,
    portalId,
  });
  const files = [{ name: charterFileName, bytes: utf8(charterFile) }];
  onFile(1, all);
  for (const member of withFile) {
    const text = memberKeyFile(member.seed, passphrase, member.name, portalId);
    files.push({ name: keyFileName(member.name), bytes: utf8(text) });
    onFile(files.length, all);
  }
  return files;
}

export const charterFileName = "tellhaven-charter.json";

/** The 24 words of the member on paper, or null when the plan has none. */
export function trialRecoveryWords(trial: Trial): string[] | null {
  const member = trial.members.find((each) => each.roles.includes("recovery"));
  return member === undefined ? null : formatRecoveryWords(member.seed);
}
