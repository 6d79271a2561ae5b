/** Word lists (BIP39), the recovery member's paper words, speakable case names. */
import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39";
import { wordlist as english } from "@scure/bip39/wordlists/english.js";
import { Reader } from "./bytes.ts";
import { PortalError } from "./errors.ts";
import { hash } from "./hash.ts";
import { parseMemberSeed, type MemberSeed } from "./keys.ts";

export { english };

/** The recovery member's seed as 24 words for paper (BIP39, 256 bits). */
export function formatRecoveryWords(seed: MemberSeed): string[] {
  return entropyToMnemonic(seed, english).split(" ");
}

/** @throws PortalError "format" when the words or their checksum are wrong */
export function parseRecoveryWords(text: string): MemberSeed {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  try {
    return parseMemberSeed(mnemonicToEntropy(words.join(" "), english));
  } catch (cause) {
    throw new PortalError("format", "these are not the 24 recovery words", { cause });
  }
}

// Calm words that no report is about; 64 each, so that a name costs 12 bits and four digits.
const firsts =
  "amber azure birch bright calm cedar clear cobalt copper coral crystal dawn deep distant early east ember fair fern fine first flint gentle glass gold green grey hazel high indigo iron ivory jade large late lilac linen lunar maple marble meadow mellow misty moss north oak olive opal pale pearl pine plain quiet river rose sand silver slate small south still tidal violet west".split(
    " ",
  );
const seconds =
  "acorn anchor arch atlas badge basin bay beacon bell bench bridge brook candle canyon castle chalk circle cliff cloud comet compass cove crest delta dune fable ferry field fjord forest fountain garden grove harbor hill island kite lagoon lake lamp lantern leaf ledge mill mirror orchard paddle path pebble pier pond prairie reef ribbon ridge sail shell spring summit terrace tower valley wharf willow".split(
    " ",
  );

/** A name to say aloud, derived from the case id: the same for every reader, telling nothing. */
export function caseName(caseId: Uint8Array): string {
  const reader = new Reader(hash(16, null, "th1/case-name", caseId));
  const [first, second] = [firsts[reader.u8() % 64]!, seconds[reader.u8() % 64]!];
  return `${first}-${second}-${String(reader.u32le() % 10_000).padStart(4, "0")}`;
}
