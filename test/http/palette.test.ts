import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const source = readFileSync(join(import.meta.dirname, "../../views/styles/_palette.scss"), "utf8");

function colours(map: string): Map<string, string> {
  const [, body] = source.match(new RegExp(`\\$${map}: \\(([^)]*)\\)`)) ?? [];
  return new Map(
    [...(body ?? "").matchAll(/"([\w-]+)": (#[0-9a-f]{6})/g)].map(([, name, hex]) => [name ?? "", hex ?? ""]),
  );
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const pairs: [front: string, back: string, atLeast: number][] = [
  ...["text", "secondary-text", "link", "link-hover", "error", "success"].flatMap((front) =>
    ["body-background", "template-background", "raised", "sunken"].map((back): [string, string, number] => [
      front,
      back,
      4.5,
    ]),
  ),
  ...["text", "secondary-text", "link"].map((front): [string, string, number] => [front, "chosen", 4.5]),
  ...["text", "secondary-text", "link"].map((front): [string, string, number] => [front, "notice", 4.5]),
  ...["brand", "success"].map((back): [string, string, number] => ["inverse-text", back, 4.5]),
  ["focus-text", "focus", 4.5],
  ...["button", "quiet", "warn"].flatMap((name): [string, string, number][] => [
    [`${name}-text`, name, 4.5],
    [`${name}-text`, `${name}-hover`, 4.5],
  ]),
  ...["calm", "soon", "late", "info", "plain"].map((name): [string, string, number] => [`${name}-text`, name, 4.5]),
  ["input-border", "body-background", 3],
  ["input-border", "raised", 3],
  ["brand", "sunken", 3], // progress bar
  ["button", "raised", 3],
  ["notice-edge", "notice", 3],
];

for (const mode of ["light", "dark"]) {
  const all = new Map([...colours(mode), ...colours(`${mode}-own`)]);
  test(`${mode}: the palette was read`, () => assert.ok(all.size > 40));
  for (const [front, back, atLeast] of pairs)
    test(`${mode}: ${front} on ${back} has at least ${atLeast}:1`, () => {
      const ratio = contrast(all.get(front) ?? "", all.get(back) ?? "");
      assert.ok(ratio >= atLeast, ratio.toFixed(2));
    });
}
