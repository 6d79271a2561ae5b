/**
 * What a program that reads a document shall take each glyph for. A font joins letters, turns their order
 * round and draws one character as two; programs that search or copy know only what is said of each glyph.
 */
import type { Fonts, Measure } from "./fonts.ts";
import type { Cluster, Run } from "./lines.ts";

/** Of each glyph of the run, from left to right, the characters it stands for: together all that the run says. */
export function spell({ text, clusters, face, isRight }: Run, fonts: Fonts): string[] {
  const { glyphs } = fonts.measure(face, text);
  const reading = isRight ? glyphs.toReversed() : glyphs;
  const inOrder = oneAfterTheOther(reading, clusters);
  if (inOrder !== null) {
    const texts = withTheirMarks(inOrder);
    return isRight ? texts.reverse() : texts;
  }
  const seen = isRight ? clusters.toReversed() : clusters;
  const parts = seen.map((cluster) => fonts.measure(face, cluster.text));
  return clusterByCluster(glyphs, seen, parts) ?? glyphs.map((glyph) => glyph.text);
}

/** The font library has a space in the place of a joiner that did its work. */
const hidden = /\p{Default_Ignorable_Code_Point}/gu;

/** Most text: the font's own account is in the order of the text. Turned brackets say what was typed. */
function oneAfterTheOther(glyphs: Measure["glyphs"], clusters: readonly Cluster[]): string[] | null {
  const account = glyphs.map(({ text }) => text).join("");
  const drawn = clusters.map(({ text }) => text).join("");
  if (account.replaceAll(hidden, " ") !== drawn.replaceAll(hidden, " ")) return null;
  const said = clusters.flatMap((cluster) => {
    const [shown, typed] = [[...cluster.text], [...cluster.said]];
    return shown.length === typed.length ? typed : shown;
  });
  let at = 0;
  return glyphs.map(({ text }) => {
    const start = at;
    at += [...text].length;
    return said.slice(start, at).join("");
  });
}

/** A mark is read with its letter: it stands higher, and a program would take it for a line of its own. */
function withTheirMarks(texts: readonly string[]): string[] {
  const merged: string[] = [];
  let letter = -1;
  for (const [i, text] of texts.entries()) {
    const isMark = letter !== -1 && /^\p{M}+$/u.test(text);
    merged.push(isMark ? "" : text);
    if (isMark) merged[letter] += text;
    else letter = i;
  }
  return merged;
}

/** Where letters are turned or joined within clusters only, each cluster's characters are shared out among its glyphs. */
function clusterByCluster(
  glyphs: Measure["glyphs"],
  clusters: readonly Cluster[],
  parts: readonly Measure[],
): string[] | null {
  const alone = parts.flatMap((part) => part.glyphs);
  if (alone.length !== glyphs.length || alone.some(({ id }, i) => id !== glyphs[i]!.id)) return null;
  return parts.flatMap((part, i) => {
    const shares = share([...clusters[i]!.said], part.glyphs.length);
    return part.direction === "rtl" ? shares.reverse() : shares;
  });
}

/** One each, the last gets what is left. */
function share(characters: readonly string[], among: number): string[] {
  return Array.from({ length: among }, (_, i) => characters.slice(i, i === among - 1 ? undefined : i + 1).join(""));
}
