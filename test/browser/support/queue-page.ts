/** The list of cases alone in a page, with as many cases as a test wants: for measuring, and for pages and keys. */
import { render } from "lit/html.js";
import type { CaseListing } from "../../../views/browser/client/listing.ts";
import { makeQueueDesk } from "../../../views/browser/console/queue/queue-desk.ts";
import { queueKey } from "../../../views/browser/console/queue/keys.ts";
import { queueView } from "../../../views/browser/console/queue/view-queue.ts";
import { firstState, type State } from "../../../views/browser/console/state.ts";
import type { Desk } from "../../../views/browser/console/desk.ts";
import type { Drawing } from "../../../views/browser/console/view-parts.ts";

export interface QueuePage {
  state: State;
  desk: Desk;
  /** Does something to the list, and has it laid out. */
  change(act: (queue: Desk["queue"]) => void): void;
}

declare global {
  var queuePage: (listings: CaseListing[]) => QueuePage;
  var queued: QueuePage;
}

globalThis.queuePage = (listings) => {
  const root = document.getElementById("console")!;
  const state = firstState();
  const identity = {
    title: "",
    organisation: "",
    trial: true,
    expires: "",
    exportKey: "",
    mayExport: false,
    portalId: "",
  };
  state.me = { id: 1, name: "Rosa", roles: ["reviewer"], rosterHash: "", isRecipient: true, ...identity };
  state.listings = listings;
  state.queue.begun = true;
  const draw = (): void => {
    render(queueView(drawing), root);
    const target = state.focus.map((each) => root.querySelector<HTMLElement>(each)).find((each) => each !== null);
    state.focus = [];
    target?.focus();
  };
  const tools = { state, draw } as unknown as Parameters<typeof makeQueueDesk>[0];
  const desk = { state, redraw: draw, queue: makeQueueDesk(tools), choose: async () => {} } as unknown as Desk;
  const drawing: Drawing = { t: (key, values = {}) => `${key} ${Object.values(values).join(" ")}`, desk, lang: "en" };
  addEventListener("keydown", (event) => queueKey(drawing, event));
  draw();
  return {
    state,
    desk,
    change(act) {
      act(desk.queue);
      root.getBoundingClientRect();
    },
  };
};
