/** Vectors of hash, signatures, padding, keys and what people type. */
import { concat, u64le, utf8 } from "../../crypto/bytes.ts";
import { minimumTextBytes, padText } from "../../crypto/padding.ts";
import { encodeReceiptCode } from "../../crypto/receipt.ts";
import { sign, type SignatureLabel } from "../../crypto/signature.ts";
import { signKeyPair } from "../../crypto/sodium.ts";
import { wordLists } from "../../crypto/word-lists.ts";
import { english, formatRecoveryWords } from "../../crypto/words.ts";
import { makeMember, makeReceiptCode, seedFor } from "../support/fixtures.ts";
import { b64, cut, flip, overwrite, value, type CaseInput, type Collection } from "./collection.ts";

const labels: SignatureLabel[] = [
  "report",
  "message",
  "mailbox",
  "reply",
  "note",
  "grant",
  "rekey",
  "team",
  "share",
  "teamrekey",
  "act",
  "summary",
  "join",
  "login",
  "filed",
];

export async function makeBasics(to: Collection): Promise<void> {
  await makeHashes(to);
  await makeSignatures(to);
  await makePadding(to);
  await makeKeys(to);
  await makeTyped(to);
}

async function makeHashes(to: Collection): Promise<void> {
  const parts = [utf8("one"), new Uint8Array(), utf8("three")].map(b64);
  await to.valid("hash", "§2 H(length, key; label, parts…)", {
    "no parts": { length: 32, key: null, label: "th1/token", parts: [] },
    "parts carry their length": { length: 64, key: null, label: "th1/hdr", parts },
    "the same bytes in other parts": { length: 64, key: null, label: "th1/hdr", parts: [b64(utf8("onethree"))] },
    keyed: { length: 32, key: b64(seedFor("key")), label: "th1/slot", parts },
    "sixteen bytes": { length: 16, key: null, label: "th1/salt", parts: [b64(seedFor("portal"))] },
  });
  const derived: { [what: string]: CaseInput } = {};
  for (let i = 1; i <= 6; i++) derived[`D(key, ${i})`] = { key: b64(seedFor("key")), index: i };
  await to.valid("derive", "§2 D(key, index)", derived);
}

async function makeSignatures(to: Collection): Promise<void> {
  const seed = seedFor("signer");
  const pair = signKeyPair(seed);
  const parts = [utf8("a"), utf8("bc")];
  const cases: { [what: string]: CaseInput } = {};
  for (const label of labels) {
    const signature = sign(pair.secretKey, label, ...parts);
    cases[label] = {
      seed: b64(seed),
      publicKey: b64(pair.publicKey),
      label,
      parts: parts.map(b64),
      signature: b64(signature),
    };
  }
  await to.valid("signature", "§3 Sig(sk; label, parts…), one for each label", cases);
  const first = sign(pair.secretKey, "report", ...parts);
  const neutral = concat(Uint8Array.of(1), new Uint8Array(31));
  to.failure("signature", "another-label", "forged", { label: value("message") });
  to.failure("signature", "another-key", "forged", { publicKey: value(b64(signKeyPair(seedFor("x")).publicKey)) });
  to.failure("signature", "parts-joined", "forged", { parts: value([b64(utf8("abc"))]) });
  to.failure("signature", "flipped-point", "forged", { signature: flip(first, 0) });
  to.failure("signature", "flipped-scalar", "forged", { signature: flip(first, 40) });
  to.failure("signature", "cut", "format", { signature: cut(first) });
  to.failure("signature", "key-of-small-order", "forged", {
    publicKey: value(b64(neutral)),
    signature: value(b64(concat(neutral, new Uint8Array(32)))),
  });
  // s + L signs the same for who does not check that s is reduced.
  to.failure("signature", "scalar-not-reduced", "forged", { signature: overwrite(32, plusOrder(first.subarray(32))) });
}

function plusOrder(scalar: Uint8Array): Uint8Array {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  let sum = order + scalar.reduceRight((n, byte) => (n << 8n) + BigInt(byte), 0n);
  return Uint8Array.from({ length: 32 }, () => {
    const byte = Number(sum & 255n);
    sum >>= 8n;
    return byte;
  });
}

async function makePadding(to: Collection): Promise<void> {
  const lengths = [
    0, 1, 2, 9, 100, 1000, 16_384, 16_385, 262_144, 262_145, 67_108_864, 67_108_865, 2_147_483_648, 2_147_483_649,
  ];
  await to.valid(
    "padme",
    "§4 the next Padmé size, and the size of an object",
    Object.fromEntries(lengths.map((length) => [String(length), { length }])),
  );
  await to.valid("object-size", "§16 the object for files of these sizes, bytes", {
    none: { sizes: [] },
    "an empty file": { sizes: [0] },
    "as much as the least object holds": { sizes: [262_144 - 24 - 5 * 17] },
    "a byte more": { sizes: [262_144 - 24 - 4 * 17 + 1] },
    "many files": { sizes: [1, 65_536, 65_537, 1_000_000, 70_000_000] },
  });
  const padded = (content: Uint8Array): CaseInput => {
    const bytes = padText(content);
    return { padded: { head: b64(bytes.subarray(0, 8 + content.length)), zerosTo: bytes.length } };
  };
  const long = new Uint8Array(minimumTextBytes - 8).fill(97);
  await to.valid("padded-text", "§4 u64le(length) ‖ content ‖ zeros", {
    empty: padded(new Uint8Array()),
    short: padded(utf8("Press 4 runs without its guard.")),
    "exactly 16 KiB": padded(long),
    "a byte more": padded(concat(long, Uint8Array.of(98))),
  });
  const head = (content: Uint8Array, zerosTo: number, length = content.length) =>
    value({ head: b64(concat(u64le(length), content)), zerosTo });
  to.failure("padded-text", "too-short", "format", { padded: head(utf8("x"), minimumTextBytes - 1) });
  to.failure("padded-text", "too-long", "format", { padded: head(utf8("x"), minimumTextBytes * 2) });
  to.failure("padded-text", "not-zero", "format", { padded: head(utf8("xy"), minimumTextBytes, 1) });
  to.failure("padded-text", "length-beyond-the-end", "format", {
    padded: head(utf8("x"), minimumTextBytes, minimumTextBytes),
  });
  to.failure("padded-text", "length-beyond-2-53", "format", {
    padded: value({ head: b64(new Uint8Array(8).fill(255)), zerosTo: minimumTextBytes }),
  });
  to.failure("padded-text", "no-length", "format", { padded: value(b64(new Uint8Array(7))) });
}

async function makeKeys(to: Collection): Promise<void> {
  const seed = { seed: b64(seedFor("seed")) };
  await to.valid("member-keys", '§6 a member\'s keys from the seed; kem and all as H(32; "vector", …)', {
    "a seed": seed,
  });
  await to.valid("charter-keys", "§6 the charter's keys, portal id and fingerprint words", { "a seed": seed });
  await to.valid("case-keys", "§6 token, its hash, summary, commit and content key of a case or team key", {
    "a key": { key: b64(seedFor("case key")) },
  });
  to.failure("case-keys", "too-short", "format", { key: value(b64(new Uint8Array(31))) });
  await to.valid("case-name", "§6 a name to say aloud", {
    zeros: { caseId: b64(new Uint8Array(32)) },
    another: { caseId: b64(seedFor("case")) },
  });
  const kem = makeMember(1, "kem", ["reviewer"]).keys.kem;
  await to.valid("case-id", "§6 the case id of portal and mailbox keys", {
    "a mailbox": { portalId: b64(seedFor("portal")), sign: b64(seedFor("sign")), kem: b64(kem) },
  });
  await to.valid("mailbox", '§6 what a receipt code opens; kem as H(32; "vector", …)', {
    "a code": { words: makeReceiptCode().canonical, portalId: b64(seedFor("portal")) },
  });
}

async function makeTyped(to: Collection): Promise<void> {
  const entropy = seedFor("entropy").subarray(0, 10);
  const { words, canonical } = encodeReceiptCode(entropy, english);
  const typed = (how: string): CaseInput => ({ entropy: b64(entropy), typed: how });
  const zeros = encodeReceiptCode(new Uint8Array(10), english);
  const ones = encodeReceiptCode(new Uint8Array(10).fill(255), english);
  await to.valid("receipt-code", "§9 eight words of 80 bits, and how people type them", {
    "as shown": typed(canonical),
    "upper case": typed(canonical.toUpperCase()),
    "numbered, on lines": typed(words.map((word, i) => `${i + 1}. ${word}`).join("\r\n")),
    "hyphens and commas": typed(words.join(" - , ")),
    "marks that no English word has": typed(canonical.replaceAll("e", "é").replaceAll("o", "o\u0308")),
    "blanks around, no-break spaces between": typed(`  ${words.join("\u00A0")}\t`),
    ...Object.fromEntries(
      Object.entries(wordLists).flatMap(([list, all]) => {
        const { words: own } = encodeReceiptCode(entropy, all);
        return [
          [`${list}: as shown`, { ...typed(own.join(" ")), list }],
          [`${list}: decomposed, ideographic space`, { ...typed(own.join("\u3000").normalize("NFD")), list }],
        ];
      }),
    ),
    "zh: no blanks": { ...typed(encodeReceiptCode(entropy, wordLists.zh).words.join("")), list: "zh" },
    "es: marks left out": {
      ...typed(encodeReceiptCode(entropy, wordLists.es).canonical.normalize("NFD").replace(/\p{M}/gu, "")),
      list: "es",
    },
    "all bits zero": { entropy: b64(new Uint8Array(10)), typed: zeros.canonical },
    "all bits one": { entropy: b64(new Uint8Array(10).fill(255)), typed: ones.canonical },
  });
  const swapped = [words[1]!, words[0]!, ...words.slice(2)].join(" ");
  to.failure("receipt-code", "seven-words", "count", { typed: value(words.slice(1).join(" ")) });
  to.failure("receipt-code", "nine-words", "count", { typed: value(`${canonical} zoo`) });
  to.failure("receipt-code", "nothing", "count", { typed: value(" ,. ") });
  to.failure("receipt-code", "a-word-misspelt", "unknown", { typed: value(`${words.slice(1).join(" ")} abandn`) });
  to.failure("receipt-code", "words-run-together", "unknown", { typed: value(words.join("")) });
  to.failure("receipt-code", "words-swapped", "checksum", { typed: value(swapped) });

  const seed = makeMember(5, "Paper", ["recovery"]).seed;
  const recovery = formatRecoveryWords(seed);
  await to.valid("recovery-words", "§6 the recovery member's seed on paper", {
    "as shown": { typed: recovery.join(" ") },
    "upper case, numbered": { typed: recovery.map((word, i) => `${i + 1}. ${word.toUpperCase()}`).join("\n") },
  });
  const swap = [recovery[1]!, recovery[0]!, ...recovery.slice(2)];
  to.failure("recovery-words", "a-word-missing", "format", { typed: value(recovery.slice(1).join(" ")) });
  to.failure("recovery-words", "words-swapped", "format", { typed: value(swap.join(" ")) });
  to.failure("recovery-words", "an-unknown-word", "format", {
    typed: value(recovery.join(" ").replace(recovery[0]!, "qqq")),
  });
}
