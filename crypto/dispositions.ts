/** PROTOCOL.md §14: how a case can end: the closed list, in the order in which it is offered. */
export const dispositions = [
  "substantiated",
  "partly-substantiated",
  "not-substantiated",
  "not-enough-information",
  "outside-scope",
  "referred",
  "withdrawn",
  "spam",
] as const;
export type Disposition = (typeof dispositions)[number];
