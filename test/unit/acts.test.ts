/** PROTOCOL.md §14: acts. Every kind comes back as it was sealed; whatever is odd about one is refused. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatContent, parseContent } from "../../crypto/content.ts";
import { utf8 } from "../../crypto/bytes.ts";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { openTeamStream } from "../../crypto/envelope/open-team.ts";
import { sealByMember } from "../../crypto/envelope/seal-member.ts";
import { formatEnvelopeWithSlots } from "../../crypto/envelope/wire.ts";
import { teamShapes, type ActContent } from "../../crypto/team-content.ts";
import { fileReport, makeTeamKey, placeAfter } from "../support/fixtures.ts";
import { author, chain, makeTeam, nia, opened, organisation } from "../support/writings.ts";

const conversation = { seq: 0, hash: "00".repeat(32) };
const filing = {
  act: "filing",
  id: "0011223344556677",
  deadlines: ["CA_CSI"],
  recipient: "Cal OES",
  date: "some day",
  qualifies: "why",
  statement: "what",
  internalUse: "unsure",
  amends: null,
  filed: null,
  files: [],
  conversation,
} as const;

const id = "0011223344556677";
const redaction = {
  act: "redact",
  id,
  stream: 0,
  seq: 2,
  part: "text",
  span: { start: 0, end: 4 },
  bases: [],
  description: "",
  on: true,
  dated: "2026-11-30",
  reason: "r",
  conversation,
} satisfies ActContent;
const exported = {
  id,
  dated: "2026-11-30",
  extent: { conversation: 3, team: 2 },
  choices: {
    conversation: true,
    notes: false,
    attachments: true,
    log: true,
    originalNames: false,
    prefix: "TH",
    first: 1,
    language: "en",
    designation: "",
    paper: "letter",
  },
  digest: "ab".repeat(32),
} as const;

const acts: ActContent[] = [
  { act: "status", phase: "open", disposition: null, reason: "r", conversation },
  { act: "status", phase: "closed", disposition: "referred", reason: "r", on: "2026-11-30", conversation },
  { act: "assess", on: "2026-11-30", conversation },
  { act: "clock", deadline: "CA_CSI", from: "2026-11-30", reason: "r", conversation },
  { act: "clock", deadline: "CA_CSI_24", from: "2026-11-30T23:59:59Z", reason: "r", conversation },
  { act: "done", deadline: "CA_BOARD", on: "2026-12-31", how: "done", reason: "r", conversation },
  {
    act: "triage",
    on: "2026-11-30",
    tests: { "bpc-1": "met", "lc-1": "unsure" },
    imminent: "no",
    reason: "",
    conversation,
  },
  { ...filing, deadlines: [...filing.deadlines], files: [] },
  {
    ...filing,
    deadlines: [],
    files: [],
    amends: "ffeeddccbbaa9988",
    filed: { on: "2026-11-30T10:00:00Z", reference: "7" },
  },
  { act: "posted", duty: "update", on: "2026-11-30", reply: 3, changed: false, reason: "r", conversation },
  { act: "retain", deleteOn: "2027-11-30", reason: "r", conversation },
  { act: "retain", deleteOn: null, reason: "r", conversation },
  { act: "hold", on: true, reason: "r", conversation },
  { act: "hold", on: true, id, matter: "m", scope: "s", dated: "2026-11-30", reason: "r", conversation },
  redaction,
  { ...redaction, stream: 1, part: "file:3", span: null, bases: ["AC", "WP"], on: false },
  { act: "askExport", ...exported, to: 2, checkpoint: "", reason: "", conversation },
  { act: "answerExport", id, dated: "2026-11-30", approves: true, signature: "s", reason: "", conversation },
  { act: "exported", ...exported, approvedBy: null, sealed: true, conversation },
];

describe("acts", () => {
  const report = fileReport(organisation);

  for (const content of acts)
    test(`${JSON.stringify(content).slice(0, 60)} is opened as it was sealed, with its author`, () => {
      const teamKey = makeTeamKey();
      const team = makeTeam(report);
      const of = { place: placeAfter(report, team), key: teamKey, envId: generateEnvId(), author: author(nia) };
      const act = sealByMember({ kind: "act", ...of, readers: [], object: null, content });
      const { report: entry } = opened(report);
      const raw = [team, act].map(formatEnvelopeWithSlots);
      const { entries } = openTeamStream(raw, chain, report.mailbox.caseId, teamKey, entry);
      const last = entries.at(-1);
      assert.deepEqual(last?.content, content);
      assert.equal(last.author, nia.id);
    });

  const base = acts.find(({ act }) => act === "clock")!;
  for (const [what, content] of [
    ["no such act", { ...base, act: "shred" }],
    ["a field that nobody knows", { ...base, note: "x" }],
    ["a field that is missing", { ...base, reason: undefined }],
    ["a day that does not exist", { ...base, from: "2026-02-30" }],
    ["an hour that does not exist", { ...base, from: "2026-11-30T24:00:00Z" }],
    ["a day that does not exist, with its hour", { ...base, from: "2026-02-30T10:00:00Z" }],
    ["an instant of another zone", { ...base, from: "2026-11-30T10:00:00+01:00" }],
    ["a finer instant", { ...base, from: "2026-11-30T10:00:00.5Z" }],
    ["no deadline", { ...base, deadline: "" }],
    ["an endless reason", { ...base, reason: "x".repeat(20_001) }],
    ["an outcome that nobody knows", { ...acts[1], disposition: "burned" }],
    [
      "a verdict that nobody knows",
      { act: "triage", on: "2026-11-30", tests: { "bpc-1": "maybe" }, imminent: "no", reason: "", conversation },
    ],
    ["a filing without its number", { ...filing, id: "00" }],
    ["proof without a reference", { ...filing, filed: { on: "2026-11-30" } }],
    [
      "a duty that nobody knows",
      { act: "posted", duty: "tea", on: "2026-11-30", reply: 3, changed: true, reason: "", conversation },
    ],
    ["a redaction of nothing", { ...redaction, part: "" }],
    ["a redaction of what no entry has", { ...redaction, part: "subject" }],
    ["a redaction of a third stream", { ...redaction, stream: 2 }],
    ["grounds that nobody knows", { ...redaction, bases: ["XX"] }],
    ["an export without its choices", { act: "exported", ...exported, choices: {}, approvedBy: null, sealed: true }],
    ...["", "EN", "en/", "/elsewhere.example", "en\n", "javascript:x"].map((language) => [
      `an export in a language ${JSON.stringify(language)}, to which its reader would be led`,
      { ...acts.find(({ act }) => act === "askExport"), choices: { ...exported.choices, language } },
    ]),
    ["a hold that is neither", { act: "hold", on: "yes", reason: "", conversation }],
  ] as [string, object][])
    test(`${what} is refused, sealing and opening`, () => {
      assert.throws(() => formatContent(teamShapes.act, "act", content as ActContent), { code: "format" });
      assert.throws(() => parseContent(teamShapes.act, "act", utf8(JSON.stringify(content))), { code: "format" });
    });
});
