import { within, type LanguageRules } from "./rules.ts";

const digit = "[0-9０-９〇一二两兩三四五六七八九十]";
const part = "(?:上午|下午|早上|晚上|凌晨|中午|清晨|傍晚|夜里)";
const tail = `(?:${digit}{1,3}分?|半|一刻|三刻|整|钟|鐘)`;
const common =
  "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭肖蕭田董袁潘蒋蔣蔡余杜叶葉程苏蘇魏吕呂丁沈姚卢盧姜崔钟鍾谭譚陆陸汪范廖贾賈夏韦韋付邹鄒孟熊秦邱尹薛闫閻段雷侯龙龍陶黎贺賀顾顧郝龚龔邵";
/** Titles that other words end with too: only after the most frequent names. */
const few = "王李张張刘劉陈陳杨楊赵趙吴吳徐孙孫马馬朱胡郭林罗羅郑鄭梁谢謝宋";

export const zh: LanguageRules = {
  language: "zh",
  common: [],
  // Without a part of the day or minutes, 一点 is "a little" and 三点 "three points".
  times: [within(`${part}${digit}{1,3}[点點时時](?:${tail})?`, `${digit}{1,3}[点點时時]${tail}`)],
  dates: [within(`${digit}{1,2} ?月 ?${digit}{1,3} ?[日号號]`)],
  names: [
    within(
      String.raw`[${common}]\p{Script=Han}{0,2}?(?:先生|女士|小姐|太太)`,
      String.raw`[${few}](?:老师|老師|经理|經理|主任|总监|總監|教授|博士|医生|醫生|工程师|工程師)`,
      String.raw`(?<!\p{Script=Han})[小老阿][${few}](?=说|說|告诉|告訴|和我|跟我|让我|讓我|看到|知道)`,
    ),
  ],
  numbers: [within(String.raw`(?:工号|工號|员工编号|員工編號|身份证号?|身分證)(?:是|为|：|:)? ?[A-Za-z]{0,4}-?\d{3,}`)],
  only: [
    within(
      "只有我(?!们|們|国|國)",
      "只有我们?(?:两|俩|三|几)个?人?",
      "只有我們(?:兩|三|幾)個?人?",
      "我是唯一",
      String.raw`唯一[^。！？\n]{0,10}(?:是|就是)我(?!们|們)`,
      "除了我(?:之外|以外|自己)?[，,]?(?:就)?(?:没有|沒有|没人|沒人|谁也|誰也|别人|別人)",
      "就我一[个個]人?",
      "我一[个個]人(?:在场|在場|看到|看见|知道|在那)",
      "(?:没有|沒有)(?:别人|別人|其他人)(?:知道|在场|在場|看到|看见|看見)",
    ),
  ],
};
