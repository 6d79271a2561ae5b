/** What a file claims to be by its name, and what its name hides. Its content is another matter: content.ts. */
import { safeFileName } from "../../file-names.ts";
import { markHidden } from "./marks.ts";

export const fileKinds = [
  "picture",
  "text",
  "pdf",
  "audio",
  "video",
  "program",
  "script",
  "webPage",
  "office",
  "officeMacros",
  "archive",
  "diskImage",
  "shortcut",
  "email",
  "unknown",
] as const;
export type FileKind = (typeof fileKinds)[number];

/** Endings as operating systems know them. Old Office files can hold macros under any of their endings. */
const endings: Record<Exclude<FileKind, "unknown">, string> = {
  picture: "png apng jpg jpeg jpe jfif gif webp bmp avif heic heif tif tiff ico",
  text: "txt text log csv tsv md markdown json jsonl yaml yml toml ini conf cfg tex srt vtt vcf ics diff patch c h cpp hpp cc rs go java kt swift cs rb pl php sql ts tsx jsx css scss r m ipynb",
  pdf: "pdf",
  audio: "mp3 wav flac m4a m4b aac oga ogg opus weba amr aif aiff wma",
  video: "mp4 m4v mov webm ogv mkv avi wmv mpg mpeg 3gp 3g2 flv",
  program:
    "exe com scr pif msi msp msix appx appxbundle msixbundle dll cpl sys drv ocx xll app pkg deb rpm apk aab ipa jar war jnlp run bin elf so dylib wasm action workflow gadget",
  script:
    "js mjs cjs jse vb vbs vbe vba wsf wsh wsc sct hta bat cmd ps1 psm1 psd1 ps1xml psc1 sh bash zsh fish csh command tool py pyc pyw pyz ahk au3 reg inf scpt applescript lua tcl chm hlp",
  webPage: "htm html xhtml xht shtml mht mhtml svg svgz xml xsl xslt xsd rss atom swf",
  office:
    "docx dotx xlsx xltx pptx potx ppsx odt ott ods ots odp otp odg odf odc rtf pages numbers key vsdx pub one epub wps slk iqy",
  officeMacros:
    "docm dotm xlsm xltm xlsb xlam pptm potm ppsm ppam sldm vsdm doc dot xls xlt xla xlw ppt pot pps ppa wbk mdb accdb accde mde ade adp mda",
  archive: "zip 7z rar gz tgz bz2 tbz tbz2 xz txz zst lz lzma tar cab arj ace lzh z cpio xar zipx wim",
  diskImage: "iso img dmg vhd vhdx vmdk qcow2 udf nrg toast",
  shortcut:
    "lnk url website webloc desktop scf library-ms search-ms searchconnector-ms settingcontent-ms appref-ms theme themepack rdp diagcab inetloc fileloc",
  email: "eml msg emlx mbox pst ost oft",
};

const kindByEnding = new Map(
  Object.entries(endings).flatMap(([kind, list]) => list.split(" ").map((ending) => [ending, kind as FileKind])),
);

/** Of the name as it is saved, in small letters, without the dot; "" where there is none. */
export function endingOf(name: string): string {
  const safe = safeFileName(name);
  const dot = safe.lastIndexOf(".");
  return dot <= 0 ? "" : safe.slice(dot + 1).toLowerCase();
}

export function kindOfName(name: string): FileKind {
  return kindByEnding.get(endingOf(name)) ?? "unknown";
}

/** Kinds that can do something when they are opened outside of here, each with words of warning. */
export const riskyKinds = [
  "program",
  "script",
  "webPage",
  "office",
  "officeMacros",
  "archive",
  "diskImage",
  "shortcut",
  "email",
] as const satisfies readonly FileKind[];
export type RiskyKind = (typeof riskyKinds)[number];

export const isRisky = (kind: FileKind): kind is RiskyKind => (riskyKinds as readonly FileKind[]).includes(kind);

/** Kinds for which "Look at it here" is worth a try. What is shown is decided by the content alone. */
const lookable: readonly FileKind[] = ["picture", "text", "pdf", "audio", "video", "script", "webPage", "unknown"];

/** A message is text; the other formats of mail are not. */
export function mayBeLookedAt(name: string): boolean {
  return lookable.includes(kindOfName(name)) || endingOf(name) === "eml";
}

/** What a name does to be taken for another: each has words. */
export const nameTricks = ["hidden", "doubleEnding", "spaces"] as const;
export type NameTrick = (typeof nameTricks)[number];

const innocent: readonly FileKind[] = ["picture", "text", "pdf", "audio", "video", "office", "email"];
const acting: readonly FileKind[] = ["program", "script", "webPage", "officeMacros", "diskImage", "shortcut"];

/** "invoice.pdf.exe": where endings are not shown it reads "invoice.pdf". */
function hasDoubleEnding(name: string): boolean {
  const safe = safeFileName(name);
  const stem = safe.slice(0, safe.lastIndexOf("."));
  return acting.includes(kindOfName(safe)) && innocent.includes(kindOfName(stem.trimEnd()));
}

export function tricksOf(name: string): NameTrick[] {
  const found: Record<NameTrick, boolean> = {
    hidden: markHidden(name).some(({ mark }) => mark),
    doubleEnding: hasDoubleEnding(name),
    // A list cuts long names off, and what stands behind the spaces is the ending.
    spaces: /[\s_\u2800]{8}/.test(name),
  };
  return nameTricks.filter((trick) => found[trick]);
}
