import { within, type LanguageRules } from "./rules.ts";

const digit = "[0-9０-９〇一二三四五六七八九十]";
const kanji = String.raw`[\p{Script=Han}々]`;
const notKanji = String.raw`(?<![\p{Script=Han}々])`;

export const ja: LanguageRules = {
  language: "ja",
  common: [],
  // 三時間 is how long, not when.
  times: [within(`(?:午前|午後)?${digit}{1,3}時(?!間|代|期|点|系|差)(?:${digit}{1,3}分|半|ちょうど)?`)],
  dates: [within(`${digit}{1,2}月${digit}{1,3}日`)],
  names: [
    within(
      // 皆さん, お客さん, 店員さん and their like are nobody in particular.
      `${notKanji}${kanji}{1,5}(?<![皆母父兄姉奥娘嬢客員者屋師手長方婆爺婦係])さん`,
      `${notKanji}${kanji}{2,5}(?<![仕同多模異各客皆一神王何有文紋左御])様(?![子々式相])`,
      `${notKanji}${kanji}{1,5}(?<![彼摂華同両各姓])氏(?![名族神])`,
      `${notKanji}${kanji}{2,4}(?:くん|ちゃん)`,
      String.raw`(?<![ァ-ヶー])[ァ-ヶー・]{2,14}(?:さん|様|氏)`,
    ),
  ],
  numbers: [within(String.raw`(?:社員番号|職員番号|従業員番号|社員ID)(?:は|：|:)? ?[A-Za-z]{0,4}-?[\d０-９]{3,}`)],
  only: [
    within(
      // 私だけでなく is "not only I".
      "(?:私|わたし|僕|ぼく|俺|自分)(?:だけ|のみ|一人|ひとり)(?!で(?:は|も)?な|じゃな|で?なく|ひとり)",
      "(?:私|わたし|僕|俺|自分)しか(?:知|い|居|見|聞|持|でき|でき)",
      "(?:私|わたし|僕|俺|自分)以外(?:に|は|の人|誰|、)",
      "他に(?:は)?誰も(?:知|い|居|見|聞)",
      String.raw`唯一[^。！？\n]{0,12}(?:私|僕|俺)(?:です|でし|だ|である)`,
    ),
  ],
};
