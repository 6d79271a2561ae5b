/** A whole case as texts and attachments, without pages and numbers and with nothing taken out: for one of its readers. */
import type { RosterChain } from "../../../../crypto/roster.ts";
import type { Translate } from "../../i18n.ts";
import { fileOf, type TagFile } from "../bag.ts";
import { attachmentOf, nativeOf, type Attachment } from "./attachment.ts";
import { itemsOf, type Item, type ReadCase } from "./case-documents.ts";
import { caseJson } from "./case-json.ts";
import { documentText, type Production } from "./documents.ts";

const all = { conversation: true, notes: true, attachments: true, originalNames: true };

/** What lies under data/: case.json and texts with their bytes, attachments without. `t` as of `planCaseFile`. */
export function plainCase(
  chain: RosterChain,
  of: ReadCase,
  t: Translate,
): { payload: TagFile[]; attachments: Attachment[] } {
  const production: Production = {
    caseName: of.listing.name,
    receivedOn: of.lookup.receivedOn,
    paper: "letter",
    language: "en",
    dir: "ltr",
    designation: null,
    t,
  };
  const attachments: Attachment[] = [];
  const texts: TagFile[] = [];
  const produced = itemsOf(chain, of, all, t, []).map((item) => {
    const text = item.document === null ? null : fileOf(textPath(item), documentText(item.document, production));
    if (text !== null) texts.push(text);
    const number = String(attachments.length + 1).padStart(4, "0");
    const attachment = attachmentOf(item, `data/attachments/attachment-${number}`);
    if (attachment !== null) attachments.push(attachment);
    return { item, bates: null, pdf: null, text: text?.path ?? null, native: nativeOf(attachment) };
  });
  const json = fileOf("data/case.json", caseJson(chain, of.listing.name, [of], produced, all, t));
  return { payload: [json, ...texts], attachments };
}

function textPath({ stream, entry: { seq, kind } }: Item): string {
  return `data/text/${stream === 0 ? "conversation" : "team"}-${String(seq).padStart(4, "0")}-${kind}.txt`;
}
