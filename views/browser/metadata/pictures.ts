/** The cleaners of pictures, under the one interface; also for pictures inside documents. */
import { crc32, joinBytes, type Bytes } from "./binary.ts";
import type { Cleaned, Cleaners } from "./cleaning.ts";
import type { CleanedPicture } from "./cleaned-picture.ts";
import type { Finding } from "./findings.ts";
import { cleanGif } from "./gif.ts";
import { cleanJpeg } from "./jpeg.ts";
import { headKind } from "./kinds.ts";
import { cleanPng } from "./png.ts";
import { cleanWebp } from "./webp.ts";

type Picture = "jpeg" | "png" | "webp" | "gif";

/** A picture that was cleaned and is cleaned again must come out as it went in: nothing of it was hurt. */
function shaped(kind: Picture, { parts, found }: CleanedPicture): Cleaned {
  return { kind, parts, found, shape: `${kind} ${parts.map((part) => crc32(part)).join(" ")}` };
}

export const pictureCleaners: Required<Pick<Cleaners, Picture>> = {
  jpeg: async (file) => shaped("jpeg", cleanJpeg(file)),
  png: async (file) => shaped("png", await cleanPng(file)),
  webp: async (file) => shaped("webp", cleanWebp(file)),
  gif: async (file) => shaped("gif", cleanGif(file)),
};

/** A picture inside a document: cleaned, or null when it is none that we know. Throws "damaged". */
export async function cleanPictureInside(bytes: Bytes): Promise<{ bytes: Bytes; found: Finding[] } | null> {
  const kind = headKind(bytes);
  if (kind === "jpeg") return joined(cleanJpeg(bytes));
  if (kind === "png") return joined(await cleanPng(bytes));
  if (kind === "webp") return joined(cleanWebp(bytes));
  return kind === "gif" ? joined(cleanGif(bytes)) : null;
}

function joined({ parts, found }: CleanedPicture): { bytes: Bytes; found: Finding[] } {
  return { bytes: joinBytes(parts), found };
}
