/** The roster in words, before and after the one signature. */
import { html, nothing } from "lit/html.js";
import type { Preview } from "./acts.ts";
import type { Desk } from "./charter-desk.ts";
import { changesOf } from "./draft.ts";
import { faultOf, faultSummary, longDate, trialBanner, wordList, working, type Fault, type View } from "./screen.ts";

const signFaults = { superseded: "setup:sign.superseded" } as const;

function names(desk: Desk, preview: Preview, ids: readonly number[]): string {
  const list = ids.map((id) => preview.content.members.find((member) => member.id === id)?.name ?? "");
  return new Intl.ListFormat(desk.lang, { type: "conjunction" }).format(list);
}

function inWords(desk: Desk, preview: Preview): View {
  const { t } = desk.screen;
  const { content, missing } = preview;
  const onPaper = content.members.filter((member) => member.roles.includes("recovery")).map((member) => member.id);
  const changes = changesOf(desk.view, desk.draft, content);
  const changed = desk.view.roster !== null;
  return html`${
      missing.length === 0
        ? nothing
        : html`<div class="th-notice" role="note">
            <p class="govuk-body govuk-!-font-weight-bold">${t("setup:sign.closedTitle")}</p>
            <ul class="govuk-list govuk-list--bullet">
              ${missing.map((key) => html`<li>${t(`setup:missing.${key}`)}</li>`)}
            </ul>
          </div>`
    }
    ${
      !changed
        ? nothing
        : html`<h2 class="govuk-heading-m">${t("setup:changes.title")}</h2>
            <ul class="govuk-list govuk-list--bullet">
              ${changes.map(({ key, name }) => html`<li>${t(`setup:changes.${key}`, { name: name ?? "" })}</li>`)}
              <li>${t("setup:changes.renewed", { date: longDate(desk.lang, content.expires) })}</li>
            </ul>`
    }
    <h2 class="govuk-heading-m">${t("setup:sign.members")}</h2>
    <ul class="govuk-list govuk-list--bullet">
      ${content.members.map(
        (member) =>
          html`<li>
            <strong>${member.name}</strong>${member.title === "" ? nothing : html`, ${member.title}`}:
            ${member.roles.map((role) => t(`setup:roles.${role}.name`)).join(", ")}
          </li>`,
      )}
    </ul>
    <h2 class="govuk-heading-m">${t("setup:sign.readers")}</h2>
    <ul class="govuk-list govuk-list--bullet">
      ${content.channels.map((channel) => {
        const all = [...channel.readers, ...onPaper.filter((id) => !channel.readers.includes(id))];
        return html`<li>
          ${
            all.length === 0
              ? t("setup:sign.channelNobody", { channel: channel.name })
              : t("setup:sign.channel", { channel: channel.name, names: names(desk, preview, all) })
          }
        </li>`;
      })}
    </ul>
    <p class="govuk-body">${t("setup:sign.leftOut")}</p>
    <h2 class="govuk-heading-m">${t("setup:settings.title")}</h2>
    <ul class="govuk-list govuk-list--bullet">
      <li>${t(content.settings.assisted ? "setup:sign.assistedOn" : "setup:sign.assistedOff")}</li>
      <li>${t(content.settings.approval === true ? "setup:sign.approvalOn" : "setup:sign.approvalOff")}</li>
      <li>${t("setup:sign.expires", { date: longDate(desk.lang, content.expires) })}</li>
    </ul>`;
}

/** Shows the draft as it would be signed; the worker signs exactly what it answered here. */
export function drawSign(desk: Desk, preview: Preview): void {
  const { screen, ask } = desk;
  const { t } = screen;
  let busy = false;
  let faults: Fault[] = [];
  const draw = (focus?: "heading" | "faults"): void => screen.draw(view(), focus);

  const sign = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    faults = [];
    draw();
    try {
      desk.takeOver(await ask("signPreviewed", null));
      drawSigned(desk, preview);
    } catch (error) {
      busy = false;
      faults = [faultOf(t, error, signFaults)];
      draw("faults");
    }
  };

  function view(): View {
    const { organisation, epoch } = preview.content;
    return html`${faultSummary(t, faults)}${preview.content.trial ? trialBanner(t) : nothing}
      <h1 class="govuk-heading-l">${t("setup:sign.title", { number: epoch, organisation })}</h1>
      <p class="govuk-body">${t("setup:sign.lead")}</p>
      ${inWords(desk, preview)} ${busy ? working(t("setup:sign.signing")) : nothing}
      <div class="govuk-button-group">
        <button type="button" class="govuk-button" ?disabled=${busy} @click=${sign}>${t("setup:sign.button")}</button>
        <button
          type="button"
          class="govuk-button govuk-button--secondary"
          ?disabled=${busy}
          @click=${() => backToDesk(desk)}
        >
          ${t("setup:back")}
        </button>
      </div>`;
  }

  draw("heading");
}

/** With a fresh look: somebody may have joined, or signed in another window. */
async function backToDesk(desk: Desk): Promise<void> {
  if (await desk.act(() => desk.ask("refresh", null))) desk.draw("heading");
}

function drawSigned(desk: Desk, preview: Preview): void {
  const { t } = desk.screen;
  const open = preview.missing.length === 0;
  const { expires, epoch } = preview.content;
  desk.screen.draw(
    html`${preview.content.trial ? trialBanner(t) : nothing}
      <h1 class="govuk-heading-l">${t("setup:signed.title", { number: epoch })}</h1>
      <p class="govuk-body">${t(open ? "setup:signed.open" : "setup:signed.closed")}</p>
      <p class="govuk-body">${t("setup:signed.expires", { date: longDate(desk.lang, expires) })}</p>
      <h2 class="govuk-heading-m">${t("setup:signed.noticeTitle")}</h2>
      <p class="govuk-body">${t("setup:signed.notice", { number: epoch })}</p>
      ${wordList(desk.view.fingerprint, t("setup:fingerprint.label"))}
      <div class="govuk-button-group">
        <button type="button" class="govuk-button" @click=${() => backToDesk(desk)}>${t("setup:signed.back")}</button>
        <a class="govuk-link" href="/">${t("setup:openConsole")}</a>
      </div>
      <p class="govuk-body">${t("setup:signed.putAway")}</p>`,
    "heading",
  );
}
