/** In the mailbox of a report that a member wrote down: who it was, and that they have seen the code. */
import type { Translate } from "../i18n.ts";
import { byId, show } from "./dom.ts";
import type { MailboxView } from "./worker-api.ts";

export function drawTaken({ taken }: MailboxView, t: Translate): void {
  show("taken", taken !== null);
  if (taken === null) return;
  const { name, how } = taken;
  byId("taken-text").textContent = `${t(`mailbox:taken.${how}`, { name })} ${t("mailbox:taken.seen")}`;
}
