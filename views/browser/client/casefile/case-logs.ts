/** data/logs of a case file: what is left out and why, what is privileged, who had the case, and where the log has it. */
import { toBase64, toHex, utf8 } from "../../../../crypto/bytes.ts";
import { extractFormat, extractName } from "../../../../crypto/log-extract.ts";
import { findMember, type RosterChain } from "../../../../crypto/roster.ts";
import type { Entry } from "../../../../crypto/envelope/open.ts";
import { seriesNumber } from "../../../pdf/write.ts";
import { fileOf, sha256Of, type TagFile } from "../bag.ts";
import type { CaseProofs } from "../case-proofs.ts";
import { personOf } from "../case-view.ts";
import type { StreamProofs } from "../log.ts";
import { teamEntries, type Item, type ReadCase } from "./case-documents.ts";
import {
  formatCustody,
  formatPrivilege,
  formatRedactions,
  type CustodyRow,
  type PrivilegeRow,
  type RedactionRow,
} from "./logs.ts";
import { reasonOf } from "./mark-rules.ts";
import { hasSameMarks, type Mark } from "./marks.ts";
import { producedHashOf, type Printed } from "./produce.ts";

/** Roles of a member as the newest roster says, in the words of the protocol: programs read them. */
function roleOf(chain: RosterChain, id: number | null): string {
  if (id === null) return "reporter";
  const roles = chain.rosters.findLast((roster) => findMember(roster, id) !== null);
  return roles === undefined ? `member ${id}` : (findMember(roles, id)?.roles ?? []).join(", ");
}

/** What was left out of this item: whole, or passage by passage with its page. */
function redactionRows(chain: RosterChain, printed: Printed): RedactionRow[] {
  const { item, bates, series, marks: pages } = printed;
  const original = `envelope ${toHex(item.entry.hash)}`;
  const about = (mark: Mark): Pick<RedactionRow, "reason" | "by" | "day"> => ({
    reason: reasonOf(mark),
    by: roleOf(chain, mark.by),
    day: mark.dated,
  });
  const document = printed.pdf ?? "";
  if (item.withheld.length > 0)
    return item.withheld.map((mark) => ({
      document,
      bates: bates?.begin ?? "",
      page: null,
      original,
      redactedSha256: null,
      ...about(mark),
    }));
  return item.passages.flatMap((passage, i) =>
    passage.marks.map((mark) => ({
      document,
      bates: seriesNumber(series, pages[i] ?? 1),
      page: pages[i] ?? 1,
      original,
      redactedSha256: producedHashOf(printed),
      ...about(mark),
    })),
  );
}

/** Every claim of privilege, one row a mark. */
function privilegeRows(chain: RosterChain, { item, bates }: Printed): PrivilegeRow[] {
  const row = (mark: Mark, treatment: PrivilegeRow["treatment"]): PrivilegeRow[] =>
    mark.bases.length === 0
      ? []
      : [
          {
            bates: bates?.begin ?? "",
            day: item.day ?? "",
            type: item.file === null ? item.entry.kind : `${item.entry.kind} attachment`,
            authorRole: roleOf(chain, item.entry.author),
            recipients: recipientsOf(item).map((id) => (id === null ? "reporter" : nameOf(chain, id))),
            description: mark.description,
            bases: mark.bases,
            treatment,
          },
        ];
  return [
    ...item.withheld.flatMap((mark) => row(mark, "withheld")),
    ...item.passages.flatMap(({ marks }) => marks.flatMap((mark) => row(mark, "redacted"))),
  ];
}

/** Who could read it: readers of the case, and of the conversation the reporter. */
function recipientsOf({ of, stream, entry }: Item): (number | null)[] {
  const readers = of.readers.filter((id) => id !== entry.author);
  return stream === 0 && entry.author !== null ? [null, ...readers] : readers;
}

function nameOf(chain: RosterChain, id: number): string {
  const { name, title } = personOf(chain, id);
  return title === "" ? name : `${name} (${title})`;
}

/** From the reporter to the bag. Of the notes only what is in the case file, and earlier case files in any case. */
function custodyRows(chain: RosterChain, of: ReadCase, printed: readonly Printed[]): CustodyRow[] {
  const own = printed.filter(({ item }) => item.of === of);
  const entries = own
    .filter(({ item }) => item.file === null)
    .map(({ item, bates }): CustodyRow => ({
      day: item.day ?? "",
      event: item.entry.kind === "report" ? "received" : `${item.entry.kind} written`,
      by: roleOf(chain, item.entry.author),
      object: `${of.listing.name}: ${item.title}, ${bates?.begin ?? ""}`,
      sha256: null,
    }));
  const files = own.flatMap(({ item, native, bates }): CustodyRow[] =>
    native === null
      ? []
      : [
          {
            day: item.day ?? "",
            event: "attachment received",
            by: roleOf(chain, item.entry.author),
            object: `${native.path}, ${bates?.begin ?? ""}`,
            sha256: native.sha256,
          },
        ],
  );
  return [...entries, ...files, ...keyRows(chain, of), ...exportRows(chain, of)];
}

const keyRows = (chain: RosterChain, of: ReadCase): CustodyRow[] =>
  of.entries.flatMap((entry): CustodyRow[] =>
    entry.kind === "rekey"
      ? [
          {
            day: "",
            event: "new keys given out",
            by: roleOf(chain, entry.author),
            object: `${of.listing.name}: ${entry.content.readers.map((id) => nameOf(chain, id)).join("; ")}`,
            sha256: null,
          },
        ]
      : [],
  );

/**
 * Of a case file out of which other things were left, no hash: who has this one could put in names, one after the other,
 * make that one again, and see by its hash which of them it was.
 */
function exportRows(chain: RosterChain, of: ReadCase): CustodyRow[] {
  const team = teamEntries(of);
  return team.flatMap(({ kind, content, author }): CustodyRow[] => {
    if (kind !== "act" || content.act !== "exported") return [];
    const { dated, digest, extent } = content;
    const isAlike = hasSameMarks(chain, { 0: of.entries, 1: team }, team.slice(0, extent.team), team);
    const object = `${of.listing.name}: tagmanifest-sha256.txt`;
    return [{ day: dated, event: "exported", by: roleOf(chain, author), object, sha256: isAlike ? digest : null }];
  });
}

export interface LogInputs {
  chain: RosterChain;
  cases: readonly ReadCase[];
  printed: readonly Printed[];
  /** By case, in order; null: no extract. */
  proofs: readonly CaseProofs[] | null;
  /** Who makes it and when: person id, YYYY-MM-DD. */
  by: number;
  today: string;
  notes: boolean;
}

/** The files under data/logs: they say who made the case file and when, and are not the same again. */
export function logFiles({ chain, cases, printed, proofs, by, today, notes }: LogInputs): TagFile[] {
  const made: CustodyRow = {
    day: today,
    event: "case file made",
    by: roleOf(chain, by),
    object: "data/",
    sha256: null,
  };
  const custody = [...cases.flatMap((of) => custodyRows(chain, of, printed)), made];
  return [
    fileOf("data/logs/chain-of-custody.csv", formatCustody(custody)),
    fileOf("data/logs/privilege.csv", formatPrivilege(printed.flatMap((each) => privilegeRows(chain, each)))),
    fileOf("data/logs/redactions.csv", formatRedactions(printed.flatMap((each) => redactionRows(chain, each)))),
    ...(proofs === null ? [] : [fileOf(extractName, auditLines(chain, cases, proofs, notes))]),
  ];
}

/**
 * One JSON object a line, with the SHA-256 of the line before, so that none can be taken out. The first names the log;
 * before each case stands the signed checkpoint that its proofs lead to; then a line for each envelope. PROTOCOL.md §18
 * says how a proof is followed.
 */
function auditLines(
  chain: RosterChain,
  cases: readonly ReadCase[],
  proofs: readonly CaseProofs[],
  notes: boolean,
): string {
  const head = {
    format: extractFormat,
    portalId: toHex(chain.portalId),
    logKey: chain.current.logKey,
  };
  const rows = cases.flatMap((of, i) => {
    const { conversation, team } = proofs[i]!;
    return [
      { case: of.listing.name, checkpoint: conversation.checkpoint },
      ...streamRows(of, "conversation", of.entries, conversation),
      ...(notes && team !== null ? streamRows(of, "team", teamEntries(of), team) : []),
    ];
  });
  let last = "";
  const lines = [head, ...rows].map((row) => {
    const line = JSON.stringify(last === "" ? row : { ...row, previous: last });
    last = sha256Of(utf8(line));
    return `${line}\n`;
  });
  return lines.join("");
}

function streamRows(of: ReadCase, stream: string, entries: readonly Entry[], { proofs }: StreamProofs): object[] {
  return entries.map(({ seq, kind, author, hash }, i) => {
    const proof = proofs[i] ?? null;
    return {
      case: of.listing.name,
      stream,
      seq,
      kind,
      ...(kind === "damaged" ? {} : { author }),
      event: kind === "report" ? "filed" : "appended",
      envelopeHash: toHex(hash),
      // Null: its day was not closed yet.
      proof:
        proof === null
          ? null
          : { index: proof.index, blinding: toBase64(proof.blinding), path: proof.path.map((each) => toBase64(each)) },
    };
  });
}
