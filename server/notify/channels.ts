/** The two ways out: a mail server, and a webhook. */
import { createHmac } from "node:crypto";
import { createTransport } from "nodemailer";
import type { Notice } from "./notices.ts";
import type { Address, NotifySettings } from "./notify-file.ts";

export interface ChannelSecrets {
  smtpPassword: string | null;
  webhookSecret: string | null;
}

/** Hands a notice over once. Rejects when it was not taken; what the error says must not be logged, but its code. */
export type Deliver = (notice: Notice, address: Address) => Promise<void>;

const connectMs = 10_000;
const answerMs = 30_000;
/** For a whole message: a server that says a little now and then would never come to an end. */
const mailMs = 2 * 60_000;
const webhookMs = 15_000;

/** `mostMs`: for one message by mail. */
export function openChannels(settings: NotifySettings, secrets: ChannelSecrets, mostMs = mailMs): Deliver {
  const mail = mailChannel(settings, secrets.smtpPassword, mostMs);
  return (notice, { by, to }) => (by === "email" ? mail(notice, to) : postWebhook(notice, to, secrets.webhookSecret));
}

function mailChannel(
  { smtp, from }: NotifySettings,
  password: string | null,
  mostMs: number,
): (notice: Notice, to: string) => Promise<void> {
  // The file's rules let no mail address through without a mail server.
  if (smtp === null) return () => Promise.reject(new TypeError("there is no mail server"));
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.secure,
    requireTLS: smtp.startTls,
    // Neither: the file's rules let that through for this machine only.
    ignoreTLS: !smtp.secure && !smtp.startTls,
    ...(smtp.user !== null && { auth: { user: smtp.user, pass: password ?? "" } }),
    // Otherwise it would introduce itself with the machine's own name.
    name: from.slice(from.lastIndexOf("@") + 1),
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: answerMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async ({ subject, text, date }, to) => {
    // Message-ID is drawn at random by the library, with the sender's domain behind it.
    const headers = { "Auto-Submitted": "auto-generated" };
    const signal = AbortSignal.timeout(mostMs);
    await transport.sendMail({ from, to, subject, text, date, xMailer: false, headers, signal });
  };
}

/**
 * POSTs {format, kind, text}. `secret`: the body's HMAC-SHA256 stands in X-Tellhaven-Signature as
 * sha256=<hex>. Any 2xx is a yes; what comes back is not read, and no redirect is followed.
 */
async function postWebhook({ kind, text }: Notice, url: string, secret: string | null): Promise<void> {
  const body = JSON.stringify({ format: "tellhaven-notice-1", kind, text });
  const signature = secret === null ? null : createHmac("sha256", secret).update(body).digest("hex");
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "user-agent": "tellhaven",
      ...(signature !== null && { "x-tellhaven-signature": `sha256=${signature}` }),
    },
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(webhookMs),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`a webhook answered ${response.status}`);
}
