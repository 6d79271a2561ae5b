/** File names that somebody else chose: shown and saved under the same safe name. */

const longestName = 120; // characters; every file system takes that many

/**
 * A name that somebody else chose, safe to save under: no path, nothing invisible, nothing that
 * turns "gpj.exe" around, no hidden file.
 */
export function safeFileName(name: string): string {
  const visible = name
    .normalize("NFC")
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, "")
    .replaceAll(/[/\\:*?"<>|]/g, "_")
    .replace(/^[\s.]+/, "")
    .replace(/[\s.]+$/, "");
  const dot = visible.lastIndexOf(".");
  const ending = dot > 0 && visible.length - dot <= 12 ? visible.slice(dot) : "";
  const stem = [...visible.slice(0, visible.length - ending.length)].slice(0, longestName - ending.length).join("");
  return stem === "" ? `file${ending}` : stem + ending;
}
