/** What operators set, over the API of a real server: who may, what is refused, what reporters then see. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { toBase64, toHex } from "../../crypto/bytes.ts";
import { rosterHashOf, signRoster, type RosterContent } from "../../crypto/roster.ts";
import { builtInTheme } from "../../data/policy/presentation/colours.ts";
import { ask, serveOrganisation, type Answer, type ServedOrganisation } from "../support/organisation-server.ts";

let served: ServedOrganisation;
let operator: string;
before(async () => {
  served = await serveOrganisation();
  operator = await served.signIn(served.organisation.members.olu);
});
after(() => served.portal.discard());

type Members = RosterContent["members"];

interface Change {
  name: string;
  expected: number;
  content: string | null;
}

const put = (files: Change[], session = operator): Promise<Answer> =>
  ask(served.portal.consoleUrl, "PUT", "/presentation", { files }, { authorization: session });
const get = (session = operator): Promise<Answer> =>
  ask(served.portal.consoleUrl, "GET", "/presentation", undefined, { authorization: session });
const page = async (path: string, language = "en"): Promise<string> => {
  const response = await fetch(served.portal.reporterUrl + path, {
    headers: { accept: "text/html", "accept-language": language },
  });
  return response.text();
};
const versionOf = async (name: string): Promise<number> => {
  const { json } = await get();
  return (json!["files"] as { name: string; version: number }[]).find((file) => file.name === name)?.version ?? 0;
};
const save = async (name: string, content: string | null): Promise<Answer> =>
  put([{ name, expected: await versionOf(name), content }]);

const problems = (answer: Answer, name: string): { line: number; key: string }[] =>
  ((answer.json?.["problems"] ?? {}) as Record<string, { line: number; key: string }[]>)[name] ?? [];

const own = {
  id: "own",
  questions: [
    { id: "what", type: "long", labelKey: "what.label", required: true },
    {
      id: "team",
      type: "choice",
      labelKey: "own.team.label",
      options: [
        { value: "a", labelKey: "own.team.a" },
        { value: "b", labelKey: "own.team.b" },
      ],
    },
  ],
};
const ownTexts = {
  "questionnaires:own.team.label": "Which team <script>alert(1)</script>?",
  "questionnaires:own.team.a": "Team {A} {{",
  "questionnaires:own.team.b": "Team B",
};

test("only a member whose role includes operator may look or save", async () => {
  const { rosa, carl } = served.organisation.members;
  for (const who of [rosa, carl, "charter"] as const) {
    const session = await served.signIn(who);
    assert.equal((await get(session)).status, 403);
    assert.equal((await put([{ name: "theme", expected: 0, content: null }], session)).status, 403);
    const words = await ask(served.portal.consoleUrl, "GET", "/presentation/words/en", undefined, {
      authorization: session,
    });
    assert.equal(words.status, 403);
  }
  assert.equal((await get("Bearer " + "A".repeat(43))).status, 403);
  assert.equal((await ask(served.portal.reporterUrl, "GET", "/presentation")).status, 404);
});

for (const [what, change] of [
  ["leaves out", (members: Members) => members.filter(({ name }) => !name.startsWith("Olu"))],
  [
    "gives another role",
    (members: Members) =>
      members.map((each) => (each.name.startsWith("Olu") ? { ...each, roles: ["director"] } : each)),
  ],
] as [string, (members: Members) => Members][])
  test(`an operator whom the next roster ${what} can do nothing more with the session they have`, async (t) => {
    const other = await serveOrganisation();
    t.after(() => other.portal.discard());
    const { charter, contents, signed, members } = other.organisation;
    const session = { authorization: await other.signIn(members.olu) };
    const look = (): Promise<Answer> => ask(other.portal.consoleUrl, "GET", "/presentation", undefined, session);
    assert.equal((await look()).status, 200);
    const previous = toHex(rosterHashOf(signed[1]!.bytes));
    const next = { ...contents[1]!, epoch: 3, previous, members: change(contents[1]!.members) };
    const { bytes, signature } = signRoster(next, charter);
    const body = { bytes: toBase64(bytes), signature: toBase64(signature) };
    const office = { authorization: await other.signIn("charter") };
    assert.equal((await ask(other.portal.consoleUrl, "POST", "/rosters", body, office)).status, 201);
    assert.equal((await look()).status, 403);
    const files = [{ name: "portal", expected: 0, content: "{}" }];
    assert.equal((await ask(other.portal.consoleUrl, "PUT", "/presentation", { files }, session)).status, 403);
  });

function pageData(html: string): { data: { questionnaires: Record<string, { version: string }> }; words: unknown } {
  const [, block] = /<script type="application\/json" id="page-data">([^]*?)<\/script>/.exec(html) ?? [];
  return JSON.parse(block!) as ReturnType<typeof pageData>;
}

test("questions and their words are saved together, asked at once, and can be read for good", async () => {
  const broken = await put([{ name: "questionnaire-own", expected: 0, content: JSON.stringify(own, null, 2) }]);
  assert.equal(broken.status, 400);
  assert.deepEqual(problems(broken, "questionnaire-own")[0], {
    line: 13,
    column: 7,
    key: "faults:words",
    values: { key: "own.team.label" },
  });
  const files = [
    { name: "questionnaire-own", expected: 0, content: JSON.stringify(own) },
    { name: "texts-en", expected: 0, content: JSON.stringify({ ...ownTexts, "questionnaires:own.team.a": "Team A" }) },
  ];
  assert.equal((await put(files)).status, 200);
  const html = await page("/mailbox");
  const data = pageData(html);
  const { version } = data.data.questionnaires["own"]!;
  const { questionnaires } = pageData(await page("/report")).data;
  assert.deepEqual(Object.keys(questionnaires), ["general"], "what no channel asks is not sent to who reports");
  // Hostile words arrive as words: the block has no tag that could end it.
  assert.ok(!html.includes("<script>alert"));
  assert.ok(JSON.stringify(data.words).includes("<script>alert(1)</script>"), "the words are there");

  assert.equal((await put([{ name: "questionnaire-own", expected: 1, content: null }])).status, 200);
  assert.ok(!(await page("/mailbox")).includes(version), "no longer asked");
  for (const origin of [served.portal.reporterUrl, served.portal.consoleUrl]) {
    const { json } = await ask(origin, "GET", `/questionnaires/${version}`);
    assert.deepEqual(json, own);
  }
  for (const none of ["0".repeat(64), "x", "..%2fportal"])
    assert.equal((await ask(served.portal.reporterUrl, "GET", `/questionnaires/${none}`)).status, 404);
});

test("words in use cannot be taken away from under a question", async () => {
  const files = [
    { name: "questionnaire-own", expected: await versionOf("questionnaire-own"), content: JSON.stringify(own) },
    {
      name: "texts-en",
      expected: await versionOf("texts-en"),
      content: JSON.stringify({ ...ownTexts, "questionnaires:own.team.a": "Team A" }),
    },
  ];
  assert.equal((await put(files)).status, 200);
  const answer = await save("texts-en", null);
  assert.equal(answer.status, 400);
  assert.equal(problems(answer, "questionnaire-own").length, 3);
  assert.equal((await save("questionnaire-own", null)).status, 200);
  assert.equal((await save("texts-en", null)).status, 200);
});

test("of two operators at once one is told what the other wrote, and nothing is lost", async () => {
  const expected = await versionOf("theme");
  const theme = (brand: string): string => JSON.stringify({ ...builtInTheme, light: { ...builtInTheme.light, brand } });
  const [one, other] = ["#1f5b70", "#204060"].map(theme) as [string, string];
  const answers = await Promise.all([one, other].map((content) => put([{ name: "theme", expected, content }])));
  assert.deepEqual(
    answers.map(({ status }) => status).sort((a, b) => a - b),
    [200, 409],
  );
  const won = answers[0]!.status === 200 ? one : other;
  const lost = answers.find(({ status }) => status === 409)!;
  assert.deepEqual(lost.json, { error: "conflict", files: [{ name: "theme", version: expected + 1, content: won }] });
  await save("theme", null);
});

test("colours go out as a style sheet behind ours, and only while there are some", async () => {
  const { reporterUrl, consoleUrl } = served.portal;
  assert.ok(!(await page("/")).includes("/assets/theme.css"));
  const theme = { ...builtInTheme, dark: { ...builtInTheme.dark, link: "#a0d0ff" } };
  assert.equal((await save("theme", JSON.stringify(theme))).status, 200);
  assert.match(await page("/"), /reporter\.css"[^]*\/assets\/theme\.css"/);
  const sheet = await fetch(`${reporterUrl}/assets/theme.css`);
  assert.match(sheet.headers.get("content-security-policy") ?? "", /default-src 'none'/);
  assert.equal(sheet.headers.get("x-content-type-options"), "nosniff");
  assert.match(sheet.headers.get("content-type") ?? "", /^text\/css/);
  assert.match(await sheet.text(), /--govuk-link-colour:#a0d0ff/);
  assert.ok(!(await (await fetch(consoleUrl, { headers: { accept: "text/html" } })).text()).includes("theme.css"));
  await save("theme", null);
  assert.equal(await (await fetch(`${reporterUrl}/assets/theme.css`)).text(), "");
});

test("a logo is served by what it is, and a hostile one is never served", async () => {
  const good = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z" fill="#123456"/></svg>';
  assert.equal((await save("logo", toBase64(Buffer.from(good)))).status, 200);
  const hostile = good.replace("<path", "<script>alert(1)</script>\n<path");
  const refused = await save("logo", toBase64(Buffer.from(hostile)));
  assert.equal(refused.status, 400);
  assert.equal(problems(refused, "logo")[0]?.key, "presentation:fault.logo.script");
  const response = await fetch(`${served.portal.reporterUrl}/assets/logo`);
  assert.match(response.headers.get("content-type") ?? "", /^image\/svg\+xml/);
  assert.equal(await response.text(), good);
  assert.match(await page("/"), /<img class="th-header__logo" src="\/assets\/logo" alt="Logo" \/>/);
  await save("logo", null);
  assert.equal((await fetch(`${served.portal.reporterUrl}/assets/logo`)).status, 404);
  assert.ok(!(await page("/")).includes("/assets/logo"));
});

test("too large, of no name, named twice or polluting: refused, and what was in force stays", async () => {
  const before = await page("/report");
  const large = JSON.stringify({ "reporter:landing.title": "x".repeat(399_000) });
  assert.equal((await save("texts-en", large)).status, 400);
  assert.equal((await put([{ name: "texts-en", expected: 0, content: "x".repeat(3_000_000) }])).status, 413);
  for (const name of ["other", "texts-xx", "questionnaire-constructor", "questionnaire-__proto__", "../portal", ""])
    assert.equal((await put([{ name, expected: 0, content: "{}" }])).status, 404, name);
  const twice = { name: "theme", expected: 0, content: null };
  assert.equal((await put([twice, twice])).status, 400);
  for (const [name, content] of [
    ["texts-en", '{"__proto__": {"polluted": "yes"}}'],
    ["texts-en", '{"questionnaires:own.constructor.prototype.polluted": "yes"}'],
    ["texts-en", '{"reporter:constructor.prototype.polluted": "yes"}'],
    ["portal", '{"outside": {"__proto__": {"details": "x", "checkedOn": "2026-01-01"}}}'],
    ["portal", '{"outside": {"toString": {"details": "x", "checkedOn": "2026-01-01"}}}'],
  ] as const)
    assert.equal((await save(name, content)).status, 400, content);
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  assert.equal(await page("/report"), before);
});

test("a channel whose questionnaire is gone is told to the operator", async (t) => {
  const other = await serveOrganisation();
  t.after(() => other.portal.discard());
  const { charter, contents, signed, members } = other.organisation;
  const channels = contents[1]!.channels.map((channel) => ({ ...channel, questionnaire: "own" }));
  const next = { ...contents[1]!, epoch: 3, previous: toHex(rosterHashOf(signed[1]!.bytes)), channels };
  const { bytes, signature } = signRoster(next, charter);
  const body = { bytes: toBase64(bytes), signature: toBase64(signature) };
  await ask(other.portal.consoleUrl, "POST", "/rosters", body, { authorization: await other.signIn("charter") });
  const session = { authorization: await other.signIn(members.olu) };
  const { json } = await ask(other.portal.consoleUrl, "GET", "/presentation", undefined, session);
  assert.deepEqual(json!["warnings"], [
    { key: "presentation:warning.channel", values: { channel: "Speak up", questionnaire: "own" } },
  ]);
});
