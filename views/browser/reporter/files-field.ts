/** Choosing, dropping and recording files: a row each, what was taken out of them, the limits told before. */
import { mostFiles } from "../../../crypto/most-files.ts";
import { readPageData, type Translate } from "../i18n.ts";
import { makeCleaner } from "./cleaning.ts";
import { element } from "./dom.ts";
import { sizeOf } from "../../locales/say.ts";
import { buildFileRow, type FileRow, type MetadataPolicy } from "./file-row.ts";
import type { FormError } from "./form-errors.ts";
import { buildRecorder } from "./recorder.ts";

export interface FilesField {
  /** What is sent, in this order. The same objects until something changes. */
  files(): File[];
  errors(): FormError[];
  clear(): void;
}

export interface FilesFieldOptions {
  t: Translate;
  language: string;
  /** Largest single file, bytes. */
  maxFileBytes: number;
  onChange?: () => void;
}

const inputId = "file-input";

/** What the operator wants done with hidden facts: from the page's data. */
function metadataPolicy(): MetadataPolicy {
  const { presentation } = readPageData().data as { presentation?: { metadata?: unknown } };
  const told = presentation?.metadata;
  return told === "ask" || told === "keep" ? told : "always";
}

function drawWarnings(t: Translate): HTMLElement {
  const items = ["canary", "printer", "access", "content"].map((key) => element("li", {}, t(`files:warn.${key}`)));
  return element(
    "div",
    { class: "th-notice", id: "file-warning" },
    element("p", { class: "govuk-body govuk-!-font-weight-bold govuk-!-margin-bottom-2" }, t("files:warnTitle")),
    element("ul", { class: "govuk-list govuk-list--bullet govuk-!-margin-bottom-0" }, ...items),
  );
}

/** Files that are dragged over `zone` and let go. A file dropped beside it must not open in this tab. */
function takeDrops(zone: HTMLElement, add: (files: readonly File[]) => void): void {
  const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") === true;
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    const over = event.target instanceof Node && zone.contains(event.target);
    zone.classList.toggle("th-drop--over", over);
    event.dataTransfer!.dropEffect = over ? "copy" : "none";
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) zone.classList.remove("th-drop--over");
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    zone.classList.remove("th-drop--over");
    if (event.target instanceof Node && zone.contains(event.target)) add([...event.dataTransfer!.files]);
  });
}

export function buildFilesField(
  parent: HTMLElement,
  { t, language, maxFileBytes, onChange }: FilesFieldOptions,
): FilesField {
  let rows: FileRow[] = [];
  let lastNumber = 0;
  const policy = metadataPolicy();
  const cleaner = makeCleaner();
  const size = (bytes: number): string => sizeOf(bytes, language);

  const input = element("input", {
    class: "govuk-file-upload",
    type: "file",
    id: inputId,
    multiple: true,
    autocomplete: "off",
    "aria-describedby": "file-hint file-warning file-input-error",
  });
  const list = element("ul", { class: "th-files", "aria-label": t("files:listTitle"), hidden: true });
  const total = element("p", { class: "govuk-body-s", hidden: true });
  const status = element("p", { class: "govuk-visually-hidden", role: "status" });
  const say = (words: string): void => {
    status.textContent = words;
  };

  const tellTotal = (): void => {
    total.hidden = rows.length < 2;
    const bytes = rows.reduce((sum, row) => sum + row.file().size, 0);
    total.textContent = t("files:total", { count: rows.length, size: size(bytes) });
    onChange?.();
  };
  const draw = (): void => {
    list.replaceChildren(...rows.map((row) => row.element));
    list.hidden = rows.length === 0;
    tellTotal();
  };

  const remove = (row: FileRow): void => {
    const index = rows.indexOf(row);
    const { name } = row.file();
    row.close();
    rows = rows.filter((other) => other !== row);
    draw();
    say(t("files:removed", { name }));
    // The focused button is gone: the next one takes over, else the field itself.
    const buttons = list.querySelectorAll<HTMLElement>(".th-file__remove");
    (buttons[Math.min(index, buttons.length - 1)] ?? input).focus();
  };

  const add = (files: readonly File[], recorded = false): void => {
    const added = files.map((file) => {
      const row: FileRow = buildFileRow(file, {
        t,
        language,
        policy,
        cleaner,
        number: ++lastNumber,
        recorded,
        onRemove: () => remove(row),
        onChange: tellTotal,
        say,
      });
      return row;
    });
    rows = [...rows, ...added];
    draw();
    say(t("files:added", { count: added.length }));
  };

  input.addEventListener("change", () => {
    const chosen = [...(input.files ?? [])];
    // Empty again, so that the same file can be chosen after it was removed.
    input.value = "";
    add(chosen);
  });

  const group = element(
    "div",
    { class: "govuk-form-group th-drop" },
    element("label", { class: "govuk-label govuk-label--m", for: inputId }, t("files:label")),
    element(
      "p",
      { class: "govuk-hint", id: "file-hint" },
      `${t("files:hint", { size: size(maxFileBytes) })} ${t(`files:policy.${policy}`)}`,
    ),
    drawWarnings(t),
    element("p", { class: "govuk-error-message", id: "file-input-error", hidden: true }),
    input,
    element("p", { class: "th-drop__words", "aria-hidden": "true" }, t("files:drop")),
  );
  takeDrops(group, add);
  const recorder = buildRecorder({ t, language, onRecorded: (file) => add([file], true) });
  parent.replaceChildren(group, ...(recorder === null ? [] : [recorder.element]), list, total, status);

  const errorsOf = (row: FileRow): FormError[] => {
    const file = row.file();
    const { name } = file;
    if (file.size > maxFileBytes)
      return [{ field: inputId, text: t("files:large", { name, size: size(maxFileBytes) }) }];
    const problem = row.problem();
    return problem === null ? [] : [{ field: inputId, text: t(`files:${problem}`, { name }) }];
  };

  return {
    files: () => rows.map((row) => row.file()),
    errors: () => [
      ...(rows.length > mostFiles
        ? [{ field: inputId, text: t("files:many", { count: rows.length, most: mostFiles }) }]
        : []),
      ...rows.flatMap(errorsOf),
      ...(recorder?.isOpen() === true ? [{ field: recorder.fieldId, text: t("files:record.unfinished") }] : []),
    ],
    clear() {
      for (const row of rows) row.close();
      rows = [];
      recorder?.clear();
      draw();
    },
  };
}

export function unreadableFile(name: string, t: Translate): FormError {
  return { field: inputId, text: t("files:unreadable", { name }) };
}
