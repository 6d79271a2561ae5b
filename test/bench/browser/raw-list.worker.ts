/**
 * What a list of cases cannot do without, by bare libsodium calls and nothing else: for each case two slots (sealed
 * box and X-Wing), two summaries, one signature. Answers cases per second.
 */
import { boxKeyPair, generateKemKeyPair, signKeyPair, sodium } from "../../../crypto/sodium.ts";

const rounds = 300;

const box = boxKeyPair(sodium.randombytes_buf(32));
const kem = generateKemKeyPair();
const sign = signKeyPair(sodium.randombytes_buf(32));
const key = sodium.randombytes_buf(32);
const zero = new Uint8Array(12);
const nonce = sodium.randombytes_buf(24);
const { ciphertext, sharedSecret } = sodium.crypto_kem_xwing_enc(kem.publicKey);
const inner = sodium.crypto_aead_chacha20poly1305_ietf_encrypt(key, zero, null, zero, sharedSecret);
const joined = new Uint8Array([...ciphertext, ...inner]);
const slot = sodium.crypto_box_seal(joined, box.publicKey);
const summary = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(new Uint8Array(512), zero, null, nonce, key);
const signature = sodium.crypto_sign_detached(summary, sign.secretKey);

function openSlot(): void {
  const opened = sodium.crypto_box_seal_open(slot, box.publicKey, box.secretKey);
  const secret = sodium.crypto_kem_xwing_dec(opened.subarray(0, ciphertext.length), kem.secretKey);
  sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, opened.subarray(ciphertext.length), zero, zero, secret);
}

const started = performance.now();
for (let i = 0; i < rounds; i++) {
  openSlot();
  openSlot();
  for (let each = 0; each < 2; each++)
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, summary, zero, nonce, key);
  sodium.crypto_sign_verify_detached(signature, summary, sign.publicKey);
}
postMessage({ perSecond: (rounds * 1000) / (performance.now() - started) });
