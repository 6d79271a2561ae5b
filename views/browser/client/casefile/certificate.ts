/**
 * A draft of the certification that Rules 902(13) and (14) of the Federal Rules of Evidence speak of. It says what
 * the software does and what was computed here; who certifies, and what they know, are blanks. Not legal advice.
 */
import type { Block } from "../../../pdf/blocks.ts";
import type { PdfOrder } from "../../../pdf/write.ts";
import type { Production } from "./documents.ts";

export interface CertificateFacts {
  /** The organisation that the roster names. */
  organisation: string;
  /** As counsel was shown them before it was saved: what is withheld whole counts as the page that says so. */
  documents: number;
  attachments: number;
  /** YYYY-MM-DD: the day of the newest entry, which the PDF says that it was made on. */
  day: string;
}

const blanks = ["name", "position", "employer", "address"] as const;
const statements = ["process", "hash", "copies", "limits"] as const;
const signing = ["date", "place", "signature"] as const;

/** `production.t` needs the namespace casefile. */
export function certificateOrder(
  { organisation, documents, attachments, day }: CertificateFacts,
  production: Production,
): PdfOrder {
  const { caseName, paper, language, dir, t } = production;
  const values = { name: caseName, organisation, documents, attachments };
  const say = (key: string): string => t(`casefile:certificate.${key}`, values);
  const paragraph = (key: string): Block => ({ is: "text", role: "P", text: say(key), after: 6 });
  const field = (key: string): Block => ({ is: "field", label: say(`blank.${key}`), keep: false });
  return {
    title: say("title"),
    language,
    dir,
    paper,
    day,
    fit: "flow",
    variants: [
      [
        { is: "text", role: "H1", text: say("title"), size: 16, weight: "bold", after: 4 },
        { is: "text", role: "P", text: say("review"), weight: "bold", after: 4 },
        paragraph("unaudited"),
        { is: "rule" },
        paragraph("about"),
        ...blanks.map(field),
        { is: "text", role: "P", text: say("statements"), before: 10, after: 6, keep: true },
        ...statements.map((key): Block => ({ is: "text", role: "LI", text: say(key), bullet: true, after: 4 })),
        { is: "field", label: say("blank.qualified"), keep: false },
        { is: "field", label: say("blank.changes"), keep: false },
        { is: "text", role: "P", text: say("oath"), before: 10, after: 4, keep: true },
        ...signing.map(field),
      ],
    ],
    head: say("draft"),
    foot: t("casefile:foot", { name: caseName, page: "{page}", pages: "{pages}" }),
  };
}
