/** Vectors of signed requests and of answers. */
import { concat, u32le, u8, utf8 } from "../../crypto/bytes.ts";
import { charterMemberId, signLogin } from "../../crypto/login.ts";
import { formatMailboxAnswer, formatStreamAnswer, signMailboxRequest } from "../../crypto/mailbox.ts";
import { makeOrganisation, makeReceiptCode, makeMailbox, seedFor } from "../support/fixtures.ts";
import { append, b64, cut, flip, splice, value, type Collection } from "./collection.ts";

const { portalId, members } = makeOrganisation("Vectors & Co");
const { rosa } = members;

export async function makeRequests(to: Collection): Promise<void> {
  const mailbox = makeMailbox(portalId, makeReceiptCode().canonical);
  const [nonce, body] = [seedFor("nonce"), utf8("body")];
  const request = { portalId, origin: "https://speak.example", action: "POST /mailbox/read", body };
  const auth = signMailboxRequest(mailbox, request, nonce);
  const said = { portalId: b64(portalId), origin: request.origin, action: request.action, body: b64(body) };
  await to.valid("mailbox-request", "§20 signing key 32 ‖ X-Wing key 1,216 ‖ nonce 32 ‖ signature 64", {
    "a request": { auth: b64(auth), ...said },
  });
  for (const [part, at] of [
    ["signing-key", 0],
    ["kem-key", 40],
    ["nonce", 1250],
    ["signature", 1290],
  ] as const)
    to.failure("mailbox-request", `flipped-${part}`, "forged", { auth: flip(auth, at) });
  to.failure("mailbox-request", "cut", "format", { auth: cut(auth) });
  to.failure("mailbox-request", "byte-appended", "format", { auth: append(auth) });
  to.failure("mailbox-request", "another-body", "forged", { body: value(b64(utf8("BODY"))) });
  to.failure("mailbox-request", "another-path", "forged", { action: value("POST /mailbox/messages") });
  to.failure("mailbox-request", "another-origin", "forged", { origin: value("https://speak.example.evil") });
  to.failure("mailbox-request", "another-portal", "forged", { portalId: value(b64(seedFor("x"))) });

  const answer = (envelopes: Uint8Array[]) => {
    const bytes = formatMailboxAnswer(envelopes);
    return {
      head: b64(bytes.subarray(0, 4 + envelopes.reduce((sum, each) => sum + 8 + each.length, 0))),
      zerosTo: bytes.length,
    };
  };
  const two = [utf8("one"), utf8("two!")];
  const whole = formatMailboxAnswer(two);
  await to.valid("mailbox-answer", "§20 count ‖ (length, envelope, 0)… ‖ zeros to 64 KiB × 2^k", {
    "an unknown case": { answer: answer([]) },
    "two envelopes": { answer: answer(two) },
    "more than 64 KiB": { answer: answer([new Uint8Array(70_000).fill(7)]) },
  });
  const bad = (head: Uint8Array, zerosTo = 65_536) => ({ answer: value({ head: b64(head), zerosTo }) });
  to.failure("mailbox-answer", "too-short", "format", bad(u32le(0), 65_535));
  to.failure("mailbox-answer", "twice-as-long", "format", bad(u32le(0), 131_072));
  to.failure("mailbox-answer", "count-too-great", "format", bad(u32le(0xffff_ffff)));
  to.failure("mailbox-answer", "length-beyond-the-end", "format", bad(concat(u32le(1), u32le(70_000))));
  to.failure("mailbox-answer", "padding-not-zero", "format", bad(concat(whole.subarray(0, 60), u8(1))));
  to.failure(
    "mailbox-answer",
    "slot-without-a-rekey",
    "format",
    bad(concat(u32le(1), u32le(0), u32le(2), u8(0), u8(0))),
  );

  const stream = formatStreamAnswer([
    { envelope: utf8("one"), slots: utf8("slots") },
    { envelope: utf8("two"), slots: new Uint8Array() },
  ]);
  await to.valid("stream-answer", "§20 count ‖ (length, envelope, length, slots)…", {
    empty: { answer: b64(u32le(0)) },
    "two envelopes": { answer: b64(stream) },
  });
  to.failure("stream-answer", "cut", "format", { answer: cut(stream) }, 1);
  to.failure("stream-answer", "byte-appended", "format", { answer: append(stream) }, 1);
  to.failure(
    "stream-answer",
    "count-too-great",
    "format",
    { answer: splice({ at: 0, remove: 4, insert: b64(u32le(9)) }) },
    1,
  );

  const challenge = { portalId, origin: "https://desk.example", nonce, memberId: 1 };
  const login = (memberId: number) => ({
    seed: b64(rosa.seed),
    publicKey: b64(rosa.keys.login),
    portalId: b64(portalId),
    origin: challenge.origin,
    nonce: b64(nonce),
    memberId,
    signature: b64(signLogin(rosa.secrets.login.secretKey, { ...challenge, memberId })),
  });
  await to.valid("login", "§21 one challenge, signed", {
    "a member": login(1),
    "the charter holder's id": login(charterMemberId),
  });
  to.failure("login", "another-nonce", "forged", { nonce: value(b64(seedFor("x"))) });
  to.failure("login", "another-origin", "forged", { origin: value("https://desk.example.evil") });
  to.failure("login", "another-portal", "forged", { portalId: value(b64(seedFor("x"))) });
  to.failure("login", "another-member", "forged", { memberId: value(2) });
  to.failure("login", "member-id-beyond-32-bits", "format", { memberId: value(2 ** 32 + 1) });
  to.failure("login", "signed-with-the-other-key", "forged", { publicKey: value(b64(rosa.keys.sign)) });
}
