import { day, exactly, latinName, words, type LanguageRules } from "./rules.ts";

const months = "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre";
const hours = "due|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici";
const exact =
  "(?: e (?:mezza|mezzo|un quarto|dieci|venti|trenta)| meno (?:un quarto|dieci|venti)| in punto| del (?:mattino|pomeriggio)| di (?:sera|notte|mattina))";

export const it: LanguageRules = {
  language: "it",
  common: ["il", "che", "di", "per", "non", "una", "è", "sono", "della", "gli", "nel", "era", "con", "del", "ho"],
  times: [
    words(
      String.raw`(?:alle|verso le|dalle)(?: ore)? \d{1,2}[:.,][0-5]\d`,
      String.raw`alle ore \d{1,2}`,
      `alle (?:${hours}|\\d{1,2})${exact}`,
      "all'una (?:e (?:mezza|un quarto)|in punto|di notte)",
    ),
  ],
  dates: [words(`(?:il |dal |del )?(?:${day}|1°|1º|primo) (?:${months})`, `l'(?:8|11|otto|undici) (?:${months})`)],
  names: [
    exactly(
      `(?:Sig|Sig\\.ra|Sig\\.na|Sigg|Dott|Dott\\.ssa|Dr|Ing|Avv|Prof|Prof\\.ssa|Geom|Rag)\\.? ${latinName}`,
      `(?:[Ss]ignor|[Ss]ignora|[Ss]ignorina|[Dd]ottor|[Dd]ottoressa|[Ii]ngegner|[Aa]vvocato) ${latinName}`,
    ),
  ],
  numbers: [
    words(String.raw`(?:matricola|numero di (?:matricola|badge|pratica)|badge)(?: è|:| n\.)? ?[a-z]{0,4}-?\d{3,}`),
  ],
  only: [
    words(
      "(?:io )?(?:ero|sono|fui) (?:l'unic[oa]|il solo|la sola)",
      "(?:io )?(?:ero|sono) (?:l'unica persona)",
      "(?:solo|soltanto|solamente) io (?:lo |la )?(?:sapevo|so|ho|avevo|ero|potevo|conoscevo)",
      "nessun altro (?:lo |la )?(?:sapeva|sa|ha|era|aveva|poteva|conosceva|c'era)",
      "nessuno (?:tranne|eccetto|oltre a|a parte|all'infuori di) me",
      "(?:tranne|eccetto|a parte|oltre a) me,? nessuno",
      "eravamo (?:solo|soltanto) in (?:due|tre)",
      "ero (?:lì )?da sol[oa]",
    ),
  ],
  capitals: {
    after: [
      "il",
      "lo",
      "la",
      "i",
      "gli",
      "le",
      "un",
      "una",
      "del",
      "della",
      "al",
      "alla",
      "nel",
      "nella",
      "a",
      "in",
      "di",
    ],
    parts: [
      "San",
      "Santa",
      "Stati",
      "Uniti",
      "Unione",
      "Europea",
      "Via",
      "Piazza",
      "Università",
      "Ministero",
      "Direzione",
      "Generale",
      "Risorse",
      "Umane",
      "Banca",
      "Gruppo",
      "Microsoft",
      "Google",
      "Excel",
      "Word",
      "Natale",
      "Repubblica",
      "Regno",
      "Unito",
    ],
  },
};
