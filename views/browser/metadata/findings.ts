/** What a file tells besides its content: the words of the metadata cleaner. */

/** How findings are put together for people; `metadata:groups.<group>` in the locales. */
export const findingGroups = ["place", "author", "time", "device", "history", "thumbnail", "comment", "other"] as const;
export type FindingGroup = (typeof findingGroups)[number];

/** Every name a finding can have and its group; `metadata:names.<name>` in the locales. */
export const findingNames = {
  location: "place",
  author: "author",
  lastEditor: "author",
  organisation: "author",
  owner: "author",
  signature: "author",
  commentAuthor: "author",
  taken: "time",
  created: "time",
  modified: "time",
  printed: "time",
  commentTime: "time",
  camera: "device",
  serialNumber: "device",
  software: "device",
  printer: "device",
  colourProfile: "device",
  trackedChanges: "history",
  earlierVersion: "history",
  documentId: "history",
  editingTime: "history",
  editingMarks: "history",
  originalPath: "history",
  provenance: "history",
  privateData: "history",
  preview: "thumbnail",
  secondPicture: "thumbnail",
  note: "comment",
  caption: "comment",
  comments: "comment",
  title: "other",
  keywords: "other",
  orientation: "other",
  cameraData: "other",
  embeddedText: "other",
  unknownPart: "other",
  trailingData: "other",
  hiddenText: "other",
  hiddenSheet: "other",
  hiddenRows: "other",
  hiddenSlide: "other",
  hiddenLayer: "other",
  speakerNotes: "other",
  macros: "other",
  scripts: "other",
  embeddedFile: "other",
  externalLink: "other",
  formFields: "other",
  customField: "other",
} as const satisfies Record<string, FindingGroup>;
export type FindingName = keyof typeof findingNames;

export interface Finding {
  group: FindingGroup;
  name: FindingName;
  /** From the file, at most `longestValue` characters, "" where the name says all. Show it as text, isolated (`<bdi>`). */
  value: string;
}

export type FileKind = "jpeg" | "png" | "webp" | "gif" | "pdf" | "word" | "sheet" | "slides";

/** Why nothing was removed: no kind we know, above the limit of its kind, not readable as its kind, needs a password. */
export type UntouchedReason = "kind" | "large" | "damaged" | "encrypted";

export type CleanResult =
  | {
      is: "cleaned";
      kind: FileKind;
      /** The content unchanged, same kind; its `type` is the kind's MIME type. */
      blob: Blob;
      /** What the file told before, removed or not. */
      found: Finding[];
      /** What it still tells: content that only the person can judge (hidden sheets, macros, …). */
      remaining: Finding[];
    }
  | { is: "untouched"; reason: UntouchedReason; kind: FileKind | null; found: Finding[] };

export const longestValue = 120; // characters

/** A finding, its value cut to what can be shown. */
export function finding(name: FindingName, value: string | number = ""): Finding {
  const text = String(value)
    // eslint-disable-next-line no-control-regex -- control characters are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ")
    .trim();
  const characters = [...text.slice(0, longestValue * 2)];
  const shown = characters.length > longestValue ? `${characters.slice(0, longestValue - 1).join("")}…` : text;
  return { group: findingNames[name], name, value: shown };
}

const mostFindings = 1000; // of one list: nobody reads more, and a hostile file could have millions

/** Adds what `read` finds, unless there is so much already that it need not be read. */
export function tell(found: Finding[], read: () => Finding[]): void {
  if (found.length < mostFindings) found.push(...read());
}

/** Findings that say the same are said once. */
export function distinct(found: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return found.filter(({ name, value }) => {
    const key = `${name} ${value}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
