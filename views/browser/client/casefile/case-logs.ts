/** data/logs of a case file: what is left out and why, what is privileged, who had the case, and where the log has it. */
import { toBase64, toHex, utf8 } from "../../../../crypto/bytes.ts";
import { extractFormat, extractName } from "../../../../crypto/log-extract.ts";
import { findMember, type RosterChain } from "../../../../crypto/roster.ts";
import type { Entry } from "../../../../crypto/envelope/open.ts";
import type { Stream } from "../../../../crypto/envelope/wire.ts";
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

/** Who did something, and the epoch of the roster under which they did it: roles change, and a log tells of then. */
interface Doer {
  author: number | null;
  epoch: number;
}

/** Roles of a member, in the words of the protocol: programs read them. */
function roleOf(chain: RosterChain, { author, epoch }: Doer): string {
  if (author === null) return "reporter";
  const roster = chain.rosters.find((each) => each.epoch === epoch);
  const member = roster === undefined ? null : findMember(roster, author);
  return member === null ? `member ${author}` : member.roles.join(", ");
}

/** Name and roles: of two counsels each is told from the other. */
const doerOf = (chain: RosterChain, doer: Doer): string =>
  doer.author === null ? "reporter" : `${personOf(chain, doer.author).name} (${roleOf(chain, doer)})`;

/** Nobody knows who wrote what is damaged. */
const writerOf = (chain: RosterChain, entry: Entry): string =>
  entry.kind === "damaged" ? "unknown" : doerOf(chain, entry);

/** What was left out of this item: whole, or passage by passage with its page. */
function redactionRows(chain: RosterChain, printed: Printed): RedactionRow[] {
  const { item, bates, series, marks: pages } = printed;
  const original = `envelope ${toHex(item.entry.hash)}`;
  const about = (mark: Mark): Pick<RedactionRow, "reason" | "by" | "day"> => ({
    reason: reasonOf(mark),
    by: doerOf(chain, { author: mark.by, epoch: mark.epoch }),
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

/** Every claim of privilege, one row a mark. `begin`: its first Bates number; "": it is not in this case file at all. */
function privilegeRows(chain: RosterChain, item: Item, begin: string): PrivilegeRow[] {
  const row = (mark: Mark, treatment: PrivilegeRow["treatment"]): PrivilegeRow[] =>
    mark.bases.length === 0
      ? []
      : [
          {
            bates: begin,
            day: item.day ?? "",
            type: item.file === null ? item.entry.kind : `${item.entry.kind} attachment`,
            authorRole: item.entry.kind === "damaged" ? "unknown" : roleOf(chain, item.entry),
            recipients: recipientsOf(item).map((id) => (id === null ? "reporter" : nameOf(chain, id))),
            description: mark.description,
            bases: mark.bases,
            treatment,
          },
        ];
  return [
    ...item.withheld.flatMap((mark) => row(mark, "withheld")),
    ...item.passages.flatMap(({ marks }) => marks.flatMap((mark) => row(mark, begin === "" ? "withheld" : "redacted"))),
  ];
}

/** Who could read it when it was written, also who stepped back later; of the conversation the reporter, too. */
function recipientsOf({ of, stream, entry }: Item): (number | null)[] {
  const readers = readersAt(of, stream, entry.seq).filter((id) => id !== entry.author);
  return stream === 0 && entry.author !== null ? [null, ...readers] : readers;
}

/** Whoever got the key that was in use at that place of the stream. */
function readersAt(of: ReadCase, stream: Stream, seq: number): readonly number[] {
  if (stream === 0) {
    const rekey = of.entries.findLast((entry) => entry.kind === "rekey" && entry.seq <= seq);
    return rekey?.kind === "rekey" ? rekey.content.readers : of.report.content.readers;
  }
  const key = teamEntries(of).findLast(({ kind, seq: at }) => (kind === "team" || kind === "teamrekey") && at <= seq);
  return key?.kind === "team" || key?.kind === "teamrekey" ? key.content.audience : of.readers;
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
      by: writerOf(chain, item.entry),
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
            by: writerOf(chain, item.entry),
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
            by: writerOf(chain, entry),
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
  return team.flatMap((entry): CustodyRow[] => {
    const { kind, content } = entry;
    if (kind !== "act" || content.act !== "exported") return [];
    const { dated, digest, extent } = content;
    const isAlike = hasSameMarks(chain, { 0: of.entries, 1: team }, team.slice(0, extent.team), team);
    const object = `${of.listing.name}: tagmanifest-sha256.txt`;
    return [{ day: dated, event: "exported", by: writerOf(chain, entry), object, sha256: isAlike ? digest : null }];
  });
}

export interface LogInputs {
  chain: RosterChain;
  cases: readonly ReadCase[];
  printed: readonly Printed[];
  /** What is claimed as privileged, but was not chosen for this case file: a claim is told all the same. */
  unprinted: readonly Item[];
  /** By case, in order; null: no extract. */
  proofs: readonly CaseProofs[] | null;
  /** Who makes it and when: person id, YYYY-MM-DD. */
  by: number;
  today: string;
  notes: boolean;
}

/** The files under data/logs: they say who made the case file and when, and are not the same again. */
export function logFiles({ chain, cases, printed, unprinted, proofs, by, today, notes }: LogInputs): TagFile[] {
  const made: CustodyRow = {
    day: today,
    event: "case file made",
    by: doerOf(chain, { author: by, epoch: chain.current.epoch }),
    object: "data/",
    sha256: null,
  };
  const custody = [...cases.flatMap((of) => custodyRows(chain, of, printed)), made];
  const claims = [
    ...printed.flatMap(({ item, bates }) => privilegeRows(chain, item, bates?.begin ?? "")),
    ...unprinted.flatMap((item) => privilegeRows(chain, item, "")),
  ];
  return [
    fileOf("data/logs/chain-of-custody.csv", formatCustody(custody)),
    fileOf("data/logs/privilege.csv", formatPrivilege(claims)),
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
