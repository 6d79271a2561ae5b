/** Whether the report is urgent: the one choice that the server sees, and what comes of it. */
import { listOf } from "../../locales/say.ts";
import type { Translate } from "../i18n.ts";
import { byId, show } from "./dom.ts";
import { memberName } from "./readers-field.ts";
import type { PortalView } from "./worker-api.ts";

/** `told`: person ids of those whom the server tells at once; it knows who has an address. */
export function drawUrgent({ members }: PortalView, told: readonly number[], t: Translate, language: string): void {
  const names = members.filter(({ id }) => told.includes(id)).map((member) => memberName(member, t));
  byId("urgent-hint").textContent = [
    t("report:urgent.sees"),
    ...(names.length === 0 ? [] : [t("report:urgent.tells", { names: listOf(names, language) })]),
    t("report:urgent.danger"),
  ].join(" ");
  show(
    "urgent-choice",
    members.some(({ roles }) => roles.includes("ombuds") || roles.includes("recovery")),
  );
}
