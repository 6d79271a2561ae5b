import { day, exactly, latinName, words, type LanguageRules } from "./rules.ts";

const months =
  "janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre";
const hours = "une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze";
const journey = "(?! de (?:route|vol|marche|train|trajet|voiture|travail))";

export const fr: LanguageRules = {
  language: "fr",
  common: ["le", "les", "des", "est", "que", "dans", "une", "et", "était", "pas", "nous", "il", "pour", "du", "qui"],
  times: [
    words(
      String.raw`\d{1,2} ?h ?[0-5]\d`,
      `(?:à|vers) \\d{1,2} ?h(?:eures?)?(?: et (?:demie|quart)| moins le quart| pile| précises)?${journey}`,
      `à (?:${hours}) heures?(?: et (?:demie|quart)| moins le quart| pile| précises)?${journey}`,
      "à midi (?:pile|et quart|et demie?|moins le quart)",
    ),
  ],
  dates: [words(`(?:le )?(?:${day}|1er|premier) (?:${months})`)],
  names: [
    exactly(
      `(?:M\\.|MM\\.|Mme|Mlle|Mmes|Dr|Pr|Me) ${latinName}`,
      `(?:[Mm]onsieur|[Mm]adame|[Mm]ademoiselle|[Mm]aître|[Dd]octeur) ${latinName}`,
    ),
  ],
  numbers: [
    words(
      String.raw`(?:matricule|numéro de (?:badge|salarié|salariée|dossier|employé)|badge)(?: est|:| n°)? ?(?:le )?[a-z]{0,4}-?\d{3,}`,
    ),
  ],
  only: [
    words(
      "j'étais (?:le seul|la seule)",
      "je suis (?:le seul|la seule)",
      "je (?:suis|étais) seule? à",
      "j'étais (?:tout seul|toute seule|seul|seule)",
      "(?:moi seule?|seule? moi|moi seul) (?:savais|sais|pouvais|ai|avais)",
      "il n'y (?:a|avait) que moi",
      "personne d'autre (?:que moi|ne|n')",
      "personne (?:à part|sauf|hormis) moi",
      "(?:à part|sauf|hormis) moi,? personne",
      "nous n'étions que (?:deux|trois)",
    ),
    // "n'" is joined to what follows.
    /(?<!\p{L})personne d['’]autre n['’](?=\p{L})/giu,
  ],
  capitals: {
    after: ["le", "la", "les", "un", "une", "du", "des", "au", "aux", "de", "en", "à", "notre", "leur"],
    parts: [
      "Saint",
      "Sainte",
      "Paris",
      "Lyon",
      "France",
      "États",
      "Unis",
      "Union",
      "Européenne",
      "Rue",
      "Avenue",
      "Université",
      "Ministère",
      "Direction",
      "Générale",
      "Général",
      "Ressources",
      "Humaines",
      "Banque",
      "Groupe",
      "Microsoft",
      "Google",
      "Excel",
      "Word",
      "Noël",
      "République",
    ],
  },
};
