/** Files that a text carries in Base64: attachments of mails, pictures in pages. Pure. */
import { bytesOfBase64 } from "./layers.ts";

export interface Carried {
  bytes: Uint8Array;
  /** The text says that it is Base64; otherwise it only looks so. */
  isSaid: boolean;
}

const letters = new Uint8Array(128);
for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  letters[letter.charCodeAt(0)] = 1;
const isLetter = (byte: number | undefined): boolean => byte !== undefined && letters[byte] === 1;

/** What shorter words are, nobody can tell by their looks. */
const leastRun = 64;
/** Letters of a line that goes on in the next one; encoders make 64 or 76. */
const leastLine = 60;
const sign = "base64";

/** Where a run of letters that begins at `from` ends. By hand: patterns take memory for each letter. */
function endOfRun(text: Uint8Array, from: number): number {
  let [at, line] = [from, from];
  for (;;) {
    while (isLetter(text[at])) at++;
    if (at - line < leastLine) return at;
    const next = text[at] === 13 ? at + 1 : at;
    if (text[next] !== 10 || !isLetter(text[next + 1])) return at;
    line = at = next + 1;
  }
}

/** `text`: in any encoding that has ASCII in it. */
export function carriedIn(text: Uint8Array): Carried[] {
  const carried: Carried[] = [];
  const known = new Set<string>();
  let said = -1; // where the sign ended
  for (let at = 0; at < text.length; at++) {
    if (!isLetter(text[at])) continue;
    const end = endOfRun(text, at);
    const isSign = isSignAt(text, at, end);
    const isSaid = said !== -1 && follows(text, said, at, end);
    if (isSign) said = end;
    else if (isSaid || end - at >= leastRun) {
      const run = latin(text, at, end);
      const bytes =
        !isSaid && (/^[\da-f\s]+$/i.test(run.slice(0, 1000)) || !/\d/.test(run)) ? null : bytesOfBase64(run);
      if (bytes !== null && bytes.length > 0 && !known.has(run)) carried.push({ bytes, isSaid });
      known.add(run);
      said = -1;
    }
    at = end - 1;
  }
  return carried;
}

/** How a mail says it; a head may go on in the next line. */
const mailHead = /content-transfer-encoding[ \t]*:\s*"?$/i;

/** The word alone says nothing: scripts and letters speak of Base64 too. */
function isSignAt(text: Uint8Array, from: number, end: number): boolean {
  if (end - from !== sign.length || latin(text, from, end).toLowerCase() !== sign) return false;
  return /;[ \t]*$/.test(latin(text, from - 4, from)) || mailHead.test(latin(text, from - 40, from));
}

/** Behind the comma of a data: address, or the first empty line behind a head of a mail, in lines of its own. */
function follows(text: Uint8Array, sign: number, at: number, end: number): boolean {
  if (at === sign + 1) return text[sign] === 0x2c;
  return (
    at - sign < 2000 &&
    /^(?:(?!\r?\n\r?\n)[^])*(?:\r?\n){2,}$/.test(latin(text, sign, at)) &&
    /^[=\t ]*(?:[\r\n]|$)/.test(latin(text, end, end + 8))
  );
}

function latin(bytes: Uint8Array, from: number, to: number): string {
  return new TextDecoder("windows-1252").decode(bytes.subarray(Math.max(0, from), to));
}
