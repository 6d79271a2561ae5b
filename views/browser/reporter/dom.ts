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
