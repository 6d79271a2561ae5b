/** The hold notice, printed and read with strangers' programs: it says what counsel typed and nothing of the case. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fontFiles } from "../../server/pdf/font-files.ts";
import { translator } from "../../server/http/i18n.ts";
import { holdNoticeOrder, type HoldNotice } from "../../views/browser/client/casefile/hold-notice.ts";
import { placeMark } from "../../views/pdf/blocks.ts";
import { Fonts } from "../../views/pdf/fonts.ts";
import { writePdf } from "../../views/pdf/write.ts";
import { requireJudge } from "../support/judges.ts";

const folder = mkdtempSync(join(tmpdir(), "tellhaven-hold-notice-"));
after(() => rmSync(folder, { recursive: true }));
const fonts = new Fonts(fontFiles);
const t = translator("en");

const notice: HoldNotice = {
  organisation: "Solenne Robotics",
  caseName: "amber-falcon-0412",
  hold: { matter: "Superior Court, County of Alameda, 24-1", scope: "Mailboxes of plant 2\nדואר", from: "2026-11-28" },
  recipients: "Head of plant 2\nИТ-отдел",
  day: "2026-11-30",
  paper: "letter",
};

async function print(order: HoldNotice): Promise<{ text: string; file: string; marks: number[] }> {
  const { bytes, marks } = await writePdf(holdNoticeOrder(order, t), fonts);
  const file = join(folder, "notice.pdf");
  writeFileSync(file, bytes);
  execFileSync("qpdf", ["--check", file]);
  return { file, marks, text: execFileSync("pdftotext", [file, "-"], { encoding: "utf8" }).replaceAll(/\s+/g, " ") };
}
const judges = requireJudge("qpdf", "pdftotext", "pdffonts");

test(
  "who must keep what, for which matter, since when, who asks, what not to do, and that it is no advice",
  judges,
  async () => {
    const { text, file } = await print(notice);
    for (const words of [
      "Head of plant 2",
      "ИТ-отдел",
      "Matter: Superior Court, County of Alameda, 24-1",
      "Mailboxes of plant 2",
      "דואר",
      "Records are to be kept from: 2026-11-28",
      "Day of this notice: 2026-11-30",
      "Who asks for this: Solenne Robotics",
      "Reference: amber-falcon-0412",
      "Do not delete, destroy",
      "Do not alter",
      "Do not try to find out whether anybody has reported anything",
      "reporting to an authority",
      "Acknowledgement",
      "Have counsel review",
      "not legal advice",
    ])
      assert.ok(text.includes(words), words);
    const listed = execFileSync("pdffonts", [file], { encoding: "utf8" }).trim().split("\n").slice(2);
    assert.ok(listed.length > 0);
    // emb, sub, uni
    for (const line of listed) assert.match(line, /yes\s+yes\s+yes/);
  },
);

test("what was not typed is not there", judges, async () => {
  const bare = { ...notice, hold: { matter: "", scope: " ", from: null }, recipients: "" };
  const { text } = await print(bare);
  for (const words of ["Above all", "Records are to be kept from", " To: "]) assert.ok(!text.includes(words), words);
  assert.ok(text.includes("counsel fills this in"));
  assert.ok(!/received on|accused|reporter/i.test(text), "it tells of no report");
});

test("the same notice has the same bytes, and a typed place mark is taken out", judges, async () => {
  const order = holdNoticeOrder(notice, t);
  assert.deepEqual(await writePdf(order, fonts), await writePdf(holdNoticeOrder(notice, t), fonts));
  const { marks } = await print({ ...notice, recipients: `A${placeMark}B` });
  assert.deepEqual(marks, []);
});
