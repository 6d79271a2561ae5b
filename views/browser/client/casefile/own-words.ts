/**
 * The words that a case file is made of whatever is in its cases. Where counsel left out one of them ("report"), finding
 * it again says nothing: it cannot be sought.
 */
import schema from "../../../../data/policy/case.schema.json" with { type: "json" };
import type { Translate } from "../../i18n.ts";
import { verifyScript } from "../verify-script.ts";
import type { Item } from "./case-documents.ts";
import { certificateOrder } from "./certificate.ts";
import type { Production } from "./documents.ts";
import { formatDat } from "./load-files.ts";
import { formatCustody, formatPrivilege, formatRedactions } from "./logs.ts";

/** `production`: of any case; its own name does not count. */
export function ownWords(items: readonly Item[], production: Production, t: Translate): string {
  const nameless = { ...production, caseName: "" };
  const certificate = certificateOrder(
    { organisation: "", documents: 0, attachments: 0, day: production.receivedOn },
    nameless,
  );
  const headings = items.flatMap(({ title, document }) => [
    title,
    ...(document?.parts ?? []).map(({ heading }) => heading),
  ]);
  return [
    t("casefile:verify", { name: "", organisation: "" }),
    verifyScript(t),
    JSON.stringify(schema),
    ...(certificate.variants[0] ?? []).flatMap((block) =>
      block.is === "text" ? [block.text] : block.is === "field" ? [block.label] : [],
    ),
    ...[formatCustody([]), formatPrivilege([]), formatRedactions([])],
    new TextDecoder().decode(formatDat([])),
    ...["native", "path", "size", "hash", "withheld", "reason"].map((key) => t(`casefile:slip.${key}`)),
    t("casefile:about"),
    t("casefile:attachment"),
    t("casefile:foot"),
    t("casefile:redacted", { reason: "" }),
    ...new Set(headings),
  ].join("\n\n");
}
