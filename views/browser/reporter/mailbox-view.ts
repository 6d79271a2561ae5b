/** What the page gets to see of an open mailbox: words and names, no key and no envelope. */
import type { Entry } from "../../../crypto/envelope/open.ts";
import type { RosterChain } from "../../../crypto/roster.ts";
import { statusTold } from "../../../data/policy/update-date.ts";
import type { OpenMailbox } from "../client/mailbox.ts";
import { sealSeen, seenName } from "../client/seen.ts";
import { safeFileName } from "../file-names.ts";
import type { EntryView, MailboxView } from "./worker-api.ts";
import { memberView } from "./worker-shared.ts";

/** The member as the roster of that entry's time names them: they may have left since. */
function entryView(chain: RosterChain, entry: Entry): EntryView {
  const roster = chain.rosters.find((each) => each.epoch === entry.epoch) ?? chain.current;
  const { content } = entry;
  return {
    seq: entry.seq,
    damaged: entry.kind === "damaged",
    from: entry.author === null ? null : memberView(roster, entry.author),
    text: "text" in content ? content.text : "",
    readersNow: entry.kind === "rekey" ? entry.content.readers.map((id) => memberView(roster, id)) : null,
    files: "files" in content ? content.files.map(({ name, size }) => ({ name: safeFileName(name), size })) : [],
    day: ("day" in content ? content.day : undefined) ?? null,
    purpose: (entry.kind === "message" ? entry.content.purpose : undefined) ?? null,
    status: entry.kind === "reply" ? entry.content.status : null,
    updateBy: (entry.kind === "reply" ? entry.content.updateBy : undefined) ?? null,
    duty: (entry.kind === "reply" ? entry.content.duty : undefined) ?? null,
  };
}

export function mailboxView(open: OpenMailbox): MailboxView {
  const { report, entries, readers, chain } = open;
  const { taken } = report.content;
  const told = entries.flatMap((entry) => (entry.kind === "reply" ? [entry.content.status] : []));
  const roster = chain.rosters.find((each) => each.epoch === report.epoch) ?? chain.current;
  const channel = roster.channels.find((each) => each.id === report.content.channel);
  return {
    channel: channel?.name ?? report.content.channel,
    questionnaire: channel?.questionnaire ?? "",
    asked: report.content.asked ?? null,
    answers: report.content.answers,
    readers: readers.map((id) => memberView(roster, id)),
    taken: taken === undefined ? null : { ...memberView(roster, taken.by), how: taken.how },
    status: statusTold(told),
    entries: entries.map((entry) => entryView(chain, entry)),
    seen: { name: seenName(open.mailbox), value: sealSeen(open.mailbox, entries.length) },
  };
}
