/** The processing record's screen: the document as the server writes it from its settings, and its Word file. */
import { PortalError, type ErrorCode } from "../../../../crypto/errors.ts";
import { z } from "../../../../crypto/shape.ts";
import type { ProcessingDocument } from "../../../../data/policy/processing-document.ts";
import { saveBlob } from "../../save-file.ts";
import { Cancelled } from "../ask-keyholder.ts";
import type { OfficeAnswer, OfficeCall } from "../keyholder-api.ts";

const runs = z.array(z.strictObject({ text: z.string(), blank: z.boolean() }));
const block = z.union([
  z.strictObject({ is: z.literal("heading"), text: z.string() }),
  z.strictObject({ is: z.literal("text"), runs }),
  z.strictObject({ is: z.literal("list"), items: z.array(runs) }),
  z.strictObject({ is: z.literal("table"), head: z.array(z.string()), rows: z.array(z.array(runs)) }),
]);
const part = z.strictObject({
  id: z.enum(["record", "assessment"]),
  title: z.string(),
  lead: z.string(),
  sections: z.array(z.strictObject({ id: z.string(), law: z.string(), title: z.string(), blocks: z.array(block) })),
});
const documentShape: z.ZodMiniType<ProcessingDocument> = z.strictObject({
  language: z.string(),
  title: z.string(),
  preface: z.array(runs),
  parts: z.array(part),
});

export interface ProcessingState {
  document: ProcessingDocument | null;
  /** Whether members are named. */
  names: boolean;
  failed: ErrorCode | null;
  busy: boolean;
}

export function firstProcessingState(): ProcessingState {
  return { document: null, names: false, failed: null, busy: false };
}

export interface ProcessingDesk {
  state: ProcessingState;
  load(): Promise<void>;
  /** Takes everything off the page, for when it is locked. */
  forget(): void;
  setNames(names: boolean): Promise<void>;
  /** Saves the Word file under this name. */
  download(fileName: string): Promise<void>;
}

interface Doors {
  office(call: OfficeCall): Promise<OfficeAnswer>;
  /** Says what went well; key of the words. */
  tell(done: string): void;
  draw(): void;
}

export function makeProcessingDesk(state: ProcessingState, { office, tell, draw }: Doors): ProcessingDesk {
  /** What the server answers, or null when it refused, and then the page says why. */
  async function ask(path: string, as: OfficeCall["as"]): Promise<unknown> {
    Object.assign(state, { failed: null, busy: true });
    draw();
    try {
      const query = state.names ? "?names=1" : "";
      const answer = await office({ path: `/processing${path}${query}`, method: "GET", body: null, as });
      if (answer.is === "done") return answer.answer;
      state.failed = answer.code;
    } catch (error) {
      // Locked meanwhile: there is nothing to say on a page that asks for a key.
      if (error instanceof Cancelled) return null;
      if (!(error instanceof PortalError)) throw error;
      state.failed = error.code;
    } finally {
      state.busy = false;
      draw();
    }
    return null;
  }

  async function load(): Promise<void> {
    const answer = await ask("", "json");
    if (answer === null) return;
    const read = documentShape.safeParse(answer);
    if (read.success) state.document = read.data;
    else state.failed = "format";
    draw();
  }

  return {
    state,
    load,
    forget() {
      Object.assign(state, firstProcessingState());
    },
    async setNames(names) {
      state.names = names;
      await load();
    },
    async download(fileName) {
      const answer = await ask("/record.docx", "blob");
      if (!(answer instanceof Blob)) return;
      saveBlob(answer, fileName);
      tell("processing:saved");
    },
  };
}
