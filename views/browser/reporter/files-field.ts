/** Choosing files: a list with sizes, each removable, the limit told before. */
import type { Translate } from "../i18n.ts";
import { element, sizeOf } from "./dom.ts";
import type { FormError } from "./form-errors.ts";

export interface FilesField {
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

export function buildFilesField(
  parent: HTMLElement,
  { t, language, maxFileBytes, onChange }: FilesFieldOptions,
): FilesField {
  let files: File[] = [];
  const size = (bytes: number): string => sizeOf(bytes, language);

  const input = element("input", {
    class: "govuk-file-upload",
    type: "file",
    id: inputId,
    multiple: true,
    autocomplete: "off",
    "aria-describedby": "file-hint file-warning file-input-error",
  });
  const list = element("ul", { class: "th-files", "aria-label": t("report:files.listTitle"), hidden: true });
  const total = element("p", { class: "govuk-body-s", hidden: true });
  const status = element("p", { class: "govuk-visually-hidden", role: "status" });

  const draw = (): void => {
    const items = files.map((file, i) => {
      const remove = element(
        "button",
        {
          type: "button",
          class: "govuk-button govuk-button--secondary th-file__remove",
          "aria-label": t("report:files.removeNamed", { name: file.name }),
        },
        t("report:files.remove"),
      );
      remove.addEventListener("click", () => removeAt(i));
      return element(
        "li",
        { class: "th-file" },
        element("span", { class: "th-file__name", dir: "auto" }, file.name),
        element("span", { class: "th-file__size" }, size(file.size)),
        remove,
      );
    });
    list.replaceChildren(...items);
    list.hidden = files.length === 0;
    total.hidden = files.length < 2;
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    total.textContent = t("report:files.total", { count: files.length, size: size(bytes) });
    onChange?.();
  };

  const removeAt = (index: number): void => {
    const [removed] = files.splice(index, 1);
    draw();
    status.textContent = t("report:files.removed", { name: removed?.name ?? "" });
    // The focused button is gone: the next one takes over, else the field itself.
    const buttons = list.querySelectorAll("button");
    (buttons[Math.min(index, buttons.length - 1)] ?? input).focus();
  };

  input.addEventListener("change", () => {
    const added = [...(input.files ?? [])];
    files = [...files, ...added];
    // Empty again, so that the same file can be chosen after it was removed.
    input.value = "";
    draw();
    status.textContent = t("report:files.added", { count: added.length });
  });

  parent.replaceChildren(
    element(
      "div",
      { class: "govuk-form-group" },
      element("label", { class: "govuk-label govuk-label--m", for: inputId }, t("report:files.label")),
      element("p", { class: "govuk-hint", id: "file-hint" }, t("report:files.hint", { size: size(maxFileBytes) })),
      element(
        "div",
        { class: "th-notice", id: "file-warning" },
        element("p", { class: "govuk-body" }, t("report:files.warning")),
      ),
      element("p", { class: "govuk-error-message", id: "file-input-error", hidden: true }),
      input,
    ),
    list,
    total,
    status,
  );

  return {
    files: () => [...files],
    errors: () =>
      files
        .filter((file) => file.size > maxFileBytes)
        .map((file) => ({
          field: inputId,
          text: t("report:files.large", { name: file.name, size: size(maxFileBytes) }),
        })),
    clear() {
      files = [];
      draw();
    },
  };
}

export function unreadableFile(name: string, t: Translate): FormError {
  return { field: inputId, text: t("report:files.unreadable", { name }) };
}
