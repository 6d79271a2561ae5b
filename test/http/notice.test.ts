/** The printed notice as the reporter app serves it: pages and PDFs in every language, read by programs that are not ours. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { toBase64Url } from "../../crypto/bytes.ts";
import { parseNoticePin } from "../../crypto/notice-pin.ts";
import { fingerprintWords } from "../../crypto/roster.ts";
import { english } from "../../crypto/words.ts";
import { rightsInForce } from "../../data/policy/outside-channels.ts";
import { languages, translator } from "../../server/http/i18n.ts";
import { requireJudge } from "../support/judges.ts";
import { comeUnderSb53, hasLetters, lettersOf, qrCodesOfPdf, readPdf } from "../support/notice.ts";
import { ask, serveOrganisation, type Answer, type ServedOrganisation } from "../support/organisation-server.ts";

/** The shorter paper matters where words are long; one of each script. */
const bothPapers = ["en", "de", "pl", "ar", "hi", "ja"];
const onion = `http://${"a".repeat(55)}d.onion`;

const textOf = ({ bytes }: Answer): string => Buffer.from(bytes).toString("utf8");

describe("the notice of a company under SB 53", () => {
  let served: ServedOrganisation;
  let origin: string;
  let operator: string;

  before(async () => {
    served = await serveOrganisation({ REPORTER_ONION: onion }, 2, { trial: false });
    await comeUnderSb53(served);
    origin = served.portal.reporterUrl;
    operator = await served.signIn(served.organisation.members.olu);
  });
  after(() => served?.portal.discard());

  const get = (path: string): Promise<Answer> => ask(origin, "GET", path);
  const office = (method: string, path: string, body?: object): Promise<Answer> =>
    ask(served.portal.consoleUrl, method, path, body, { authorization: operator });
  const publish = async (): Promise<Answer> => {
    const { json } = await office("GET", "/notices");
    const { sha256 } = json!["current"] as { sha256: string };
    return office("POST", "/notices/versions", { sha256 });
  };

  test(
    "before a version is published, pages and PDFs say that they are drafts",
    requireJudge("pdftotext"),
    async () => {
      assert.match(textOf(await get("/en/notice")), /Draft\. Not yet published\./);
      const { text } = await readPdf((await get("/en/notice.pdf")).bytes);
      assert.match(text, /Draft\. Not yet published\./);
    },
  );

  test("a version is published once; another text is not the one that was read", async () => {
    assert.equal((await office("POST", "/notices/versions", { sha256: "00".repeat(32) })).status, 409);
    assert.equal((await publish()).status, 201);
    assert.equal((await publish()).status, 409, "the same text is that version already");
    assert.match(textOf(await get("/en/notice")), /Notice 1 of /);
  });

  for (const language of languages)
    test(
      `${language}: a poster of one page with address, words, version and every right; its code leads to this portal`,
      requireJudge("pdftotext", "pdftoppm", "zbarimg"),
      async () => {
        const t = translator(language);
        for (const paper of bothPapers.includes(language) ? ["a4", "letter"] : ["a4"]) {
          const answer = await get(`/${language}/notice.pdf?paper=${paper}`);
          assert.equal(answer.status, 200);
          assert.equal(answer.headers.get("content-type"), "application/pdf");
          const { pages, info, text } = await readPdf(answer.bytes);
          assert.equal(pages, 1);
          assert.match(info["Page size"]!, paper === "a4" ? /595\.\d+ x 841\.\d+/ : /612 x 792/);
          assert.equal(info["Tagged"], "yes");
          const letters = lettersOf(text);
          const said = (words: string): void =>
            assert.ok(hasLetters(letters, lettersOf(words)), `${paper} lacks: ${words}`);
          said(`${origin}/`);
          said(`${onion}/`);
          said(fingerprintWords(served.organisation.portalId, english).join(" "));
          said(t("notice:law.title"));
          said(t("notice:portal.updates"));
          for (const { rows } of rightsInForce(new Date().toISOString().slice(0, 10)))
            for (const { textKey, listKeys = [], afterKey, citation } of rows) {
              for (const key of [textKey, ...listKeys, ...(afterKey === undefined ? [] : [afterKey])]) said(t(key));
              said(citation);
            }
          said(`${t("rights:places.oes.name")}: ${t("rights:places.oes.remark")}`);
          said(t("rights:disclaimer"));
          assert.ok(text.includes("1"), "the version's number");
          assert.ok(!hasLetters(letters, lettersOf(t("notice:draft"))), "is no draft");
          const codes = await qrCodesOfPdf(answer.bytes);
          assert.deepEqual(codes, [`${origin}/#th1.${toBase64Url(served.organisation.portalId)}.3`]);
          assert.deepEqual(parseNoticePin(codes[0]!.split("#")[1]!).leastEpoch, 3);
        }
      },
    );

  for (const language of languages)
    test(
      `${language}: a letter with all places, what is said of them, and a slip to sign`,
      requireJudge("pdftotext", "pdftoppm", "zbarimg"),
      async () => {
        const t = translator(language);
        const { bytes } = await get(`/${language}/notice/letter.pdf`);
        const { pages, text } = await readPdf(bytes);
        assert.ok(pages >= 2 && pages <= 4, `${String(pages)} pages`);
        const letters = lettersOf(text);
        for (const key of [
          "rights:places.attorney-general.name",
          "rights:places.sec.remark",
          "rights:places.labor-commissioner.remark",
          "notice:receipt.text",
          "notice:receipt.signature",
          "notice:duties.reason",
        ])
          assert.ok(hasLetters(letters, lettersOf(t(key))), key);
        assert.equal((await qrCodesOfPdf(bytes)).length, 1);
      },
    );

  test("the same content is the same bytes, and is not made twice", async () => {
    const first = await get("/fr/notice.pdf");
    const started = performance.now();
    const second = await get("/fr/notice.pdf");
    assert.ok(performance.now() - started < 1000, "it was kept");
    assert.deepEqual(first.bytes, second.bytes);
  });

  test("no paper but the two", async () => {
    assert.equal((await get("/en/notice.pdf?paper=constructor")).status, 404);
    assert.equal((await get("/en/notice.pdf?paper=a4&paper=letter")).status, 404);
  });

  test(
    "what the operator knows of a place is on the notice; without a hotline none is named",
    requireJudge("pdftotext"),
    async () => {
      const hotline = translator("en")("notice:law.hotline");
      assert.ok(!textOf(await get("/en/notice")).includes(hotline));
      const outside = { "attorney-general": { details: "Line 000 000 0000 <b>", checkedOn: "2026-11-20" } };
      const content = JSON.stringify({ outside });
      const saved = await office("PUT", "/presentation", { files: [{ name: "portal", expected: 0, content }] });
      assert.equal(saved.status, 200);
      const page = textOf(await get("/en/notice"));
      assert.ok(page.includes(hotline) && page.includes("Line 000 000 0000 &lt;b&gt;"));
      const { text } = await readPdf((await get("/en/notice.pdf")).bytes);
      assert.match(text, /Line 000 000 0000 <b>/);
      assert.match(text, /Checked on November 20, 2026/);
      assert.match(text, /Draft\. Not yet published\./, "the text is another one than version 1's");
      assert.equal((await publish()).status, 201);
      assert.match(textOf(await get("/en/notice")), /Notice 2 of /);
    },
  );

  test(
    "details that are too long for a wall are in the letter, and the poster says so",
    requireJudge("pdftotext"),
    async () => {
      const long = { details: `Begin ${"many words and numbers 0123456789 ".repeat(28)}End`, checkedOn: "2026-11-20" };
      const outside = Object.fromEntries(
        ["attorney-general", "oes", "federal", "osha", "sec", "lawyer"].map((id) => [id, long]),
      );
      const content = JSON.stringify({ outside });
      assert.equal(
        (await office("PUT", "/presentation", { files: [{ name: "portal", expected: 1, content }] })).status,
        200,
      );
      const { pages, text } = await readPdf((await get("/de/notice.pdf")).bytes);
      assert.equal(pages, 1);
      assert.ok(hasLetters(lettersOf(text), lettersOf(translator("de")("notice:elsewhere"))));
      assert.match((await readPdf((await get("/de/notice/letter.pdf")).bytes)).text, /0123456789 End/);
      assert.ok(textOf(await get("/de/notice")).includes(translator("de")("notice:elsewhere")));
    },
  );
});

test(
  "a company that is no AI developer gets general words, and a trial says first that it is one",
  requireJudge("pdftotext"),
  async (t) => {
    const served = await serveOrganisation();
    t.after(() => served.portal.discard());
    const page = textOf(await ask(served.portal.reporterUrl, "GET", "/en/notice/letter"));
    const words = translator("en");
    assert.ok(page.includes(words("notice:any.title")) && page.includes(words("notice:what.any")));
    assert.ok(!page.includes(words("notice:law.title")) && !page.includes(words("notice:portal.updates")));
    const { text } = await readPdf((await ask(served.portal.reporterUrl, "GET", "/en/notice.pdf")).bytes);
    for (const [what, said] of [
      ["page", page.slice(page.indexOf("<article"))],
      ["poster", text.replaceAll("\n", " ")],
    ] as const) {
      const places = ["notice:draft", "report:trial", "notice:scan"].map((key) => said.indexOf(words(key)));
      assert.ok(
        places.every((place, i) => place > (places[i - 1] ?? -1)),
        `${what}: ${String(places)}`,
      );
    }
    assert.doesNotMatch(page, /<script|<style| style=/);
  },
);

test("before there is a list of readers there is no notice", async (t) => {
  const served = await serveOrganisation({}, 0);
  t.after(() => served.portal.discard());
  for (const path of ["/en/notice", "/en/notice/letter", "/en/notice.pdf"])
    assert.equal((await ask(served.portal.reporterUrl, "GET", path)).status, 503, path);
});
