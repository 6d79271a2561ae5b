/** Each broken file of the presentation, and the line that is named. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  backgrounds,
  builtInTheme,
  contrast,
  measure,
  modes,
  themeCss,
} from "../../data/policy/presentation/colours.ts";
import { judgeFiles, nameOf, presentationOf } from "../../data/policy/presentation/files.ts";
import { checkLogo } from "../../data/policy/presentation/logo.ts";
import { builtInWords } from "../../server/http/built-in-words.ts";

const around = {
  languages: ["en", "de"],
  builtIn: (language: string, key: string) => (language === "en" ? builtInWords("en", key) : null),
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function firstProblem(name: string, content: string | Uint8Array): string {
  const judged = judgeFiles(new Map([[name, typeof content === "string" ? bytes(content) : content]]), around);
  const [first] = judged.problems[name] ?? [];
  return first === undefined ? "none" : `${first.line} ${first.key.replace(/^presentation:fault\./, "")}`;
}

const theme = (light: string): string => `{
  "light": ${light},
  "dark": { "brand": "#8ac9dc", "link": "#93cbe3", "button": "#8ac9dc", "buttonText": "#0c1a20" }
}`;

for (const [what, name, content, expected] of [
  ["our own colours", "theme", JSON.stringify(builtInTheme), "none"],
  [
    "a colour by its name",
    "theme",
    theme('{\n"brand": "red",\n"link": "#1c5d79", "button": "#1f5b70", "buttonText": "#ffffff" }'),
    "3 colour",
  ],
  [
    "a style in a colour",
    "theme",
    theme('{"brand": "#1f5b70;}*{display:none",\n"link": "#1c5d79", "button": "#1f5b70", "buttonText": "#ffffff" }'),
    "2 colour",
  ],
  [
    "links too faint",
    "theme",
    theme('{"brand": "#1f5b70",\n"link": "#9aa5ab", "button": "#1f5b70", "buttonText": "#ffffff" }'),
    "3 contrast.body-background",
  ],
  [
    "words on the button too faint",
    "theme",
    theme('{"brand": "#1f5b70",\n"link": "#1c5d79",\n"button": "#1f5b70",\n"buttonText": "#7090a0" }'),
    "5 contrast.button",
  ],
  [
    "a mode missing",
    "theme",
    '{ "light": { "brand": "#1f5b70", "link": "#1c5d79", "button": "#1f5b70", "buttonText": "#ffffff" } }',
    "1 faults:missing",
  ],
  ["no JSON", "theme", "{\n\n  light\n}", "3 faults:syntax.other"],
  ["no UTF-8", "portal", new Uint8Array([0x7b, 0xff, 0x7d]), "1 utf8"],
  ["an empty portal", "portal", "{}", "none"],
  ["a language that is not there", "portal", '{\n  "languages": ["en",\n    "tlh"]\n}', "3 language"],
  ["a language twice", "portal", '{\n  "languages": ["en",\n    "en"]\n}', "3 languageTwice"],
  ["no language", "portal", '{\n  "languages": []\n}', "2 faults:least.list"],
  ["a policy that is none", "portal", '{\n  "metadata": "never"\n}', "2 faults:choice"],
  [
    "an unknown outside channel",
    "portal",
    '{\n  "outside": {\n    "friend": { "details": "x", "checkedOn": "2026-01-01" }\n  }\n}',
    "3 outside",
  ],
  [
    "a day that is none",
    "portal",
    '{\n  "outside": {\n    "danger": { "details": "x",\n "checkedOn": "2026-02-30" }\n  }\n}',
    "4 faults:format",
  ],
  ["words for a key", "texts-en", '{ "reporter:landing.title": "Tell us" }', "none"],
  ["words for no key", "texts-en", '{\n  "reporter:landing.titel": "Tell us"\n}', "2 unknownText"],
  ["words of the console", "texts-en", '{\n  "console:pageTitle": "Tell us"\n}', "2 unknownText"],
  [
    "words of errors, which the console shows too",
    "texts-en",
    '{\n  "errors:full.title": "Send us your passphrase"\n}',
    "2 unknownText",
  ],
  ["a lost placeholder", "texts-en", '{\n  "report:readers.count_other": "People"\n}', "2 placeholders"],
  ["an added placeholder", "texts-en", '{\n  "reporter:landing.title": "{{constructor}}"\n}', "2 noPlaceholders"],
  ["an open placeholder", "texts-en", '{\n  "reporter:landing.title": "a {{"\n}', "2 noPlaceholders"],
  ["nesting", "texts-en", '{\n  "reporter:landing.title": "$t(common:skipLink)"\n}', "2 nesting"],
  ["nesting with a gap", "texts-en", '{\n  "reporter:landing.title": "$t (common:skipLink)"\n}', "2 nesting"],
  ["blank words", "texts-en", '{\n  "reporter:landing.title": "  "\n}', "2 blankText"],
  ["text that runs backwards", "texts-en", '{\n  "reporter:landing.title": "a\\u202eb"\n}', "2 invisible"],
  ["own words", "texts-de", '{ "questionnaires:own.team.label": "<script>alert(1)</script>" }', "none"],
  ["an own key with a dangerous part", "texts-en", '{\n  "questionnaires:own.constructor": "x"\n}', "2 unknownText"],
  [
    "an own key that begins with another",
    "texts-en",
    '{\n  "questionnaires:own.team.a": "x",\n  "questionnaires:own.team": "y"\n}',
    "2 beginning",
  ],
  [
    "one that begins with the grandparent",
    "texts-en",
    '{\n  "templates:own.team": "y",\n  "templates:own.team.a.b": "x"\n}',
    "3 beginning",
  ],
  [
    "own keys that only look alike",
    "texts-en",
    '{ "questionnaires:own.team": "x", "questionnaires:own.team-a.b": "y", "templates:own.team.a": "z" }',
    "none",
  ],
  [
    "a template without words",
    "templates",
    '{ "templates": [\n { "id": "a",\n "labelKey": "own.a.label", "textKey": "update.text" } ] }',
    "3 noWords",
  ],
  [
    "a template twice",
    "templates",
    '{ "templates": [\n { "id": "a", "labelKey": "update.label", "textKey": "update.text" },\n { "id": "a", "labelKey": "update.label", "textKey": "update.text" } ] }',
    "3 idTwice",
  ],
  [
    "a questionnaire under another's name",
    "questionnaire-own",
    '{"id": "other", "questions": [{ "id": "what", "type": "long", "labelKey": "what.label", "required": true }]}',
    "1 fileId",
  ],
] as const)
  test(`${what}: ${expected}`, () => assert.equal(firstProblem(name, content), expected));

const svg = (inside: string, attributes = ""): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"${attributes}>\n<path d="M0 0h1"/>\n${inside}\n</svg>`;

for (const [what, inside, expected] of [
  ["a drawing", '<g fill="none" stroke="#000000"><circle cx="1" cy="1" r="1"/></g>', "none"],
  ["a reference within", '<linearGradient id="a"/><rect fill="url(#a)" width="1" height="1"/>', "none"],
  ["a script", "<script>alert(1)</script>", "3 logo.script"],
  ["a script of another case", "<SCRIPT>alert(1)</SCRIPT>", "3 logo.script"],
  ["a handler", '<rect onload="alert(1)" width="1" height="1"/>', "3 logo.handler"],
  ["a foreign object", "<foreignObject><p>x</p></foreignObject>", "3 logo.element"],
  ["a picture from elsewhere", '<image href="https://example.org/x.png"/>', "3 logo.element"],
  ["a link", '<a href="https://example.org"><rect width="1" height="1"/></a>', "3 logo.element"],
  ["an animation", '<animate attributeName="href" values="javascript:alert(1)"/>', "3 logo.element"],
  ["a style sheet", "<style>@import url(https://example.org)</style>", "3 logo.element"],
  ["an inline style", '<rect style="fill:url(https://example.org)"/>', "3 logo.attribute"],
  ["a fill from elsewhere", '<rect fill="url(https://example.org/#a)"/>', "3 logo.external"],
  ["an address in entities", '<rect fill="&#117;rl(https://example.org)"/>', "3 logo.escape"],
  ["an address in escapes", '<rect fill="u\\72l(x)"/>', "3 logo.escape"],
  ["data", '<clipPath id="data:x"/>', "3 logo.external"],
  ["an entity in text", "<text>&xxe;</text>", "3 logo.escape"],
  ["CDATA", "<text><![CDATA[<script>]]></text>", "3 logo.element"],
  ["a processing instruction", "<?xml-stylesheet href='https://example.org'?>", "3 logo.element"],
  ["repetition", '<use href="#a"/>', "3 logo.element"],
  ["a mask", '<mask id="a"><rect width="1" height="1"/></mask><rect mask="url(#a)" width="1" height="1"/>', "none"],
  ["a mask in a mask", '<mask id="a">\n<g><rect mask="url(#b)"/></g></mask>', "4 logo.nested"],
  ["a clip in a mask", '<mask id="a"><rect clip-path="url(#b)"/></mask>', "3 logo.nested"],
  ["a mask in a clip", '<clipPath id="a"><rect mask="url(#b)"/></clipPath>', "3 logo.nested"],
  ["a mask on a mask", '<mask id="a" mask="url(#b)"></mask>', "3 logo.nested"],
  ["a clip on a clip", '<clipPath id="a" clip-path="url(#b)"/>', "3 logo.nested"],
  ["masks twenty times", '<rect mask="url(#a)"/>'.repeat(10) + '<rect clip-path="url(#a)"/>'.repeat(10), "none"],
  ["masks too often", '<rect mask="url(#a)"/>\n'.repeat(20) + '<rect clip-path="url(#a)"/>', "23 logo.often"],
  ["dashes without number", '<circle r="9" stroke-dasharray=".0003"/>', "3 logo.dashes"],
  ["no dashes", '<circle r="9" stroke-dasharray="none"/>', "none"],
  ["a tag left open", "<g>", "4 logo.malformed"],
  ["markup that is broken", '<rect width="1/>', "3 logo.malformed"],
] as const)
  test(`SVG with ${what}: ${expected}`, () => assert.equal(firstProblem("logo", svg(inside)), expected));

test("SVG with entities of its own is refused", () =>
  assert.equal(firstProblem("logo", `<!DOCTYPE svg [<!ENTITY a "b">]>${svg("")}`), "1 logo.element"));
test("a handler on the drawing itself is refused", () =>
  assert.equal(firstProblem("logo", svg("", ' onload="alert(1)"')), "1 logo.handler"));
test("a page is no logo", () => assert.equal(firstProblem("logo", "<html><body>hello</body></html>"), "1 logo.kind"));
test("a page that holds a drawing is no logo", () =>
  assert.equal(firstProblem("logo", "<html><svg ></svg></html>"), "1 logo.element"));
test("20 kB and no more", () => {
  assert.equal(firstProblem("logo", svg(`<title>${"x".repeat(19_000)}</title>`)), "none");
  assert.equal(firstProblem("logo", svg(`<title>${"x".repeat(20_000)}</title>`)), "1 logo.large");
});

function png(width: number, height: number, more = ""): Uint8Array {
  const head = Buffer.alloc(33);
  head.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
  head.write("IHDR", 12);
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return Buffer.concat([head, Buffer.from(more)]);
}
for (const [what, content, expected] of [
  ["a PNG", png(200, 60), "none"],
  ["one that unpacks to a wall", png(30_000, 30_000), "1 logo.pixels"],
  ["one that moves", png(200, 60, "....acTL"), "1 logo.moves"],
  ["a GIF", Buffer.from("GIF89a..............................."), "1 logo.kind"],
  ["a WebP", Buffer.from("RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\0\0\x7f\0\0", "latin1"), "none"],
  [
    "a WebP that moves",
    Buffer.from("RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x7f\0\0\x7f\0\0", "latin1"),
    "1 logo.moves",
  ],
] as const)
  test(`logo: ${what}: ${expected}`, () => assert.equal(firstProblem("logo", content), expected));

test("the backgrounds that colours are measured against are those of the style sheet", () => {
  const source = readFileSync(join(import.meta.dirname, "../../views/styles/_palette.scss"), "utf8");
  for (const mode of modes) {
    const maps = [mode, `${mode}-own`].map((map) => source.split(`$${map}: (`)[1]!.split(");")[0]!).join("");
    for (const [name, hex] of Object.entries(backgrounds[mode]))
      assert.match(maps, new RegExp(`"${name}": ${hex},`), name);
    for (const [name, own] of [
      ["brand", "brand"],
      ["link", "link"],
      ["button", "button"],
      ["button-text", "buttonText"],
    ] as const)
      assert.match(maps, new RegExp(`"${name}": ${builtInTheme[mode][own]},`));
  }
});

test("contrast is WCAG's", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.equal(contrast("#777777", "#ffffff").toFixed(2), "4.48");
  assert.ok(measure(builtInTheme).every(({ enough }) => enough));
  const grey = measure({ ...builtInTheme, light: { ...builtInTheme.light, link: "#777777" } });
  assert.ok(grey.some(({ enough, against }) => !enough && against === "raised"));
});

test("hover stays readable for every button that is taken", () => {
  for (const [button, buttonText] of [
    ["#1f5b70", "#ffffff"],
    ["#ffd000", "#10161c"],
    ["#767676", "#ffffff"],
  ] as const) {
    const css = themeCss({ ...builtInTheme, light: { ...builtInTheme.light, button, buttonText } });
    const [, hover] = /--th-button-hover:(#[0-9a-f]{6})/.exec(css)!;
    assert.ok(contrast(hover!, buttonText) >= contrast(button, buttonText) - 0.001, button);
  }
});

test("no file is called by a name that objects have", () => {
  for (const name of ["questionnaire-constructor", "questionnaire-__proto__", "texts-__proto__", "texts-fr", "Portal"])
    assert.equal(nameOf(name, around.languages), null, name);
});

test("what cannot stand any more is left out and told; everything else stays in force", () => {
  const files = new Map([
    ["theme", bytes("{")],
    ["portal", bytes('{"metadata": "keep"}')],
    ["texts-en", bytes('{"reporter:landing.title": "Ours", "reporter:gone": "x"}')],
  ]);
  const judged = judgeFiles(files, around);
  assert.deepEqual(Object.keys(judged.problems), ["theme", "texts-en"]);
  assert.deepEqual(judged.texts["en"], { "reporter:landing.title": "Ours" });
  const inForce = presentationOf(judged, around.languages, () => "0".repeat(64));
  assert.equal(inForce.metadata, "keep");
  assert.equal(inForce.hasTheme, false);
});

for (const [short, long] of [
  ["en", "de"],
  ["de", "en"],
] as const)
  test(`own words of one language stand in no way of another's: ${short} and ${long}`, () => {
    const shorter = bytes('{"questionnaires:own.team": "Team"}');
    const longer = bytes('{"questionnaires:own.other": "Other",\n"questionnaires:own.team.a": "A"}');
    for (const files of [
      [`texts-${short}`, shorter, `texts-${long}`, longer],
      [`texts-${long}`, longer, `texts-${short}`, shorter],
    ] as const) {
      const [first, its, second, theirs] = files;
      const judged = judgeFiles(
        new Map([
          [first, its],
          [second, theirs],
        ]),
        around,
      );
      assert.deepEqual(Object.keys(judged.problems), [`texts-${long}`]);
      const [problem, ...more] = judged.problems[`texts-${long}`]!;
      assert.deepEqual([problem!.line, problem!.key, more], [2, "presentation:fault.beginning", []]);
      assert.equal(problem!.values["other"], "questionnaires:own.team");
      assert.deepEqual(judged.texts[long], { "questionnaires:own.other": "Other" }, "the rest stays in force");
      assert.deepEqual(judged.texts[short], { "questionnaires:own.team": "Team" });
    }
  });

test("a logo is judged by its bytes alone", () => assert.deepEqual(checkLogo(png(1, 1)), { value: "image/png" }));
