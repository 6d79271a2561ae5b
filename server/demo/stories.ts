/**
 * The demo's cases: invented, and only alleged of an invented company. Here stands who does what;
 * the words are in views/locales/en/demo.json under `cases.<id>`.
 */
import type { Phase, ReplyDuty } from "../../crypto/content.ts";
import type { Disposition } from "../../crypto/dispositions.ts";
import type { Role } from "../../crypto/roster.ts";

/** In the order of their person ids, from 1. Their names and titles: `demo:people.<key>`. */
export const people = [
  { key: "reviewerOne", roles: ["reviewer", "operator"] },
  { key: "reviewerTwo", roles: ["reviewer"] },
  { key: "counsel", roles: ["counsel"] },
  { key: "director", roles: ["director"] },
  { key: "ombuds", roles: ["ombuds"] },
  { key: "recovery", roles: ["recovery"] },
] as const satisfies readonly { key: string; roles: Role[] }[];
export type PersonKey = (typeof people)[number]["key"];

/** Names: `demo:channels.<id>`. */
export const channels = [
  { id: "ai-safety", questionnaire: "sb53", readerRoles: ["reviewer", "counsel", "director", "ombuds"] },
  { id: "workplace", questionnaire: "general", readerRoles: ["reviewer", "counsel"] },
] as const satisfies readonly { id: string; questionnaire: string; readerRoles: Role[] }[];

/** What a file holds: words of the case, a table of made-up measurements, or a picture of a curve. */
export type StoryFile = { name: string } & ({ is: "text"; text: string } | { is: "table" } | { is: "picture" });

/** `text` names the words of the step within its case. */
export type Step =
  | { do: "message"; text: string; files?: readonly StoryFile[] }
  /** `daysAgo`: dated so many days before today; today without. */
  | {
      do: "reply";
      by: PersonKey;
      text: string;
      status: Phase | null;
      files?: readonly StoryFile[];
      duty?: ReplyDuty;
      daysAgo?: number;
    }
  | { do: "assess"; by: PersonKey; daysAgo: number }
  /** What the Business and Professions Code's tests came to: those named are met, the others not. */
  | { do: "triage"; by: PersonKey; text: string; met: readonly string[] }
  /** A draft for the state's office: `text` names its statement, `qualifies` why it is one. */
  | { do: "draft"; by: PersonKey; text: string; qualifies: string; deadlines: readonly string[] }
  | { do: "hold"; by: PersonKey; matter: string; text: string }
  /** Deleted so many days from today. */
  | { do: "retain"; by: PersonKey; text: string; days: number }
  | { do: "note"; by: PersonKey; text: string }
  | { do: "open"; by: PersonKey; text: string }
  | { do: "close"; by: PersonKey; text: string; disposition: Disposition }
  /** Marks the conversation so far as dealt with. */
  | { do: "read"; by: PersonKey };

export interface Story {
  id: string;
  /** Filed this many days before today. */
  daysAgo: number;
  channel: (typeof channels)[number]["id"];
  categories: readonly string[];
  /** Whom the reporter leaves out. */
  excluded?: readonly PersonKey[];
  urgent?: true;
  files?: readonly StoryFile[];
  steps: readonly Step[];
}

/** Oldest first: the server's day only moves forward. */
export const stories: readonly Story[] = [
  {
    id: "publication",
    daysAgo: 75,
    channel: "ai-safety",
    categories: ["publication"],
    steps: [
      { do: "open", by: "reviewerTwo", text: "why" },
      { do: "reply", by: "reviewerTwo", text: "hello", status: "open", duty: "acknowledgement" },
      { do: "note", by: "counsel", text: "note" },
      { do: "close", by: "counsel", text: "end", disposition: "substantiated" },
      { do: "reply", by: "counsel", text: "bye", status: "closed" },
      { do: "read", by: "counsel" },
    ],
  },
  {
    id: "expenses",
    daysAgo: 68,
    channel: "workplace",
    categories: ["fraud"],
    files: [{ name: "receipts.txt", is: "text", text: "file" }],
    steps: [
      { do: "open", by: "reviewerOne", text: "why" },
      { do: "note", by: "reviewerOne", text: "note" },
      { do: "close", by: "reviewerOne", text: "end", disposition: "not-substantiated" },
      { do: "reply", by: "reviewerOne", text: "bye", status: "closed" },
      { do: "read", by: "reviewerOne" },
    ],
  },
  {
    id: "statement",
    daysAgo: 59,
    channel: "ai-safety",
    categories: ["statement"],
    files: [{ name: "draft-and-final.txt", is: "text", text: "file" }],
    steps: [
      { do: "open", by: "reviewerOne", text: "why" },
      { do: "reply", by: "reviewerOne", text: "hello", status: "open", duty: "acknowledgement" },
      { do: "note", by: "reviewerTwo", text: "note" },
      { do: "close", by: "counsel", text: "end", disposition: "partly-substantiated" },
      { do: "reply", by: "counsel", text: "bye", status: "closed" },
      { do: "read", by: "counsel" },
    ],
  },
  {
    id: "gag",
    daysAgo: 52,
    channel: "ai-safety",
    categories: ["gag"],
    files: [{ name: "clause-14.txt", is: "text", text: "file" }],
    steps: [
      { do: "open", by: "counsel", text: "why" },
      { do: "reply", by: "counsel", text: "hello", status: "open", duty: "acknowledgement" },
      { do: "close", by: "counsel", text: "end", disposition: "substantiated" },
      { do: "reply", by: "counsel", text: "bye", status: "closed" },
      { do: "message", text: "again" },
      { do: "open", by: "counsel", text: "reopened" },
      { do: "reply", by: "counsel", text: "update", status: "open", duty: "update" },
      { do: "read", by: "counsel" },
    ],
  },
  {
    id: "canteen",
    daysAgo: 44,
    channel: "workplace",
    categories: ["other"],
    steps: [
      { do: "close", by: "reviewerTwo", text: "end", disposition: "outside-scope" },
      { do: "reply", by: "reviewerTwo", text: "bye", status: "closed" },
      { do: "retain", by: "reviewerTwo", text: "keep", days: 60 },
      { do: "read", by: "reviewerTwo" },
    ],
  },
  {
    id: "framework",
    daysAgo: 37,
    channel: "ai-safety",
    categories: ["framework", "statement"],
    excluded: ["director"],
    files: [{ name: "release-checklist.txt", is: "text", text: "file" }],
    steps: [
      { do: "open", by: "reviewerOne", text: "why" },
      { do: "reply", by: "reviewerOne", text: "hello", status: "open", duty: "acknowledgement" },
      { do: "message", text: "more" },
      { do: "note", by: "reviewerOne", text: "note" },
      { do: "note", by: "ombuds", text: "second" },
      { do: "hold", by: "counsel", matter: "matter", text: "hold" },
      { do: "reply", by: "ombuds", text: "update", status: "open", duty: "update" },
      { do: "read", by: "ombuds" },
    ],
  },
  {
    id: "retaliation",
    daysAgo: 30,
    channel: "ai-safety",
    categories: ["retaliation"],
    excluded: ["director", "reviewerOne"],
    steps: [
      { do: "open", by: "counsel", text: "why" },
      { do: "reply", by: "counsel", text: "hello", status: "open", duty: "acknowledgement" },
      { do: "note", by: "reviewerTwo", text: "note" },
      { do: "message", text: "more" },
    ],
  },
  {
    id: "deception",
    daysAgo: 23,
    channel: "ai-safety",
    categories: ["csi-4", "incident"],
    files: [
      { name: "monitor-gaps.csv", is: "table" },
      { name: "curve.png", is: "picture" },
    ],
    steps: [
      { do: "open", by: "reviewerOne", text: "why" },
      { do: "reply", by: "reviewerOne", text: "hello", status: "open", duty: "acknowledgement" },
      { do: "message", text: "more", files: [{ name: "how-to-repeat.txt", is: "text", text: "file" }] },
      { do: "note", by: "reviewerOne", text: "note" },
      { do: "note", by: "counsel", text: "second" },
      { do: "assess", by: "reviewerOne", daysAgo: 21 },
      { do: "triage", by: "counsel", text: "triage", met: ["bpc-4", "lc-4"] },
      { do: "draft", by: "counsel", text: "statement", qualifies: "qualifies", deadlines: ["CA_CSI"] },
      {
        do: "reply",
        by: "reviewerOne",
        text: "update",
        status: "open",
        duty: "update",
        files: [{ name: "what-we-look-at.txt", is: "text", text: "answer" }],
      },
      { do: "read", by: "reviewerOne" },
    ],
  },
  {
    id: "battery",
    daysAgo: 16,
    channel: "workplace",
    categories: ["safety", "environment"],
    files: [{ name: "battery-room.png", is: "picture" }],
    steps: [
      { do: "note", by: "reviewerTwo", text: "note" },
      { do: "close", by: "reviewerTwo", text: "end", disposition: "referred" },
      { do: "reply", by: "reviewerTwo", text: "bye", status: "closed" },
      { do: "read", by: "reviewerTwo" },
    ],
  },
  {
    id: "weights",
    daysAgo: 9,
    channel: "ai-safety",
    categories: ["csi-1"],
    urgent: true,
    files: [{ name: "access-log.csv", is: "table" }],
    steps: [
      { do: "open", by: "reviewerTwo", text: "why" },
      { do: "reply", by: "reviewerTwo", text: "hello", status: "open", duty: "acknowledgement" },
      { do: "note", by: "counsel", text: "note" },
      { do: "read", by: "counsel" },
      { do: "message", text: "more" },
    ],
  },
  {
    id: "danger",
    daysAgo: 2,
    channel: "ai-safety",
    categories: ["danger", "framework"],
    excluded: ["director"],
    steps: [{ do: "reply", by: "ombuds", text: "hello", status: "received", duty: "acknowledgement" }],
  },
  {
    id: "control",
    daysAgo: 0,
    channel: "ai-safety",
    categories: ["csi-3", "incident"],
    urgent: true,
    steps: [],
  },
];

/** The case whose receipt code the demo prints. */
export const shownStory = "deception";
