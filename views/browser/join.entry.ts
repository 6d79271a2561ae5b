/** /join: from an invitation link to keys that the charter holder can admit. */
import { html, nothing } from "lit/html.js";
import type { InvitationShown } from "./setup/acts.ts";
import { passphrasePair, readPassphrases } from "./setup/fields.ts";
import { drawKeepFile } from "./setup/keep-file.ts";
import { openSetupPage } from "./setup/page.ts";
import { faultOf, faultSummary, trialBanner, wordList, working, type Fault, type View } from "./setup/screen.ts";

const { screen, ask, fragment } = await openSetupPage("join");
const { t } = screen;

const openingFaults = {
  format: "setup:join.malformed",
  missing: "setup:join.unknown",
  forged: "setup:join.otherPortal",
  closed: "setup:noWorker",
} as const;

const joinFaults = { conflict: "setup:join.joinedMeanwhile", missing: "setup:join.unknown" } as const;

function drawNotice(title: string, text: string, more: View = nothing): void {
  screen.draw(
    html`<h1 class="govuk-heading-l">${title}</h1>
      <p class="govuk-body">${text}</p>
      ${more}`,
    "heading",
  );
}

function drawInvitation(invitation: InvitationShown): void {
  let suggestion: string | null = null;
  let busy = false;
  let faults: Fault[] = [];
  const banner = invitation.trial ? trialBanner(t) : nothing;
  const draw = (focus?: "heading" | "faults"): void => screen.draw(view(), focus);

  const suggest = async (): Promise<void> => {
    suggestion = await ask("suggestPassphrase", null);
    draw();
  };

  const make = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const { passphrase, faults: found } = readPassphrases(t, event.currentTarget as HTMLFormElement);
    faults = found;
    if (faults.length > 0) return draw("faults");
    busy = true;
    draw();
    try {
      const file = await ask("makeMember", { passphrase });
      drawKeepFile({
        screen,
        ask,
        file,
        heading: t("setup:join.keepTitle"),
        intro: t("setup:join.keepText"),
        above: banner,
        proven: async () => {
          await ask("join", null);
          drawDone();
        },
        faultsAfter: joinFaults,
      });
    } catch (error) {
      busy = false;
      faults = [faultOf(t, error)];
      draw("faults");
    }
  };

  function drawDone(): void {
    screen.draw(
      html`${banner}
        <h1 class="govuk-heading-l">${t("setup:join.doneTitle")}</h1>
        <p class="govuk-body">${t("setup:join.doneText")}</p>
        <p class="govuk-body">${t("setup:join.doneNext")}</p>
        <p class="govuk-body"><a class="govuk-link" href="/">${t("setup:openConsole")}</a></p>`,
      "heading",
    );
  }

  const row = (key: string, value: View | string): View =>
    html`<div class="govuk-summary-list__row">
      <dt class="govuk-summary-list__key">${t(key)}</dt>
      <dd class="govuk-summary-list__value">${value}</dd>
    </div>`;

  function view(): View {
    return html`${faultSummary(t, faults)}${banner}
      <h1 class="govuk-heading-l">${t("setup:join.title")}</h1>
      <p class="govuk-body">${t("setup:join.lead")}</p>
      <dl class="govuk-summary-list">
        ${invitation.organisation === null ? nothing : row("setup:join.organisation", invitation.organisation)}
        ${row("setup:invite.name", invitation.name)}
        ${invitation.title === "" ? nothing : row("setup:invite.title", invitation.title)}
        ${row(
          "setup:invite.roles",
          html`<ul class="govuk-list">
            ${invitation.roles.map(
              (role) =>
                html`<li><strong>${t(`setup:roles.${role}.name`)}</strong>: ${t(`setup:roles.${role}.does`)}</li>`,
            )}
          </ul>`,
        )}
      </dl>
      <h2 class="govuk-heading-m">${t("setup:join.compareTitle")}</h2>
      <p class="govuk-body">${t("setup:join.compareText")}</p>
      ${wordList(invitation.fingerprint, t("setup:fingerprint.label"))}
      <h2 class="govuk-heading-m">${t("setup:join.passphraseTitle")}</h2>
      <p class="govuk-body">${t("setup:join.passphraseText")}</p>
      <form novalidate @submit=${make}>
        ${passphrasePair(t, faults, suggestion, () => void suggest())}
        ${busy ? working(t("setup:join.making")) : nothing}
        <button class="govuk-button" ?disabled=${busy}>${t("setup:join.make")}</button>
      </form>`;
  }

  draw("heading");
}

async function begin(): Promise<void> {
  if (fragment === "") return drawNotice(t("setup:join.noLink"), t("setup:join.noLinkText"));
  screen.draw(working(t("setup:loading")));
  const invitation = await ask("readInvite", { fragment });
  if (!invitation.joined) return drawInvitation(invitation);
  drawNotice(
    t("setup:join.already"),
    t("setup:join.alreadyText", { name: invitation.name }),
    html`<p class="govuk-body">${t("setup:join.alreadyOther")}</p>
      <p class="govuk-body"><a class="govuk-link" href="/">${t("setup:openConsole")}</a></p>`,
  );
}

try {
  await begin();
} catch (error) {
  drawNotice(t("setup:join.cannot"), faultOf(t, error, openingFaults).text);
}
