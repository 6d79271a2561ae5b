/**
 * Second approval of a case file: another reader makes it again in their own browser, compares, and signs the same tag
 * manifest. Policy, not cryptography: whoever can read a case can copy it.
 */
import { utf8 } from "../../../../crypto/bytes.ts";
import { PortalError } from "../../../../crypto/errors.ts";
import { minisign, verifyMinisign } from "../../../../crypto/minisign.ts";
import type { RosterChain } from "../../../../crypto/roster.ts";
import { fileOf, type TagFile } from "../bag.ts";
import { personOf } from "../case-view.ts";
import { declarationOf, type OpenCase } from "../casework.ts";
import { teamEntries, type ReadCase } from "./case-documents.ts";
import type { CaseFile } from "./package.ts";
import { requestOf, type ApprovalRequest, type SignedAct } from "./requests.ts";

export function signedActsIn(of: Pick<ReadCase, "team">): SignedAct[] {
  return teamEntries(of).flatMap(({ kind, content, author }) =>
    kind === "act" && author !== null ? [{ act: content, by: author }] : [],
  );
}

export const approverSignatureName = "tagmanifest-sha256.txt.approver.minisig";

/** It stands in each case, and some of its readers may not know of the others: the case file's name would tell them. */
const commentOf = (portalId: string, dated: string): string => `approved: case file of portal ${portalId}, ${dated}`;

/** The approver's signature, as text. `dated`: the day of approval, YYYY-MM-DD. */
export function signApproval(
  file: CaseFile,
  portalId: string,
  dated: string,
  key: Parameters<typeof minisign>[1],
): string {
  return minisign(file.tagManifest, key, commentOf(portalId, dated));
}

/** Whoever reads the case and never said that they have a conflict in it, which counts before others made new keys. */
export function mayApprove(
  chain: RosterChain,
  { readers, team }: Pick<OpenCase, "readers" | "team">,
  id: number,
): boolean {
  const { current, recovery } = personOf(chain, id);
  return current && !recovery && readers.includes(id) && declarationOf(team, id)?.has !== true;
}

/**
 * The file beside the exporter's signature. `cases`: all that are in it, as they are now: an approval can be taken
 * back, and its giver can step back.
 * @throws PortalError "conflict" when it is not approved in each, or by a signature of something else
 */
export function approvalFile(
  chain: RosterChain,
  file: CaseFile,
  request: ApprovalRequest,
  cases: readonly OpenCase[],
): TagFile {
  const { to } = request;
  const answers = cases.map((of) =>
    mayApprove(chain, of, to) ? (requestOf(signedActsIn(of), request)?.answer ?? null) : null,
  );
  // They may have new keys since: any that a roster ever listed for them.
  const keys = chain.rosters
    .flatMap(({ members }) => members.filter(({ id }) => id === to))
    .map(({ keys: own }) => own.export);
  const fits = (signature: string, key: Uint8Array): boolean => {
    try {
      verifyMinisign(file.tagManifest, utf8(signature), key);
      return true;
    } catch {
      return false;
    }
  };
  const signatures = answers.map((answer) => {
    if (answer?.approves !== true) throw new PortalError("conflict", "the case file is not approved");
    const { signature } = answer;
    if (!keys.some((key) => fits(signature, key)))
      throw new PortalError("conflict", "the approval is of another case file");
    return signature;
  });
  return fileOf(approverSignatureName, utf8(signatures[0]!));
}

/** Whether it is the one that was asked about. */
export const isSame = (file: CaseFile, { digest }: Pick<ApprovalRequest, "digest">): boolean => file.digest === digest;
