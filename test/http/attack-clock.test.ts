/** Attacks by a clock that jumps, as clocks of small machines do: nobody is shut out, nothing lives on. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { fromHex, toBase64Url } from "../../crypto/bytes.ts";
import { signLogin } from "../../crypto/login.ts";
import { AddressHasher, BoundedStore } from "../../server/http/limits.ts";
import { ask, serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const day = 86_400_000;
let ahead = 0;
const clock = {
  today: (): number => Math.floor((Date.now() + ahead) / day),
  now: (): number => Date.now() + ahead,
};

let served: ServedOrganisation;
before(async () => {
  served = await serveOrganisation({ RATE_SESSION: "20" }, 2, { clock });
});
after(() => served.portal.discard());
beforeEach(() => {
  ahead = 0;
});

for (const days of [2000, -2000]) {
  test(`a session that is idle while the clock jumps by ${days} days is over`, async () => {
    const authorization = await served.signIn(served.organisation.members.rosa);
    ahead = days * day;
    const { status } = await ask(served.portal.consoleUrl, "GET", "/feed", undefined, { authorization });
    assert.equal(status, 403);
  });

  test(`a challenge from before the clock jumped by ${days} days signs nobody in`, async () => {
    const { rosa } = served.organisation.members;
    const { consoleUrl } = served.portal;
    const nonce = String((await ask(consoleUrl, "POST", "/session/nonce", { member: rosa.id })).json?.["nonce"]);
    const challenge = {
      portalId: served.organisation.portalId,
      origin: consoleUrl,
      nonce: fromHex(nonce),
      memberId: rosa.id,
    };
    const signature = toBase64Url(signLogin(rosa.secrets.login.secretKey, challenge));
    ahead = days * day;
    const { status } = await ask(consoleUrl, "POST", "/session", { member: rosa.id, nonce, signature });
    assert.equal(status, 403);
  });

  test(`sign-in works after the clock jumped by ${days} days`, async () => {
    ahead = days * day;
    assert.match(await served.signIn(served.organisation.members.rosa), /^Bearer /);
  });

  test(`who was limited when the clock jumped by ${days} days is not limited for ever`, async () => {
    ahead = 0;
    const { rosa } = served.organisation.members;
    const nonce = (): ReturnType<typeof ask> =>
      ask(served.portal.consoleUrl, "POST", "/session/nonce", { member: rosa.id });
    for (let i = 0; i < 25; i++) await nonce();
    assert.equal((await nonce()).status, 429);
    ahead = days * day;
    assert.equal((await nonce()).status, 200);
    assert.match(await served.signIn(rosa), /^Bearer /);
  });
}

test("counters from before a clock was set back do not pile up", () => {
  let now = 2000 * day;
  const store = new BoundedStore(() => now);
  store.increment("a");
  now = 0;
  store.increment("b");
  assert.deepEqual(store.keys(), ["b"]);
  assert.equal(store.increment("a").totalHits, 1);
});

test("the secret behind the limiter's keys is forgotten after an hour, also when the clock was set back", () => {
  let now = 2000 * day;
  const hasher = new AddressHasher(() => now);
  const key = hasher.keyOf("192.0.2.1");
  now = 0;
  assert.notEqual(hasher.keyOf("192.0.2.1"), key);
});
