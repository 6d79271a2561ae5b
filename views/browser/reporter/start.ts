/** The start of both pages: can this browser do the work? Told before the person types anything. */
import { installQuickExit } from "../quick-exit.ts";
import { loadWords, readPageData, type PageData, type Translate } from "../i18n.ts";
import { carryNoticePin, noticePin } from "../notice-address.ts";
import { byId, show } from "./dom.ts";
import { startReporterWorker, type ReporterWorker } from "./worker-client.ts";
import type { PortalView } from "./worker-api.ts";

export interface Started {
  worker: ReporterWorker;
  portal: PortalView;
  page: PageData;
  t: Translate;
  language: string;
}

function showFailure(id: "unsupported" | "unreachable" | "distrusted"): void {
  show("starting", false);
  show("unreachable", id === "unreachable");
  show(id, true);
  byId(id).querySelector("h1")?.focus();
}

/** Null when it cannot be done here: the page says so and what to do instead. */
async function startWorker(name: "reporter" | "mailbox"): Promise<ReporterWorker | null> {
  try {
    if (typeof WebAssembly !== "object" || typeof Worker !== "function") return null;
    return await startReporterWorker(name);
  } catch {
    return null;
  }
}

async function askPortal(worker: ReporterWorker): Promise<PortalView | "closed" | "forged" | null> {
  try {
    return await worker.call("portal", { pin: noticePin() });
  } catch (error) {
    // closed: set-up is not finished, there is no roster yet. forged: the one that came does not verify,
    // or is not the one that the printed notice names.
    const code = error instanceof Error && "code" in error ? error.code : null;
    return code === "closed" || code === "forged" ? code : null;
  }
}

/** Resolves when the page can begin; stays pending where it cannot. `onClosed`: nobody could read a report yet. */
export async function start(
  name: "reporter" | "mailbox",
  begin: (started: Started) => void,
  onClosed: () => void,
): Promise<void> {
  installQuickExit();
  carryNoticePin();
  const page = readPageData();
  const t = await loadWords(page);
  const worker = await startWorker(name);
  if (worker === null) return showFailure("unsupported");
  // Two presses on "Try again" ask twice; a page that began twice would file twice.
  let begun = false;
  const tryPortal = async (): Promise<void> => {
    const portal = await askPortal(worker);
    if (begun) return;
    if (portal === null) return showFailure("unreachable");
    if (portal === "forged") {
      show("distrusted-notice", noticePin() !== null);
      return showFailure("distrusted");
    }
    begun = true;
    show("starting", false);
    show("unreachable", false);
    if (portal === "closed") onClosed();
    else begin({ worker, portal, page, t, language: page.lang });
  };
  byId("retry").addEventListener("click", () => void tryPortal());
  await tryPortal();
}
