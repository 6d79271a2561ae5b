/** Texts, colours, logo, portal and templates: one form each over the text of its file. */
import { html, nothing } from "lit/html.js";
import { fromBase64, toBase64 } from "../../../../crypto/bytes.ts";
import {
  builtInTheme,
  colourNames,
  measure,
  modes,
  type ColourName,
  type Mode,
  type Theme,
} from "../../../../data/policy/presentation/colours.ts";
import { checkLogo, largestLogoBytes } from "../../../../data/policy/presentation/logo.ts";
import { metadataPolicies } from "../../../../data/policy/presentation.ts";
import type { PortalFile } from "../../../../data/policy/presentation/portal.ts";
import type { Template } from "../../../../data/policy/presentation/templates.ts";
import { languageName } from "../../../locales/say.ts";
import type { View } from "../view-parts.ts";
import { areaField, chooseField, languageChoice, lineField, smallButton, tickField, type Drawing } from "./parts.ts";

/** More at once helps nobody, and would be slow to draw. */
const mostShown = 40;

export function textsView({ t, editor }: Drawing, language: string): View | null {
  const { state } = editor;
  const own = editor.value(`texts-${language}`) as Record<string, string> | null;
  if (own === null) return null;
  const english = state.words.get("en") ?? {};
  const ours = state.words.get(language) ?? {};
  const sought = state.search.trim().toLowerCase();
  const keys = [...new Set([...Object.keys(english), ...Object.keys(ours), ...Object.keys(own)])];
  const found = keys.filter((key) =>
    sought === ""
      ? Object.hasOwn(own, key)
      : [key, english[key], ours[key], own[key]].some((each) => each?.toLowerCase().includes(sought) === true),
  );
  return html`${lineField({
      id: "texts-search",
      label: t("presentation:texts.search"),
      hint: t("presentation:texts.searchHint"),
      value: state.search,
      take: (text) => {
        state.search = text;
        editor.redraw();
      },
    })}
    <p class="govuk-body" role="status">
      ${
        sought === ""
          ? t("presentation:texts.own", { count: found.length })
          : t("presentation:texts.found", { count: found.length })
      }
    </p>
    <ul class="th-texts">
      ${found.slice(0, mostShown).map(
        (key) =>
          html`<li class="th-card">
            <p class="govuk-body govuk-!-margin-bottom-1"><code class="th-texts__key">${key}</code></p>
            ${
              english[key] === undefined
                ? nothing
                : html`<p class="govuk-body th-quiet" lang="en">
                    ${t("presentation:texts.english", { words: english[key] })}
                  </p>`
            }
            ${areaField({
              id: `text-${key}`,
              label: t("presentation:texts.yours", { key }),
              hidden: true,
              rows: 2,
              language,
              value: own[key] ?? ours[key] ?? "",
              take: (text) => {
                editor.setText(language, key, text);
                editor.redraw();
              },
            })}
          </li>`,
      )}
    </ul>
    ${found.length > mostShown ? html`<p class="govuk-body">${t("presentation:texts.more", { count: mostShown })}</p>` : nothing}`;
}

const isHex = (text: unknown): text is string => typeof text === "string" && /^#[0-9a-f]{6}$/.test(text);

/** Draws into a canvas: the page's policy allows no style that comes from a script. */
function swatch(colour: string, words: string, text: string): View {
  return html`<svg class="th-swatch" viewBox="0 0 120 32" role="img" aria-label=${words}>
    <rect width="120" height="32" rx="4" fill=${isHex(colour) ? colour : "#ffffff"}></rect>
    <text x="60" y="21" text-anchor="middle" font-size="14" fill=${isHex(text) ? text : "#000000"}>${words}</text>
  </svg>`;
}

function colourField({ t, editor }: Drawing, theme: Theme, mode: Mode, name: ColourName): View {
  const id = `colour-${mode}-${name}`;
  const value = theme[mode][name];
  const take = (event: Event): void => {
    theme[mode][name] = (event.target as HTMLInputElement).value.toLowerCase();
    editor.write("theme", theme);
    editor.redraw();
  };
  const all = [...modes].every((each) => colourNames.every((colour) => isHex(theme[each][colour])));
  const measured = all ? measure(theme).filter((pair) => pair.mode === mode && pair.colour === name) : [];
  return html`<div class="govuk-form-group">
    <label class="govuk-label" for=${id}>${t(`presentation:colours.${name}`)}</label>
    <div class="th-colour">
      <input
        type="color"
        class="th-colour__pick"
        aria-label=${t("presentation:colours.pick", { name: t(`presentation:colours.${name}`) })}
        .value=${isHex(value) ? value : "#000000"}
        @input=${take}
      />
      <input
        class="govuk-input govuk-input--width-10"
        id=${id}
        dir="ltr"
        autocomplete="off"
        spellcheck="false"
        maxlength="7"
        aria-describedby="${id}-figures"
        .value=${value}
        @input=${take}
      />
    </div>
    <ul class="govuk-list th-figures" id="${id}-figures">
      ${measured.map(
        ({ against, ratio, atLeast, enough }) =>
          html`<li class=${enough ? "th-figures__good" : "th-figures__bad"}>
            ${t(enough ? "presentation:colours.enough" : "presentation:colours.faint", {
              against: t(`presentation:against.${against}`),
              ratio,
              atLeast,
            })}
          </li>`,
      )}
    </ul>
  </div>`;
}

export function themeView(drawing: Drawing): View | null {
  const { t, editor } = drawing;
  const read: Partial<Theme> | null = editor.value("theme");
  if (read === null) return null;
  const theme: Theme = {
    light: { ...builtInTheme.light, ...read.light },
    dark: { ...builtInTheme.dark, ...read.dark },
  };
  return html`<p class="govuk-body">${t("presentation:colours.lead")}</p>
    <div class="th-modes">
      ${modes.map(
        (mode) =>
          html`<section class="th-card" aria-labelledby="mode-${mode}">
            <h3 class="govuk-heading-m" id="mode-${mode}">${t(`presentation:colours.mode.${mode}`)}</h3>
            <div class="th-mode th-mode--${mode}">
              ${swatch(theme[mode].button, t("presentation:colours.sampleButton"), theme[mode].buttonText)}
              ${swatch(mode === "light" ? "#fcfcfa" : "#161c23", t("presentation:colours.sampleLink"), theme[mode].link)}
              ${swatch(theme[mode].brand, t("presentation:colours.sampleBrand"), mode === "light" ? "#ffffff" : "#10161c")}
            </div>
            ${colourNames.map((name) => colourField(drawing, theme, mode, name))}
          </section>`,
      )}
    </div>`;
}

export function logoView({ t, editor }: Drawing): View {
  const content = editor.content("logo");
  const use = async (file: File): Promise<void> => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const checked = checkLogo(bytes);
    editor.state.problems = "problems" in checked ? { logo: checked.problems } : {};
    if ("value" in checked) editor.writeText("logo", toBase64(bytes));
    editor.redraw();
  };
  const take = (event: Event): void => {
    const [file] = (event.target as HTMLInputElement).files ?? [];
    if (file === undefined) return;
    void use(file);
  };
  return html`${
      content === null
        ? html`<p class="govuk-body">${t("presentation:logo.none")}</p>`
        : html`<figure class="th-logo">
            <img class="th-logo__picture" src=${pictureOf(content)} alt=${t("presentation:logo.alt")} />
            <figcaption class="govuk-hint">${t("presentation:logo.caption")}</figcaption>
          </figure>`
    }
    <div class="govuk-form-group">
      <label class="govuk-label" for="logo-file">${t("presentation:logo.choose")}</label>
      <div class="govuk-hint" id="logo-hint">${t("presentation:logo.hint", { size: largestLogoBytes / 1000 })}</div>
      <input
        class="govuk-file-upload"
        type="file"
        id="logo-file"
        accept="image/png,image/webp,image/svg+xml"
        aria-describedby="logo-hint"
        @change=${take}
      />
    </div>
    ${lineField({
      id: "logo-alt",
      label: t("presentation:logo.words"),
      hint: t("presentation:logo.wordsHint"),
      value: editor.text("en", "reporter:logoAlt"),
      take: (text) => {
        editor.setText("en", "reporter:logoAlt", text);
        editor.redraw();
      },
    })}`;
}

let shown: { content: string; url: string } | null = null;

/** One address at a time; the picture before it is let go. */
function pictureOf(content: string): string {
  if (shown?.content === content) return shown.url;
  if (shown !== null) URL.revokeObjectURL(shown.url);
  const bytes = fromBase64(content);
  const checked = checkLogo(bytes);
  const type = "value" in checked ? checked.value : "application/octet-stream";
  shown = { content, url: URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type })) };
  return shown.url;
}

export function portalView({ t, editor, lang }: Drawing): View | null {
  const file: PortalFile | null = editor.value("portal");
  const { view } = editor.state;
  if (file === null || view === null) return null;
  const write = (): void => {
    editor.write("portal", file);
    editor.redraw();
  };
  const offered = file.languages ?? view.languages;
  return html`<fieldset class="govuk-fieldset govuk-form-group" aria-describedby="languages-hint">
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">${t("presentation:portal.languages")}</legend>
      <div class="govuk-hint" id="languages-hint">${t("presentation:portal.languagesHint")}</div>
      <div class="govuk-checkboxes govuk-checkboxes--small th-columns">
        ${view.languages.map((each) =>
          tickField(`language-${each}`, languageName(each, lang), offered.includes(each), (on) => {
            file.languages = view.languages.filter((one) => (one === each ? on : offered.includes(one)));
            write();
          }),
        )}
      </div>
    </fieldset>
    ${chooseField({
      id: "metadata",
      label: t("presentation:portal.metadata"),
      hint: t("presentation:portal.metadataHint"),
      value: file.metadata ?? "always",
      take: (policy) => {
        file.metadata = policy as (typeof metadataPolicies)[number];
        write();
      },
      choices: metadataPolicies.map((each) => [each, t(`presentation:metadata.${each}`)] as const),
    })}
    <h3 class="govuk-heading-m">${t("presentation:portal.outside")}</h3>
    <p class="govuk-body">${t("presentation:portal.outsideHint")}</p>
    ${view.outside.map(({ id, nameKey }) => {
      const known = file.outside?.[id] ?? { details: "", checkedOn: "" };
      const set = (now: { details: string; checkedOn: string }): void => {
        const outside = { ...file.outside };
        if (now.details === "" && now.checkedOn === "") delete outside[id];
        else outside[id] = now;
        file.outside = outside;
        write();
      };
      const name = editor.text("en", nameKey) || id;
      return html`<fieldset class="govuk-fieldset th-card">
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${name}</legend>
        ${areaField({
          id: `outside-${id}`,
          label: t("presentation:portal.details"),
          rows: 2,
          value: known.details,
          take: (details) => set({ ...known, details }),
        })}
        ${lineField({
          id: `outside-${id}-day`,
          label: t("presentation:portal.checkedOn"),
          type: "date",
          value: known.checkedOn,
          take: (checkedOn) => set({ ...known, checkedOn }),
        })}
      </fieldset>`;
    })}`;
}

export function templatesView(drawing: Drawing): View | null {
  const { t, editor } = drawing;
  const file = editor.value("templates") as { templates: Template[] } | null;
  if (file === null || !Array.isArray(file.templates)) return null;
  const { templates } = file;
  const { language } = editor.state;
  const write = (focus: string | null = null): void => {
    editor.write("templates", file);
    editor.state.focus = focus;
    editor.redraw();
  };
  const add = (): void => {
    let number = templates.length + 1;
    while (templates.some(({ id }) => id === `template-${number}`)) number++;
    const id = `template-${number}`;
    templates.push({ id, labelKey: `own.${id}.label`, textKey: `own.${id}.text` });
    write(`template-${templates.length - 1}-label`);
  };
  const words = (at: string, label: string, key: string, rows: number): View =>
    areaField({
      id: at,
      label,
      rows,
      language,
      value: editor.text(language, `templates:${key}`),
      take: (text) => {
        editor.setText(language, `templates:${key}`, text);
        editor.redraw();
      },
    });
  return html`${languageChoice(drawing)}
    ${templates.map(({ labelKey, textKey, id }, i) => {
      const name = editor.text(language, `templates:${labelKey}`) || id;
      return html`<fieldset class="govuk-fieldset th-card">
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${name}</legend>
        ${words(`template-${i}-label`, t("presentation:templates.label"), labelKey, 1)}
        ${words(`template-${i}-text`, t("presentation:templates.text"), textKey, 6)}
        ${smallButton(t("presentation:remove"), name, () => {
          templates.splice(i, 1);
          write("add-template");
        })}
      </fieldset>`;
    })}
    <button type="button" class="govuk-button govuk-button--secondary" id="add-template" @click=${add}>
      ${t("presentation:templates.add")}
    </button>`;
}
