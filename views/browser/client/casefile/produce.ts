/** Numbers and prints what a case file has, one document after the other: each begins where the last one ended. */
import type { WrittenPdf, PdfOrder, Series } from "../../../pdf/write.ts";
import { fileOf, type TagFile } from "../bag.ts";
import { attachmentOf, nativeOf, type Attachment } from "./attachment.ts";
import { rangeOf, seriesAfter } from "./bates.ts";
import type { Item } from "./case-documents.ts";
import type { Produced } from "./case-json.ts";
import { reasonOf } from "./mark-rules.ts";
import { documentOrder, documentText, slipOrder, type Production, type SlipSheet } from "./documents.ts";

export interface Printed extends Produced {
  pages: number;
  /** Its first number is that of the first page. */
  series: Series;
  pdfFile: TagFile;
  textFile: TagFile | null;
  attachment: Attachment | null;
  /** Of each passage that is left out, in order: its page in the document, from 1. */
  marks: number[];
}

/**
 * `productionOf`: what the documents of an item's case have in common. `each` is told after each.
 * @throws PortalError "large" when the numbers are used up, and as `print` does
 */
export async function produce(
  items: readonly Item[],
  series: Series,
  productionOf: (item: Item) => Production,
  print: (order: PdfOrder) => Promise<WrittenPdf>,
  each: () => void = () => {},
): Promise<Printed[]> {
  const printed: Printed[] = [];
  let next = series;
  for (const item of items) {
    const made = await printItem(item, next, productionOf(item), print);
    printed.push(made);
    next = seriesAfter(next, made.pages);
    each();
  }
  return printed;
}

async function printItem(
  item: Item,
  series: Series,
  production: Production,
  print: (order: PdfOrder) => Promise<WrittenPdf>,
): Promise<Printed> {
  const begin = rangeOf(series, 1).begin;
  const { document, withheld } = item;
  const attachment = withheld.length > 0 ? null : attachmentOf(item, `data/native/${begin}`);
  const order =
    document !== null && withheld.length === 0
      ? documentOrder(document, series, production)
      : slipOrder(slipOf(item, attachment), series, production);
  const { bytes, pages, marks } = await print(order);
  const pdfFile = fileOf(`data/pdf/${begin}.pdf`, bytes);
  const textFile =
    document !== null && withheld.length === 0
      ? fileOf(`data/text/${begin}.txt`, documentText(document, production))
      : null;
  return {
    item,
    bates: rangeOf(series, pages),
    pdf: pdfFile.path,
    text: textFile?.path ?? null,
    native: nativeOf(attachment),
    pages,
    series,
    pdfFile,
    textFile,
    attachment,
    marks,
  };
}

function slipOf({ title, by, day, withheld }: Item, attachment: Attachment | null): SlipSheet {
  const about = { title, by, day };
  if (attachment !== null) {
    const { path, sha256, size } = attachment;
    return { ...about, why: { is: "native", path, sha256, bytes: size } };
  }
  return { ...about, why: { is: "withheld", reason: withheld.map(reasonOf).join("; ") } };
}

/** What a log says of its produced form: the hash of its text, or of its native file; null: withheld. */
export function producedHashOf({ textFile, native }: Printed): string | null {
  return textFile?.sha256 ?? native?.sha256 ?? null;
}
