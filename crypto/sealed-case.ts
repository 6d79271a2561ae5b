/**
 * PROTOCOL.md §26: a case as it is stored, still sealed, in one ZIP. What the console writes and `tellhaven open`
 * reads: names of the parts, and the index. Nothing here is secret, and nothing but the envelopes is to be believed.
 */
import { toHex, utf8 } from "./bytes.ts";
import { phases } from "./content.ts";
import type { Stream } from "./envelope/wire.ts";
import { dayText, hexOf, parseJson, z } from "./shape.ts";

export const sealedCaseIndexName = "sealed-case.json";
/** Longer is no index. */
export const mostIndexBytes = 1024 * 1024;

const indexShape = z.strictObject({
  format: z.literal("tellhaven-sealed-case-1"),
  portalId: hexOf(32),
  caseId: hexOf(32),
  /** The server's word. */
  receivedOn: dayText,
  phase: z.enum(phases),
  /** "closed": it was not open to whoever saved this. */
  team: z.enum(["none", "whole", "closed"]),
  /** Envelope ids of attachment objects that the server did not have any more. */
  missing: z.array(hexOf(16)),
});

export type SealedCaseIndex = z.infer<typeof indexShape>;

/** Fields in the order of the shape, indented, one newline at the end. */
export function formatSealedCaseIndex(index: SealedCaseIndex): Uint8Array {
  const { format, portalId, caseId, receivedOn, phase, team, missing } = index;
  return utf8(`${JSON.stringify({ format, portalId, caseId, receivedOn, phase, team, missing }, null, 2)}\n`);
}

/** @throws PortalError "format" */
export function parseSealedCaseIndex(bytes: Uint8Array): SealedCaseIndex {
  return parseJson(indexShape, bytes, "index of a sealed case");
}

const digits = (number: number): string => String(number).padStart(6, "0");

/** Names below the ZIP's one folder; numbers from 0. */
export const sealedCaseNames = {
  roster: (number: number): string => `rosters/${digits(number)}.json`,
  rosterSignature: (number: number): string => `rosters/${digits(number)}.json.minisig`,
  envelope: (stream: Stream, seq: number): string => `${stream === 0 ? "conversation" : "team"}/${digits(seq)}.bin`,
  object: (envId: Uint8Array): string => `objects/${toHex(envId)}.bin`,
};
