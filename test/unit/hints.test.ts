/** What the hints find in each language, and what they leave alone: "in March" is vague and welcome. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findHints, languageRules } from "../../data/policy/hints/find.ts";
import type { HintKind } from "../../data/policy/hints/rules.ts";

const languages = ["en", "es", "fr", "de", "it", "pt", "nl", "pl", "uk", "ar", "he", "hi", "zh", "ja", "ko"];

const kindsIn = (text: string, language: string): string[] =>
  findHints(text, language).map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)}`);

type Found = Partial<Record<HintKind, readonly string[]>>;

/** Sentences that must give a hint of that kind. */
const told: Record<string, Found> = {
  en: {
    time: [
      "It began at 14:32.",
      "He left at half past two.",
      "We met at 2 pm.",
      "At a quarter to nine it stopped.",
      "At 9 o'clock sharp.",
    ],
    date: [
      "On 3 March we met.",
      "On March 3rd it broke.",
      "on the 12th of June",
      "It was 2025-03-04.",
      "It was 03/04/2025.",
      "We met on the 14th.",
    ],
    name: [
      "I told Ms. Abernathy.",
      "Then Dr Okafor signed.",
      "It was signed by Maria Gonzalez yesterday.",
      "I asked Jean-Luc Picard about it.",
    ],
    only: [
      "I was the only one who saw it.",
      "Only I knew the code.",
      "Nobody else was there.",
      "no one but me had access",
      "I'm the only woman on the shift.",
    ],
    number: ["My employee number is 48213.", "Look at badge no. 4711.", "Case EMP-00421 shows it."],
  },
  es: {
    time: ["Fue a las 14:32.", "Llegó a las dos y media.", "Fue a las 3 de la tarde."],
    date: ["El 3 de marzo nos vimos.", "El primero de mayo."],
    name: ["Se lo dije a la Sra. Pérez.", "El señor Martínez firmó.", "Lo firmó ayer María González y nadie más."],
    only: ["Yo era la única que lo vio.", "Solo yo sabía la clave.", "nadie más lo sabía"],
    number: ["Mi número de empleado es 48213."],
  },
  fr: {
    time: ["C'était à 14h32.", "À trois heures et demie.", "vers 9 heures précises"],
    date: ["Le 3 mars, il a signé.", "le 1er mai"],
    name: [
      "J'ai parlé à Mme Lefèvre.",
      "M. Dupont a signé.",
      "Monsieur Martin le savait.",
      "C'est signé par Claire Fontaine hier.",
    ],
    only: ["J'étais la seule à le voir.", "Il n'y avait que moi.", "Personne d'autre que moi ne savait."],
    number: ["Mon matricule est 48213."],
  },
  de: {
    time: [
      "Um 14:32 fiel es aus.",
      "Um 14 Uhr war Schluss.",
      "Um halb drei ging er.",
      "Um zwei Uhr war es still.",
      "zehn nach drei",
    ],
    date: ["Am 3. März kam er.", "am 3.3. war Schluss", "Am 12.04.2025 war das."],
    name: ["Herr Müller war da.", "Ich habe Frau Schmidt-Lange gefragt.", "Dr. Weber hat unterschrieben."],
    only: [
      "Ich war der Einzige, der das sah.",
      "Nur ich wusste das.",
      "Niemand außer mir war dort.",
      "Außer mir wusste es keiner.",
    ],
    number: ["Meine Personalnummer ist 48213."],
  },
  it: {
    time: ["È successo alle 14:32.", "Alle tre e mezza è uscito.", "alle ore 9"],
    date: ["Il 3 marzo ci siamo visti.", "il primo maggio"],
    name: [
      "Ho parlato con il signor Rossi.",
      "La dott.ssa Bianchi lo sa. Anche la Dott.ssa Bianchi.",
      "Lo ha firmato ieri Maria Ferrari in ufficio.",
    ],
    only: ["Ero l'unica a saperlo.", "Solo io sapevo la password.", "Nessuno tranne me era lì."],
    number: ["La mia matricola è 48213. Matricola 48213."],
  },
  pt: {
    time: ["Foi às 14:32.", "Às duas e meia ele saiu.", "às 15h30"],
    date: ["No dia 3 de março assinou.", "primeiro de maio"],
    name: ["Falei com o Sr. Almeida.", "A senhora Costa assinou.", "Foi assinado ontem por Maria Ferreira mesmo."],
    only: ["Eu era a única que viu.", "Só eu sabia a senha.", "Ninguém além de mim estava lá."],
    number: ["O meu número de funcionário é 48213."],
  },
  nl: {
    time: ["Het was om 14:32.", "Om half drie ging hij weg.", "om twee uur", "Om kwart over negen."],
    date: ["Op 3 maart kwam hij."],
    name: [
      "Ik sprak met mevrouw De Vries.",
      "Dhr. Jansen heeft getekend.",
      "Het is gisteren door Pieter Bakker getekend.",
    ],
    only: ["Ik was de enige die het zag.", "Alleen ik wist het.", "Niemand behalve ik was daar."],
    number: ["Mijn personeelsnummer is 48213."],
  },
  pl: {
    time: ["To było o 14:32.", "O wpół do trzeciej wyszedł.", "o godzinie 9"],
    date: ["Dnia 3 marca podpisał."],
    name: ["Powiedziałam panu Kowalskiemu.", "Pani Nowak podpisała.", "podpisała to wczoraj Anna Wiśniewska osobiście"],
    only: ["Byłam jedyną osobą na zmianie.", "Tylko ja wiedziałem o tym.", "Nikt poza mną tam nie był."],
    number: ["Mój numer pracownika to 48213."],
  },
  uk: {
    time: ["Це було о 14:32.", "О пів на третю він пішов.", "о дев’ятій ранку"],
    date: ["Це сталося 3 березня."],
    name: [
      "Я сказав пану Шевченку.",
      "Пані Коваль підписала.",
      "Це підписав учора Тарас Бондаренко особисто.",
      "Про це знав Іван Петрович.",
    ],
    only: ["Я був єдиним, хто це бачив.", "Тільки я знала пароль.", "Ніхто, крім мене, не був там."],
    number: ["Мій табельний номер 48213."],
  },
  ar: {
    time: ["حدث ذلك الساعة 14:32.", "وصل في الساعة الثالثة والنصف."],
    date: ["في 3 مارس وقّع العقد.", "يوم ٣ آذار"],
    name: ["قلت للسيد العمري.", "وقّعت السيدة هدى."],
    only: ["كنت الوحيد الذي رأى ذلك.", "لا أحد غيري يعرف.", "كنت وحدي هناك."],
    number: ["رقم الموظف 48213"],
  },
  he: {
    time: ["זה קרה בשעה 14:32.", "הוא יצא בשעה שלוש וחצי."],
    date: ["ב-3 במרץ הוא חתם."],
    name: ["אמרתי למר כהן.", "גב׳ לוי חתמה.", 'ד"ר מזרחי ידע'],
    only: ["הייתי היחידה שראתה.", "רק אני ידעתי.", "אף אחד חוץ ממני לא היה שם."],
    number: ["מספר העובד שלי: מספר עובד 48213"],
  },
  hi: {
    time: ["यह 14:32 पर हुआ।", "वह साढ़े तीन बजे गया।"],
    date: ["3 मार्च को उसने हस्ताक्षर किए।"],
    name: ["मैंने श्री वर्मा को बताया।", "डॉ. गुप्ता ने देखा।"],
    only: ["मैं अकेला था जिसने देखा।", "सिर्फ मुझे पता था।", "मेरे अलावा कोई नहीं था।"],
    number: ["मेरी कर्मचारी संख्या 48213"],
  },
  zh: {
    time: ["下午两点他离开了。", "那是14:32。", "三点半开会"],
    date: ["3月5日他签了字。", "三月五号"],
    name: ["我告诉了王先生。", "李经理签了字。", "张晓女士知道"],
    only: ["只有我知道这件事。", "除了我没有人在场。", "我是唯一看到的人"],
    number: ["我的工号是48213"],
  },
  ja: {
    time: ["午後3時に出ました。", "14時32分に止まった。"],
    date: ["3月5日に署名した。"],
    name: ["田中さんに言いました。", "佐藤様が署名した。", "山本氏も知っている。", "ジョンソンさんが来た。"],
    only: ["私だけが見ました。", "私しか知りません。", "私以外に誰もいなかった。"],
    number: ["社員番号48213"],
  },
  ko: {
    time: ["오후 3시 30분에 나갔다.", "14시 32분에 멈췄다.", "두 시 반에 만났다"],
    date: ["3월 5일에 서명했다."],
    name: ["김철수 씨에게 말했다.", "박영희님이 서명했다.", "이민수 부장 앞에서"],
    only: ["나만 그것을 보았다.", "저밖에 몰랐습니다.", "나 혼자 있었다"],
    number: ["사번 48213"],
  },
};

/** Sentences that must give no hint at all. */
const quiet: Record<string, readonly string[]> = {
  en: [
    "In March 2024 the guard was taken off.",
    "It was in the spring, in the afternoon, more than once.",
    "The Research Director and the Health and Safety team knew.",
    "It may 5 times in a row fail, and it cost 1,000,000 dollars.",
    "The model scored 92.4 on version 1.2.10 and used 10 000 000 tokens in 2019 2020 2021.",
    "The only one that worked was press four. Everyone in the United States knows.",
    "We follow ISO 27001, SB 53, GPT-4 and RFC 2119. I miss the old shift.",
    "It says “do not open”.",
    "I am fine. Nobody was hurt. The manager told the Attorney General.",
    "See https://example.org/about for the policy. The 12th floor is closed, on the 12th floor too.",
  ],
  es: [
    "En marzo de 2024 quitaron la protección.",
    "Se lo dieron a las dos mujeres de la Unión Europea.",
    "La única que funcionaba era la prensa cuatro.",
    "A las 14 personas les dijeron que no.",
  ],
  fr: [
    "En mars 2024, la protection a été retirée.",
    "C'est à 3 heures de route.",
    "La seule qui marchait était la presse quatre.",
    "Le directeur du Ministère le savait.",
  ],
  de: [
    "Im März 2024 wurde der Schutz entfernt.",
    "Der Leiter der Abteilung Forschung und Entwicklung wusste es.",
    "Der Umsatz stieg um 10 Prozent.",
    "Ich war außer mir vor Wut.",
    "Es gab eine Frau Angst hatte niemand.",
    "Die Einzige, die lief, war Presse vier.",
  ],
  it: [
    "A marzo 2024 hanno tolto la protezione.",
    "L'unica che funzionava era la pressa quattro.",
    "Lo sapeva tutta la Direzione Generale.",
  ],
  pt: [
    "Em março de 2024 tiraram a proteção.",
    "A única que funcionava era a prensa quatro.",
    "As 14 pessoas sabiam da Direção Geral.",
  ],
  nl: [
    "In maart 2024 is de bescherming weggehaald.",
    "De enige die werkte was pers vier.",
    "Na 3 uur werk was het klaar.",
    "Hij kwam uit de Verenigde Staten.",
  ],
  pl: [
    "W marcu 2024 roku zdjęto osłonę.",
    "Jedyna działająca prasa to czwarta.",
    "Pani Dyrektor wiedziała o pierwszej wersji.",
    "Był z Unii Europejskiej.",
  ],
  uk: ["У березні 2024 року зняли захист.", "Єдина справна машина була четверта.", "Він працював у Верховній Раді."],
  ar: ["في مارس 2024 أزالوا الحماية.", "الآلة الوحيدة التي تعمل هي الرابعة.", "قال السيد المدير ذلك بعد ساعات."],
  he: ["במרץ 2024 הורידו את המגן.", "המכונה היחידה שעבדה הייתה הרביעית.", "היה לזה טעם מר מאוד."],
  hi: ["मार्च 2024 में सुरक्षा हटा दी गई।", "केवल चौथी मशीन काम करती थी।", "डॉक्टर ने कहा।"],
  zh: [
    "2024年三月他们拆掉了防护。",
    "我有一点担心，有三点建议。",
    "对方经理和基金经理都知道，任何老师也知道。",
    "只有我们公司这样做。",
  ],
  ja: [
    "2024年3月に安全装置が外された。",
    "24時間動いていました。",
    "お客様と皆さん、店員さんも知っている。仕様と同様です。",
    "私だけでなく全員が見た。",
  ],
  ko: [
    "2024년 3월에 보호 장치를 떼어냈다.",
    "세 시간 동안 3시간을 기다렸다.",
    "고객님과 선생님, 이사장님도 날씨를 안다.",
    "유일하게 작동한 기계는 네 번째였다.",
  ],
};

test("every language of the pages has rules, positives and negatives", () => {
  assert.deepEqual([...languageRules.keys()].sort(), [...languages].sort());
  assert.deepEqual(Object.keys(told).sort(), [...languages].sort());
  assert.deepEqual(Object.keys(quiet).sort(), [...languages].sort());
});

for (const [language, kinds] of Object.entries(told))
  for (const [kind, sentences] of Object.entries(kinds))
    test(`${language}: ${kind}`, () => {
      for (const sentence of sentences)
        assert.ok(
          findHints(sentence, language).some((hint) => hint.kind === kind),
          `${sentence} → ${kindsIn(sentence, language).join(", ")}`,
        );
    });

for (const [language, sentences] of Object.entries(quiet))
  test(`${language}: nothing about what is vague`, () => {
    for (const sentence of sentences) assert.deepEqual(kindsIn(sentence, language), [], sentence);
  });

test("what has no language is found in every one, and in those without rules", () => {
  for (const language of [...languages, "fi"]) {
    for (const [kind, text] of [
      ["email", "x anna.k@press.example.org y"],
      ["phone", "x +49 170 1234567 y"],
      ["phone", "x (030) 901820-44 y"],
      ["link", "x https://docs.example.org/d/1aB2cD3eF4gH5iJ6kL7/edit y"],
      ["link", "x https://example.org/p?user=17 y"],
      ["link", "x 10.20.30.41 y"],
      ["link", "x 2001:db8:0:1:1:1:1:1 y"],
      ["number", "x E0048213 y"],
      ["date", "x 2025-03-04 y"],
      ["time", "x 14:32 y"],
    ] as const)
      assert.deepEqual(
        findHints(text, language).map((hint) => hint.kind),
        [kind],
        `${language}: ${text}: ${kindsIn(text, language).join()}`,
      );
  }
});

test("a language without rules says nothing of its own", () => {
  assert.deepEqual(
    kindsIn("Olin ainoa, joka näki sen. Herra Virtanen oli siellä 3. maaliskuuta kello kaksi.", "fi"),
    [],
  );
});

test("people write in other languages than the page's", () => {
  assert.ok(
    kindsIn("Ich war die Einzige, die das gesehen hat, und nicht mit der Presse.", "en").some((each) =>
      each.startsWith("only"),
    ),
  );
  assert.ok(kindsIn("Я був єдиним, хто це бачив.", "en").some((each) => each.startsWith("only")));
});

test("a quotation of more than a few words", () => {
  assert.ok(kindsIn("She said “we will take the guard off tonight”.", "en").some((each) => each.startsWith("quote")));
  assert.deepEqual(kindsIn("The “guard” was off.", "en"), []);
});

/** A second for what takes 50 ms: not a matter of the machine, only of growth. */
function isQuick(text: string, language: string): void {
  const begun = performance.now();
  findHints(text, language);
  const took = performance.now() - begun;
  assert.ok(took < 1_000, `${JSON.stringify(text.slice(0, 24))} (${language}): ${took.toFixed(0)} ms`);
}

/** `unit` over and over, as long as an answer may be. */
const long = (unit: string, before = "", after = ""): string =>
  before + unit.repeat(Math.ceil(100_000 / unit.length)) + after;

test("hexadecimal digits behind colons take no longer for each that is added", () => {
  for (const digits of [16, 32, 100_000]) isQuick(`log 12:34:ab:${"a".repeat(digits)}z`, "en");
});

for (const [what, text, language] of [
  ["plain words", long("On the line the guard was taken off and nobody said a word about it, again. "), "en"],
  ["digits", long("1 "), "en"],
  ["digits in brackets", long("(1)"), "en"],
  ["digits with full stops", long("1."), "en"],
  ["letters with full stops and an at sign", long("a.", "", "@"), "en"],
  ["at signs", long("a@"), "en"],
  ["brackets", long("("), "en"],
  ["capitalised words", long("Aa "), "en"],
  ["capitalised words with marks between", long("Aa\u0301"), "en"],
  ["Cyrillic ones", long("\u0406\u0456\u0301"), "uk"],
  ["one capitalised word", long("a", "Aa", "1"), "en"],
  ["colons", long(":1"), "en"],
  ["groups of an address", long("12ab:", "", "z"), "en"],
  ["quotation marks", long('"x '), "en"],
  ["quotations", long('"a b c d e f"'), "en"],
  ["question marks in a link", long("?", "https://example.org/"), "en"],
  ["slashes in a link", long("//a", "https://example.org"), "en"],
  ["spaces behind an optional word", long(" ", "my employee"), "en"],
  ["a name that goes on and on", long(" de", "Mr Aa"), "en"],
  ["names", long("Mr Aa "), "en"],
  ["times", long("14:32 "), "en"],
  ["Japanese times", long("1\u6642"), "ja"],
  ["letters", long("a"), "en"],
] as const)
  test(`100,000 characters are searched at once: ${what}`, () => isQuick(text, language));

test("no sentence with a hint takes long when it is repeated or pulled apart", () => {
  for (const [language, kinds] of Object.entries(told))
    for (const sentence of Object.values(kinds).flat()) {
      isQuick(`${sentence} `.repeat(400), language);
      isQuick(sentence.replaceAll(" ", " ".repeat(8_000)), language);
    }
});

test("more hints than a function takes arguments", () => {
  assert.equal(findHints("14:32 ".repeat(200_000), "en").length, 200_000);
});
