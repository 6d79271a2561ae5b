/** The first step: whose portal this is, who reads there, and the words that a printed notice repeats. */
import type { Translate } from "../i18n.ts";
import { byId, element, show } from "./dom.ts";
import { readersList } from "./readers-field.ts";
import type { PortalView } from "./worker-api.ts";

export function drawWhoReads(portal: PortalView, t: Translate, language: string): void {
  const { organisation, channels, fingerprint, pinned, expired } = portal;
  show("expired", expired);
  byId("start-lead").textContent = t("report:start.lead", { organisation });
  byId("start-readers").replaceChildren(
    ...channels.flatMap(({ name, readers }) => [
      // With one place only its name says nothing.
      ...(channels.length > 1 ? [element("h2", { class: "govuk-heading-s" }, name)] : []),
      readersList(readers, t, language),
    ]),
  );
  show("real-match", pinned);
  show("real-compare", !pinned);
  byId("fingerprint").replaceChildren(...fingerprint.map((word) => element("li", {}, word)));
}
