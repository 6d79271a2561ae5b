import { within, type LanguageRules } from "./rules.ts";

const surnames =
  "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설길연위표명기반왕금옥육인맹제모탁국";
const hours = "(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉|열한|열두|열)";
const part = "(?:오전|오후|새벽|저녁|밤|아침|낮)";
const start = String.raw`(?<!\p{Script=Hangul})`;

export const ko: LanguageRules = {
  language: "ko",
  common: [],
  // 세 시간 is how long, not when.
  times: [
    within(
      String.raw`(?<!\d)\d{1,2}시(?!간|점|도|군|작|기|대|즌)(?: ?\d{1,2}분| ?반| ?정각)?`,
      `${part} ?${hours} ?시(?!간)(?: ?\\d{1,2}분| ?반| ?정각)?`,
      `${start}${hours} ?시(?!간)(?: ?\\d{1,2}분| ?반| ?정각)`,
    ),
  ],
  dates: [within(String.raw`\d{1,2}월 ?\d{1,2}일`)],
  names: [
    within(
      String.raw`${start}(?!마음|아가|아저)[${surnames}]\p{Script=Hangul}{1,2} ?씨(?!앗|름|줄|족)`,
      // 이사장님 and their like are offices, not names.
      String.raw`${start}[${surnames}]\p{Script=Hangul}(?![장사원생자인수])\p{Script=Hangul} ?님`,
      String.raw`${start}[${surnames}]\p{Script=Hangul}{2} (?:부장|과장|대리|차장|팀장|사원|선생님|교수|박사)`,
    ),
  ],
  numbers: [within(String.raw`(?:사번|사원 ?번호|직원 ?번호)(?:은|는|이|:)? ?[A-Za-z]{0,4}-?\d{3,}`)],
  only: [
    within(
      `${start}(?:나만|저만)(?!치|큼|의|한)`,
      `${start}(?:나|저) 혼자`,
      `${start}(?:나밖에|저밖에)`,
      `${start}(?:나뿐|저뿐)`,
      `${start}(?:제가|내가) 유일`,
      String.raw`유일(?:한|하게)[^.!?\n]{0,14}(?:저|나)(?:였|예|입|뿐|이었)`,
      `${start}(?:나|저) (?:말고|외에)(?:는|도)? `,
      "저를 제외하고",
      `${start}(?:아무도|다른 사람은) (?:몰랐|모르|보지 못|없었)`,
    ),
  ],
};
