/** A test portal that the fixture organisation was set up on, through the API as a charter holder would. */
import { toBase64, toBase64Url, toHex } from "../../crypto/bytes.ts";
import { charterMemberId, signLogin } from "../../crypto/login.ts";
import { signMailboxRequest } from "../../crypto/mailbox.ts";
import type { Mailbox } from "../../crypto/keys.ts";
import { fromHex } from "../../crypto/bytes.ts";
import { issueSetupSecret } from "../../server/app/set-up.ts";
import { makeOrganisation, type FixtureMember, type Organisation } from "./fixtures.ts";
import { startTestPortal, type TestPortal } from "./server.ts";
import { makeWork } from "../../views/browser/client/work.ts";

export interface ServedOrganisation {
  portal: TestPortal;
  organisation: Organisation;
  /** Signs in and answers the authorization header's value. */
  signIn(who: FixtureMember | "charter"): Promise<string>;
  /** Posts the organisation's next roster. */
  postRoster(epoch: 1 | 2): Promise<Response>;
}

export interface Answer {
  status: number;
  bytes: Uint8Array;
  /** Of JSON answers. */
  json: Record<string, unknown> | null;
  headers: Headers;
}

/** One request, answered whole. Bytes go as octet-stream, objects as JSON. */
export async function ask(
  origin: string,
  method: string,
  path: string,
  body?: Uint8Array | object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const bytes = body instanceof Uint8Array;
  const type = body === undefined ? {} : { "content-type": bytes ? "application/octet-stream" : "application/json" };
  const paid = method === "POST" && (path === "/reports" || path === "/uploads") && !("x-work" in headers);
  // What a console's session pays for itself.
  const work = paid && !("authorization" in headers) ? await findPass(origin) : {};
  const response = await fetch(origin + path, {
    method,
    headers: { accept: "application/json", ...type, ...work, ...headers },
    body: body === undefined ? null : bytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
  });
  const answer = new Uint8Array(await response.arrayBuffer());
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  const json = isJson ? (JSON.parse(Buffer.from(answer).toString()) as Record<string, unknown>) : null;
  return { status: response.status, bytes: answer, json, headers: response.headers };
}

/** A fresh pass as the header that it goes in; none where no work is asked. */
export async function findPass(origin: string): Promise<Record<string, string>> {
  const pass = await makeWork({ origin })
    .pass(new Uint8Array(16))
    .catch(() => "");
  return pass === "" ? {} : { "x-work": pass };
}

/** A mailbox request, challenge and all. */
export async function askMailbox(
  served: ServedOrganisation,
  mailbox: Mailbox,
  path: string,
  body: Uint8Array = new Uint8Array(),
  spoil: (auth: Uint8Array) => Uint8Array = (auth) => auth,
): Promise<Answer> {
  const origin = served.portal.reporterUrl;
  const { json } = await ask(origin, "POST", "/mailbox/nonce");
  const nonce = fromHex(String(json?.["nonce"]), 32);
  const request = { portalId: served.organisation.portalId, origin, action: `POST ${path}`, body };
  const auth = spoil(signMailboxRequest(mailbox, request, nonce));
  return ask(origin, "POST", path, body, { "x-mailbox-auth": toBase64Url(auth) });
}

/** `epochs`: how many of the organisation's two rosters are posted. */
export async function serveOrganisation(
  env: Record<string, string> = {},
  epochs: 0 | 1 | 2 = 2,
  {
    trial = true,
    questionnaire = "general",
    approval = false,
    ...options
  }: Parameters<typeof startTestPortal>[1] & { trial?: boolean; questionnaire?: string; approval?: boolean } = {},
): Promise<ServedOrganisation> {
  const portal = await startTestPortal(env, options);
  const organisation = makeOrganisation("Fixture & Sons", portal.context.keys.log, trial, questionnaire, approval);
  const { consoleUrl } = portal;
  const secret = await issueSetupSecret(portal.context);
  const { charter, portalId } = organisation;
  const registered = await ask(
    consoleUrl,
    "POST",
    "/setup",
    { charterPk: toHex(charter.sign.publicKey), officePk: toHex(charter.office.publicKey) },
    { authorization: `Setup ${toBase64Url(secret)}` },
  );
  if (registered.status !== 201) throw new Error(`set-up answered ${registered.status}`);
  const served: ServedOrganisation = {
    portal,
    organisation,
    async signIn(who) {
      const member = who === "charter" ? "charter" : who.id;
      const memberId = who === "charter" ? charterMemberId : who.id;
      const { json } = await ask(consoleUrl, "POST", "/session/nonce", { member });
      const nonce = String(json?.["nonce"]);
      const key = who === "charter" ? charter.office : who.secrets.login;
      const signature = signLogin(key.secretKey, { portalId, origin: consoleUrl, nonce: fromHex(nonce), memberId });
      const session = await ask(consoleUrl, "POST", "/session", { member, nonce, signature: toBase64Url(signature) });
      if (session.status !== 201) throw new Error(`sign-in answered ${session.status}`);
      return `Bearer ${String(session.json?.["token"])}`;
    },
    async postRoster(epoch) {
      const { bytes, signature } = organisation.signed[epoch - 1]!;
      const authorization = await served.signIn("charter");
      return fetch(`${consoleUrl}/rosters`, {
        method: "POST",
        headers: { authorization, "content-type": "application/json" },
        body: JSON.stringify({ bytes: toBase64(bytes), signature: toBase64(signature) }),
      });
    },
  };
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const { status } = await served.postRoster(epoch as 1 | 2);
    if (status !== 201) throw new Error(`roster ${epoch} answered ${status}`);
  }
  return served;
}
