/** What somebody typed on the notice's screen and did not keep. */

/** Fields whose words are of something new: used up once it is kept. */
export const newFields = {
  person: ["person-name", "person-since", "person-remote"],
  place: ["place-name", "place-since", "place-by"],
} as const;

/** Whether a person or a place was typed that nobody kept yet. */
export const hasNoticeWords = (typed: Readonly<Record<string, string>>): boolean =>
  Object.values(newFields)
    .flat()
    .some((id) => (typed[id] ?? "").trim() !== "");
