/** Attachments of an open case, opened and verified as they stream in. */
import { openFile } from "../../../crypto/attachments.ts";
import { toHex } from "../../../crypto/bytes.ts";
import type { FileEntry } from "../../../crypto/content.ts";
import type { Entry } from "../../../crypto/envelope/open.ts";
import type { Stream } from "../../../crypto/envelope/wire.ts";
import { PortalError } from "../../../crypto/errors.ts";
import type { OpenCase } from "./casework.ts";
import { caseToken, newestKey, teamToken, type Desk } from "./held-cases.ts";
import { ObjectReader } from "./object-bytes.ts";

/** Which file of which envelope. */
export interface FilePlace {
  stream: Stream;
  seq: number;
  index: number;
}

/** @throws PortalError "missing" */
export function findFile(
  open: Pick<OpenCase, "entries" | "team">,
  place: FilePlace,
): { entry: Entry; file: FileEntry } {
  const team = open.team.state === "open" ? open.team.entries : [];
  const entry = (place.stream === 0 ? open.entries : team)[place.seq];
  const file = entry !== undefined && "files" in entry.content ? entry.content.files[place.index] : undefined;
  if (entry === undefined || file === undefined) throw new PortalError("missing", "no such file");
  return { entry, file };
}

/** Many files one after the other. Nobody may get to keep them before the last was read, and `end` has come back. */
export interface AttachmentsReader {
  /**
   * The plain bytes of one file; the one before has to be read to its end. FINAL, size and SHA-256 are verified at the
   * end of the iteration.
   * @throws PortalError "missing" | "forged" | "format" | "busy"
   */
  read(open: OpenCase, place: FilePlace): AsyncGenerator<Uint8Array>;
  /** Reads to the end of what is open: where reading stops would tell the server how many files there are. */
  end(): Promise<void>;
  /** Lets go of what is open. */
  stop(): Promise<void>;
}

/**
 * Reads each object once, as long as its files are asked for in the order in which they stand in it. A report's files
 * are one object: reading all of it for each of 160 files would take 160 times as long.
 */
export function attachmentsReader(desk: Desk, signal?: AbortSignal): AttachmentsReader {
  let now: { path: string; object: ObjectReader } | null = null;

  async function end(): Promise<void> {
    const before = now;
    now = null;
    await before?.object.end();
  }

  async function objectAt(path: string, offset: number, token: Record<string, string>): Promise<ObjectReader> {
    if (now !== null && now.path === path && now.object.at <= offset) return now.object;
    await end();
    const call = { headers: token, ...(signal === undefined ? {} : { signal }) };
    const object = new ObjectReader(await desk.session.send(path, call));
    now = { path, object };
    return object;
  }

  return {
    async *read(open, place) {
      const { entry, file } = findFile(open, place);
      const token =
        place.stream === 1 && open.team.state === "open" ? teamToken(open.team.key) : caseToken(newestKey(open.held));
      const path = `/cases/${toHex(open.caseId)}/objects/${toHex(entry.envId)}`;
      const object = await objectAt(path, file.offset, token);
      const of = { portalId: desk.session.chain.portalId, caseId: open.caseId, envId: entry.envId };
      yield* openFile(file, place.index, of, object.file(file));
    },
    end,
    async stop() {
      const before = now;
      now = null;
      await before?.object.stop();
    },
  };
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
  const reader = attachmentsReader(desk, signal);
  try {
    yield* reader.read(open, place);
    await reader.end();
  } finally {
    await reader.stop();
  }
}
