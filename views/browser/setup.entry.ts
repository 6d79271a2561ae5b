/** /setup: from the set-up link to a charter, or to a trial that runs. */
import { html, nothing } from "lit/html.js";
import { openSetupPage } from "./setup/page.ts";
import { drawRealForm } from "./setup/real.ts";
import { faultOf, trialBanner, wordList, working, type View } from "./setup/screen.ts";
import { drawTrialForm } from "./setup/trial-flow.ts";

const page = await openSetupPage("setup");
const { screen, ask, fragment } = page;
const { t } = screen;
/** The link's secret: 16 bytes, base64url. Whether it is the right one, the server says. */
const isSetupSecret = /^[A-Za-z0-9_-]{22}$/.test(fragment);

function notice(title: string, ...content: View[]): View {
  return html`<h1 class="govuk-heading-l">${title}</h1>
    ${content}`;
}

const paragraph = (key: string): View => html`<p class="govuk-body">${t(key)}</p>`;
const command = html`<pre class="th-command"><code>npm run -s tellhaven -- setup-link</code></pre>`;

function drawChoice(replaces: boolean): void {
  const choice = (name: "trial" | "real", start: () => void, primary: boolean): View =>
    html`<section class="th-card" aria-labelledby="choose-${name}">
      <h2 class="govuk-heading-m" id="choose-${name}">${t(`setup:choose.${name}.title`)}</h2>
      <ul class="govuk-list govuk-list--bullet">
        ${["one", "two", "three"].map((line) => html`<li>${t(`setup:choose.${name}.${line}`)}</li>`)}
      </ul>
      <button type="button" class="govuk-button ${primary ? "" : "govuk-button--secondary"}" @click=${start}>
        ${t(`setup:choose.${name}.button`)}
      </button>
    </section>`;
  const again = (): void => drawChoice(replaces);
  screen.draw(
    notice(
      t("setup:choose.title"),
      paragraph("setup:choose.lead"),
      replaces
        ? html`<div class="th-notice" role="note">
            <p class="govuk-body">${t("setup:choose.replaces")}</p>
            <p class="govuk-body"><a class="govuk-link" href="/charter">${t("setup:choose.toCharter")}</a></p>
          </div>`
        : nothing,
      html`<div class="th-two">
        ${choice("trial", () => drawTrialForm(page, fragment, again), false)}
        ${choice("real", () => drawRealForm(page, fragment, again), true)}
      </div>`,
    ),
    "heading",
  );
}

async function begin(): Promise<void> {
  screen.draw(working(t("setup:loading")));
  const portal = await ask("look", null);
  if (portal.stage === "signed")
    return screen.draw(
      notice(
        t("setup:setup.already"),
        portal.trial ? trialBanner(t) : nothing,
        html`<p class="govuk-body">${t("setup:setup.alreadyText", { organisation: portal.organisation ?? "" })}</p>`,
        paragraph(portal.trial ? "setup:setup.alreadyTrial" : "setup:setup.alreadyNext"),
        html`<p class="govuk-body">
          <a class="govuk-link" href="/charter">${t("setup:charter.pageTitle")}</a><br />
          <a class="govuk-link" href="/">${t("setup:openConsole")}</a>
        </p>`,
        portal.fingerprint === null
          ? nothing
          : html`<h2 class="govuk-heading-m">${t("setup:fingerprint.label")}</h2>
              ${wordList(portal.fingerprint, t("setup:fingerprint.label"))}`,
      ),
      "heading",
    );
  if (!isSetupSecret)
    return screen.draw(
      notice(
        t(fragment === "" ? "setup:setup.noLink" : "setup:setup.badLink"),
        paragraph("setup:setup.noLinkText"),
        command,
        paragraph("setup:setup.noLinkNext"),
      ),
      "heading",
    );
  drawChoice(portal.stage === "chartered");
}

try {
  await begin();
} catch (error) {
  screen.draw(
    notice(t("errors:title"), html`<p class="govuk-body">${faultOf(t, error, { closed: "setup:noWorker" }).text}</p>`),
    "heading",
  );
}
