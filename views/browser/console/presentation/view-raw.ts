/** A file as text, with the numbers of its lines, and what is wrong at its line. */
import { html, nothing } from "lit/html.js";
import type { PresentationProblem } from "../../client/presentation.ts";
import type { View } from "../view-parts.ts";
import type { Drawing } from "./parts.ts";

/** Puts the cursor where the problem is. */
function goTo(text: string, { line, column }: PresentationProblem): void {
  const field = document.getElementById("raw") as HTMLTextAreaElement | null;
  if (field === null) return;
  const before = text.split("\n").slice(0, line - 1);
  const at = before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
  field.focus();
  field.setSelectionRange(at, at);
  const lineHeight = field.scrollHeight / Math.max(1, text.split("\n").length);
  window.scrollTo({ top: window.scrollY + field.getBoundingClientRect().top + lineHeight * line - 200 });
}

/** Every problem of the last try, file by file: the line, the words, and the line itself. */
export function problemList({ t, editor }: Drawing): View {
  const { problems, open } = editor.state;
  const files = Object.entries(problems);
  if (files.length === 0) return nothing;
  const show = (name: string, problem: PresentationProblem): void => {
    void (async () => {
      if (name !== open) {
        const kept = { problems };
        await editor.open(name);
        Object.assign(editor.state, kept);
      }
      editor.state.raw = true;
      editor.redraw();
      goTo(editor.content(name) ?? "", problem);
    })();
  };
  return html`<div class="govuk-error-summary" role="alert" tabindex="-1" data-focus="presentation" id="problems">
    <h2 class="govuk-error-summary__title">${t("presentation:wrong.title")}</h2>
    <div class="govuk-error-summary__body">
      <p>${t("presentation:wrong.stays")}</p>
      ${files.map(([name, found]) => {
        const text = editor.state.refused.get(name) ?? editor.content(name) ?? "";
        const lines = name === "logo" ? [] : text.split("\n");
        return html`<h3 class="govuk-heading-s">${name}</h3>
          <ol class="govuk-list th-problems">
            ${found.map((problem) => {
              const { line, column, key, values } = problem;
              const words = t("faults:at", { line, column, problem: t(key, values) });
              return html`<li>
                ${
                  name === "logo"
                    ? words
                    : html`<button type="button" class="th-link-button" @click=${() => show(name, problem)}>
                        ${words}
                      </button>`
                }
                ${
                  lines[line - 1] === undefined
                    ? nothing
                    : html`<code class="th-line"><span class="th-line__number">${line}</span> ${lines[line - 1]}</code>`
                }
              </li>`;
            })}
          </ol>`;
      })}
    </div>
  </div>`;
}

export function rawView({ t, editor }: Drawing, name: string): View {
  const text = editor.content(name) ?? "";
  const lines = text.split("\n");
  const wrong = new Set((editor.state.problems[name] ?? []).map(({ line }) => line));
  return html`<div class="govuk-form-group">
    <label class="govuk-label govuk-label--m" for="raw">${t("presentation:raw.label", { name })}</label>
    <div class="govuk-hint" id="raw-hint">${t("presentation:raw.hint")}</div>
    <div class="th-raw">
      <div class="th-raw__lines" aria-hidden="true">
        ${lines.map((_, i) => html`<span class=${wrong.has(i + 1) ? "th-raw__wrong" : ""}>${i + 1}</span>`)}
      </div>
      <textarea
        class="th-raw__text"
        id="raw"
        rows=${lines.length}
        wrap="off"
        spellcheck="false"
        autocomplete="off"
        autocapitalize="none"
        dir="ltr"
        aria-describedby="raw-hint"
        aria-invalid=${wrong.size > 0 ? "true" : nothing}
        .value=${text}
        @input=${(event: InputEvent) => {
          editor.writeText(name, (event.target as HTMLTextAreaElement).value);
          editor.redraw();
        }}
      ></textarea>
    </div>
  </div>`;
}
