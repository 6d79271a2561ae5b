/** Attachments of an open case, opened and verified as they stream in. */
import { openFile } from "../../../crypto/attachments.ts";
import { toHex } from "../../../crypto/bytes.ts";
import type { FileEntry } from "../../../crypto/content.ts";
import type { Entry } from "../../../crypto/envelope/open.ts";
import type { Stream } from "../../../crypto/envelope/wire.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { caseToken, teamToken, type Desk, type OpenCase } from "./casework.ts";
import { sealedFileOf } from "./object-bytes.ts";

/** Which file of which envelope. */
export interface FilePlace {
  stream: Stream;
  seq: number;
  index: number;
}

/** @throws PortalError "missing" */
export function findFile(open: OpenCase, place: FilePlace): { entry: Entry; file: FileEntry } {
  const team = open.team.state === "open" ? open.team.entries : [];
  const entry = (place.stream === 0 ? open.entries : team)[place.seq];
  const file = entry !== undefined && "files" in entry.content ? entry.content.files[place.index] : undefined;
  if (entry === undefined || file === undefined) throw new PortalError("missing", "no such file");
  return { entry, file };
}

/**
 * The plain bytes of one file. Nobody may get to keep them before the iteration ends without an
 * error: only then FINAL, size and SHA-256 are verified.
 * @throws PortalError "missing" | "forged" | "format" | "busy"
 */
export async function* openAttachment(
  desk: Desk,
  open: OpenCase,
  place: FilePlace,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { entry, file } = findFile(open, place);
  const token = place.stream === 1 && open.team.state === "open" ? teamToken(open.team.key) : caseToken(open.caseKey);
  const path = `/cases/${toHex(open.caseId)}/objects/${toHex(entry.envId)}`;
  const call = { headers: token, ...(signal === undefined ? {} : { signal }) };
  const response = await desk.session.send(path, call);
  const of = { portalId: desk.session.chain.portalId, caseId: open.caseId, envId: entry.envId };
  yield* openFile(file, place.index, of, sealedFileOf(response, file));
}
