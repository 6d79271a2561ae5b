/** The two things to do besides talking: correct something, withdraw the report. */
import type { Purpose } from "../../../crypto/content.ts";
import type { Translate } from "../i18n.ts";
import { byId, show } from "./dom.ts";

export interface PurposeOptions {
  t: Translate;
  /** Shows one step of the page. */
  go: (step: "mailbox" | "withdraw") => void;
  /** Sends what stands in the withdrawal's form. */
  onWithdraw: () => void;
}

/** What the message form is for now. */
export class Purposes {
  readonly #t: Translate;
  #purpose: Purpose | null = null;

  constructor({ t, go, onWithdraw }: PurposeOptions) {
    this.#t = t;
    byId("correct").addEventListener("click", () => this.#set("correct"));
    byId("correct-cancel").addEventListener("click", () => this.#set(null));
    byId("withdraw-open").addEventListener("click", () => {
      go("withdraw");
      byId("withdraw-title").focus({ preventScroll: true });
    });
    byId("withdraw-back").addEventListener("click", () => {
      go("mailbox");
      byId("withdraw-open").focus();
    });
    byId("withdraw-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      onWithdraw();
    });
  }

  get current(): Purpose | null {
    return this.#purpose;
  }

  /** Back to an ordinary message. */
  reset(): void {
    this.#set(null, false);
  }

  #set(purpose: "correct" | null, focus = true): void {
    this.#purpose = purpose;
    const words = purpose === null ? "write" : "correct";
    byId("write-title").textContent = this.#t(`mailbox:${words}.title`);
    byId("message-label").textContent = this.#t(`mailbox:${words}.label`);
    byId("message-hint").textContent = this.#t(`mailbox:${words}.hint`);
    show("correct-cancel", purpose !== null);
    if (focus) byId("message", HTMLTextAreaElement).focus();
  }
}
