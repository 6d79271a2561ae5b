/**
 * PROTOCOL.md §18: the log's extract in a case file. The one spelling in which the console writes it, as POSIX extended
 * regular expressions that are JavaScript's as well: `tellhaven verify` and verify.sh take no other, so neither depends
 * on how a JSON parser reads what nobody wrote. Groups are numbered for JavaScript; verify.sh picks what it needs once
 * a line fits.
 */

/** Within the bag. */
export const extractName = "data/logs/audit.jsonl";
export const extractFormat = "tellhaven-log-extract-1";

const hex = "[0-9a-f]{64}";
/** Canonical base64 of 32 and of 68 bytes: the last letter has no bits to spare. */
const last = "[AEIMQUYcgkosw048]=";
const bytes32 = `[A-Za-z0-9+/]{42}${last}`;
const bytes68 = `[A-Za-z0-9+/]{90}${last}`;
/** Below 10^15: exact in every awk and shell. */
const number = "(0|[1-9][0-9]{0,14})";
const ofCase = '"case":"[a-z0-9-]+"';
const previous = `"previous":"(${hex})"`;
const origin = `tellhaven-log/(${hex})`;

export const logLines = {
  /** 1 portal, 2 log key */
  head: `^\\{"format":"${extractFormat}","portalId":"(${hex})","logKey":"(${bytes32})"\\}$`,
  /** 1 portal, 2 size, 3 root, 4 portal, 5 key id and signature, 6 previous */
  note: `^\\{${ofCase},"checkpoint":"${origin}\\\\n${number}\\\\n(${bytes32})\\\\n\\\\n— ${origin} (${bytes68})\\\\n",${previous}\\}$`,
  /** 4 event, 5 envelope hash, 6 proof or null, 7 index, 8 blinding, 9 path, 11 previous */
  entry: `^\\{${ofCase},"stream":"[a-z]+","seq":${number},"kind":"[a-z]+"(,"author":(null|[0-9]+))?,"event":"(filed|appended)","envelopeHash":"(${hex})","proof":(null|\\{"index":${number},"blinding":"(${bytes32})","path":\\[("${bytes32}"(,"${bytes32}")*)?\\]\\}),${previous}\\}$`,
} as const;
/** A tree of 10^15 leaves has 50 levels. */
export const longestPath = 50;
