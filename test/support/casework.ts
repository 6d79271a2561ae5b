/** Reporters and readers on a served organisation, as their clients do it. */
import assert from "node:assert/strict";
import type { NewFile } from "../../crypto/attachments.ts";
import { fromHex } from "../../crypto/bytes.ts";
import type { MemberSeed } from "../../crypto/keys.ts";
import { generateReceiptCode } from "../../crypto/receipt.ts";
import { english } from "../../crypto/words.ts";
import { prepare, type Prepared } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { newDesk, syncFeed, type Desk } from "../../views/browser/client/held-cases.ts";
import { listCases, reportSummaryOf } from "../../views/browser/client/listing.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { startFiling } from "../../views/browser/client/report.ts";
import { Session } from "../../views/browser/client/session.ts";
import type { ServedOrganisation } from "./organisation-server.ts";

export function fileOfBytes(name: string, bytes: Uint8Array): NewFile {
  return {
    name,
    type: "application/octet-stream",
    size: bytes.length,
    async *read() {
      yield bytes;
    },
  };
}

export interface Told {
  title: string;
  what?: string;
  categories?: string[];
  /** Person ids. */
  excluded?: number[];
  files?: NewFile[];
  flags?: number;
}

/** Files a report, publishes it, and answers the receipt code's words. */
export async function tell(served: ServedOrganisation, told: Told): Promise<string> {
  const api = { origin: served.portal.reporterUrl };
  const { chain } = await fetchPortal(api);
  const code = generateReceiptCode(english).canonical;
  const categories = told.categories ?? ["safety"];
  const filing = startFiling({
    api,
    chain: chain!,
    code,
    channel: "general",
    answers: { what: told.what ?? told.title, categories },
    category: (categories[0] ?? "").slice(0, 40),
    title: told.title,
    language: "en",
    excluded: told.excluded ?? [],
    files: told.files ?? [],
    flags: told.flags ?? 0,
  });
  assert.equal((await filing.send()).is, "filed");
  await served.portal.tick();
  return code;
}

export async function deskOf(served: ServedOrganisation, seed: MemberSeed): Promise<Desk> {
  const api = { origin: served.portal.consoleUrl };
  const { chain } = await fetchPortal(api);
  return newDesk(await Session.begin(api, chain!, [seed]));
}

/** Id of the case with this title, or null when this reader does not get it. */
export async function findByTitle(served: ServedOrganisation, desk: Desk, title: string): Promise<string | null> {
  // The feed gives out a fixed number of items per tick, in random order within a day.
  for (let ticks = 0; ticks < 20; ticks++) {
    await syncFeed(desk);
    await listCases(desk);
    // The list tells no title before "no conflict" was said.
    for (const [caseId, { held, lookup }] of desk.cases)
      if (reportSummaryOf(held, lookup, fromHex(caseId)).title === title) return caseId;
    await served.portal.tick();
  }
  return null;
}

/** For a reply or note without files. */
export async function withoutFiles(desk: Desk, caseId: string): Promise<Prepared> {
  return prepare(desk, (await openCase(desk, caseId)).caseId, []);
}
