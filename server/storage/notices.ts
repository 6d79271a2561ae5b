import type { NoticeStore } from "../ports.ts";
import { openActs } from "./acts.ts";
import type { ActModes } from "./acts.ts";

export const noticeModes: ActModes<NoticeStore> = {
  list: "read",
  change: "forget",
};

/** Opens the notice's own file, apart from everything about cases. Errors as openSqliteStore(). */
export function openSqliteNotices(path: string): Promise<NoticeStore> {
  return openActs<NoticeStore>(new URL("./notices-worker.ts", import.meta.url), path, noticeModes);
}
