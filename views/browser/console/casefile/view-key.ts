/** A member's public key, to be sent to whoever checks a case file that they signed. */
import { html } from "lit/html.js";
import { saveBlob } from "../../save-file.ts";
import { copyText } from "../copy-text.ts";
import type { Drawing, View } from "../view-parts.ts";

/** `name`: "counsel" or "approver", what the file is called in VERIFY.md; `key`: a minisign public key file. */
export function publicKey(drawing: Drawing, name: "counsel" | "approver", key: string): View {
  const { t } = drawing;
  const file = `${name}.pub`;
  const copy = (): Promise<void> => copyText(drawing, key, "console:done.copied");
  return html`<p class="govuk-body">${t("console:export.keyLead", { file })}</p>
    <pre class="th-code" tabindex="0" id="${name}-key">${key}</pre>
    <div class="th-toolbar">
      <button type="button" class="govuk-button" @click=${() => void copy()}>${t("console:export.copy")}</button>
      <button
        type="button"
        class="govuk-button govuk-button--secondary"
        @click=${() => saveBlob(new Blob([key]), file)}
      >
        ${t("console:export.saveKey", { file })}
      </button>
    </div>`;
}
