/** Follow-ups on the page without scripts: what is asked is sealed, what is not is never dropped in silence. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { utf8 } from "../../crypto/bytes.ts";
import type { ReportContent } from "../../crypto/content.ts";
import { openConversation, openReportWrap } from "../../crypto/envelope/open.ts";
import { parseEnvelope } from "../../crypto/envelope/wire.ts";
import { deriveMailbox } from "../../crypto/keys.ts";
import { parseMailboxAnswer } from "../../crypto/mailbox.ts";
import { findQuestionnaire } from "../../data/policy/built-in-questionnaires.ts";
import { textOfDay } from "../../data/policy/update-date.ts";
import { readMailbox } from "../../server/app/read-mailbox.ts";
import {
  AssistedVisitor,
  deadLinks,
  faultsIn,
  inputValue,
  unescaped,
  type SeenPage,
} from "../support/assisted-visitor.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

let served: ServedOrganisation;
let visitor: AssistedVisitor;
before(async () => {
  served = await serveOrganisation();
  visitor = new AssistedVisitor(served.portal.reporterUrl);
  const { channels } = served.portal.context.book.requireChain().current;
  channels.push({ id: "safety", name: "Model safety", questionnaire: "sb53", readers: [2] });
});
after(() => served.portal.discard());

const openForm = (): Promise<SeenPage> => visitor.open("/assisted/report?channel=safety");

type Fields = Record<string, string | string[]>;

function filled(page: SeenPage, change: Fields): Fields {
  const hidden = ["code", "ticket", "seen", "asked", "channel"].map((name) => [name, inputValue(page, name)]);
  return { ...(Object.fromEntries(hidden) as Fields), "answer-what": "It broke out.", confirm: "yes", ...change };
}

async function contentBehind(page: SeenPage): Promise<ReportContent> {
  const { portalId, chain } = served.organisation;
  const mailbox = deriveMailbox(inputValue(page, "code"), portalId);
  const [first] = parseMailboxAnswer(await readMailbox(served.portal.context, mailbox.caseId));
  const caseKey = openReportWrap(parseEnvelope(first!), mailbox);
  return openConversation([first!], chain, mailbox.caseId, caseKey).report.content;
}

/** Whether the group that holds this field stands open. */
function isOpen({ html }: SeenPage, field: string): boolean {
  const before = html.slice(0, html.indexOf(`id="${field}"`));
  return before.lastIndexOf("<details") === before.lastIndexOf('<details class="govuk-details th-follow-ups" open>');
}

test("every question of the profile stands on the page, follow-ups in closed groups below theirs", async () => {
  const page = await openForm();
  const ids = findQuestionnaire("sb53").questions.map(({ id }) => page.html.indexOf(`id="answer-${id}"`));
  assert.ok(ids.every((at) => at > 0));
  assert.ok(!page.html.includes('th-follow-ups" open'));
  assert.ok(page.html.indexOf('id="answer-control"') < page.html.indexOf('id="answer-when"'));
  const text = unescaped(page.html);
  assert.ok(text.includes('Answer if you ticked "An AI model tricked the people who test or watch it"'));
  assert.ok(text.includes("Answer if you ticked one of 9 boxes: Which AI model or system is it about?"));
});

test("follow-ups to what was ticked are sealed, with the version that was asked and the day", async () => {
  const page = await openForm();
  const fields = filled(page, {
    "answer-categories": ["csi-4", "retaliation"],
    "answer-control": "The sandbox.\r\nTwice.",
    "answer-elicited": "unsure",
    "answer-more": "yes",
    "answer-senior": "yes",
    "answer-senior-who": "head of research",
    // Boxes of questions that are not asked say nothing and cannot always be cleared: left out.
    "answer-weights": ["taken"],
  });
  assert.equal(await visitor.send("/assisted/report", { fields }), "/assisted/sent");
  const content = await contentBehind(page);
  assert.deepEqual(content.answers, {
    what: "It broke out.",
    categories: ["csi-4", "retaliation"],
    control: "The sandbox.\nTwice.",
    elicited: "unsure",
    more: "yes",
    senior: "yes",
    "senior-who": "head of research",
  });
  const { context } = served.portal;
  assert.equal(content.asked, context.presentation.current().questionnaires["sb53"]!.version);
  assert.equal(content.day, textOfDay(context.clock.today()));
});

const notAsked: [what: string, change: Fields, fields: string[]][] = [
  ["a follow-up without its tick", { "answer-control": "The sandbox." }, ["answer-control"]],
  [
    "a follow-up of a follow-up, when the first tick is missing",
    { "answer-more": "no", "answer-senior": "yes", "answer-senior-who": "the head" },
    ["answer-senior-who"],
  ],
  [
    "two follow-ups and a missing text",
    { "answer-what": " ", "answer-law": "some law", "answer-gag": "a contract", "answer-categories": ["gag"] },
    ["answer-what", "answer-law"],
  ],
];
for (const [what, change, wrong] of notAsked)
  test(`${what}: told with links that lead there, nothing typed is lost, the group is open`, async () => {
    const page = await openForm();
    const back = await visitor.submit("/assisted/report", { fields: filled(page, change) });
    assert.equal(back.status, 400);
    assert.deepEqual(deadLinks(back), []);
    assert.deepEqual(
      [...back.html.matchAll(/<li><a href="#([^"]+)"/g)].map(([, id]) => id),
      wrong,
    );
    assert.equal(faultsIn(back).length, wrong.length);
    for (const [field, value] of Object.entries(change))
      for (const each of [value].flat())
        assert.ok(back.html.includes(`>\n${each}</textarea>`) || back.html.includes(`value="${each}"`), field);
    for (const field of wrong.filter((each) => each !== "answer-what")) assert.ok(isOpen(back, field), field);
  });

test("a form opened before the questions changed is judged and sealed by what stood on it", async () => {
  const page = await openForm();
  const version = inputValue(page, "asked");
  const changed = { ...findQuestionnaire("sb53") };
  changed.questions = changed.questions.filter(({ id }) => id === "what" || id === "when");
  const { presentation } = served.portal.context;
  const bytes = utf8(JSON.stringify(changed));
  const saved = await presentation.change([{ name: "questionnaire-sb53", expected: 0, bytes }]);
  assert.equal(saved.is, "saved");
  try {
    assert.ok(!(await openForm()).html.includes('id="answer-categories"'));
    const fields = filled(page, { "answer-categories": ["csi-4"], "answer-control": "The sandbox.", confirm: "" });
    const back = await visitor.submit("/assisted/report", { fields });
    assert.equal(inputValue(back, "asked"), version);
    assert.ok(back.html.includes("The sandbox."));
    assert.equal(await visitor.send("/assisted/report", { fields: { ...fields, confirm: "yes" } }), "/assisted/sent");
    const content = await contentBehind(page);
    assert.equal(content.asked, version);
    assert.equal(content.answers["control"], "The sandbox.");
  } finally {
    await presentation.change([{ name: "questionnaire-sb53", expected: 1, bytes: null }]);
  }
});

test("another place with other questions: what was typed for the old ones is shown until it is sent", async () => {
  const page = await openForm();
  const fields = filled(page, { channel: "general", "answer-categories": ["csi-4"], "answer-control": "The sandbox." });
  const back = await visitor.submit("/assisted/report", { fields });
  assert.equal(back.status, 400);
  assert.match(back.html, /name="leftover"[^>]*readonly[^>]*>\nThe sandbox\.</);
  const again = await visitor.submit("/assisted/report", {
    fields: { ...filled(back, { confirm: "" }), leftover: "The sandbox." },
  });
  assert.match(again.html, /name="leftover"[^>]*readonly[^>]*>\nThe sandbox\.</);
});

test("a version that nobody was ever asked, and one of another profile, are not taken", async () => {
  const general = served.portal.context.presentation.current().questionnaires["general"]!.version;
  for (const asked of ["00".repeat(32), general, "../../etc", ""]) {
    const page = await openForm();
    assert.equal(await visitor.send("/assisted/report", { fields: filled(page, { asked }) }), "/assisted/sent");
    const content = await contentBehind(page);
    assert.equal(content.asked, served.portal.context.presentation.current().questionnaires["sb53"]!.version);
  }
});

test("everybody left out: nothing is stored, the helper from outside and the outside places are named", async () => {
  const page = await openForm();
  const back = await visitor.submit("/assisted/report", { fields: filled(page, { exclude: ["2", "5"] }) });
  assert.equal(back.status, 400);
  assert.ok(back.html.includes("The Attorney General of California"));
  assert.ok(back.html.includes("You have ticked every reader"));
});
