/** The worst theft there is: data folder, keyring and master key. What can a member's own keys open then? */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import Database from "better-sqlite3";
import { fromHex } from "../../crypto/bytes.ts";
import { kinds, parseEnvelope, type Envelope } from "../../crypto/envelope/wire.ts";
import type { MemberKeys, MemberSecrets } from "../../crypto/keys.ts";
import type { RosterChain } from "../../crypto/roster.ts";
import { openSlot, slotCtx } from "../../crypto/slot.ts";
import { deriveKeyring, openFromVault, openVault } from "../../crypto/vault.ts";
import { parseStored } from "../../server/app/case-state.ts";

export interface Thief {
  keys: MemberKeys;
  secrets: MemberSecrets;
}

/** Everything that the data folder holds, opened with the keyring's master key: the worst theft there is. */
export async function steal(dataDir: string): Promise<{
  envelopes: Envelope[];
  states: Uint8Array[];
  feed: { ctx: Buffer; slot: Buffer }[];
}> {
  const master = fromHex((await readFile(join(dataDir, "keyring.key"), "utf8")).trim(), 32);
  const keys = deriveKeyring(master);
  const keyring = new Database(join(dataDir, "keyring.sqlite"), { readonly: true });
  const portal = new Database(join(dataDir, "portal.sqlite"), { readonly: true });
  const vaults = (keyring.prepare("SELECT sealed FROM keyring").all() as { sealed: Buffer }[]).map(({ sealed }) =>
    openVault(new Uint8Array(sealed.subarray(32)), new Uint8Array(sealed.subarray(0, 32)), keys.box),
  );
  const open = (sealed: Buffer): Uint8Array => {
    const opened = vaults.flatMap((vault) => {
      try {
        return [openFromVault(new Uint8Array(sealed), vault)];
      } catch {
        return [];
      }
    });
    assert.equal(opened.length, 1);
    return opened[0]!;
  };
  const rows = portal.prepare("SELECT sealed FROM events").all() as { sealed: Buffer }[];
  const states = portal.prepare("SELECT state FROM cases").all() as { state: Buffer }[];
  const feed = [
    ...portal.prepare("SELECT ctx, slot FROM feed").all(),
    ...portal.prepare("SELECT ctx, slot FROM feed_waiting").all(),
  ] as { ctx: Buffer; slot: Buffer }[];
  keyring.close();
  portal.close();
  return {
    envelopes: rows.map(({ sealed }) => parseEnvelope(parseStored(open(sealed)).envelope)),
    states: states.map(({ state }) => open(state)),
    feed,
  };
}

/** How many of all stored slots a member's keys open, tried at every place and for every kind of context. */
export function slotsOpened(
  chain: RosterChain,
  member: Thief,
  envelopes: readonly Envelope[],
  feed: readonly { ctx: Buffer; slot: Buffer }[],
): number {
  let opened = 0;
  for (const { header, slots } of envelopes)
    for (const slot of slots)
      for (const roster of chain.rosters)
        for (const [index] of roster.recipients.entries()) {
          const ctx = slotCtx({ ...header, kind: kinds[header.kind] }, index, member.keys);
          if (openSlot(slot, ctx, member.secrets) !== null) opened += 1;
        }
  for (const { ctx, slot } of feed)
    if (openSlot(new Uint8Array(slot), new Uint8Array(ctx), member.secrets) !== null) opened += 1;
  return opened;
}
