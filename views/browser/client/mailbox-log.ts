/** What a reporter can have shown of the log: that their filing stands in it, and that it is the readers' log too. */
import { u64le } from "../../../crypto/bytes.ts";
import { orNull } from "../../../crypto/errors.ts";
import { parseLogAnswer, type LogAnswer } from "../../../crypto/log-answer.ts";
import { verifyConsistency, verifyInclusion, type TreeHead } from "../../../crypto/log-tree.ts";
import type { Receipt } from "../../../crypto/log.ts";
import type { Mailbox } from "../../../crypto/keys.ts";
import type { RosterChain } from "../../../crypto/roster.ts";
import { sendForBytes, type Api } from "./http.ts";
import { currentHeadOf, headOf } from "./log.ts";
import { authorize } from "./mailbox-requests.ts";
import type { OpenMailbox } from "./mailbox.ts";

async function askLog(api: Api, mailbox: Mailbox, since: number): Promise<LogAnswer> {
  const body = u64le(since);
  const headers = await authorize(api, mailbox, "POST /mailbox/log", body);
  return parseLogAnswer(await sendForBytes(api, "/mailbox/log", { method: "POST", headers, body }));
}

/** That a filing stands in the log. */
export interface FilingProof {
  /** Signed note. */
  checkpoint: string;
  index: number;
  path: Uint8Array[];
}

/**
 * The proof that the filing of this receipt stands in the portal's log; null: its day is not closed yet, or there is
 * no such report (any more).
 * @throws PortalError "forged" when what the server shows proves nothing
 */
export async function proveFiling(
  api: Api,
  chain: RosterChain,
  mailbox: Mailbox,
  receipt: Receipt,
): Promise<FilingProof | null> {
  const { checkpoint, place } = await askLog(api, mailbox, 0);
  const head = currentHeadOf(checkpoint, chain);
  if (place === null) return null;
  verifyInclusion(receipt.leaf, place.index, place.path, head);
  return { checkpoint, ...place };
}

/**
 * Whether the log that the readers were shown, as their replies say, is the one that the portal shows here: it must
 * be its beginning. "none": no reply says. What no log key signed is a reader's rubbish and no reason to doubt the
 * portal.
 * @throws PortalError "forged" when readers were shown another log
 */
export async function compareRepliesLog({ api, chain, mailbox, entries }: OpenMailbox): Promise<"same" | "none"> {
  const said = new Map<string, TreeHead>();
  for (const { content } of entries) {
    const text = "log" in content ? content.log : undefined;
    const head = text === undefined ? null : orNull(() => headOf(text, chain));
    if (text !== undefined && head !== null) said.set(text, head);
  }
  for (const head of said.values()) {
    const { checkpoint, consistency } = await askLog(api, mailbox, head.size);
    verifyConsistency(head, currentHeadOf(checkpoint, chain), consistency);
  }
  return said.size === 0 ? "none" : "same";
}
