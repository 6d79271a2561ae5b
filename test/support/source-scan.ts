/**
 * Reads TypeScript as far as needed to know what a file imports and names: comments out, strings
 * apart. A compiler would drop `import type`, which counts here as much as any other import.
 */

export interface Scan {
  /** The source without comments; each string is its number in quotes: `import x from "0"`. */
  code: string;
  /** What stood in the quotes, templates included. */
  strings: string[];
  /** Specifiers of import, export from, import(), require() and new URL(module, import.meta.url). */
  imports: string[];
  /** Imports whose specifier is computed, so that nobody can check it. */
  computedImports: number;
}

export function scanSource(source: string): Scan {
  const { code, strings } = separate(source);
  const found = (pattern: RegExp): string[] => [...code.matchAll(pattern)].map((match) => strings[Number(match[1])]!);
  const imports = [...importPatterns.flatMap(found), ...found(moduleUrl).filter((path) => /\.[cm]?[jt]s$/.test(path))];
  return { code, strings, imports, computedImports: [...code.matchAll(computedImport)].length };
}

const importPatterns = [
  /\bfrom\s*"(\d+)"/g,
  /(?<![.\w$])import\s*"(\d+)"/g,
  /(?<![.\w$])import\s*\(\s*"(\d+)"/g,
  /(?<![.\w$])require\s*\(\s*"(\d+)"/g,
  /\bimport\.meta\.resolve\s*\(\s*"(\d+)"/g,
];
/** Of a module, that is of a worker; of anything else it is a path. */
const moduleUrl = /\bnew\s+URL\s*\(\s*"(\d+)"\s*,\s*import\.meta\.url/g;
const computedImport = /(?<![.\w$])import\s*\(\s*(?![\s"])/g;

/** Words after which a slash begins a regular expression, not a division. */
const beforeRegExp =
  /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|throw|await|yield|void|delete))\s*$/;

function separate(source: string): { code: string; strings: string[] } {
  let code = "";
  const strings: string[] = [];
  /** For each template that is open: how many braces are open inside its current `${`. */
  const templates: number[] = [];
  let i = 0;

  const takeString = (text: string): void => {
    code += `"${String(strings.length)}"`;
    strings.push(text);
  };
  const takeUntil = (pattern: RegExp): string => {
    pattern.lastIndex = i;
    const taken = pattern.exec(source)?.[0] ?? source.slice(i);
    i += taken.length;
    return taken;
  };
  /** From after the backtick, or after the brace that ends a `${`. */
  const takeTemplatePart = (isFirst: boolean): void => {
    const part = takeUntil(/(?:[^\\`$]|\\[^]|\$(?!\{))*(?:`|\$\{|$)/y);
    const goesOn = part.endsWith("${");
    if (isFirst && goesOn) code += "template ";
    takeString(part.slice(0, goesOn ? -2 : -1));
    if (goesOn) {
      code += "${";
      templates.push(0);
    }
  };

  while (i < source.length) {
    const rest = source.slice(i, i + 2);
    const character = rest.charAt(0);
    if (rest === "//") takeUntil(/[^\n]*/y);
    else if (rest === "/*") code += takeUntil(/\/\*[^]*?\*\//y).replace(/[^\n]/g, " ");
    else if (character === '"' || character === "'")
      takeString(takeUntil(character === '"' ? /"(?:[^"\\\n]|\\[^])*"/y : /'(?:[^'\\\n]|\\[^])*'/y).slice(1, -1));
    else if (character === "`") {
      i++;
      takeTemplatePart(true);
    } else if (character === "/" && beforeRegExp.test(code.slice(-60)))
      code += takeUntil(/\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y).replace(/./g, "R");
    else if (character === "}" && templates.at(-1) === 0) {
      templates.pop();
      code += "}";
      i++;
      takeTemplatePart(false);
    } else {
      const depth = templates.length - 1;
      if (depth >= 0 && character === "{") templates[depth]!++;
      if (depth >= 0 && character === "}") templates[depth]!--;
      code += character;
      i++;
    }
  }
  return { code, strings };
}
