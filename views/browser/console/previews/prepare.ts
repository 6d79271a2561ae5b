/** Makes of a file what may be shown of it. Its content decides, never its name or what its sender called it. */
import { examine } from "./active.ts";
import { headBytes, type Content } from "./content.ts";
import { mostMediaBytes, mostPdfBytes, mostPictureBytes, mostPixels, mostShownPixels } from "./limits.ts";
import { sizeOf, type PictureFormat, type Size } from "./picture-size.ts";
import { decodeText, mostTextBytes, textParts } from "./text.ts";
import type { Finding, Prepared, Refusal } from "./worker-api.ts";

const mimes: Record<PictureFormat, string> = {
  png: "image/png",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  bmp: "image/bmp",
  avif: "image/avif",
  heic: "image/heic",
};

const refused = (why: Refusal): Prepared => ({ is: "refused", why });

/** The picture as the browser decodes it, drawn on an empty canvas and encoded anew. First frame, right way up. */
async function redraw(file: Blob, format: PictureFormat): Promise<Prepared> {
  // A type of ours: a browser that goes by the type gets none that the sender chose.
  const decoded = await createImageBitmap(new Blob([file], { type: mimes[format] }));
  try {
    const { width, height } = decoded;
    if (width * height > mostPixels) return refused("pixels");
    const share = Math.min(1, Math.sqrt(mostShownPixels / (width * height)));
    const shown: Size = {
      width: Math.max(1, Math.round(width * share)),
      height: Math.max(1, Math.round(height * share)),
    };
    const canvas = new OffscreenCanvas(shown.width, shown.height);
    const context = canvas.getContext("2d");
    if (context === null) return refused("slow");
    context.imageSmoothingQuality = "high";
    context.drawImage(decoded, 0, 0, shown.width, shown.height);
    return { is: "picture", picture: await canvas.convertToBlob({ type: "image/png" }), ...shown, share };
  } finally {
    decoded.close();
  }
}

async function preparePicture(file: Blob, format: PictureFormat): Promise<Prepared> {
  if (file.size > mostPictureBytes) return refused("large");
  // A camera's preview and its notes stand before a JPEG's size.
  const head = new Uint8Array(await file.slice(0, 4 * 1024 * 1024).arrayBuffer());
  const claimed = sizeOf(format, head);
  if (claimed === null) return refused("damaged");
  if (claimed.width * claimed.height > mostPixels) return refused("pixels");
  try {
    return await redraw(file, format);
  } catch {
    return refused("damaged");
  }
}

async function prepareText(file: Blob): Promise<Prepared> {
  const { text, encoding } = decodeText(new Uint8Array(await file.slice(0, mostTextBytes).arrayBuffer()));
  return { is: "text", parts: textParts(text), encoding, cut: file.size > mostTextBytes };
}

/** The type is ours, from a short list: the element gets none that the sender chose. */
function prepareMedia(file: Blob, type: string, element: "audio" | "video"): Prepared {
  if (file.size > mostMediaBytes) return refused("large");
  return { is: "media", element, type };
}

/** Whether the beginning names a video track. */
async function holdsVideo(file: Blob, marks: readonly string[]): Promise<boolean> {
  const head = new TextDecoder("latin1").decode(await file.slice(0, headBytes).arrayBuffer());
  return marks.some((mark) => head.includes(mark));
}

async function prepareAs(file: Blob, content: Content): Promise<Prepared> {
  switch (content) {
    case "png":
    case "jpeg":
    case "gif":
    case "webp":
    case "bmp":
    case "avif":
    case "heic":
      return preparePicture(file, content);
    case "text":
    case "webPage":
    case "script":
    case "shortcut":
      return prepareText(file);
    case "pdf":
      return file.size > mostPdfBytes ? refused("large") : { is: "pages" };
    case "mp4":
      return prepareMedia(file, "video/mp4", "video");
    case "m4a":
      return prepareMedia(file, "audio/mp4", "audio");
    case "webm": {
      // Voice recordings made here are WebM with sound alone.
      const video = await holdsVideo(file, ["V_VP8", "V_VP9", "V_AV1"]);
      return video ? prepareMedia(file, "video/webm", "video") : prepareMedia(file, "audio/webm", "audio");
    }
    case "ogg": {
      const video = await holdsVideo(file, ["\x80theora", "OVP80"]);
      return video ? prepareMedia(file, "video/ogg", "video") : prepareMedia(file, "audio/ogg", "audio");
    }
    case "mp3":
      return prepareMedia(file, "audio/mpeg", "audio");
    case "wav":
      return prepareMedia(file, "audio/wav", "audio");
    case "flac":
      return prepareMedia(file, "audio/flac", "audio");
    case "empty":
      return refused("empty");
    case "program":
    case "zip":
    case "oldOffice":
    case "rtf":
    case "archive":
    case "diskImage":
    case "unknown":
      return refused("kind");
  }
}

export async function prepare(file: Blob): Promise<{ finding: Finding; prepared: Prepared }> {
  const finding = await examine(file);
  return { finding, prepared: await prepareAs(file, finding.content) };
}
