/** What is said. No count, no case, no address, no name: the words hang on nothing but kind and trial. */
import { translator } from "../http/i18n.ts";

export const noticeKinds = ["digest", "urgent", "escalation"] as const;
export type NoticeKind = (typeof noticeKinds)[number];

export interface Notice {
  kind: NoticeKind;
  subject: string;
  /** Paragraphs with empty lines between. */
  text: string;
  /** What the mail's Date says. */
  date: Date;
}

const t = translator("en");

/** `trial`: it can never look like a real portal's. */
export function noticeOf(kind: NoticeKind, trial: boolean, date: Date): Notice {
  const subject = t(`notify:${kind}.subject`);
  const text = t(`notify:${kind}.text`);
  if (!trial) return { kind, subject, text, date };
  return { kind, subject: t("notify:trial.subject", { subject }), text: `${t("notify:trial.text")}\n\n${text}`, date };
}
