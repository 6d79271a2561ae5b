/** What XMP (ISO 16684) and IPTC IIM blocks tell, for the findings; both are always dropped whole. */
import { latin1, readable, viewOf } from "./binary.ts";
import { finding, type Finding, type FindingName } from "./findings.ts";

const mostText = 1 << 20; // bytes looked at; packets are a few kB

const properties: [property: string, name: FindingName][] = [
  ["dc:creator", "author"],
  ["dc:rights", "owner"],
  ["dc:title", "title"],
  ["dc:description", "caption"],
  ["dc:subject", "keywords"],
  ["pdf:Author", "author"],
  ["pdf:Producer", "software"],
  ["pdf:Keywords", "keywords"],
  ["xmp:CreatorTool", "software"],
  ["xmp:CreateDate", "created"],
  ["xmp:ModifyDate", "modified"],
  ["photoshop:DateCreated", "taken"],
  ["photoshop:City", "location"],
  ["photoshop:Country", "location"],
  ["photoshop:AuthorsPosition", "author"],
  ["photoshop:CaptionWriter", "author"],
  ["exif:GPSLatitude", "location"],
  ["exif:GPSLongitude", "location"],
  ["exif:DateTimeOriginal", "taken"],
  ["tiff:Make", "camera"],
  ["tiff:Model", "camera"],
  ["tiff:Artist", "author"],
  ["aux:SerialNumber", "serialNumber"],
  ["xmpMM:DocumentID", "documentId"],
  ["xmpMM:OriginalDocumentID", "documentId"],
  ["stRef:filePath", "originalPath"],
  ["xmpRights:Owner", "owner"],
  ["Iptc4xmpCore:Location", "location"],
];

function plain(markup: string): string {
  return markup
    .replace(/<[^>]{0,2000}>/g, " ")
    .replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => ({ lt: "<", gt: ">", amp: "&", quot: '"' })[name] ?? "'")
    .replace(/\s+/g, " ")
    .trim();
}

/** Never throws. `packet` in UTF-8. */
export function readXmp(packet: Uint8Array): Finding[] {
  const text = new TextDecoder().decode(packet.subarray(0, mostText));
  const found: Finding[] = [];
  for (const [property, name] of properties) {
    const attribute = text.match(new RegExp(`\\s${property}\\s*=\\s*["']([^"']{0,500})`))?.[1];
    const element = text.match(new RegExp(`<${property}(?:\\s[^>]{0,500})?>([^]{0,4000}?)</${property}>`))?.[1];
    const value = plain(attribute ?? element ?? "");
    if (value !== "") found.push(finding(name, value));
  }
  if (/xmpMM:History|stEvt:/.test(text)) found.push(finding("editingMarks"));
  if (/xmp:Thumbnails|xmpGImg:image/.test(text)) found.push(finding("preview"));
  return found.length > 0 ? found : [finding("unknownPart", "XMP")];
}

const iptcNames: Record<number, FindingName> = {
  5: "title",
  25: "keywords",
  55: "created",
  65: "software",
  80: "author",
  90: "location",
  92: "location",
  95: "location",
  101: "location",
  110: "owner",
  115: "owner",
  116: "owner",
  118: "author",
  120: "caption",
  122: "author",
};

function readIptc(block: Uint8Array): Finding[] {
  const found: Finding[] = [];
  const view = viewOf(block);
  for (let at = 0; at + 5 <= block.length && block[at] === 0x1c;) {
    const length = view.getUint16(at + 3);
    const name = block[at + 1] === 2 ? iptcNames[block[at + 2]!] : undefined;
    if (name !== undefined) found.push(finding(name, readable(block.subarray(at + 5, at + 5 + length))));
    at += 5 + length;
  }
  return found;
}

/** Photoshop image resources (APP13 without "Photoshop 3.0\0"): IPTC, thumbnail and Photoshop's own. Never throws. */
export function readPhotoshop(resources: Uint8Array): Finding[] {
  const found: Finding[] = [];
  const view = viewOf(resources);
  for (let at = 0; at + 12 <= resources.length && latin1(resources.subarray(at, at + 4)) === "8BIM";) {
    const id = view.getUint16(at + 4);
    const name = resources[at + 6]! + 1;
    const sizeAt = at + 6 + name + (name & 1);
    if (sizeAt + 4 > resources.length) break;
    const size = view.getUint32(sizeAt);
    const data = resources.subarray(sizeAt + 4, sizeAt + 4 + size);
    if (id === 0x0404) found.push(...readIptc(data));
    if (id === 0x0409 || id === 0x040c) found.push(finding("preview"));
    at = sizeAt + 4 + size + (size & 1);
  }
  return found.length > 0 ? found : [finding("unknownPart", "Photoshop")];
}
