/**
 * Left and right become start and end, so that pages in Arabic or Hebrew mirror without a second
 * sheet. GOV.UK and MoJ Frontend are written for left-to-right only.
 */
const declarations: readonly (readonly [RegExp, string])[] = [
  [/(?<=[;{])(margin|padding)-left:/g, "$1-inline-start:"],
  [/(?<=[;{])(margin|padding)-right:/g, "$1-inline-end:"],
  [/(?<=[;{])border-left(-width|-style|-color)?:/g, "border-inline-start$1:"],
  [/(?<=[;{])border-right(-width|-style|-color)?:/g, "border-inline-end$1:"],
  [/(?<=[;{])left:/g, "inset-inline-start:"],
  [/(?<=[;{])right:/g, "inset-inline-end:"],
  [/(?<=[;{])text-align:left(?=[;}!])/g, "text-align:start"],
  [/(?<=[;{])text-align:right(?=[;}!])/g, "text-align:end"],
  // Browsers older than 2023 know only the physical words of these two and ignore the second declaration.
  [/(?<=[;{])(float|clear):left(?=[;}])/g, "$1:left;$1:inline-start"],
  [/(?<=[;{])(float|clear):right(?=[;}])/g, "$1:right;$1:inline-end"],
];

/** `css` as sass writes it with style "compressed". */
export function toLogical(css: string): string {
  return declarations.reduce((text, [from, to]) => text.replace(from, to), css);
}
