/** What the charter holder has decided on the page and not signed yet. Plain data, no keys, no DOM. */
import type { Role } from "../../../crypto/roster.ts";
import type { PersonRef } from "../client/office.ts";
import type { DraftChoice, InviteShown, MemberShown, OfficeView, Preview } from "./acts.ts";

/** Roles that may be given reports. Recovery always is; an operator runs the machine and reads nothing. */
export const readingRoles = ["reviewer", "counsel", "director", "ombuds", "custodian"] as const satisfies Role[];
/** Roles that an invitation can be for. */
export const invitedRoles = [...readingRoles, "operator"] as const satisfies Role[];

export interface ChannelDraft {
  id: string;
  name: string;
  questionnaire: string;
  /** Names of people as in `refName`. */
  readers: Set<string>;
}

export interface Draft {
  organisation: string;
  assisted: boolean;
  approval: boolean;
  recipientRoles: Set<Role>;
  removed: Set<number>;
  /** Invite id to the person id of somebody who comes back; null: a new person. */
  persons: Map<string, number | null>;
  channels: ChannelDraft[];
  /** Invitations whose people were offered as readers already: what was unticked stays unticked. */
  offered: Set<string>;
}

/** Somebody whom the next roster would list. */
export interface Person {
  ref: PersonRef;
  name: string;
  title: string;
  roles: Role[];
}

export const refName = (ref: PersonRef): string => ("member" in ref ? `m${ref.member}` : `i${ref.invite}`);

const member = (id: number): PersonRef => ({ member: id });

/** `firstChannel`: the name of the channel that a new portal begins with. */
export function beginDraft(view: OfficeView, firstChannel: string): Draft {
  const { roster } = view;
  const draft: Draft = {
    organisation: view.organisation,
    assisted: roster?.assisted ?? true,
    approval: roster?.approval ?? false,
    recipientRoles: new Set(roster?.recipientRoles ?? ["reviewer", "counsel", "ombuds"]),
    removed: new Set(),
    persons: new Map(),
    channels: (roster?.channels ?? []).map((channel) => ({
      ...channel,
      readers: new Set(channel.readers.map((id) => refName(member(id)))),
    })),
    offered: new Set(),
  };
  if (roster === null)
    draft.channels = [{ id: "channel-1", name: firstChannel, questionnaire: "sb53", readers: new Set() }];
  offerReaders(draft, view);
  return draft;
}

/**
 * Ticked as readers of the first channel when they join, once. Counsel too: a case cannot be
 * granted to somebody later, and who does not read it has nothing to export.
 */
const offeredRoles: readonly Role[] = ["reviewer", "counsel", "ombuds"];

/** Whoever joined in one of those roles is ticked. */
export function offerReaders(draft: Draft, view: OfficeView): void {
  for (const invite of view.invites) {
    if (invite.state !== "ready" || draft.offered.has(invite.id)) continue;
    draft.offered.add(invite.id);
    if (invite.roles.some((role) => offeredRoles.includes(role)))
      draft.channels[0]?.readers.add(refName({ invite: invite.id }));
  }
}

export const readyInvites = (view: OfficeView): InviteShown[] => view.invites.filter(({ state }) => state === "ready");

/** Members who stay and everybody who is ready, in the order of the roster. */
export function peopleOf(draft: Draft, view: OfficeView): Person[] {
  const replaced = new Set(readyInvites(view).map(({ id }) => draft.persons.get(id)));
  const staying = (view.roster?.members ?? []).filter(({ id }) => !draft.removed.has(id) && !replaced.has(id));
  return [
    ...staying.map(({ id, name, title, roles }) => ({ ref: member(id), name, title, roles })),
    ...readyInvites(view).map(({ id, name, title, roles }) => ({ ref: { invite: id }, name, title, roles })),
  ];
}

export const isOnPaper = (person: { roles: Role[] }): boolean => person.roles.includes("recovery");

export function mayRead(draft: Draft, person: { roles: Role[] }): boolean {
  return isOnPaper(person) || person.roles.some((role) => draft.recipientRoles.has(role));
}

export function toChoice(draft: Draft, view: OfficeView): DraftChoice {
  const byName = new Map(peopleOf(draft, view).map((person) => [refName(person.ref), person]));
  return {
    organisation: draft.organisation.trim(),
    assisted: draft.assisted,
    approval: draft.approval,
    recipientRoles: readingRoles.filter((role) => draft.recipientRoles.has(role)),
    removed: [...draft.removed],
    admitted: readyInvites(view).map(({ id }) => ({ invite: id, person: draft.persons.get(id) ?? null })),
    channels: draft.channels.map(({ id, name, questionnaire, readers }) => ({
      id,
      name: name.trim(),
      questionnaire,
      // Recovery reads every channel without being named in one.
      readers: [...readers].flatMap((each) => {
        const person = byName.get(each);
        return person === undefined || isOnPaper(person) ? [] : [person.ref];
      }),
    })),
  };
}

/** A channel id that none has: reports name their channel by it, so it is never given twice. */
export function freshChannelId(draft: Draft): string {
  const taken = new Set(draft.channels.map((channel) => channel.id));
  let number = draft.channels.length + 1;
  while (taken.has(`channel-${number}`)) number++;
  return `channel-${number}`;
}

/** Advice that does not keep intake closed. True: followed. */
export function adviceOf(people: readonly Person[]): { outside: boolean; paper: boolean; reviewers: boolean } {
  const count = (role: Role): number => people.filter((person) => person.roles.includes(role)).length;
  return { outside: count("ombuds") > 0, paper: count("recovery") > 0, reviewers: count("reviewer") >= 2 };
}

/** What the next roster changes, in keys of setup:changes. */
export interface Change {
  key: "joins" | "returns" | "leaves" | "channels" | "recipients" | "organisation" | "assisted" | "approval";
  name?: string;
}

const sorted = (values: readonly string[]): string => [...values].sort().join();

export function changesOf(view: OfficeView, draft: Draft, next: Preview["content"]): Change[] {
  const before = view.roster;
  if (before === null) return [];
  const isIn = (list: readonly MemberShown[], id: number): boolean => list.some((each) => each.id === id);
  const changes: Change[] = [];
  for (const { id, name } of next.members)
    if (!isIn(before.members, id) && !view.former.some((each) => each.id === id)) changes.push({ key: "joins", name });
    else if ([...draft.persons.values()].includes(id)) changes.push({ key: "returns", name });
  for (const { id, name } of before.members) if (!isIn(next.members, id)) changes.push({ key: "leaves", name });
  if (JSON.stringify(before.channels) !== JSON.stringify(next.channels)) changes.push({ key: "channels" });
  if (sorted(before.recipientRoles) !== sorted(next.recipientRoles)) changes.push({ key: "recipients" });
  if (before.organisation !== next.organisation) changes.push({ key: "organisation" });
  if (before.assisted !== next.settings.assisted) changes.push({ key: "assisted" });
  if (before.approval !== (next.settings.approval === true)) changes.push({ key: "approval" });
  return changes;
}
