import { day, exactly, words, type LanguageRules } from "./rules.ts";

const months = "januar|jänner|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember";
const hours = "ein|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf";
const name = String.raw`\p{Lu}[\p{L}'’-]+(?: (?:von|van|zu) \p{Lu}[\p{L}-]+)?`;

// Nouns are capitalised: two capitalised words in a row say nothing here.
export const de: LanguageRules = {
  language: "de",
  common: [
    "der",
    "die",
    "und",
    "das",
    "ist",
    "nicht",
    "war",
    "ich",
    "mit",
    "ein",
    "eine",
    "den",
    "dem",
    "auf",
    "wurde",
  ],
  times: [
    words(
      String.raw`\d{1,2}(?:[:.]\d{2})? ?uhr(?: \d{1,2})?`,
      `um (?:kurz (?:vor|nach) )?(?:halb|dreiviertel|viertel(?: vor| nach)?) (?:${hours})`,
      `um (?:${hours})(?: uhr)(?: (?:dreißig|fünfzehn))?`,
      `(?:fünf|zehn|zwanzig|viertel|\\d{1,2}) (?:minuten )?(?:vor|nach) (?:halb )?(?:eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)`,
      String.raw`um \d{1,2}\.[0-5]\d(?! ?(?:prozent|%|euro|uhr))`,
    ),
  ],
  dates: [
    words(
      `${day}\\. ?(?:${months})`,
      `(?:am|vom|zum|seit dem|bis zum) ${day}\\. ?(?:0?[1-9]|1[0-2])\\.(?:\\d{2,4})?`,
      `am (?:ersten|zweiten|dritten|vierten|fünften|zehnten|fünfzehnten|zwanzigsten|letzten) (?:${months})`,
    ),
  ],
  names: [
    exactly(
      `(?:Herrn?|Hr\\.) (?!Direktor|Doktor|Präsident|Minister|Kollege)${name}`,
      // "dass eine Frau Angst hatte": after an article it is a woman, not a title.
      `(?<!(?:die|der|eine|einer|keine|jede|jeder|diese|dieser|seine|seiner|ihre|ihrer|meine|meiner|junge|als) )(?:Frau|Fr\\.) (?!Direktorin|Doktor|Präsidentin|Ministerin|Kollegin)${name}`,
      `(?:Dr|Prof|Dipl\\.-Ing)\\. ${name}`,
    ),
  ],
  numbers: [
    words(
      String.raw`(?:personal|mitarbeiter|ausweis|vorgangs|ticket|akten)-?(?:nummer|nr\.?)(?: ist|:| lautet)? ?[a-z]{0,4}-?\d{3,}`,
    ),
  ],
  only: [
    words(
      "(?:ich war|war ich|ich bin|bin ich) (?:der|die|das) einzige[nr]?",
      "ich als einzige[rn]?",
      "als einzige[rn]? (?:habe|hatte|wusste|war|konnte) ich",
      "nur ich (?:wusste|weiß|habe|hatte|war|konnte|kann|kannte|sah)",
      "(?:niemand|keiner) (?:sonst|anderer|anderes) (?:wusste|weiß|war|hat|hatte|sah|kannte|konnte)",
      "(?:niemand|keiner|keine|kein anderer) außer mir",
      "außer mir (?:wusste|weiß|war|hat|hatte|kannte|konnte|sah|niemand|keiner)",
      "(?:wir waren|waren wir) nur zu (?:zweit|dritt)",
      "ich war (?:dort |da )?(?:ganz )?allein(?:e)?",
    ),
  ],
};
