/** Sealing and opening a report against the libsodium calls that they cannot do without. */
import { concat } from "../../crypto/bytes.ts";
import { openConversation, openReportSlot } from "../../crypto/envelope/open.ts";
import { formatEnvelopeWithSlots, parseEnvelope } from "../../crypto/envelope/wire.ts";
import { deriveMember } from "../../crypto/keys.ts";
import { openRosterChain, signRoster, type RosterChain } from "../../crypto/roster.ts";
import { randomBytes, signKeyPair, sodium } from "../../crypto/sodium.ts";
import { fileReport, makeOrganisation, type Organisation } from "../support/fixtures.ts";
import { compare, perSecond, type Row } from "./measure.ts";
import { firstRoster, makePeople } from "./people.ts";

const bodyBytes = 16 * 1024;
const ad = new Uint8Array(32);

interface Bench {
  chain: RosterChain;
  organisation: Organisation;
  people: ReturnType<typeof makePeople>;
}

function makeBench(): Bench {
  const people = makePeople();
  const signed = signRoster(firstRoster(people, signKeyPair(randomBytes(32)).publicKey), people.charter);
  const chain = openRosterChain([signed]);
  return { chain, people, organisation: { ...makeOrganisation(), portalId: chain.portalId, chain } };
}

/** Per recipient: encapsulate, encrypt the key, box; then one stream, one signature, wrap and summary. */
function sealRaw({ chain }: Bench): () => void {
  const body = randomBytes(bodyBytes);
  const signKey = signKeyPair(randomBytes(32)).secretKey;
  const key = randomBytes(32);
  const nonce12 = new Uint8Array(12);
  return () => {
    for (const { keys } of chain.current.recipients) {
      const { ciphertext, sharedSecret } = sodium.crypto_kem_xwing_enc(keys.kem);
      const box = sodium.crypto_aead_chacha20poly1305_ietf_encrypt(key, ad, null, nonce12, sharedSecret);
      sodium.crypto_box_seal(concat(ciphertext, box), keys.box);
    }
    const { state } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
    const sealed = sodium.crypto_secretstream_xchacha20poly1305_push(state, body, ad, 3);
    for (const plain of [key, body.subarray(0, 512)])
      sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, ad, null, randomBytes(24), key);
    sodium.crypto_sign_detached(sodium.crypto_generichash(64, sealed, null), signKey);
  };
}

/** Verify, box open, decapsulate, decrypt the key, one stream. */
function openRaw({ chain, people }: Bench): () => void {
  const secrets = deriveMember(people.members[0]!.seed);
  const { keys } = chain.current.recipients[0]!;
  const key = randomBytes(32);
  const nonce12 = new Uint8Array(12);
  const { ciphertext, sharedSecret } = sodium.crypto_kem_xwing_enc(keys.kem);
  const box = sodium.crypto_aead_chacha20poly1305_ietf_encrypt(key, ad, null, nonce12, sharedSecret);
  const slot = sodium.crypto_box_seal(concat(ciphertext, box), keys.box);
  const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
  const sealed = sodium.crypto_secretstream_xchacha20poly1305_push(state, randomBytes(bodyBytes), ad, 3);
  const pair = signKeyPair(randomBytes(32));
  const signature = sodium.crypto_sign_detached(sodium.crypto_generichash(64, sealed, null), pair.secretKey);
  return () => {
    sodium.crypto_sign_verify_detached(signature, sodium.crypto_generichash(64, sealed, null), pair.publicKey);
    const inner = sodium.crypto_box_seal_open(slot, secrets.box.publicKey, secrets.box.secretKey);
    const shared = sodium.crypto_kem_xwing_dec(inner.subarray(0, ciphertext.length), secrets.kem.secretKey);
    const opened = sodium.crypto_aead_chacha20poly1305_ietf_decrypt(
      null,
      inner.subarray(ciphertext.length),
      ad,
      nonce12,
      shared,
    );
    const pull = sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, opened);
    if (sodium.crypto_secretstream_xchacha20poly1305_pull(pull, sealed, ad) === false) throw new Error("does not open");
  };
}

/** A report of this many characters, the same for every round. */
const reportText = "w".repeat(1_000);

/** Sealing a report whose text has 1 kB. Runs in Node and in a browser's worker. */
export async function measureReportSealing(where = ""): Promise<Row> {
  const bench = makeBench();
  const { chain, organisation } = bench;
  const { mailbox } = fileReport(organisation);
  return compare(
    {
      what: `sealReport, 1 kB, ${String(chain.current.recipients.length)} recipients${where}`,
      unit: "reports/s",
      against: "X-Wing, AEAD and box per recipient; one stream, one signature",
    },
    perSecond(() => void fileReport(organisation, { mailbox, what: reportText })),
    perSecond(sealRaw(bench)),
  );
}

export async function measureSealing(): Promise<Row[]> {
  const bench = makeBench();
  const { chain, organisation, people } = bench;
  const filed = fileReport(organisation);
  const raw = formatEnvelopeWithSlots(filed.envelope);
  const reader = people.members[0]!;
  const secrets = deriveMember(reader.seed);
  const open = (): void => {
    const caseKey = openReportSlot(parseEnvelope(raw), chain, reader.id, secrets);
    if (caseKey === null) throw new Error("not for this reader");
    openConversation([raw], chain, filed.mailbox.caseId, caseKey);
  };
  return [
    await measureReportSealing(),
    await compare(
      {
        what: "openReportSlot + openConversation",
        unit: "reports/s",
        against: "one verification, box, X-Wing, AEAD, stream",
      },
      perSecond(open),
      perSecond(openRaw(bench)),
    ),
  ];
}
