/** The processing record: every setting is in it and moves it, every letter of the law has its heading, blanks are marked. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { suite, test } from "node:test";
import type { RosterContent } from "../../crypto/roster.ts";
import { builtInPresentation, type Presentation } from "../../data/policy/presentation.ts";
import { readConfig } from "../../server/config.ts";
import { translator } from "../../server/http/i18n.ts";
import { processingDocument } from "../../server/processing/content.ts";
import { runsOf, textOfRuns, type ProcessingDocument, type Run } from "../../data/policy/processing-document.ts";
import { factsOf, hostingOf, type Hosting, type Sources } from "../../server/processing/facts.ts";
import { wordFile } from "../../server/processing/word.ts";
import { makeOrganisation } from "../support/fixtures.ts";
import { readZip } from "../support/read-zip.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const presentation = builtInPresentation(["en"], sha256);
const roster = makeOrganisation("Fixture & Sons").contents[1]!;
const hosting = hostingOf(readConfig({ REPORTER_ONION: `http://${"a".repeat(56)}.onion` }).config, true, ["email"]);
const base: Sources = { roster, presentation, hosting, noticeList: false, names: false };

function made(change: Partial<Sources> = {}): ProcessingDocument {
  return processingDocument(factsOf({ ...base, ...change }), "en", translator("en"));
}

function runsIn(document: ProcessingDocument, id?: string): Run[][] {
  const sections = document.parts
    .flatMap(({ sections: each }) => each)
    .filter((each) => id === undefined || each.id === id);
  const blocks = sections.flatMap((each) => each.blocks);
  const inBlocks = blocks.flatMap((block) =>
    block.is === "heading"
      ? [[{ text: block.text, blank: false }]]
      : block.is === "text"
        ? [block.runs]
        : block.is === "list"
          ? block.items
          : block.rows.flat(),
  );
  return id === undefined ? [...document.preface, ...inBlocks] : inBlocks;
}

const textOf = (document: ProcessingDocument, id: string): string => runsIn(document, id).map(textOfRuns).join("\n");

const withHosting = (change: Partial<Hosting>): Partial<Sources> => ({ hosting: { ...hosting, ...change } });
const withRoster = (change: Partial<RosterContent>): Partial<Sources> => ({ roster: { ...roster, ...change } });
const withPresentation = (change: Partial<Presentation>): Partial<Sources> => ({
  presentation: { ...presentation, ...change },
});
const [channel] = roster.channels;
const general = presentation.questionnaires["general"]!.questionnaire;
const { rates } = hosting;

const hostingRows: Record<keyof Hosting, [change: Partial<Hosting>, section: string, words: string][]> = {
  reporterOrigin: [
    [{ reporterOrigin: "https://speak.example" }, "30-1-g", "https://speak.example"],
    [{ reporterOrigin: "https://speak.example" }, "35-7-a", "https://speak.example"],
  ],
  consoleOrigin: [
    [{ consoleOrigin: "https://desk.example" }, "30-1-g", "and https://desk.example are for this machine"],
  ],
  reporterOnion: [
    [{ reporterOnion: "http://b.onion" }, "30-1-e", "over Tor, at http://b.onion"],
    [{ reporterOnion: null }, "30-1-g", "No onion service is set up."],
    [{ reporterOnion: null }, "35-7-d", "There is no onion service."],
  ],
  tls: [
    [{ tls: "own" }, "30-1-g", "ended by the portal"],
    [{ tls: "proxy" }, "30-1-g", "ended by a proxy"],
    [{ tls: "proxy" }, "30-1-f", "Logs of the proxy"],
  ],
  keyApart: [
    [{ keyApart: false }, "30-1-g", "In a file beside the database."],
    [{ keyApart: false }, "35-7-d", "lies beside the database"],
  ],
  keyringBackupDays: [
    [{ keyringBackupDays: 17 }, "30-1-f", "kept for 17 days"],
    [{ keyringBackupDays: 1 }, "30-1-g", "Kept for 1 day."],
    [{ keyringBackupDays: 0 }, "30-1-f", "There are no backups of the vault keys"],
    [{ keyringBackupDays: 0 }, "35-7-d", "There is no backup of the vault keys"],
  ],
  feedTickSeconds: [[{ feedTickSeconds: 77 }, "30-1-g", "Every 77 seconds"]],
  feedItems: [[{ feedItems: 13 }, "30-1-g", "gets 13 entries"]],
  maxFileBytes: [[{ maxFileBytes: 5 * 1024 ** 2 }, "30-1-c", "up to 5 MB each"]],
  uploadBudgetBytes: [[{ uploadBudgetBytes: 7 * 1024 ** 3 }, "30-1-g", "together: 7 GB"]],
  minFreeBytes: [[{ minFreeBytes: 3 * 1024 ** 2 }, "30-1-g", "kept: 3 MB"]],
  assistedWaitSeconds: [[{ assistedWaitSeconds: 41 }, "30-1-g", "41 seconds"]],
  workCost: [
    [{ workCost: 4321 }, "30-1-g", "Up to 4321 tries"],
    [{ workCost: 0 }, "30-1-g", "None is asked."],
  ],
  rates: Object.keys(rates).map((name) => [{ rates: { ...rates, [name]: 987_654 } }, "30-1-g", "987654"]),
  quickExitUrl: [[{ quickExitUrl: "https://weather.example/" }, "30-1-g", "https://weather.example/"]],
  reminders: [
    [{ reminders: ["webhook"] }, "30-1-d", "by webhook"],
    [{ reminders: ["email", "webhook"] }, "30-1-d", "by email and webhook"],
    [{ reminders: [] }, "30-1-d", "No reminders leave the portal"],
  ],
};

const rows: [what: string, change: Partial<Sources>, section: string, words: string][] = [
  ...Object.entries(hostingRows).flatMap(([name, each]) =>
    each.map(([change, section, words]): [string, Partial<Sources>, string, string] => [
      name,
      withHosting(change),
      section,
      words,
    ]),
  ),
  ["organisation", withRoster({ organisation: "Oak AG" }), "30-1-a", "Oak AG"],
  ["organisation", withRoster({ organisation: "Oak AG" }), "35-7-a", "Oak AG"],
  ["expiry", withRoster({ expires: "2028-05-06" }), "35-7-d", "May 6, 2028"],
  ["trial", withRoster({ trial: false }), "35-7-d", ""],
  [
    "assisted mode",
    withRoster({ settings: { assisted: false } }),
    "30-1-g",
    "Not allowed. The server never sees text.",
  ],
  ["assisted mode", withRoster({ settings: { assisted: false } }), "35-7-c", "Assisted mode is off"],
  ["a channel's name", withRoster({ channels: [{ ...channel!, name: "Line 2" }] }), "30-1-b", "Line 2 (form: general)"],
  ["a channel's name", withRoster({ channels: [{ ...channel!, name: "Line 2" }] }), "30-1-d", `channel "Line 2"`],
  ["a channel's form", withRoster({ channels: [{ ...channel!, questionnaire: "sb53" }] }), "30-1-b", "(form: sb53)"],
  ["a channel's readers", withRoster({ channels: [{ ...channel!, readers: [1] }] }), "30-1-d", ": 1 × reviewer."],
  [
    "a channel's readers",
    withRoster({ channels: [{ ...channel!, readers: [1] }] }),
    "35-7-d",
    "fewer than two readers",
  ],
  ["names", { names: true }, "30-1-d", "Rosa Reviewer, Carl Counsel, and Nia New"],
  ["the notice list", { noticeList: true }, "30-1-c", "staff number"],
  ["the notice list", { noticeList: true }, "30-1-f", "People on the notice list"],
  ["languages", withPresentation({ languages: ["en", "fr"] }), "30-1-g", "English and French"],
  ["languages", withPresentation({ languages: ["en", "fr"] }), "35-7-a", "English and French"],
  ["hidden data", withPresentation({ metadata: "keep" }), "30-1-c", "kept unless the reporter takes it out"],
  ["hidden data", withPresentation({ metadata: "keep" }), "35-7-c", "kept unless the reporter takes it out"],
  ["hidden data", withPresentation({ metadata: "keep" }), "35-7-d", "not always taken out"],
  [
    "a question",
    withPresentation({
      questionnaires: {
        ...presentation.questionnaires,
        general: {
          version: "0".repeat(64),
          questionnaire: {
            ...general,
            questions: [...general.questions, { id: "own", type: "date", labelKey: "Which shift?", required: true }],
          },
        },
      },
    }),
    "30-1-c",
    "Which shift?\nday\nyes",
  ],
  [
    "retention",
    withPresentation({
      retention: [
        ...presentation.retention,
        { id: "OWN", months: 19, basis: "House rule", citation: "§ 7", source: { asOf: "2026-01", read: true } },
      ],
    }),
    "30-1-f",
    "19 months after it was closed\nHouse rule (§ 7)",
  ],
  [
    "retention",
    withPresentation({ retention: presentation.retention.map((row) => ({ ...row, months: 19 })) }),
    "35-7-b",
    "between 19 and 19 months",
  ],
  ["duties", withPresentation({ duties: { profile: "employer" } }), "30-1-b", "Set-up as: Another employer"],
  ["duties", withPresentation({ duties: { jurisdictions: ["EU"] } }), "30-1-b", "Laws of: European Union."],
  ["duties", withPresentation({ duties: { off: ["CA_UPDATE"] } }), "30-1-b", "switched off: CA_UPDATE."],
];

suite("a setting that changes is seen where it belongs", () => {
  for (const [what, change, section, words] of rows.filter(([, , , each]) => each !== ""))
    test(`${what}: ${section} says "${words.replaceAll("\n", " ")}"`, () => {
      assert.ok(!textOf(made(), section).includes(words), "it was not there before");
      assert.ok(textOf(made(change), section).includes(words), textOf(made(change), section));
    });

  test("a real portal has no warning that it is a trial", () => {
    assert.match(textOf(made(), "35-7-d"), /The portal is a trial/);
    const real = made(withRoster({ trial: false }));
    assert.doesNotMatch(textOf(real, "35-7-d"), /is a trial/);
    assert.equal(real.preface.length, made().preface.length - 1);
  });

  test("the member list is named with its number and days", () => {
    const [from] = made(withRoster({ epoch: 41, issued: "2027-02-03", expires: "2028-05-06" })).preface;
    assert.match(textOfRuns(from!), /member list 41, signed on February 3, 2027, good until May 6, 2028/);
  });

  test("nobody is named unless names are asked for", () => {
    const whole = JSON.stringify(made());
    for (const { name } of roster.members) assert.ok(!whole.includes(name), name);
  });
});

test("every letter of Art. 30(1) and 35(7) has its heading, in order, and something under it", () => {
  const sections = made().parts.map(({ sections: each }) => each.map(({ id, law }) => `${id} ${law}`));
  assert.deepEqual(sections, [
    ["a", "b", "c", "d", "e", "f", "g"].map((letter) => `30-1-${letter} GDPR Art. 30(1)(${letter})`),
    ["a", "b", "c", "d"].map((letter) => `35-7-${letter} GDPR Art. 35(7)(${letter})`),
  ]);
  for (const each of made().parts.flatMap((part) => part.sections)) assert.ok(each.blocks.length > 0, each.id);
});

test("a blank says that it is one, and nothing else does", () => {
  const all = runsIn(made()).flat();
  assert.ok(all.filter(({ blank }) => blank).length > 30);
  for (const { text, blank } of all) {
    assert.equal(blank, /^\[to be filled in by the employer: [^[\]]+\]$/.test(text), text);
    assert.doesNotMatch(text, /\[\[|\]\]|\{\{/);
  }
});

test("no key stands where words should", () => {
  for (const { text } of runsIn(made(withPresentation({ languages: ["en", "fr"] }))).flat())
    assert.doesNotMatch(
      text,
      /\b[a-z]+(?:-[a-z]+)*\.(?:label|yes|no|unsure|other)\b|\b(?:categories|answers|processing):?\.[a-z]/,
      text,
    );
});

test("it says that it is unaudited and no legal advice", () => {
  assert.match(made().preface.map(textOfRuns).join(" "), /not legal advice\. No outside expert has checked/);
});

for (const [words, expected] of [
  ["none", ["none"]],
  ["before [[x]] after", ["before ", "<x>", " after"]],
  ["[[x]]", ["<x>"]],
  ["[[x]] and [[y]]", ["<x>", " and ", "<y>"]],
] as const)
  test(`"${words}" is split at its blanks`, () =>
    assert.deepEqual(
      runsOf(words, (what) => `<${what}>`).map(({ text }) => text),
      expected,
    ));

suite("the Word file", () => {
  test("is the same bytes for the same settings, and others for others", async () => {
    const [first, again, other] = await Promise.all([
      wordFile(made(), roster.issued),
      wordFile(made(), roster.issued),
      wordFile(made(withHosting({ feedItems: 3 })), roster.issued),
    ]);
    assert.deepEqual(first, again);
    assert.notDeepEqual(first, other);
  });

  test("holds every run of the document, as text", async () => {
    const organisation = `<Oak> & "Sons" \u0001\uD800`;
    const document = made(withRoster({ organisation }));
    const xml = readZip(Buffer.from(await wordFile(document, roster.issued))).get("word/document.xml")!;
    const said = [
      ...Buffer.from(xml)
        .toString()
        .matchAll(/<w:t [^>]*>([^<]*)<\/w:t>/g),
    ].map(([, text]) => text!);
    assert.ok(said.some((text) => text.includes("&lt;Oak&gt; &amp; &quot;Sons&quot; \uFFFD")));
    const entities: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&" };
    const shown = new Set(said.map((text) => text.replace(/&(?:lt|gt|quot|amp);/g, (each) => entities[each]!)));
    for (const { text } of runsIn(made()).flat()) assert.ok(shown.has(text) || text.includes("Fixture"), text);
  });
});
