/** A mail server and a webhook that mean harm: whatever they go on saying, they are left, and the next message goes out. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { openChannels, type Deliver } from "../../server/notify/channels.ts";
import { noticeOf } from "../../server/notify/notices.ts";
import { mailSettings } from "../support/notify.ts";

const notice = noticeOf("digest", false, new Date("2026-05-04T07:00:00Z"));
/** Longer than any delivery below may take, milliseconds. */
const endless = 5000;

/** Says the greeting once, then the rest as often as the other side lets it. */
async function serve(t: TestContext, greeting: string, rest: string, pauseMs: number): Promise<number> {
  const speak = (socket: Socket): void => {
    socket.write(greeting);
    const drip = setInterval(() => socket.write(rest), pauseMs);
    socket.on("error", () => {}).on("close", () => clearInterval(drip));
  };
  const server = createServer(speak);
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

function mailTo(port: number): Deliver {
  return openChannels(mailSettings(port), { smtpPassword: null, webhookSecret: null }, 500);
}

for (const [what, greeting, rest] of [
  ["whose greeting never ends", "", "220-and\r\n"],
  ["whose answer never ends", "220 here\r\n", "250-and\r\n"],
  ["that never ends a line", "220 ", "x"],
] as const)
  test(`a mail server ${what} is left`, async (t) => {
    const deliver = mailTo(await serve(t, greeting, rest, 50));
    const ended = AbortSignal.timeout(endless);
    await assert.rejects(deliver(notice, { by: "email", to: "rosa@example.org" }), { code: "EABORT" });
    assert.equal(ended.aborted, false);
  });

for (const [what, greeting, taken] of [
  ["whose answer never ends has taken it all the same", "HTTP/1.1 204 No Content\r\n\r\n", true],
  ["that sends a body without end has taken it", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", true],
  ["whose headers never end has not taken it", "HTTP/1.1 200 OK\r\nx: ", false],
] as const)
  test(`a webhook ${what}`, async (t) => {
    const port = await serve(t, greeting, `10000\r\n${"x".repeat(0x10000)}\r\n`, 20);
    const ended = AbortSignal.timeout(endless);
    const sent = mailTo(1)(notice, { by: "webhook", to: `http://127.0.0.1:${port}/hook` });
    if (taken) await sent;
    else await assert.rejects(sent);
    assert.equal(ended.aborted, false);
  });
