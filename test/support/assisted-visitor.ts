/** A person without scripts, as fetch can play them: pages are read, forms sent, redirects followed by hand. */
import assert from "node:assert/strict";

export interface SeenPage {
  status: number;
  headers: Headers;
  /** Path with query. */
  path: string;
  html: string;
}

/** A file for a form: `name` and what is in it. */
export type FormFile = [name: string, content: Uint8Array | string];

/** Fields in this order; a list for a name that comes several times. Files last unless `filesFirst`. */
export interface FilledForm {
  fields: Record<string, string | string[]>;
  files?: FormFile[];
  filesFirst?: boolean;
}

export class AssistedVisitor {
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  async open(path: string): Promise<SeenPage> {
    const response = await fetch(this.#origin + path, { headers: { accept: "text/html" }, redirect: "manual" });
    return { status: response.status, headers: response.headers, path, html: await response.text() };
  }

  /** Sends a form; answers where the redirect leads. Anything but 303 fails. */
  async send(path: string, form: FilledForm): Promise<string> {
    const response = await fetch(this.#origin + path, {
      method: "POST",
      headers: { accept: "text/html" },
      body: formData(form),
      redirect: "manual",
    });
    assert.equal(response.status, 303);
    assert.equal(await response.text(), "");
    return String(response.headers.get("location"));
  }

  /** Sends a form and opens the page behind the redirect. */
  async submit(path: string, form: FilledForm): Promise<SeenPage> {
    return this.open(await this.send(path, form));
  }
}

function formData({ fields, files = [], filesFirst = false }: FilledForm): FormData {
  const data = new FormData();
  const addFiles = (): void => {
    for (const [name, content] of files) data.append("files", new Blob([content as Uint8Array<ArrayBuffer>]), name);
  };
  if (filesFirst) addFiles();
  for (const [name, value] of Object.entries(fields))
    for (const each of Array.isArray(value) ? value : [value]) data.append(name, each);
  if (!filesFirst) addFiles();
  // A file input in which nothing was chosen.
  if (files.length === 0) data.append("files", new Blob([]), "");
  return data;
}

/** The value of an input; fails when there is none. */
export function inputValue({ html }: Pick<SeenPage, "html">, name: string): string {
  const value = html.match(new RegExp(`<input[^>]* name="${name}" value="([^"]*)"`))?.[1];
  assert.ok(value !== undefined, `the page has no input ${name}`);
  return value;
}

/** Lines of the error summary, entities undone. */
export function faultsIn({ html }: Pick<SeenPage, "html">): string[] {
  const list = html.match(/govuk-error-summary__list">([^]*?)<\/ul>/)?.[1] ?? "";
  return [...list.matchAll(/<li>(?:<a href="[^"]*">)?([^<]*)/g)].map(([, text]) => unescaped(text ?? ""));
}

/** Every link of the error summary must lead to an element that is there. */
export function deadLinks({ html }: Pick<SeenPage, "html">): string[] {
  const links = [...html.matchAll(/<li><a href="#([^"]+)"/g)].map(([, id]) => String(id));
  return links.filter((id) => !html.includes(` id="${id}"`));
}

export function unescaped(html: string): string {
  return html
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&#34;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}
