/** A portal with many cases that a reader has opened before: sealed for real, admitted by the server's own acts. */
import { toHex } from "../../crypto/bytes.ts";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { sealByMember } from "../../crypto/envelope/seal-member.ts";
import { envelopeHashOf, formatEnvelopeWithSlots, type Envelope } from "../../crypto/envelope/wire.ts";
import { parseCaseKey, parseTeamKey, tokenHashOf, tokenOf, type TeamKey } from "../../crypto/keys.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import { sealTeamSummary } from "../../crypto/team-summary.ts";
import { appendByMember, storeSummary } from "../../server/app/append-envelope.ts";
import { submitReport } from "../../server/app/submit-report.ts";
import { fileReport, makeMailbox, placeAfter, type FiledReport } from "../support/fixtures.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const atOnce = 16;

/** About as long as people write. `i` makes one word of it unlike all others. */
const story = (i: number): string =>
  `Case ${String(i)} word${String(i)}: the guard of press ${String(i % 40)} was taken off before the audit. ` +
  "It was put back while the auditors were in the building. ".repeat(12);

async function addCase(served: ServedOrganisation, i: number): Promise<void> {
  const { organisation, portal } = served;
  const { context } = portal;
  const { rosa } = organisation.members;
  const mailbox = makeMailbox(organisation.portalId, `bench ${String(i)}`);
  const report = fileReport(organisation, { mailbox, caseKey: parseCaseKey(randomBytes(32)), what: story(i) });
  await submitReport(context, report.bytes, () => {});
  const key = parseTeamKey(randomBytes(32));
  const team = teamOf(report, key, served);
  const tip = { seq: 0, hash: toHex(envelopeHashOf(report.envelope)) };
  const declared = sealByMember({
    kind: "act",
    place: placeAfter(report, team),
    key,
    envId: generateEnvId(),
    author: { id: rosa.id, secrets: rosa.secrets },
    content: { act: "conflict", has: false, reason: "", conversation: tip },
    readers: [],
    object: null,
  });
  const { caseId } = mailbox;
  const teamToken = tokenHashOf(tokenOf(key));
  const shared = { caseId, stream: 1, visible: {} } as const;
  const caseToken = tokenHashOf(tokenOf(report.caseKey));
  await appendByMember(context, { ...shared, tokenHash: caseToken, bytes: formatEnvelopeWithSlots(team) });
  await appendByMember(context, { ...shared, tokenHash: teamToken, bytes: formatEnvelopeWithSlots(declared) });
  const summary = { title: `Case ${String(i)}`, category: "safety", phase: "received" as const, disposition: null };
  const sealed = sealTeamSummary(
    { ...summary, seen: 0, cleared: [rosa.id] },
    1,
    { id: rosa.id, signKey: rosa.secrets.sign.secretKey },
    { portalId: organisation.portalId, caseId, caseKey: report.caseKey, teamKey: key },
  );
  await storeSummary(context, caseId, teamToken, 1, sealed);
}

function teamOf(report: FiledReport, key: TeamKey, { organisation }: ServedOrganisation): Envelope {
  const { rosa } = organisation.members;
  const audience = report.roster.recipients.map(({ id }) => id).filter((id) => report.readers.includes(id));
  return sealByMember({
    kind: "team",
    place: placeAfter(report, null),
    key,
    envId: generateEnvId(),
    author: { id: rosa.id, secrets: rosa.secrets },
    content: { audience, conversation: { seq: 0, hash: toHex(envelopeHashOf(report.envelope)) } },
    readers: audience,
    object: null,
  });
}

export async function serveManyCases(cases: number): Promise<ServedOrganisation> {
  const served = await serveOrganisation({ RATE_PAGES: "1000000" });
  for (let at = 0; at < cases; at += atOnce)
    await Promise.all(Array.from({ length: Math.min(atOnce, cases - at) }, (_, i) => addCase(served, at + i)));
  await served.portal.tick();
  return served;
}
