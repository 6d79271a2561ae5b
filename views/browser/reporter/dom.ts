/** Elements made in scripts: text becomes text nodes, never markup. */

type Attributes = Record<string, string | number | boolean | null>;

/** `true` sets an attribute without value; `false` and `null` leave it out. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null) continue;
    made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/** The page's own element; its template and this script belong together. */
export function byId(id: string): HTMLElement;
export function byId<T extends HTMLElement>(id: string, type: new () => T): T;
export function byId(id: string, type: new () => HTMLElement = HTMLElement): HTMLElement {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} #${id}`);
  return found;
}

export function show(id: string, visible: boolean): void {
  byId(id).hidden = !visible;
}

/** Shows one of the page's steps, hides the others, and takes the reader there. */
export function showOnly(steps: readonly string[], id: string): void {
  for (const step of steps) show(step, step === id);
  scrollTo(0, 0);
}

/** Names in a sentence, joined as the language joins them. */
export function listOf(names: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: "conjunction" }).format(names);
}

const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** "3.4 MB" in the person's language; steps of 1,024. */
export function sizeOf(bytes: number, language: string): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1024;
  const format = { style: "unit", unit: units[unit]!, unitDisplay: unit === 0 ? "long" : "short" } as const;
  return new Intl.NumberFormat(language, { ...format, maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 }).format(
    value,
  );
}
