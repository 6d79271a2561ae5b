/** What each cleaner of a picture gives back. */
import type { Finding } from "./findings.ts";

export interface CleanedPicture {
  /** The new file, in order. Mostly views of the old one: joined only once. */
  parts: Uint8Array[];
  /** What the old file told, orientation and colour profile included although they stay in part. */
  found: Finding[];
}
