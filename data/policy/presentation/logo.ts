/** Whether bytes are a picture that may stand on a reporter's page. */
import type { FileProblem } from "../json-file.ts";

export const largestLogoBytes = 20_000;
const mostPixels = 2_000;
export type LogoType = "image/png" | "image/webp" | "image/svg+xml";

export type CheckedLogo = { value: LogoType } | { problems: FileProblem[] };

function startsWith(bytes: Uint8Array, expected: readonly number[], at = 0): boolean {
  return expected.every((byte, i) => bytes[at + i] === byte);
}

const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const riff = [0x52, 0x49, 0x46, 0x46];
const webp = [0x57, 0x45, 0x42, 0x50];

function fault(key: string, line = 1, column = 1, values: FileProblem["values"] = {}): CheckedLogo {
  return { problems: [{ line, column, key: `presentation:fault.logo.${key}`, values }] };
}

/** Drawing, and nothing that fetches, runs, animates, embeds, or repeats itself without end (use). */
const elements: ReadonlySet<string> = new Set(
  "svg g path rect circle ellipse line polyline polygon text tspan defs title desc linearGradient radialGradient stop clipPath mask".split(
    " ",
  ),
);

const attributes: ReadonlySet<string> = new Set(
  "xmlns xmlns:xlink version id class viewBox width height x y x1 x2 y1 y2 cx cy r rx ry dx dy fx fy fr d points transform fill fill-rule fill-opacity stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset stroke-opacity opacity clip-path clip-rule clipPathUnits mask maskUnits maskContentUnits offset stop-color stop-opacity gradientUnits gradientTransform spreadMethod preserveAspectRatio font-family font-size font-weight font-style text-anchor letter-spacing dominant-baseline role aria-label aria-labelledby aria-hidden focusable color display visibility overflow vector-effect shape-rendering xml:space xlink:href href pathLength textLength".split(
    " ",
  ),
);

/** Tags one after the other; whatever is between them must be plain text. */
const tag = /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const attribute = /([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;
/** Things that stand before the picture and say nothing: declaration without entities, comments. */
const prologue = /(?:\s|<\?xml\s[^>]*\?>|<!--(?:(?!--)[^])*-->|<!DOCTYPE svg(?:\s+PUBLIC\s+"[^"]*"\s+"[^"]*")?\s*>)*/y;
const comment = /<!--(?:(?!--)[^])*-->/y;

const masks: ReadonlySet<string> = new Set(["mask", "clipPath"]);
const maskUses: ReadonlySet<string> = new Set(["mask", "clip-path"]);
/** Each draws all of its mask again. */
const mostMaskUses = 20;

interface Wrong {
  offset: number;
  key: string;
  name: string;
}

/** Masks in masks multiply: ten levels of ten are more drawings than a browser gets through, in a few kilobytes. */
function maskProblem(elementAndParents: readonly string[], uses: number): string | null {
  if (elementAndParents.some((name) => masks.has(name))) return "nested";
  return uses > mostMaskUses ? "often" : null;
}

function attributeProblem(name: string, value: string): string | null {
  if (/^on/i.test(name)) return "handler";
  if (!attributes.has(name)) return "attribute";
  if (name === "href" || name === "xlink:href") return /^#[\w.-]+$/.test(value) ? null : "external";
  if (name === "xmlns" || name === "xmlns:xlink")
    return /^http:\/\/www\.w3\.org\/[\w/]+$/.test(value) ? null : "external";
  // A short line can have a million dashes, and a few kilobytes hundreds of such lines. Drawing programs write "none".
  if (name === "stroke-dasharray" && value.trim() !== "none") return "dashes";
  // A reference is to a part of this same picture; entities and escapes could hide another.
  if (/[&\\]/.test(value)) return "escape";
  const rest = value.replaceAll(/url\(\s*["']?#[\w.-]+["']?\s*\)/g, "");
  return /url\s*\(|:\s*\/\/|javascript|data:|@import|expression/i.test(rest) ? "external" : null;
}

/** The first thing in an SVG that may not be there. */
function firstWrong(source: string): Wrong | null {
  prologue.lastIndex = 0;
  let at = (prologue.exec(source)?.[0] ?? "").length;
  const open: string[] = [];
  let elementsSeen = 0;
  let masked = 0;
  while (at < source.length) {
    if (source[at] !== "<") {
      const end = source.indexOf("<", at);
      const text = source.slice(at, end === -1 ? undefined : end);
      if (text.includes("&") && !/^(?:[^&]|&(?:amp|lt|gt|quot|apos|#\d{1,6}|#x[0-9a-fA-F]{1,6});)*$/.test(text))
        return { offset: at, key: "escape", name: "" };
      if (open.length === 0 && text.trim() !== "") return { offset: at, key: "notSvg", name: "" };
      at += text.length;
      continue;
    }
    comment.lastIndex = at;
    const skipped = comment.exec(source);
    if (skipped !== null) {
      at += skipped[0].length;
      continue;
    }
    tag.lastIndex = at;
    const found = tag.exec(source);
    if (found === null) {
      const name = /^<[!?/]?([\w:.-]*)/.exec(source.slice(at, at + 60))?.[1] ?? "";
      return { offset: at, key: elements.has(name) ? "malformed" : "element", name };
    }
    const [whole, slash, name = "", written = "", selfClosed] = found;
    if (!elements.has(name)) return { offset: at, key: /^script$/i.test(name) ? "script" : "element", name };
    if (elementsSeen === 0 && name !== "svg") return { offset: at, key: "notSvg", name };
    elementsSeen++;
    for (const match of written.matchAll(attribute)) {
      const [, called = "", doubleQuoted, singleQuoted] = match;
      const problem =
        attributeProblem(called, doubleQuoted ?? singleQuoted ?? "") ??
        (maskUses.has(called) ? maskProblem([...open, name], ++masked) : null);
      if (problem !== null) return { offset: at, key: problem, name: called };
    }
    if (slash === "/") {
      if (open.pop() !== name) return { offset: at, key: "malformed", name };
    } else if (selfClosed !== "/") open.push(name);
    at += whole.length;
  }
  if (elementsSeen === 0 || open.length > 0) return { offset: source.length, key: "malformed", name: "svg" };
  return null;
}

function has(bytes: Uint8Array, name: string): boolean {
  const codes = [...name].map((letter) => letter.charCodeAt(0));
  return bytes.some((_, at) => startsWith(bytes, codes, at));
}

/** A few kilobytes can unpack to a picture that no telephone has the memory for. */
function checkSize(type: LogoType, width: number, height: number, moves: boolean): CheckedLogo {
  if (width < 1 || height < 1) return fault("kind");
  if (width > mostPixels || height > mostPixels) return fault("pixels", 1, 1, { count: mostPixels });
  return moves ? fault("moves") : { value: type };
}

function checkPng(bytes: Uint8Array): CheckedLogo {
  if (bytes.length < 33 || !startsWith(bytes, [0x49, 0x48, 0x44, 0x52], 12)) return fault("kind");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return checkSize("image/png", view.getUint32(16), view.getUint32(20), has(bytes, "acTL"));
}

/** Google's WebP container specification: VP8X, VP8L (lossless) or VP8 (lossy) first. */
function checkWebp(bytes: Uint8Array): CheckedLogo {
  if (bytes.length < 30) return fault("kind");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u24 = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
  switch (String.fromCharCode(...bytes.subarray(12, 16))) {
    case "VP8X":
      return checkSize("image/webp", u24(24) + 1, u24(27) + 1, (view.getUint8(20) & 2) !== 0);
    case "VP8L": {
      const bits = view.getUint32(21, true);
      return checkSize("image/webp", (bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1, false);
    }
    case "VP8 ":
      return checkSize("image/webp", view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff, false);
    default:
      return fault("kind");
  }
}

/** By content, never by name. The picture is shown in an <img>, where scripts do not run even if this list had a hole. */
export function checkLogo(bytes: Uint8Array): CheckedLogo {
  if (bytes.length > largestLogoBytes) return fault("large", 1, 1, { count: largestLogoBytes / 1000 });
  if (startsWith(bytes, png)) return checkPng(bytes);
  if (startsWith(bytes, riff) && startsWith(bytes, webp, 8)) return checkWebp(bytes);
  let source: string;
  try {
    source = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return fault("kind");
  }
  if (!/<svg[\s>]/.test(source)) return fault("kind");
  const wrong = firstWrong(source);
  if (wrong === null) return { value: "image/svg+xml" };
  const before = source.slice(0, wrong.offset).split("\n");
  return fault(wrong.key, before.length, before.at(-1)!.length + 1, {
    name: wrong.name,
    ...(wrong.key === "often" && { count: mostMaskUses }),
  });
}
