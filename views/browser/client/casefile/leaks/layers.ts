/** What programs read where a text is written in signs for signs: entities, escapes, tags, encoded words. Pure. */

/** A text as it stands, and each way in which it may be meant. */
export function layersOf(text: string): string[] {
  const layers = [text];
  const add = (layer: string): void => {
    if (!layers.includes(layer)) layers.push(layer);
  };
  const plain = /[&\\%]/.test(text) ? unescaped(text) : text;
  add(plain);
  // A word may be in several elements, and two words in two that stand side by side.
  if (tag.test(text)) for (const between of ["", " "]) add(unescaped(text.replaceAll(tags, between)));
  if (text.includes("{\\rtf")) add(richText(text));
  if (quoted.test(text)) add(quotedPrintable(text));
  if (text.includes("=?")) add(encodedWords(text));
  if (kerned.test(text)) add(text.replaceAll(kerning, ""));
  return layers;
}

const tag = /<[A-Za-z/!?]/;
const tags = /<!--|-->|<[A-Za-z/!?][^<>]*>/g;

const accents = "acute|breve|caron|cedil|circ|dot|dblac|grave|macr|ogon|ring|slash|strok|tilde|uml";
const entity = new RegExp(`&(?:#(\\d{1,7})|#[xX]([\\da-fA-F]{1,6})|([A-Za-z])(?:${accents})|([A-Za-z]+));`, "g");
/** Others are punctuation, which does not count. */
const named: Readonly<Record<string, string>> = {
  szlig: "ß",
  AElig: "Æ",
  aelig: "æ",
  OElig: "Œ",
  oelig: "œ",
  eth: "ð",
  ETH: "Ð",
  thorn: "þ",
  THORN: "Þ",
  inodot: "ı",
  commat: "@",
  shy: "",
  zwj: "",
  zwnj: "",
  lrm: "",
  rlm: "",
};

function characterOf(point: number): string {
  return point <= 0x10ffff ? String.fromCodePoint(point) : " ";
}

/** Escapes of JSON and scripts, of addresses, then of HTML and XML. */
export function unescaped(text: string): string {
  return percent(text)
    .replaceAll(/\\(?:u([\da-fA-F]{4})|u\{([\da-fA-F]{1,6})\}|x([\da-fA-F]{2})|([bfnrt]))/g, (_, four, braced, two) => {
      const digits = (four ?? braced ?? two) as string | undefined;
      return digits === undefined ? " " : characterOf(parseInt(digits, 16));
    })
    .replaceAll(entity, (_, decimal, hex, letter, word) => {
      if (decimal !== undefined) return characterOf(Number(decimal));
      if (hex !== undefined) return characterOf(parseInt(hex as string, 16));
      return (letter as string | undefined) ?? named[word as string] ?? " ";
    });
}

const percent = (text: string): string =>
  text.replaceAll(/(?:%[\da-fA-F]{2})+/g, (run) => decodeBytes(bytesOfHex(run.replaceAll("%", ""))));

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(i * 2, i * 2 + 2), 16));
}

/** UTF-8, or else what Windows has for the West. */
function decodeBytes(bytes: Uint8Array, charset = "utf-8"): string {
  for (const label of [charset, "utf-8"])
    try {
      return new TextDecoder(label, { fatal: true }).decode(bytes);
    } catch {
      // not in that encoding, or in one that nobody knows
    }
  return new TextDecoder("windows-1252").decode(bytes);
}

const quoted = /=[\dA-F]{2}|=\r?\n/;

/** RFC 2045, 6.7. */
function quotedPrintable(text: string): string {
  return text
    .replaceAll(/=[ \t]*\r?\n/g, "")
    .replaceAll(/(?:=[\dA-F]{2})+/g, (run) => decodeBytes(bytesOfHex(run.replaceAll("=", ""))));
}

/** RFC 2047: names and subjects in the head of a mail. */
function encodedWords(text: string): string {
  return text
    .replaceAll(/\?=\s+=\?/g, "?==?")
    .replaceAll(
      /=\?([\w-]+)(?:\*[\w-]*)?\?([BbQq])\?([^?\s]*)\?=/g,
      (_, charset: string, way: string, data: string) => {
        const bytes =
          way.toUpperCase() === "B"
            ? (bytesOfBase64(data) ?? new Uint8Array())
            : Uint8Array.from(
                data
                  .replaceAll("_", " ")
                  .replaceAll(/=([\dA-Fa-f]{2})/g, (__, hex: string) => characterOf(parseInt(hex, 16))),
                (character) => character.charCodeAt(0),
              );
        return decodeBytes(bytes, charset);
      },
    );
}

/** Null: it is none. */
export function bytesOfBase64(data: string): Uint8Array | null {
  const plain = data.replaceAll(/[^A-Za-z0-9+/]/g, "");
  try {
    const binary = atob(plain.slice(0, plain.length - (plain.length % 4 === 1 ? 1 : 0)));
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  } catch {
    return null;
  }
}

/** Rich Text Format 1.9.1: groups and control words go, letters in hexadecimal come. */
function richText(text: string): string {
  const page = /\\ansicpg(\d+)/.exec(text)?.[1] ?? "1252";
  return text
    .replaceAll(/(?:\\'[\da-fA-F]{2})+/g, (run) =>
      decodeBytes(bytesOfHex(run.replaceAll("\\'", "")), `windows-${page}`),
    )
    .replaceAll(/\\u(-?\d{1,6}) ?\??/g, (_, unit: string) => String.fromCharCode(Number(unit) & 0xffff))
    .replaceAll(/\\(?:par|line|tab|cell|row|sect|page)(?![a-z])-?\d* ?/g, " ")
    .replaceAll(/\\[a-z]+-?\d* ?|[{}\r\n]/g, "");
}

/** Strings of a PDF's page that are moved together: [(An) -20 (na)] TJ. */
const kerned = /\)\s*-?[\d.]+\s*\(/;
const kerning = /\)\s*-?[\d.]+\s*\(/g;
