import { day, exactly, words, type LanguageRules } from "./rules.ts";

const months = "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia";
const hours =
  "pierwszej|drugiej|trzeciej|czwartej|piątej|szóstej|siódmej|ósmej|dziewiątej|dziesiątej|jedenastej|dwunastej";
const name = String.raw`\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}-]+)?`;
const roles = "(?!Dyrektor|Prezes|Kierowni|Prezyden|Minist|Inspektor|Profesor|Redaktor)";

export const pl: LanguageRules = {
  language: "pl",
  common: ["nie", "się", "jest", "na", "że", "do", "był", "była", "i", "w", "z", "przez", "ale", "to", "po"],
  times: [
    words(
      String.raw`o (?:godzinie |godz\. ?)?\d{1,2}[:.][0-5]\d`,
      String.raw`o godz(?:inie|\.) ?\d{1,2}`,
      `o (?:wpół|pół) do (?:${hours})`,
      `(?:kwadrans|pięć|dziesięć|dwadzieścia) po (?:${hours})`,
      `(?:za|o) (?:kwadrans|pięć|dziesięć|dwadzieścia) (?:pierwsza|druga|trzecia|czwarta|piąta|szósta|siódma|ósma|dziewiąta|dziesiąta|jedenasta|dwunasta)`,
      `(?:dokładnie |punktualnie )o (?:${hours})`,
      `o (?:${hours}) (?:rano|wieczorem|w nocy|po południu|trzydzieści|piętnaście|czterdzieści)`,
    ),
  ],
  dates: [words(`(?:dnia )?${day}\\.? (?:${months})`, `(?:pierwszego|drugiego|trzeciego|dziesiątego) (?:${months})`)],
  names: [
    exactly(
      `(?:[Pp]an|[Pp]ana|[Pp]anu|[Pp]anem|[Pp]ani|[Pp]anią|[Pp]aństw[oau]) ${roles}${name}`,
      `(?:dr|prof\\.|mgr|inż\\.|hab\\.) ${name}`,
    ),
  ],
  numbers: [
    words(
      String.raw`(?:numer|nr) (?:pracownika|pracowniczy|identyfikatora|służbowy|sprawy)(?: to|:)? ?[a-z]{0,4}-?\d{3,}`,
      String.raw`pesel(?: to|:)? ?\d{11}`,
    ),
  ],
  only: [
    words(
      "(?:ja )?(?:byłem|jestem) (?:tam )?jedyn(?:ym|y)",
      "(?:ja )?(?:byłam|jestem) (?:tam )?jedyn(?:ą|a)",
      "tylko ja (?:o tym )?(?:wiedział[ea]m|wiem|miał[ea]m|mam|widział[ea]m|był[ea]m|mogł[ea]m|znał[ea]m|słyszał[ea]m)",
      "nikt (?:inny|więcej) (?:o tym )?nie (?:wiedział|wie|widział|był|miał|ma|słyszał)",
      "nikt (?:poza mną|oprócz mnie|prócz mnie)",
      "(?:poza mną|oprócz mnie|prócz mnie) nikt",
      "(?:byliśmy|byłyśmy) tylko we? (?:dwoje|dwóch|dwie|troje|trzech|trzy)",
      "byłem (?:tam )?sam",
      "byłam (?:tam )?sama",
    ),
  ],
  capitals: {
    after: ["w", "we", "do", "na", "nasz", "nasza"],
    parts: [
      "Nowy",
      "Nowa",
      "Stany",
      "Zjednoczone",
      "Stanach",
      "Zjednoczonych",
      "Unia",
      "Unii",
      "Europejska",
      "Europejskiej",
      "Rada",
      "Rady",
      "Urząd",
      "Urzędu",
      "Bank",
      "Banku",
      "Uniwersytet",
      "Ministerstwo",
      "Ministerstwa",
      "Grupa",
      "Microsoft",
      "Google",
      "Excel",
      "Word",
      "Boże",
      "Narodzenie",
      "Góra",
      "Wielka",
      "Brytania",
    ],
  },
};
