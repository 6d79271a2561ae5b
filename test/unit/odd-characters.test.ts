/** Canaries: characters that nobody typed are found; those that a script needs are not touched. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findOddCharacters, replaceOddCharacters } from "../../data/policy/hints/characters.ts";

/** Written with escapes: in this file they could not be seen. */
const odd: [what: string, text: string, mended: string, name: RegExp][] = [
  ["zero width space", "pl\u200bant", "plant", /^U\+200B ZERO WIDTH SPACE$/],
  ["zero width joiner between Latin letters", "pl\u200dant", "plant", /U\+200D/],
  ["zero width non-joiner beside a space", "the \u200cplant", "the plant", /U\+200C/],
  ["word joiner", "pl\u2060ant", "plant", /WORD JOINER/],
  ["byte order mark inside", "pl\ufeffant", "plant", /U\+FEFF/],
  ["soft hyphen", "pl\u00adant", "plant", /SOFT HYPHEN/],
  ["mark of direction in Latin text", "plant\u200e is", "plant is", /LEFT-TO-RIGHT MARK/],
  ["override in Latin text", "pl\u202eant", "plant", /OVERRIDE/],
  ["override in Hebrew text", "שלום \u202eabc", "שלום abc", /OVERRIDE/],
  ["tag characters", "plant\u{e0061}\u{e0062}", "plant", /U\+E0061 TAG/],
  ["variation selector after a letter", "pl\ufe01ant", "plant", /VARIATION SELECTOR/],
  ["a run of variation selectors after an emoji", "😀\ufe0f\u{e0101}\u{e0102}", "😀\ufe0f", /VARIATION SELECTOR/],
  ["invisible times", "a\u2062b", "ab", /INVISIBLE TIMES/],
  ["Hangul filler", "a\u3164b", "ab", /HANGUL FILLER/],
  ["no-break space", "the\u00a0plant", "the plant", /NO-BREAK SPACE/],
  ["hair space", "the\u200aplant", "the plant", /HAIR SPACE/],
  ["ideographic space in English", "the\u3000plant", "the plant", /IDEOGRAPHIC SPACE/],
  ["line separator", "a\u2028b", "a\nb", /LINE SEPARATOR/],
  ["control character", "a\u0007b", "ab", /CONTROL/],
  ["Cyrillic letter in a Latin word", "the pl\u0430nt", "the plant", /U\+0430 CYRILLIC/],
  ["Greek letter in a Latin word", "\u039fkay then", "Okay then", /GREEK/],
  ["Latin letter in a Cyrillic word", "пр\u0065са", "пр\u0435са", /U\+0065 LATIN/],
  ["a whole word of look-alikes", "the \u0441\u043e\u0440\u0443 of it", "the copy of it", /CYRILLIC/],
  ["full width letters in English", "the ｐlant", "the plant", /FULLWIDTH/],
  ["mathematical letters", "the 𝐩lant", "the plant", /MATHEMATICAL/],
];

for (const [what, text, mended, name] of odd)
  test(`found: ${what}`, () => {
    const found = findOddCharacters(text);
    assert.ok(found.length > 0);
    assert.match(found[0]!.name, name);
    assert.equal(replaceOddCharacters(text), mended);
    assert.deepEqual(findOddCharacters(mended), [], "nothing is left");
  });

const needed: [what: string, text: string][] = [
  ["Persian with a non-joiner", "می\u200cخواهم"],
  ["Hindi with joiners", "क्\u200dष और क्\u200cष"],
  ["Hindi half letter at the end", "क्\u200d "],
  ["a family", "👨\u200d👩\u200d👧"],
  ["a heart with its selector", "❤\ufe0f"],
  ["a woman technologist with a skin tone", "👩🏽\u200d💻"],
  ["a keycap", "1\ufe0f\u20e3"],
  ["Scotland's flag", "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}"],
  ["marks of direction in Arabic", "قال\u200f: ABC\u200e."],
  ["isolates in Hebrew", "שלום \u2067ABC\u2069"],
  ["Arabic letter mark", "العدد \u061c12"],
  ["French spaces", "Quoi\u00a0? «\u00a0Rien\u202f» 10\u00a0%"],
  ["grouped digits", "10\u202f000\u202f000"],
  ["Japanese in full width", "私は　ＡＢＣ１２３と言った。"],
  ["a Japanese name's variant", "葛\u{e0100}城さん"],
  ["plain Ukrainian with a Latin abbreviation", "Прес USB і вітамін C"],
  ["plain Greek", "Η πρέσα χάλασε"],
  ["a unit and a symbol", "5 µm and 3 kΩ, ΔE, α-test"],
  ["Russian next to English", "the word сору means nothing, привет does"],
  ["lines, tabs", "a\tb\r\nc"],
  ["accents of any kind", "naïve Łódź Ångström e\u0301"],
];

for (const [what, text] of needed)
  test(`left alone: ${what}`, () => {
    assert.deepEqual(findOddCharacters(text), []);
    assert.equal(replaceOddCharacters(text), text);
  });

test("only what was odd changes", () => {
  const text = "می\u200cخواهم 👨\u200d👩\u200d👧 the pl\u200bant قال\u200f: \u00a0x";
  assert.equal(replaceOddCharacters(text), "می\u200cخواهم 👨\u200d👩\u200d👧 the plant قال\u200f:  x");
});
