/** What is drawn from an opened case for counting and for finding. */
import type { CaseView } from "./case-view.ts";
import type { CaseFigures, CaseTexts } from "./digest-types.ts";

export function figuresOfView({ listing, work, duties, conversation, report }: CaseView): CaseFigures {
  const acknowledged = conversation.find(
    ({ kind, duty, status }) => kind === "reply" && (duty === "acknowledgement" || status !== null),
  );
  const answered = conversation.find(({ kind }) => kind === "reply");
  return {
    caseId: listing.caseId,
    receivedOn: listing.receivedOn,
    channel: report.channel,
    category: work.category,
    phase: listing.phase,
    disposition: listing.disposition,
    acknowledgedOn: (acknowledged ?? answered)?.day ?? null,
    closedOn: duties.closedOn,
    dueOn: listing.remindOn,
    severity: work.severity ?? "",
    spam: listing.disposition === "spam",
  };
}

/** `speak`: an answer's words as the reporter saw them. */
export function textsOfView(
  { listing, work, report, conversation, team }: CaseView,
  speak: (labelKey: string) => string,
): CaseTexts {
  const answers = report.review.flatMap(({ values }) =>
    values.map(({ text, labelKey }) => (labelKey === null ? text : speak(labelKey))),
  );
  const files = [report, ...conversation, ...team.entries].flatMap((each) => each.files.map(({ name }) => name));
  return {
    caseId: listing.caseId,
    name: listing.name,
    title: work.title,
    report: answers.join("\n"),
    messages: conversation.map(({ text }) => text).join("\n"),
    notes: [...team.entries.map(({ text }) => text), ...work.tasks.map(({ text }) => text)].join("\n"),
    tags: work.tags.join("\n"),
    files: files.join("\n"),
  };
}
