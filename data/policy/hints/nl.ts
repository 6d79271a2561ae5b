import { day, exactly, latinName, words, type LanguageRules } from "./rules.ts";

const months = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december";
const hours = "een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf";

export const nl: LanguageRules = {
  language: "nl",
  common: ["de", "het", "een", "en", "van", "niet", "was", "ik", "dat", "met", "zijn", "er", "op", "voor", "werd"],
  times: [
    words(
      String.raw`om \d{1,2}(?:[:.]\d{2})?(?: uur| u)(?: \d{2})?`,
      String.raw`\d{1,2}[:.]\d{2} (?:uur|u)`,
      `(?:om )?half (?:${hours})`,
      `(?:om )?(?:kwart|vijf|tien|twintig) (?:over|voor)(?: half)? (?:${hours})`,
      `om (?:precies )?(?:${hours}) uur`,
    ),
  ],
  dates: [
    words(`(?:op )?(?:${day}|${day}e) (?:${months})`, `op de (?:eerste|tweede|derde|${day}e) (?:van )?(?:${months})`),
  ],
  names: [
    exactly(
      `(?:[Dd]hr|[Mm]evr|[Mm]w|[Dd]r|[Pp]rof|[Dd]rs|[Ii]r|[Ii]ng|[Mm]r)\\. ${latinName}`,
      `(?:[Mm]eneer|[Mm]evrouw|[Dd]e heer|[Mm]ejuffrouw) (?:(?:van|de|den|der|ter|ten) )*${latinName}`,
    ),
  ],
  numbers: [
    words(
      String.raw`(?:personeels|medewerkers?|werknemers?|pas|badge|dossier)-?(?:nummer|nr\.?)(?: is|:)? ?[a-z]{0,4}-?\d{3,}`,
    ),
  ],
  only: [
    words(
      "(?:ik was|ik ben|was ik|ben ik) de enige",
      "(?:alleen|enkel|slechts) ik (?:wist|weet|had|heb|was|kon|kende|zag)",
      "niemand anders (?:wist|weet|was|had|heeft|zag|kon|kende|dan ik)",
      "niemand (?:behalve|buiten|naast) (?:ik|mij|mijzelf)",
      "(?:behalve|buiten|naast) (?:ik|mij) (?:wist|was|had|kon|zag|niemand)",
      "(?:we|wij) waren maar met (?:z'n tweeën|z'n drieën|twee|drie)",
      "ik was (?:daar |er )?helemaal alleen",
    ),
  ],
  capitals: {
    after: ["de", "het", "een", "in", "te", "onze", "ons", "naar", "bij"],
    parts: [
      "Den",
      "Verenigde",
      "Staten",
      "Koninkrijk",
      "Europese",
      "Unie",
      "Noord",
      "Zuid",
      "Oost",
      "West",
      "Universiteit",
      "Ministerie",
      "Raad",
      "Bestuur",
      "Bank",
      "Groep",
      "Human",
      "Resources",
      "Microsoft",
      "Google",
      "Excel",
      "Word",
      "Kerst",
      "Sint",
    ],
  },
};
