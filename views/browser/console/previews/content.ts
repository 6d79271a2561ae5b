/** What a file is by its bytes, and whether that is what its name says. */
import { endingOf, kindOfName, type FileKind } from "./kinds.ts";

/** So much of a file's beginning is looked at; ISO 9660 has its mark at 32 KiB. */
export const headBytes = 64 * 1024;

export const contents = [
  "png",
  "jpeg",
  "gif",
  "webp",
  "bmp",
  "avif",
  "heic",
  "pdf",
  "mp4",
  "m4a",
  "webm",
  "ogg",
  "mp3",
  "wav",
  "flac",
  "program",
  "script",
  "webPage",
  "zip",
  "oldOffice",
  "rtf",
  "archive",
  "diskImage",
  "shortcut",
  "text",
  "empty",
  "unknown",
] as const;
export type Content = (typeof contents)[number];

/** At a place in the file, byte for byte, each sign a byte; a list is one mark after another at their places. */
type Mark = readonly (readonly [at: number, bytes: string])[];
const begins = (...beginnings: string[]): Mark[] => beginnings.map((bytes) => [[0, bytes]]);

/** The first that is found counts. */
const marks: [content: Content, marks: Mark[]][] = [
  ["png", begins("\x89PNG\r\n\x1a\n")],
  ["jpeg", begins("\xff\xd8\xff")],
  ["gif", begins("GIF87a", "GIF89a")],
  [
    "webp",
    [
      [
        [0, "RIFF"],
        [8, "WEBP"],
      ],
    ],
  ],
  [
    "wav",
    [
      [
        [0, "RIFF"],
        [8, "WAVE"],
      ],
    ],
  ],
  [
    "bmp",
    [
      [
        [0, "BM"],
        [6, "\0\0\0\0"],
        [15, "\0\0\0"],
      ],
    ],
  ],
  ["ogg", begins("OggS")],
  ["mp3", begins("ID3\x02", "ID3\x03", "ID3\x04")],
  ["flac", begins("fLaC")],
  // Windows, Linux, Java, macOS, archives of machine code, WebAssembly, Android, RPM.
  ["program", begins("MZ", "\x7fELF", "\xca\xfe\xba\xbe", "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe")],
  ["program", begins("\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "!<arch>", "\0asm", "dex\n", "\xed\xab\xee\xdb")],
  ["script", begins("#!")],
  ["zip", begins("PK\x03\x04", "PK\x05\x06", "PK\x07\x08")],
  ["oldOffice", begins("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")],
  ["rtf", begins("{\\rtf")],
  ["archive", begins("7z\xbc\xaf\x27\x1c", "Rar!\x1a\x07", "\x1f\x8b", "BZh", "\xfd7zXZ\0", "\x28\xb5\x2f\xfd")],
  ["archive", [...begins("MSCF", "xar!", "ITSF"), [[257, "ustar"]]]],
  ["diskImage", [...begins("conectix", "vhdxfile", "KDMV", "QFI\xfb"), [[32769, "CD001"]]]],
  ["shortcut", begins("\x4c\0\0\0\x01\x14\x02\0")],
];

/** ISO base media: which brand it is decides, and of the common brands those that it goes with. */
function mediaBrand(text: string): Content | null {
  if (text.slice(4, 8) !== "ftyp") return null;
  const [brand, others] = [text.slice(8, 12), text.slice(12, 64)];
  if (/^avi[fs]$/.test(brand) || (/^m[is]f1$/.test(brand) && others.includes("avif"))) return "avif";
  if (/^(?:hei[cxms]|hev[cxms]|m[is]f1)$/.test(brand)) return "heic";
  return /^M4[ABP] $/.test(brand) ? "m4a" : "mp4";
}

/** Matroska says within its first element which of its kinds it is; browsers play one. */
function isWebm(text: string): boolean {
  return text.startsWith("\x1a\x45\xdf\xa3") && /\x42\x82[^]{1,8}webm/.test(text.slice(0, 80));
}

/** A frame of layer III; the other layers would match the mark of UTF-16. */
function isMp3Frame([first, second, third]: Uint8Array): boolean {
  return first === 0xff && (second ?? 0) >= 0xe0 && ((second ?? 0) & 0x06) === 0x02 && (third ?? 0xff) < 0xf0;
}

const internetShortcut = /^(?:\xef\xbb\xbf)?\s*\[(?:InternetShortcut|Desktop Entry|\{000214A0)/i;
/** Readers take a PDF that begins a little later. */
const pdfBeginning = /^[^]{0,1000}%PDF-\d/;

const markup =
  /^\s*(?:<\?xml|<!doctype|<!--|<(?:html|head|body|script|svg|iframe|img|meta|style|title|table|div|p|a|xsl:\w+|\w+:\w+)[\s/>])/i;
const activeMarkup = /<(?:html|body|script|svg|iframe|object|embed)[\s/>]/i;

/** UTF-8 and what Windows wrote have no NUL; UTF-16 says what it is. */
function isText(head: Uint8Array): boolean {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  const controls = head.filter((byte) => byte < 0x20 && ![8, 9, 10, 12, 13, 27].includes(byte)).length;
  return !head.includes(0) && controls * 50 <= head.length;
}

/** Byte for byte; TextDecoder knows no such encoding. */
function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** `head`: `headBytes` of the file, or all of a shorter one. */
export function contentOf(head: Uint8Array): Content {
  if (head.length === 0) return "empty";
  const text = latin1(head);
  const isThere = (mark: Mark): boolean => mark.every(([at, bytes]) => text.startsWith(bytes, at));
  const found = marks.find(([, some]) => some.some(isThere))?.[0] ?? mediaBrand(text);
  if (found !== null) return found;
  if (isWebm(text)) return "webm";
  if (isMp3Frame(head)) return "mp3";
  if (internetShortcut.test(text)) return "shortcut";
  if (pdfBeginning.test(text)) return "pdf";
  if (!isText(head)) return "unknown";
  const plain = text.replaceAll("\0", "").replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, "");
  return markup.test(plain) || activeMarkup.test(plain) ? "webPage" : "text";
}

const plain: Content[] = ["text", "empty"];
/** What files of each kind hold when nothing is wrong. Null: too many formats to judge. */
const expected: Record<FileKind, readonly Content[] | null> = {
  picture: ["png", "jpeg", "gif", "webp", "bmp", "avif", "heic", "unknown"],
  text: [...plain, "webPage", "script"],
  pdf: ["pdf"],
  audio: ["mp3", "wav", "flac", "m4a", "mp4", "ogg", "webm", "unknown"],
  video: ["mp4", "m4a", "webm", "ogg", "unknown"],
  program: null,
  script: null,
  webPage: null,
  office: ["zip", "oldOffice", "rtf", "text", "webPage"],
  officeMacros: ["zip", "oldOffice", "rtf", "text", "webPage", "unknown"],
  archive: ["zip", "archive", "unknown"],
  diskImage: null,
  shortcut: null,
  email: ["text", "webPage", "oldOffice", "unknown"],
  unknown: null,
};

/** Endings whose files begin with one mark only. */
const exact: Record<string, readonly Content[]> = {
  png: ["png"],
  apng: ["png"],
  jpg: ["jpeg"],
  jpeg: ["jpeg"],
  gif: ["gif"],
  webp: ["webp"],
  avif: ["avif"],
  wav: ["wav"],
  flac: ["flac"],
  docx: ["zip", "oldOffice"], // with a password they are in the old container
  xlsx: ["zip", "oldOffice"],
  pptx: ["zip", "oldOffice"],
  odt: ["zip"],
  ods: ["zip"],
  odp: ["zip"],
  zip: ["zip"],
};

/** Whether the bytes are what the name says. Of a name that says nothing: yes. */
export function isAsNamed(name: string, content: Content): boolean {
  const allowed = exact[endingOf(name)] ?? expected[kindOfName(name)];
  return allowed === null || allowed.includes(content);
}

/** Contents that can do something when the file is opened outside of here. */
export function isActing(content: Content): boolean {
  return ["program", "script", "webPage", "zip", "oldOffice", "rtf", "archive", "diskImage", "shortcut"].includes(
    content,
  );
}
