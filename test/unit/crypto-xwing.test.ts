/** libsodium's X-Wing against an independent implementation, noble's: both directions, and the key from the seed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ml_kem768_x25519 as noble } from "@noble/post-quantum/hybrid.js";
import { equal, u32le } from "../../crypto/bytes.ts";
import { hash } from "../../crypto/hash.ts";
import { kemKeyPair, sodium } from "../../crypto/sodium.ts";

const exchanges = 1000;

test(`${exchanges} X-Wing exchanges each way agree with noble`, () => {
  for (let i = 0; i < exchanges; i++) {
    // Every seed is another, and a failure names the one that it came from.
    const seed = hash(32, null, "xwing", u32le(i));
    const ours = kemKeyPair(seed);
    const theirs = noble.keygen(seed);
    assert.ok(equal(ours.publicKey, theirs.publicKey), `public key of seed ${i}`);

    const fromThem = noble.encapsulate(ours.publicKey);
    const read = sodium.crypto_kem_xwing_dec(fromThem.cipherText, ours.secretKey);
    assert.ok(equal(read, fromThem.sharedSecret), `noble seals, libsodium opens: seed ${i}`);

    const fromUs = sodium.crypto_kem_xwing_enc(theirs.publicKey);
    const readByThem = noble.decapsulate(fromUs.ciphertext, theirs.secretKey);
    assert.ok(equal(readByThem, fromUs.sharedSecret), `libsodium seals, noble opens: seed ${i}`);
    assert.ok(!equal(fromThem.sharedSecret, fromUs.sharedSecret));
  }
});
