/** Rosa, who reads what was filed without scripts and answers it over the console's API. */
import assert from "node:assert/strict";
import { sealObject } from "../../crypto/attachments.ts";
import { concat, toBase64Url, toHex } from "../../crypto/bytes.ts";
import { openConversation, openReportSlot, type Entry } from "../../crypto/envelope/open.ts";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { sealByMember } from "../../crypto/envelope/seal-member.ts";
import { formatEnvelopeWithSlots, parseEnvelope } from "../../crypto/envelope/wire.ts";
import { tokenOf, type CaseKey, type Mailbox } from "../../crypto/keys.ts";
import { parseMailboxAnswer } from "../../crypto/mailbox.ts";
import { readMailbox } from "../../server/app/read-mailbox.ts";
import { ask, type ServedOrganisation } from "./organisation-server.ts";

export interface ReadCase {
  /** As they are stored. */
  raw: Uint8Array[];
  caseKey: CaseKey;
  entries: Entry[];
}

/** Opens the conversation with Rosa's own slot. */
export async function readCase({ portal, organisation }: ServedOrganisation, mailbox: Mailbox): Promise<ReadCase> {
  const { chain, members } = organisation;
  const raw = parseMailboxAnswer(await readMailbox(portal.context, mailbox.caseId));
  const caseKey = openReportSlot(parseEnvelope(raw[0]!), chain, members.rosa.id, members.rosa.secrets);
  assert.ok(caseKey !== null, "Rosa is a reader");
  return { raw, caseKey, entries: openConversation(raw, chain, mailbox.caseId, caseKey, "mark").entries };
}

/** Sends a reply with one file; it also tells that the case is open. `as`: whose name it bears; only her own verifies. */
export async function replyTo(
  served: ServedOrganisation,
  mailbox: Mailbox,
  text: string,
  { name, content }: { name: string; content: Uint8Array },
  as = served.organisation.members.rosa.id,
): Promise<void> {
  const { organisation, portal } = served;
  const { rosa } = organisation.members;
  const { portalId, chain } = organisation;
  const authorization = await served.signIn(rosa);
  const { entries, caseKey } = await readCase(served, mailbox);
  const envId = generateEnvId();
  const place = { portalId, caseId: mailbox.caseId, envId };
  const file = { name, type: "text/html", size: content.length, read: () => piecesOf(content) };
  const pieces: Uint8Array[] = [];
  const { files, length, hash } = await sealObject([file], place, async (piece) => void pieces.push(piece));
  const reserved = await ask(portal.consoleUrl, "POST", "/uploads", { envId: toHex(envId), length }, { authorization });
  const ticket = { authorization, "x-upload-ticket": String(reserved.json?.["ticket"]) };
  const put = await ask(portal.consoleUrl, "PUT", `/uploads/${toHex(envId)}/0`, concat(...pieces), ticket);
  assert.equal(put.status, 204);
  const last = entries.at(-1)!;
  const envelope = sealByMember({
    kind: "reply",
    place: { ...place, roster: chain.current, seq: last.seq + 1, prevHash: last.hash, keyEpoch: 0 },
    key: caseKey,
    envId,
    author: { id: as, secrets: rosa.secrets },
    content: { text, files, status: "open" },
    readers: [],
    object: { length, hash },
  });
  const headers = { authorization, "x-case-token": toBase64Url(tokenOf(caseKey)) };
  const path = `/cases/${toHex(mailbox.caseId)}/streams/0`;
  const posted = await ask(portal.consoleUrl, "POST", path, formatEnvelopeWithSlots(envelope), headers);
  assert.equal(posted.status, 201);
}

async function* piecesOf(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
