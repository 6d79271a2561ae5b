/** Proofs of filing: made when somebody files, checked by anybody, with and without scripts. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { formatProof, parseProof } from "../../crypto/proof.ts";
import { generateReceiptCode } from "../../crypto/receipt.ts";
import { english } from "../../crypto/words.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { startFiling } from "../../views/browser/client/report.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

let served: ServedOrganisation;
let proof: string;

before(async () => {
  served = await serveOrganisation();
  const api = { origin: served.portal.reporterUrl };
  const { chain, signed } = await fetchPortal(api);
  const filing = startFiling({
    api,
    chain: chain!,
    code: generateReceiptCode(english).canonical,
    channel: "general",
    answers: { what: "Something" },
    category: "",
    title: "Something",
    language: "en",
    excluded: [],
    files: [],
    flags: 0,
  });
  const filed = await filing.send();
  assert.ok(filed.is === "filed" && filed.receipt !== null);
  const { receipt, envelopeHash } = filed;
  proof = formatProof({ portalId: chain!.portalId, envelopeHash, receipt, roster: signed.at(-1)! }, "Somebody filed.");
});
after(() => served.portal.discard());

/** Posts the form as a browser without scripts does, and follows. */
async function check(fields: {
  text?: string;
  file?: string;
}): Promise<{ status: number; html: string; path: string }> {
  const body = new FormData();
  body.set("text", fields.text ?? "");
  body.set("file", new File([fields.file ?? ""], fields.file === undefined ? "" : "proof.json"));
  const { reporterUrl } = served.portal;
  const posted = await fetch(`${reporterUrl}/en/check`, { method: "POST", body, redirect: "manual" });
  assert.equal(posted.status, 303);
  const path = posted.headers.get("location")!;
  const shown = await fetch(reporterUrl + path);
  return { status: shown.status, html: await shown.text(), path };
}

const today = (): string =>
  new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" }).format(
    new Date(parseProof(proof).receipt.day * 86_400_000),
  );

for (const [what, fields] of [
  ["pasted", (): { text: string } => ({ text: proof })],
  ["chosen as a file", (): { file: string } => ({ file: proof })],
] as const)
  test(`a proof that is ${what} is checked without scripts, and its page is shown once`, async () => {
    const answer = await check(fields());
    assert.equal(answer.status, 200);
    assert.ok(answer.html.includes(`A report was filed here on ${today()}`));
    assert.ok(!answer.html.includes(JSON.parse(proof).envelope));
    const again = await (await fetch(served.portal.reporterUrl + answer.path)).text();
    assert.ok(!again.includes(today()));
  });

for (const [what, fields, words] of [
  ["nothing", () => ({}), "Choose a file or paste what is in it"],
  ["no proof", () => ({ text: "hello" }), "not a whole proof"],
  ["bytes that are no text", () => ({ file: "\u0000\ud800" }), "not a whole proof"],
  [
    "a changed day",
    () => {
      const json = JSON.parse(proof) as { receipt: string };
      const bytes = Buffer.from(json.receipt, "base64");
      bytes[64]! ^= 1;
      return { text: JSON.stringify({ ...json, receipt: bytes.toString("base64") }) };
    },
    "The signature does not fit",
  ],
] as [string, () => { text?: string; file?: string }, string][])
  test(`${what}: the page says what is wrong`, async () => {
    const answer = await check(fields());
    assert.equal(answer.status, 400);
    assert.ok(answer.html.includes(words), answer.html.slice(0, 2000));
  });
