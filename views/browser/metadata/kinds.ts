/** Which files can be cleaned, told by their first bytes: names and MIME types are only claims. */

export const headBytes = 16;

/** What the first bytes claim; "zip" is an Office file or any other archive. */
export type HeadKind = "jpeg" | "png" | "webp" | "gif" | "pdf" | "zip";

/** Kind of a file that begins with `head` (at least `headBytes` of it, or all), or null. */
export function headKind(head: Uint8Array): HeadKind | null {
  const text = String.fromCharCode(...head.subarray(0, headBytes));
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (/^RIFF[^]{4}WEBP/.test(text)) return "webp";
  if (/^GIF8[79]a/.test(text)) return "gif";
  if (text.startsWith("%PDF-")) return "pdf";
  if (text.startsWith("PK\x03\x04")) return "zip";
  return null;
}

/** Whether it is worth asking the metadata worker. Throws what the browser throws when the file cannot be read. */
export async function mayBeCleaned(file: Blob): Promise<boolean> {
  return headKind(new Uint8Array(await file.slice(0, headBytes).arrayBuffer())) !== null;
}
