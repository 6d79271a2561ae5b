import { day, exactly, latinName, words, type LanguageRules } from "./rules.ts";

const months = "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro";
const hours = "duas|três|quatro|cinco|seis|sete|oito|nove|dez|onze|doze";
const exact = "(?: e (?:meia|quinze|dez|vinte|um quarto)| em ponto| horas| da (?:tarde|manhã|noite|madrugada))";

export const pt: LanguageRules = {
  language: "pt",
  common: ["que", "não", "uma", "os", "para", "em", "do", "da", "foi", "estava", "com", "um", "ele", "mas", "na"],
  times: [
    words(
      String.raw`\d{1,2} ?h ?[0-5]\d`,
      `(?:às|as|pelas) \\d{1,2}(?:[:.]\\d{2}| ?h|${exact})`,
      `(?:às|pelas) (?:${hours})${exact}`,
      "à uma (?:e meia|da (?:tarde|manhã|madrugada)|em ponto|hora)",
      "meio-dia e (?:meia|quinze)",
    ),
  ],
  dates: [words(`(?:no )?(?:dia )?(?:${day}[º°]?|primeiro) de (?:${months})`)],
  names: [
    exactly(
      `(?:Sr|Sra|Srta|Dr|Dra|Eng|Exmo|Exma|Prof|Profa)\\.?ª? ${latinName}`,
      `(?:[Ss]enhor|[Ss]enhora|[Dd]ona|[Dd]outor|[Dd]outora) ${latinName}`,
    ),
  ],
  numbers: [
    words(
      String.raw`(?:matrícula|número d[eo] (?:funcionário|funcionária|crachá|colaborador|processo)|crachá)(?: é|:| n\.?º)? ?[a-z]{0,4}-?\d{3,}`,
      String.raw`cpf(?: é|:)? ?\d{3}\.?\d{3}\.?\d{3}-?\d{2}`,
    ),
  ],
  only: [
    words(
      "(?:eu )?(?:era|fui|sou) [oa] únic[oa](?: pessoa| que| a)?",
      "(?:só|somente|apenas) eu (?:sabia|sei|vi|tinha|tenho|estava|podia|conhecia|ouvi)",
      "ninguém mais (?:sabia|sabe|viu|estava|tinha|ouviu|podia)",
      "ninguém (?:além de mim|exceto eu|menos eu|a não ser eu|senão eu)",
      "(?:além de mim|exceto eu|tirando eu),? ninguém",
      "(?:éramos|estávamos) (?:só|apenas|somente) (?:dois|duas|três|nós dois)",
      "eu estava sozinh[oa]",
    ),
  ],
  capitals: {
    after: ["o", "a", "os", "as", "um", "uma", "do", "da", "no", "na", "ao", "à", "em", "de", "nosso", "nossa"],
    parts: [
      "São",
      "Santa",
      "Santo",
      "Rio",
      "Estados",
      "Unidos",
      "União",
      "Europeia",
      "Rua",
      "Avenida",
      "Universidade",
      "Ministério",
      "Direção",
      "Geral",
      "Recursos",
      "Humanos",
      "Banco",
      "Grupo",
      "Microsoft",
      "Google",
      "Excel",
      "Word",
      "Natal",
      "República",
      "Reino",
      "Unido",
      "Diretor",
      "Diretora",
    ],
  },
};
