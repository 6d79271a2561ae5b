/** The charter page's people: members, invitations and their links, the form for the next one. */
import { html, nothing } from "lit/html.js";
import type { Role } from "../../../crypto/roster.ts";
import type { InviteShown, MemberShown } from "./acts.ts";
import type { Desk } from "./charter-desk.ts";
import { invitedRoles, refName } from "./draft.ts";
import { selectField, textField, ticks, typed } from "./fields.ts";
import type { Fault, View } from "./screen.ts";

const stateChips = { waiting: "plain", ready: "calm", used: "plain", forged: "late" } as const;

function roleNames(desk: Desk, roles: readonly Role[]): string {
  const { t } = desk.screen;
  return new Intl.ListFormat(desk.lang, { type: "conjunction" }).format(
    roles.map((role) => t(`setup:roles.${role}.name`)),
  );
}

function who(desk: Desk, person: { name: string; title: string; roles: readonly Role[] }): View {
  return html`<div class="th-person__who">
    <strong>${person.name}</strong>
    <span class="govuk-hint"
      >${[person.title, roleNames(desk, person.roles)].filter((text) => text !== "").join(" · ")}</span
    >
  </div>`;
}

function memberRow(desk: Desk, member: MemberShown): View {
  const { t } = desk.screen;
  const leaves = desk.draft.removed.has(member.id);
  const toggle = (): void => {
    if (leaves) desk.draft.removed.delete(member.id);
    else desk.draft.removed.add(member.id);
    desk.changed();
  };
  return html`<li class="th-person" data-person=${refName({ member: member.id })}>
    ${who(desk, member)}
    <span class="th-chip ${leaves ? "th-chip--late" : "th-chip--calm"}">
      ${t(leaves ? "setup:people.leaves" : "setup:people.member")}
    </span>
    <button type="button" class="govuk-button govuk-button--secondary th-small" @click=${toggle}>
      ${t(leaves ? "setup:people.keep" : "setup:people.remove")}
      <span class="govuk-visually-hidden">${member.name}</span>
    </button>
  </li>`;
}

/** The link copied last, and whether the browser allowed it. */
let copied: { invite: string; done: boolean } | null = null;

function linkBox(desk: Desk, invite: InviteShown): View {
  const { t } = desk.screen;
  const copy = async (): Promise<void> => {
    const done = await navigator.clipboard.writeText(invite.link).then(
      () => true,
      () => false,
    );
    copied = { invite: invite.id, done };
    desk.draw();
    if (!done) document.querySelector<HTMLInputElement>(`#link-${invite.id}`)?.select();
  };
  return html`<div class="th-person__more">
    <label class="govuk-label" for="link-${invite.id}">${t("setup:people.link", { name: invite.name })}</label>
    <div class="th-row">
      <input class="govuk-input th-link" id="link-${invite.id}" readonly .value=${invite.link} />
      <button type="button" class="govuk-button govuk-button--secondary th-small" @click=${copy}>
        ${t("setup:people.copy")}
      </button>
    </div>
    <p class="govuk-body" aria-live="polite">
      ${copied?.invite === invite.id ? t(copied.done ? "setup:people.copied" : "setup:people.copyByHand") : nothing}
    </p>
    <p class="govuk-hint">${t("setup:people.linkHint")}</p>
  </div>`;
}

/** Only when there was somebody before: is it one of them, with new keys? */
function returnBox(desk: Desk, invite: InviteShown): View {
  const { t } = desk.screen;
  const earlier = [...(desk.view.roster?.members ?? []), ...desk.view.former];
  if (earlier.length === 0) return nothing;
  const chosen = desk.draft.persons.get(invite.id) ?? null;
  return html`<div class="th-person__more">
    ${selectField({
      id: `person-${invite.id}`,
      label: t("setup:people.whoIsIt", { name: invite.name }),
      hint: t("setup:people.whoIsItHint"),
      faults: [],
      value: chosen === null ? "" : String(chosen),
      choices: [
        { value: "", label: t("setup:people.newPerson") },
        ...earlier.map(({ id, name }) => ({ value: String(id), label: t("setup:people.samePerson", { name }) })),
      ],
      onChange: (value) => {
        desk.draft.persons.set(invite.id, value === "" ? null : Number(value));
        desk.changed();
      },
    })}
  </div>`;
}

function inviteRow(desk: Desk, invite: InviteShown): View {
  const { t } = desk.screen;
  const onPaper = invite.roles.includes("recovery");
  return html`<li class="th-person" data-invite=${invite.name}>
    ${who(desk, invite)}
    <span class="th-chip th-chip--${stateChips[invite.state]}">${t(`setup:people.state.${invite.state}`)}</span>
    <button
      type="button"
      class="govuk-button govuk-button--secondary th-small"
      @click=${() => desk.act(() => desk.ask("withdraw", { id: invite.id }), t("setup:people.withdrawn"))}
    >
      ${t("setup:people.withdraw")} <span class="govuk-visually-hidden">${invite.name}</span>
    </button>
    ${invite.state === "waiting" ? linkBox(desk, invite) : nothing}
    ${invite.state === "ready" && !onPaper ? returnBox(desk, invite) : nothing}
    ${invite.state === "forged" ? html`<p class="govuk-body th-person__more">${t("setup:people.forgedText")}</p>` : nothing}
  </li>`;
}

export function peopleView(desk: Desk): View {
  const { t } = desk.screen;
  const members = desk.view.roster?.members ?? [];
  const { invites } = desk.view;
  return html`<section class="th-card" aria-labelledby="people">
    <div class="th-row th-row--spread">
      <h2 class="govuk-heading-m" id="people">${t("setup:people.title")}</h2>
      <button
        type="button"
        class="govuk-button govuk-button--secondary th-small"
        @click=${() => desk.act(() => desk.ask("refresh", null), t("setup:people.refreshed"))}
      >
        ${t("setup:people.refresh")}
      </button>
    </div>
    ${members.length + invites.length === 0 ? html`<p class="govuk-body">${t("setup:people.nobody")}</p>` : nothing}
    <ul class="th-people">
      ${members.map((member) => memberRow(desk, member))} ${invites.map((invite) => inviteRow(desk, invite))}
    </ul>
    ${inviteForm(desk)}
  </section>`;
}

/** Ticked roles of the form below; the names stand in the inputs until the form is sent. */
const wanted = new Set<Role>();

function inviteForm(desk: Desk): View {
  const { t } = desk.screen;
  const fault = desk.faults.find(({ field }) => field === "invite-reviewer")?.text;
  const invite = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const [name, title] = ["invite-name", "invite-title"].map((field) => typed(form, field).trim());
    const faults: Fault[] = [];
    if (name === undefined || name === "") faults.push({ field: "invite-name", text: t("setup:invite.nameMissing") });
    if (wanted.size === 0) faults.push({ field: "invite-reviewer", text: t("setup:invite.rolesMissing") });
    if (faults.length > 0) {
      desk.faults = faults;
      return desk.draw("faults");
    }
    const roles = invitedRoles.filter((role) => wanted.has(role));
    const done = await desk.act(
      () => desk.ask("invite", { name: name ?? "", title: title ?? "", roles }),
      t("setup:invite.made", { name: name ?? "" }),
    );
    if (!done) return;
    form.reset();
    wanted.clear();
    desk.draw();
  };
  return html`<form novalidate class="th-inset-form" @submit=${invite}>
    <h3 class="govuk-heading-s">${t("setup:invite.heading")}</h3>
    <p class="govuk-body">${t("setup:invite.lead")}</p>
    ${textField({ id: "invite-name", label: t("setup:invite.name"), maxLength: 120, faults: desk.faults })}
    ${textField({
      id: "invite-title",
      label: t("setup:invite.title"),
      hint: t("setup:invite.titleHint"),
      maxLength: 120,
      faults: desk.faults,
    })}
    ${ticks(
      t("setup:invite.roles"),
      null,
      invitedRoles.map((role) => ({
        id: `invite-${role}`,
        label: t(`setup:roles.${role}.name`),
        hint: t(`setup:roles.${role}.does`),
        checked: wanted.has(role),
        onChange: (checked) => {
          if (checked) wanted.add(role);
          else wanted.delete(role);
        },
      })),
      fault,
      "invite-reviewer",
    )}
    <button class="govuk-button" ?disabled=${desk.busy}>${t("setup:invite.button")}</button>
  </form>`;
}
