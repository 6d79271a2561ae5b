import { day, exactly, latinName, words, type LanguageRules } from "./rules.ts";

const months = "enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre";
const hours = "una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce";
const exact = String.raw`(?: y (?:media|cuarto|cinco|diez|veinte|veinticinco)| menos (?:cuarto|cinco|diez|veinte|veinticinco)| en punto| de la (?:tarde|mañana|noche|madrugada))`;

export const es: LanguageRules = {
  language: "es",
  common: ["el", "la", "los", "las", "que", "una", "por", "con", "del", "se", "en", "estaba", "pero", "y", "no"],
  times: [
    words(
      `a las? (?:${hours})${exact}`,
      String.raw`a las? \d{1,2}(?:[:.h]\d{2}| ?(?:h|hs|hrs|horas|am|pm|a\. ?m|p\. ?m)|${exact})`,
      String.raw`\d{1,2} ?h ?[0-5]\d`,
    ),
  ],
  dates: [words(`(?:el )?(?:día )?(?:${day}[º°]?|primero) de (?:${months})`)],
  names: [
    exactly(
      `(?:Sr|Sra|Srta|Dr|Dra|Ing|Lic)\\.? ${latinName}`,
      `(?:[Ss]eñor|[Ss]eñora|[Ss]eñorita|[Dd]on|[Dd]oña|[Dd]octor|[Dd]octora) ${latinName}`,
    ),
  ],
  numbers: [
    words(
      String.raw`(?:número|n\.?º|nº|núm\.?) de (?:empleado|empleada|trabajador|nómina|expediente|legajo)(?: es|:)? ?[a-z]{0,4}-?\d{3,}`,
      String.raw`(?:dni|nie)(?: es|:)? ?[a-z]?\d{6,8}-?[a-z]?`,
    ),
  ],
  only: [
    words(
      "(?:yo )?(?:era|fui|soy|estaba) (?:el|la) únic[oa](?: persona| que)?",
      "s[oó]lo yo (?:lo |la )?(?:sabía|sé|vi|estaba|tenía|tengo|podía|conocía|había)",
      "(?:únicamente|solamente) yo",
      "nadie más (?:que yo|lo |la )?(?:sabía|sabe|vio|estaba|tenía|oyó|había|yo)",
      "nadie (?:más )?(?:excepto|salvo|menos) yo",
      "(?:aparte de mí|excepto yo|salvo yo|menos yo),? nadie",
      "(?:éramos|estábamos) (?:sólo|solo|solamente) (?:dos|tres|nosotros dos)",
      "(?:yo estaba|estaba yo) sol[oa]",
    ),
  ],
  capitals: {
    after: ["el", "la", "los", "las", "un", "una", "del", "al", "en", "nuestro", "nuestra", "su"],
    parts: [
      "San",
      "Santa",
      "Nueva",
      "Estados",
      "Unidos",
      "Ciudad",
      "Calle",
      "Avenida",
      "Universidad",
      "Ministerio",
      "Departamento",
      "Recursos",
      "Humanos",
      "Dirección",
      "General",
      "Unión",
      "Europea",
      "Banco",
      "Grupo",
      "Director",
      "Directora",
      "Microsoft",
      "Google",
      "Excel",
      "Word",
      "Navidad",
      "Seguridad",
      "Social",
    ],
  },
};
