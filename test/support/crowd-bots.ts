/**
 * A hundred bots against one portal, each as fast as it gets answers, all from one address.
 * argv: origin, seconds. Says "begun", then what each kind was answered: {kind: {status: times}}.
 */
import { randomBytes } from "node:crypto";
import { toBase64Url, toHex } from "../../crypto/bytes.ts";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { signMailboxRequest } from "../../crypto/mailbox.ts";
import { generateReceiptCode } from "../../crypto/receipt.ts";
import { english } from "../../crypto/words.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { makeWork } from "../../views/browser/client/work.ts";
import { AssistedVisitor } from "./assisted-visitor.ts";
import { fileReport, makeCaseKey, makeMailbox, type Organisation } from "./fixtures.ts";
import { ask } from "./organisation-server.ts";

const [origin, seconds] = process.argv.slice(2) as [string, string];
const api = { origin };
const { chain } = await fetchPortal(api);
if (chain === null) throw new Error("the portal has no roster");
const organisation = { portalId: chain.portalId, chain } as Organisation;
const visitor = new AssistedVisitor(origin);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let written = 0;
function sealed(): { bytes: Uint8Array; envId: Uint8Array } {
  const name = `bot ${toHex(randomBytes(4))} ${written++}`;
  return fileReport(organisation, { mailbox: makeMailbox(chain!.portalId, name), caseKey: makeCaseKey(name) });
}
const post = async (bytes: Uint8Array, pass: string): Promise<string> =>
  String((await ask(origin, "POST", "/reports", bytes, { "x-work": pass })).status);
/** One of forty, again and again. "again": this one is stored already, and the same bytes get the same answer. */
function poster(pass: () => string): () => Promise<string> {
  const pool = Array.from({ length: 40 }, sealed);
  const known = new Set<Uint8Array>();
  return async () => {
    const { bytes } = pool[written++ % pool.length]!;
    const status = await post(bytes, pass());
    if (status !== "201") return status;
    if (known.has(bytes)) return "again";
    known.add(bytes);
    return status;
  };
}
const replayed = await makeWork(api).pass(generateEnvId());

async function sendForm(waitMs: number): Promise<string> {
  const page = await visitor.open("/assisted/report");
  const hidden = page.html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
  const fields = Object.fromEntries([...hidden].map(([, name, value]) => [name!, value!]));
  await pause(waitMs);
  const path = await visitor.send("/assisted/report", {
    fields: { ...fields, "answer-what": "Buy now", "answer-categories": "safety", confirm: "yes" },
  });
  return /\/assisted\/sent/.test(path) ? "sent" : "kept";
}

async function guess(): Promise<string> {
  const { json } = await ask(origin, "POST", "/mailbox/nonce");
  const mailbox = makeMailbox(chain!.portalId, `guess ${written++}`);
  const nonce = Buffer.from(String(json?.["nonce"]), "hex");
  const body = new Uint8Array();
  const request = { portalId: chain!.portalId, origin, action: "POST /mailbox/read", body };
  const auth = toBase64Url(signMailboxRequest(mailbox, request, nonce));
  return String((await ask(origin, "POST", "/mailbox/read", body, { "x-mailbox-auth": auth })).status);
}

const kinds: Record<string, [bots: number, once: () => Promise<string>]> = {
  noWork: [30, poster(() => "")],
  garbage: [10, poster(() => toBase64Url(randomBytes(300)))],
  replayed: [10, poster(() => replayed)],
  solving: [
    5,
    async () => {
      const { bytes, envId } = sealed();
      return post(bytes, await makeWork(api).pass(envId));
    },
  ],
  formAtOnce: [10, () => sendForm(0)],
  formWaiting: [10, () => sendForm(20_000)],
  guess: [10, guess],
  guessByForm: [
    5,
    () =>
      visitor.send("/assisted/mailbox", { fields: { code: generateReceiptCode(english).canonical } }).then(() => "303"),
  ],
  reserve: [
    5,
    async () => {
      const body = { envId: toHex(generateEnvId()), length: 256 * 1024 };
      return String((await ask(origin, "POST", "/uploads", body, { "x-work": "" })).status);
    },
  ],
  pages: [5, async () => String((await fetch(`${origin}/${["", "rosters", "work", "report"][written++ % 4]}`)).status)],
};

const answers: Record<string, Record<string, number>> = {};
async function run(kind: string, once: () => Promise<string>): Promise<void> {
  const told = (answers[kind] ??= {});
  while (performance.now() < end) {
    const answer = await once().catch(() => "failed");
    told[answer] = (told[answer] ?? 0) + 1;
  }
}

const end = performance.now() + Number(seconds) * 1000;
process.send?.("begun");
const runs = Object.entries(kinds).flatMap(([kind, [bots, once]]) =>
  Array.from({ length: bots }, () => run(kind, once)),
);
// Who is still held or waits for an answer when time is up, is not waited for.
await Promise.race([Promise.all(runs), pause(Math.max(0, end - performance.now()) + 2000)]);
process.send?.(answers, () => process.exit(0));
