/** What a member is told about a file before they open it. */
import type { FileView } from "../../client/case-view.ts";
import { contentOf, headBytes, isActing, isAsNamed, type Content } from "./content.ts";
import { isRisky, kindOfName, tricksOf } from "./kinds.ts";
import type { Finding } from "./worker-api.ts";

/** Words are in `previews`, under the group. */
export interface Warning {
  group: "other" | "active" | "trick" | "risk";
  what: string;
}

/** Formats of which people know one name. */
type ContentWords =
  | "picture"
  | "sound"
  | "video"
  | "pdf"
  | "program"
  | "script"
  | "webPage"
  | "zip"
  | "office"
  | "archive"
  | "diskImage"
  | "shortcut"
  | "text"
  | "empty"
  | "unknown";

const wordsOfContent: Record<Content, ContentWords> = {
  png: "picture",
  jpeg: "picture",
  gif: "picture",
  webp: "picture",
  bmp: "picture",
  avif: "picture",
  heic: "picture",
  pdf: "pdf",
  mp4: "video",
  m4a: "sound",
  webm: "video",
  ogg: "sound",
  mp3: "sound",
  wav: "sound",
  flac: "sound",
  program: "program",
  script: "script",
  webPage: "webPage",
  zip: "zip",
  oldOffice: "office",
  rtf: "office",
  archive: "archive",
  diskImage: "diskImage",
  shortcut: "shortcut",
  text: "text",
  empty: "empty",
  unknown: "unknown",
};

/** By what can be seen of the name alone. */
function byName(name: string): Warning[] {
  const kind = kindOfName(name);
  return [
    ...tricksOf(name).map((what) => ({ group: "trick", what }) as const),
    ...(isRisky(kind) ? [{ group: "risk", what: kind } as const] : []),
  ];
}

/** By what its bytes were found to be. */
function byContent(name: string, { content, active }: Finding): Warning[] {
  const nameless = kindOfName(name) === "unknown" && isActing(content);
  return [
    ...(nameless || !isAsNamed(name, content) ? [{ group: "other", what: wordsOfContent[content] } as const] : []),
    ...active.map((what) => ({ group: "active", what }) as const),
  ];
}

/** The most telling first. `finding`: null while nobody has looked into the file. */
export function warningsOf({ name }: Pick<FileView, "name">, finding: Finding | null): Warning[] {
  return [...(finding === null ? [] : byContent(name, finding)), ...byName(name)];
}

/** Whether what was found must be read before the file is saved: it can do something that its name does not tell of. */
export function isGrave({ name }: Pick<FileView, "name">, { content, active }: Finding): boolean {
  const hides = kindOfName(name) === "unknown" || !isAsNamed(name, content);
  return (hides && isActing(content)) || active.some((each) => each !== "locked" && each !== "unchecked");
}

/** For a file that could not be looked into: what it is by its beginning, and that there may be more. */
export async function uncheckedFinding(file: Blob): Promise<Finding> {
  const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
  return { content: contentOf(head), active: ["unchecked"] };
}
