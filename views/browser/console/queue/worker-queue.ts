/** The keyholder's part in the list of cases: a member's own views, and spam. */
import { equal } from "../../../../crypto/bytes.ts";
import { PortalError } from "../../../../crypto/errors.ts";
import { closeAsSpam, muteMailbox, restoreFromSpam, type SpamOutcome } from "../../client/spam.ts";
import type { CaseView } from "../../client/case-view.ts";
import type { OpenCase } from "../../client/casework.ts";
import type { Desk } from "../../client/held-cases.ts";
import { cacheName, type CacheKeys } from "../../client/key-cache.ts";
import { openViews, sealViews, viewsPurpose } from "../../client/own-views.ts";
import { findRecord, putRecord } from "../cache-store.ts";
import type { Acts } from "../worker-acts.ts";
import type { Closing } from "./queue-api.ts";
import { mergeViews } from "./saved-views.ts";

export interface QueueTools {
  theDesk(): Desk;
  /** Writes the summary, and shows the case as it then is. */
  summed(caseId: string, viewed: number, written: OpenCase): Promise<CaseView>;
}

export function queueActs({
  theDesk,
  summed,
}: QueueTools): Pick<Acts, "views" | "keepViews" | "closeAsSpam" | "restore" | "mute"> {
  const closing = async (caseId: string, outcome: SpamOutcome): Promise<Closing> => {
    if (outcome.is === "left") return outcome;
    // Deciding about it is dealing with all that was written.
    return { is: "done", view: await summed(caseId, outcome.open.entries.length - 1, outcome.open) };
  };
  const cacheKeys = (): CacheKeys => {
    const { chain, secrets } = theDesk().session;
    return { cache: secrets.cache, portalId: chain.portalId };
  };
  return {
    async views() {
      const keys = cacheKeys();
      return openViews(keys, await findRecord(cacheName(keys, viewsPurpose)));
    },
    async keepViews({ was, now }) {
      const keys = cacheKeys();
      const name = cacheName(keys, viewsPurpose);
      const views = mergeViews(was, now, openViews(keys, await findRecord(name)));
      const sealed = sealViews(keys, views);
      await putRecord(name, sealed);
      // A browser that keeps nothing takes it without a word; whoever named a view is to know.
      const kept = await findRecord(name);
      if (kept === null || !equal(kept, sealed)) throw new PortalError("full", "this browser keeps nothing");
      return views;
    },
    async closeAsSpam({ caseId, ...words }) {
      return closing(caseId, await closeAsSpam(theDesk(), caseId, words));
    },
    async mute({ caseId, on }) {
      const outcome = await muteMailbox(theDesk(), caseId, on);
      if (outcome.is === "left") return outcome;
      return { is: "done", view: await summed(caseId, outcome.open.summary?.seen ?? 0, outcome.open) };
    },
    async restore({ caseId, ...words }) {
      return closing(caseId, await restoreFromSpam(theDesk(), caseId, words));
    },
  };
}
