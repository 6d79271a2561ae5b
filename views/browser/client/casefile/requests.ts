/** Who was asked to look at a case file before it leaves, and what they said: from the acts of a case. No crypto: pages read it too. */
import type { ExportChoices, ExportExtent } from "../../../../crypto/export-acts.ts";
import type { ActContent } from "../../../../crypto/team-content.ts";

export interface ApprovalRequest {
  /** The same in every case that is in the case file. */
  id: string;
  /** Person ids. */
  by: number;
  to: number;
  /** YYYY-MM-DD: the case file's day. */
  dated: string;
  extent: ExportExtent;
  choices: ExportChoices;
  /** Hex. */
  digest: string;
  checkpoint: string;
  reason: string;
  /** Of whoever was asked, and of nobody else; null: none yet. */
  answer: { approves: boolean; signature: string; reason: string; dated: string } | null;
  /** It was saved since. */
  exported: boolean;
}

/** An act and its writer's person id, as it stands in the readers' stream. */
export interface SignedAct {
  act: ActContent;
  by: number;
}

/**
 * Newest first. A second request under the same id counts for nothing, nor does an answer of anybody who was not asked,
 * or anybody else's word that it was saved.
 */
export function requestsIn(acts: readonly SignedAct[]): ApprovalRequest[] {
  const requests = new Map<string, ApprovalRequest>();
  for (const { act: content, by } of acts) {
    if (content.act === "askExport" && !requests.has(content.id)) {
      const { act: _, conversation: __, ...asked } = content;
      requests.set(content.id, { ...asked, by, answer: null, exported: false });
    }
    if (content.act === "answerExport") {
      const request = requests.get(content.id);
      const { approves, signature, reason, dated } = content;
      if (request?.to === by && request.by !== by) request.answer = { approves, signature, reason, dated };
    }
    if (content.act === "exported") {
      const request = requests.get(content.id);
      if (request?.by === by && request.digest === content.digest) request.exported = true;
    }
  }
  return [...requests.values()].reverse();
}

/** That of one writer: whoever saw its id in one case may have taken it in another before. */
export function requestOf(
  acts: readonly SignedAct[],
  { id, by }: Pick<ApprovalRequest, "id" | "by">,
): ApprovalRequest | null {
  const own = acts.filter((each) => each.act.act !== "askExport" || each.by === by);
  return requestsIn(own).find((each) => each.id === id) ?? null;
}
