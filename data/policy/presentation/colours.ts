/** The colours that an operator may change, and whether people can read what is written in them. */
import { z } from "../../../crypto/shape.ts";
import { parseJsonFile, type ParsedFile, type RuleProblem } from "../json-file.ts";

export const modes = ["light", "dark"] as const;
export type Mode = (typeof modes)[number];

/** Accents and the bar of progress · links · the main button and the words on it. */
export const colourNames = ["brand", "link", "button", "buttonText"] as const;
export type ColourName = (typeof colourNames)[number];

export type Colours = Record<ColourName, string>;
export type Theme = Record<Mode, Colours>;

/** The backgrounds stay ours: views/styles/_palette.scss has the same ones, and a test compares. */
export const backgrounds: Record<Mode, Record<string, string>> = {
  light: {
    "body-background": "#fcfcfa",
    "template-background": "#eef0ef",
    raised: "#ffffff",
    sunken: "#f1f3f2",
    chosen: "#e0ecf0",
    notice: "#fdf3d8",
    "inverse-text": "#ffffff",
  },
  dark: {
    "body-background": "#161c23",
    "template-background": "#0f1419",
    raised: "#1d252e",
    sunken: "#11171d",
    chosen: "#1e3540",
    notice: "#2e2814",
    "inverse-text": "#10161c",
  },
};

export const builtInTheme: Theme = {
  light: { brand: "#1f5b70", link: "#1c5d79", button: "#1f5b70", buttonText: "#ffffff" },
  dark: { brand: "#8ac9dc", link: "#93cbe3", button: "#8ac9dc", buttonText: "#0c1a20" },
};

type Rgb = [number, number, number];

function rgbOf(hex: string): Rgb {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb;
}

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [r, g, b] = rgbOf(hex).map((value) => {
    const c = value / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2, contrast ratio: 1 to 21. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function mix(hex: string, towards: string, share: number): string {
  const other = rgbOf(towards);
  const mixed = rgbOf(hex).map((value, i) => Math.round(value + (other[i]! - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** Text needs 4.5:1, what is not text 3:1 (WCAG 2.2, 1.4.3 and 1.4.11). */
const text = 4.5;
const shape = 3;

/** One pair that has to be told apart. `against` is another of the colours or one of our backgrounds. */
export interface Pair {
  colour: ColourName;
  against: string;
  atLeast: number;
}

export const pairs: readonly Pair[] = [
  ...["body-background", "template-background", "raised", "sunken", "chosen", "notice"].map((against) => ({
    colour: "link" as const,
    against,
    atLeast: text,
  })),
  ...["body-background", "raised", "sunken"].map((against) => ({ colour: "brand" as const, against, atLeast: shape })),
  { colour: "brand", against: "inverse-text", atLeast: text },
  ...["body-background", "raised"].map((against) => ({ colour: "button" as const, against, atLeast: shape })),
  { colour: "buttonText", against: "button", atLeast: text },
];

export interface Measured extends Pair {
  mode: Mode;
  ratio: number;
  enough: boolean;
}

/** Every pair with its figure. The figure that is shown is cut, not rounded: 4.499 is not enough. */
export function measure(theme: Theme): Measured[] {
  return modes.flatMap((mode) =>
    pairs.map((pair) => {
      const colours = theme[mode];
      const against = pair.against === "button" ? colours.button : backgrounds[mode][pair.against]!;
      const ratio = contrast(colours[pair.colour], against);
      return { ...pair, mode, ratio: Math.floor(ratio * 100) / 100, enough: ratio >= pair.atLeast };
    }),
  );
}

const colour = z.string().check(z.regex(/^#[0-9a-f]{6}$/, "presentation:fault.colour"));
const colours = z.strictObject({ brand: colour, link: colour, button: colour, buttonText: colour });
const themeShape: z.ZodMiniType<Theme> = z.strictObject({ light: colours, dark: colours });

function tooFaint(theme: Theme): RuleProblem[] {
  return measure(theme)
    .filter(({ enough }) => !enough)
    .map(({ mode, colour: name, against, ratio, atLeast }) => ({
      path: [mode, name],
      key: `presentation:fault.contrast.${against}`,
      values: { ratio, atLeast },
    }));
}

export function parseTheme(source: string): ParsedFile<Theme> {
  return parseJsonFile(source, themeShape, { most: 4_000, rules: tooFaint });
}

/** Hover moves away from the words on the button, so that they are never harder to read than checked. */
function properties({ brand, link, button, buttonText }: Colours, mode: Mode): string {
  const away = luminance(buttonText) > luminance(button) ? "#000000" : "#ffffff";
  const clearer = mode === "light" ? "#000000" : "#ffffff";
  const all: Record<string, string> = {
    "govuk-brand-colour": brand,
    "govuk-link-colour": link,
    "govuk-link-visited-colour": link,
    "govuk-link-hover-colour": mix(link, clearer, 0.35),
    "th-button": button,
    "th-button-hover": mix(button, away, 0.2),
    "th-button-text": buttonText,
    "th-button-shadow": mix(button, "#000000", 0.5),
  };
  return Object.entries(all)
    .map(([name, value]) => `--${name}:${value}`)
    .join(";");
}

/** The style sheet that comes after ours. Nothing but checked hexadecimal colours gets into it. */
export function themeCss(theme: Theme): string {
  return `:root{${properties(theme.light, "light")}}\n@media screen and (prefers-color-scheme:dark){:root{${properties(theme.dark, "dark")}}}\n`;
}
