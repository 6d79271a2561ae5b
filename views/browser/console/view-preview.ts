/** The window in which a member looks at one file. What is shown stands in a frame in which nothing can run. */
import { html, nothing } from "lit/html.js";
import { ref } from "lit/directives/ref.js";
import { safeFileName } from "../file-names.ts";
import { hrefIn } from "../i18n.ts";
import type { FrameWords } from "./previews/frame.ts";
import { kindOfName } from "./previews/kinds.ts";
import { zooms, type OpenPreview } from "./previews/previews-desk.ts";
import { hashOf, warningList } from "./view-files.ts";
import { sizeText, type Drawing, type View } from "./view-parts.ts";

/** Everything behind it is out of reach meanwhile. Only what is in the page can be shown so: after the drawing. */
function openModal(element: Element | undefined): void {
  queueMicrotask(() => {
    if (element instanceof HTMLDialogElement && element.isConnected && !element.open) element.showModal();
  });
}

function frameWords({ t }: Drawing, { file }: OpenPreview): FrameWords {
  const name = safeFileName(file.name);
  return {
    label: (page) => (page === null ? name : t("previews:frame.page", { page, name })),
    pageText: t("previews:frame.pageText"),
    noPageText: t("previews:frame.noPageText"),
  };
}

function waiting({ t, lang }: Drawing, { progress, file }: OpenPreview): View {
  const done =
    progress === null
      ? null
      : t("console:job.amount", { done: sizeText(lang, progress.done), total: sizeText(lang, file.size) });
  return html`<div class="th-job">
    <p class="th-job__label" id="preview-wait">${t(progress === null ? "previews:making" : "previews:getting")}</p>
    ${
      progress === null
        ? html`<progress class="th-progress" aria-labelledby="preview-wait"></progress>`
        : html`<progress
            class="th-progress"
            aria-labelledby="preview-wait"
            .value=${progress.done}
            max=${progress.total}
          ></progress>`
    }
    <p class="th-progress__text">${done}</p>
  </div>`;
}

/** What was left out or changed of the file. */
function remark({ t }: Drawing, { prepared, unplayable }: OpenPreview): string | null {
  switch (prepared?.is) {
    case "picture":
      return prepared.share < 1 ? t("previews:reduced") : null;
    case "text":
      return prepared.cut ? t("previews:cut") : null;
    case "media":
      return unplayable ? t("previews:unplayable") : null;
    case "pages":
    case "refused":
    case undefined:
      return null;
  }
}

/** Said when it changes. */
function status(drawing: Drawing, open: OpenPreview): View {
  const { t } = drawing;
  const { prepared, error, pages } = open;
  const words =
    error !== null
      ? `${t(`errors:${error}.title`)}. ${t(`errors:${error}.next`)}`
      : prepared?.is === "refused"
        ? `${t(`previews:refused.${prepared.why}`)} ${t("previews:saveInstead")}`
        : remark(drawing, open);
  const encoding = prepared?.is === "text" ? t("previews:encoding", { name: prepared.encoding.toUpperCase() }) : null;
  return html`<div class="th-preview__status" role="status">
    ${pages === null ? nothing : html`<p>${t("previews:pageOf", { page: pages.at + 1, count: pages.count })}</p>`}
    ${words === null ? nothing : html`<p>${words}</p>`} ${encoding === null ? nothing : html`<p>${encoding}</p>`}
  </div>`;
}

function button(label: string, can: boolean, act: () => void): View {
  // Not switched off for good: a button that goes away under the finger takes the focus with it.
  return html`<button
    type="button"
    class="govuk-button govuk-button--secondary"
    aria-disabled=${can ? "false" : "true"}
    @click=${() => {
      if (can) act();
    }}
  >
    ${label}
  </button>`;
}

function tools({ t, desk }: Drawing, { prepared, pages, zoom }: OpenPreview): View {
  const { previews } = desk;
  if (prepared?.is !== "picture" && prepared?.is !== "pages") return nothing;
  return html`<div class="th-preview__tools" role="group" aria-label=${t("previews:tools")}>
    ${
      pages === null
        ? nothing
        : html`${button(t("previews:previous"), pages.at > 0, () => previews.turn(pages.at - 1))}
            <label class="th-preview__page">
              <span>${t("previews:page")}</span>
              <input
                class="govuk-input"
                type="number"
                inputmode="numeric"
                min="1"
                max=${pages.count}
                .value=${String(pages.at + 1)}
                @change=${(event: Event) => {
                  const field = event.target as HTMLInputElement;
                  const wanted = Math.min(pages.count, Math.max(1, Math.round(field.valueAsNumber) || 1));
                  field.value = String(wanted);
                  previews.turn(wanted - 1);
                }}
              />
            </label>
            ${button(t("previews:next"), pages.at + 1 < pages.count, () => previews.turn(pages.at + 1))}`
    }
    ${button(t("previews:smaller"), zooms[zoom - 1] !== undefined, () => previews.zoom(-1))}
    ${button(t("previews:larger"), zooms[zoom + 1] !== undefined, () => previews.zoom(1))}
  </div>`;
}

function frame(drawing: Drawing, open: OpenPreview): View {
  const { t, desk, lang } = drawing;
  if (open.prepared === null || open.prepared.is === "refused" || open.error !== null) return nothing;
  const holds = open.prepared.is === "media" ? open.prepared.element : open.prepared.is;
  return html`<iframe
    class="th-preview__frame th-preview__frame--${holds}"
    src=${hrefIn(lang, "/preview")}
    sandbox="allow-same-origin"
    referrerpolicy="no-referrer"
    title=${t("previews:frame.title")}
    @load=${(event: Event) => desk.previews.frameLoaded(event.target as HTMLIFrameElement, frameWords(drawing, open))}
  ></iframe>`;
}

export function previewView(drawing: Drawing): View {
  const { t, desk, lang } = drawing;
  const { open } = desk.previews.state;
  if (open === null) return nothing;
  const { file, prepared, error } = open;
  return html`<dialog
    class="th-preview"
    aria-labelledby="preview-title"
    ${ref(openModal)}
    @cancel=${(event: Event) => {
      event.preventDefault();
      desk.previews.close();
    }}
  >
    <div class="th-preview__head">
      <h2 class="govuk-heading-m th-preview__title" id="preview-title" tabindex="-1" autofocus>
        <bdi>${safeFileName(file.name)}</bdi>
      </h2>
      <button type="button" class="govuk-button govuk-button--secondary" @click=${() => desk.previews.close()}>
        ${t(prepared === null && error === null ? "console:job.cancel" : "previews:close")}
      </button>
    </div>
    <p class="th-preview__facts">${t(`previews:kind.${kindOfName(file.name)}`)}, ${sizeText(lang, file.size)}</p>
    ${warningList(drawing, file)} ${hashOf(drawing, file)} ${tools(drawing, open)} ${status(drawing, open)}
    ${prepared === null && error === null ? waiting(drawing, open) : nothing} ${frame(drawing, open)}
  </dialog>`;
}
