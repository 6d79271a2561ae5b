/** Files of a case, as people handle them: saved, which is the default, or looked at. */
import { PortalError } from "../../../crypto/errors.ts";
import type { FileView } from "../client/case-view.ts";
import { safeFileName } from "../file-names.ts";
import { openSink, saveBlob } from "../save-file.ts";
import type { Keyholder } from "./ask-keyholder.ts";
import type { CallName, Input, Output } from "./keyholder-api.ts";
import { makePreviewsDesk, type PreviewsDesk } from "./previews/previews-desk.ts";
import type { Place, State } from "./state.ts";

/** Up to here a file is verified in memory and saved at once; larger ones are read twice. */
const memoryBytes = 32 * 1024 * 1024;
/** Where the browser has no service worker, more than this is not attempted. */
const blobBytes = 1024 * 1024 * 1024;

/** What files need of the desk. */
interface FilesHost {
  state: State;
  attempt(place: Place, work: () => Promise<void>): Promise<boolean>;
  job<K extends CallName>(
    of: { place: Place; label: string; what?: string },
    call: K,
    input: Input<K>,
    transfer?: Transferable[],
  ): Promise<Output<K>>;
  asked(): Keyholder;
  touch(): void;
  draw(): void;
}

export interface FilesDesk {
  previews: PreviewsDesk;
  save(file: FileView): Promise<void>;
}

/** Puts what `get` brings on the person's disk: as a Blob, or through the port when there is one. `size`: bytes. */
export async function saveBytes(
  name: string,
  size: number,
  get: (port: MessagePort | null) => Promise<Blob | null>,
): Promise<void> {
  const sink = size <= memoryBytes ? null : await openSink(name, size);
  if (sink === null && size > blobBytes) throw new PortalError("large", "this browser cannot save so much");
  try {
    const blob = await get(sink?.port ?? null);
    if (blob !== null) saveBlob(blob, name);
  } finally {
    sink?.close();
  }
}

export function makeFilesDesk({ state, attempt, job, asked, touch, draw }: FilesHost): FilesDesk {
  const previews = makePreviewsDesk({
    fetch: ({ stream, seq, index }, progress) => {
      const at = { caseId: state.chosen ?? "", stream, seq, index };
      return asked().ask("saveFile", { ...at, port: null }, { progress });
    },
    draw,
    touch,
    tell(done) {
      state.done = done;
      draw();
    },
    focus(selector) {
      state.focus = [selector];
    },
  });

  async function save(file: FileView): Promise<void> {
    const { stream, seq, index, size } = file;
    const name = safeFileName(file.name);
    const caseId = state.chosen;
    if (caseId === null) return;
    const at = { caseId, stream, seq, index };
    const small = size <= memoryBytes;
    const checking = { place: "file", label: "console:job.checking", what: name } as const;
    await attempt("file", async () => {
      // Nothing of a large file reaches the disk before all of it was verified once.
      if (!small) await previews.vet(file, await job(checking, "checkFile", at));
      await saveBytes(name, size, async (port) => {
        const of = small ? checking : ({ ...checking, label: "console:job.saving" } as const);
        const blob = await job(of, "saveFile", { ...at, port }, port === null ? [] : [port]);
        if (blob !== null && small) await previews.vet(file, blob);
        return blob;
      });
      state.done = "console:done.saved";
    });
  }

  return { previews, save };
}
