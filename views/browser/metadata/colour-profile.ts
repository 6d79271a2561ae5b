/**
 * ICC profiles (ICC.1:2022): the colours stay, what names a screen, a maker or a day goes. A profile
 * is rebuilt from the tags that turn numbers into colours, under a header and a description that say
 * nothing. Profiles of single screens differ in the numbers themselves: that cannot be taken away
 * without changing the colours, and stays a finding.
 */
import { damaged } from "./cannot-clean.ts";
import { joinBytes, latin1, readable, take, viewOf, type Bytes } from "./binary.ts";
import { finding, type Finding } from "./findings.ts";

export const mostProfileBytes = 8 << 20; // those of printing presses have 3 MB at most

/** What a colour engine needs; everything else (descriptions, makers, calibration curves, private tags) goes. */
const colourTags = new Set(
  "rXYZ gXYZ bXYZ rTRC gTRC bTRC kTRC wtpt bkpt chad lumi A2B0 A2B1 A2B2 B2A0 B2A1 B2A2 gamt cicp".split(" "),
);
const neutralText = "c";

function textTag(version: number): Bytes {
  if (version >= 4) {
    const tag = new Uint8Array(30 + 2);
    tag.set(new TextEncoder().encode("mluc"));
    viewOf(tag).setUint32(8, 1);
    viewOf(tag).setUint32(12, 12);
    tag.set(new TextEncoder().encode("enUS"), 16);
    viewOf(tag).setUint32(20, 2);
    viewOf(tag).setUint32(24, 28);
    tag[29] = neutralText.charCodeAt(0);
    return tag;
  }
  // textDescriptionType: ASCII, then an empty Unicode and an empty Macintosh text
  const tag = new Uint8Array(12 + 2 + 8 + 3 + 67);
  tag.set(new TextEncoder().encode("desc"));
  viewOf(tag).setUint32(8, 2);
  tag[12] = neutralText.charCodeAt(0);
  return tag;
}

function copyrightTag(version: number): Bytes {
  if (version >= 4) return textTag(version);
  const tag = new Uint8Array(10);
  tag.set(new TextEncoder().encode(`text\0\0\0\0${neutralText}`));
  return tag;
}

function description(profile: Bytes, at: number, size: number): string {
  const tag = take(profile, at, size);
  const type = latin1(tag.subarray(0, 4));
  if (type === "desc" && size > 12) return readable(tag.subarray(12));
  if (type !== "mluc" || size < 28) return "";
  const view = viewOf(tag);
  return new TextDecoder("utf-16be").decode(tag.subarray(view.getUint32(24)).subarray(0, view.getUint32(20)));
}

/** As `neutralProfile`; a profile that cannot be read is ignored by every decoder, and goes: null. */
export function keepColours(profile: Bytes): { profile: Bytes | null; found: Finding[] } {
  try {
    return neutralProfile(profile);
  } catch {
    return { profile: null, found: [finding("colourProfile")] };
  }
}

/** The same colours under a neutral name, and what the profile was called. Throws "damaged". */
function neutralProfile(profile: Bytes): { profile: Bytes; found: Finding[] } {
  if (profile.length < 132 || profile.length > mostProfileBytes || latin1(profile.subarray(36, 40)) !== "acsp")
    throw damaged("colour profile");
  const view = viewOf(profile);
  const count = view.getUint32(128);
  if (count > 200) throw damaged("colour profile");
  let called = "";
  const kept: { signature: string; data: Uint8Array; from: number }[] = [];
  for (let i = 0; i < count; i++) {
    const entry = take(profile, 132 + i * 12, 12);
    const signature = latin1(entry.subarray(0, 4));
    const at = viewOf(entry).getUint32(4);
    const size = viewOf(entry).getUint32(8);
    if (signature === "desc") called = description(profile, at, size);
    if (colourTags.has(signature)) kept.push({ signature, data: take(profile, at, size), from: at });
  }
  const version = profile[8]!;
  const header = new Uint8Array(128);
  // version, class, colour space, connection space; then "acsp"; then intent and illuminant
  header.set(profile.subarray(8, 24), 8);
  header.set(profile.subarray(36, 40), 36);
  header.set(profile.subarray(64, 80), 64);
  const texts = [
    { signature: "desc", data: textTag(version), from: -1 },
    { signature: "cprt", data: copyrightTag(version), from: -2 },
  ];
  const rebuilt = assemble(header, [...texts, ...kept]);
  return { profile: rebuilt, found: [finding("colourProfile", called === neutralText ? "" : called)] };
}

/** Tags that shared their data share it again, so that doing this twice changes nothing. */
function assemble(header: Bytes, tags: { signature: string; data: Uint8Array; from: number }[]): Bytes {
  const table = new Uint8Array(4 + tags.length * 12);
  viewOf(table).setUint32(0, tags.length);
  const parts: Uint8Array[] = [];
  const places = new Map<number, number>();
  let offset = 128 + table.length;
  for (const [i, { signature, data, from }] of tags.entries()) {
    const place = places.get(from) ?? offset;
    if (place === offset) {
      places.set(from, offset);
      const padding = -data.length & 3;
      parts.push(data, new Uint8Array(padding));
      offset += data.length + padding;
    }
    table.set(new TextEncoder().encode(signature), 4 + i * 12);
    viewOf(table).setUint32(8 + i * 12, place);
    viewOf(table).setUint32(12 + i * 12, data.length);
  }
  viewOf(header).setUint32(0, offset);
  return joinBytes([header, table, ...parts]);
}
