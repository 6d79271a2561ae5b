/**
 * Files that somebody else sent: what each is, what it could do, and saving or looking at it. Names are somebody else's
 * words: isolated, and never a path.
 */
import { html, nothing } from "lit/html.js";
import type { FileView } from "../client/case-view.ts";
import type { Translate } from "../i18n.ts";
import { safeFileName } from "../file-names.ts";
import { kindOfName, mayBeLookedAt } from "./previews/kinds.ts";
import { markHidden } from "./previews/marks.ts";
import { keyOf } from "./previews/previews-desk.ts";
import { warningsOf, type Warning } from "./previews/warnings.ts";
import { sizeText, type Drawing, type View } from "./view-parts.ts";

/** Whoever compares sees whether it is the same at both ends. */
const shortHash = (sha256: string): string => `${sha256.slice(0, 8)}…${sha256.slice(-8)}`;

/** The whole of it, to compare or to copy. */
export function hashOf({ t, desk }: Drawing, file: FileView): View {
  return html`<details class="th-hash">
    <summary class="th-hash__summary">
      ${t("previews:hash.name")} <code dir="ltr">${shortHash(file.sha256)}</code>
    </summary>
    <code class="th-hash__whole" dir="ltr">${file.sha256}</code>
    <button type="button" class="th-link-button" @click=${() => desk.previews.copyHash(file)}>
      ${t("previews:hash.copy")}
    </button>
  </details>`;
}

/** The name as it was sent, when that is not the name under which it is shown and saved. */
function sentName({ t }: Drawing, name: string): View {
  if (safeFileName(name) === name) return nothing;
  return html`<p class="th-file__sent">
    ${t("previews:sentAs")}
    <bdi
      >${markHidden(name).map(({ text, mark }) => (mark ? html`<mark class="th-unseen" dir="ltr">${text}</mark>` : text))}</bdi
    >
  </p>`;
}

function warningText(t: Translate, { group, what }: Warning): string {
  switch (group) {
    case "other":
      return t(`previews:other.${what}`);
    case "active":
      return t(`previews:active.${what}`);
    case "trick":
      return t(`previews:trick.${what}`);
    case "risk":
      return t(`previews:risk.${what}`);
  }
}

export function warningList({ t, desk }: Drawing, file: FileView): View {
  const warnings = warningsOf(file, desk.previews.state.findings.get(keyOf(file)) ?? null);
  if (warnings.length === 0) return nothing;
  return html`<ul class="th-file__warnings" aria-label=${t("previews:warnings")}>
    ${warnings.map((each) => html`<li data-warning="${each.group}.${each.what}">${warningText(t, each)}</li>`)}
  </ul>`;
}

function heldNotice({ t, desk }: Drawing, file: FileView): View {
  if (desk.previews.state.held !== keyOf(file)) return nothing;
  return html`<p class="th-file__held" role="alert">${t("previews:held")}</p>`;
}

function fileItem(drawing: Drawing, file: FileView): View {
  const { t, desk, lang } = drawing;
  const name = safeFileName(file.name);
  return html`<li class="th-file">
    <span class="th-file__name"><bdi>${name}</bdi></span>
    <span class="th-file__size">${t(`previews:kind.${kindOfName(file.name)}`)}, ${sizeText(lang, file.size)}</span>
    <span class="th-file__acts">
      ${
        mayBeLookedAt(file.name)
          ? html`<button
              type="button"
              class="govuk-button govuk-button--secondary"
              data-look=${keyOf(file)}
              aria-haspopup="dialog"
              @click=${() => desk.previews.look(file)}
            >
              ${t("previews:look")}<span class="govuk-visually-hidden"> ${name}</span>
            </button>`
          : nothing
      }
      <button
        type="button"
        class="govuk-button govuk-button--secondary th-file__save"
        ?disabled=${desk.state.job !== null}
        @click=${() => desk.save(file)}
      >
        ${t("console:case.save")}<span class="govuk-visually-hidden"> ${name}</span>
      </button>
    </span>
    ${sentName(drawing, file.name)} ${heldNotice(drawing, file)} ${warningList(drawing, file)} ${hashOf(drawing, file)}
  </li>`;
}

export function fileList(drawing: Drawing, files: readonly FileView[]): View {
  if (files.length === 0) return nothing;
  return html`<ul class="th-files">
    ${files.map((file) => fileItem(drawing, file))}
  </ul>`;
}
