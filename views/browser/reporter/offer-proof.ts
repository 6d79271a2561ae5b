/** The signed proof of a filing: offered folded away, because most people are safer without it. */
import type { Translate } from "../i18n.ts";
import { saveBlob } from "../save-file.ts";
import { element } from "./dom.ts";
import type { ReporterWorker } from "./worker-client.ts";

/** Fills `container`. Nothing is made or kept before the button is pressed. */
export function offerProof(container: HTMLElement, { worker }: { worker: ReporterWorker }, t: Translate): void {
  const status = element("p", { class: "govuk-body th-status govuk-!-margin-bottom-0", role: "status" });
  const button = element(
    "button",
    { type: "button", class: "govuk-button govuk-button--secondary", id: "proof-save" },
    t("proof:offer.save"),
  );
  const save = async (): Promise<void> => {
    const text = await worker.call("proof", t("proof:about", { address: location.origin })).catch(() => null);
    if (text !== null) saveBlob(new Blob([text], { type: "application/json" }), `${t("proof:fileName")}.json`);
    status.textContent = t(text === null ? "proof:offer.failed" : "proof:offer.saved");
  };
  button.addEventListener("click", () => void save());
  container.replaceChildren(
    element(
      "details",
      { class: "govuk-details" },
      element(
        "summary",
        { class: "govuk-details__summary" },
        element("span", { class: "govuk-details__summary-text" }, t("proof:offer.title")),
      ),
      element(
        "div",
        { class: "govuk-details__text" },
        element("p", { class: "govuk-body" }, t("proof:offer.text")),
        element("p", { class: "govuk-body govuk-!-font-weight-bold" }, t("proof:offer.warning")),
        button,
        status,
      ),
    ),
  );
}
