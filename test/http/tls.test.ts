/** Over TLS that this process ends itself: HSTS, no old protocols or CBC suites, the same acts. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { requireJudge } from "../support/judges.ts";
import { freePort, startTestPortal, type TestPortal } from "../support/server.ts";

interface Got {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

function get(url: string, options: https.RequestOptions = {}): Promise<Got> {
  const client = url.startsWith("https:") ? https : http;
  return new Promise((resolve, reject) => {
    const request = client.get(url, { ...options, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.on("error", reject);
  });
}

describe("over TLS", requireJudge("openssl"), () => {
  let folder: string;
  let portal: TestPortal;
  let ca: Buffer;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tellhaven-tls-"));
    const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"].concat(subject, [
        "-keyout",
        key,
        "-out",
        cert,
      ]),
      { stdio: "ignore" },
    );
    ca = await readFile(cert);
    portal = await startTestPortal({ TLS_CERT: cert, TLS_KEY: key });
  });
  after(async () => {
    await portal?.discard();
    await rm(folder, { recursive: true, force: true });
  });

  test("both apps answer at their https origins, with HSTS", async () => {
    for (const url of [portal.reporterUrl, portal.consoleUrl]) {
      assert.match(url, /^https:\/\/localhost:\d+$/);
      const { status, headers } = await get(`${url}/`, { ca });
      assert.equal(status, 200);
      assert.match(String(headers["strict-transport-security"]), /max-age=\d{8}/);
    }
  });

  test("plain HTTP to a TLS port gets no page", async () => {
    await assert.rejects(get(portal.reporterUrl.replace("https:", "http:")));
  });

  const handshakes: [string, string[], boolean][] = [
    ["TLS 1.3", ["-tls1_3"], true],
    ["TLS 1.2 with AES-GCM", ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"], true],
    ["TLS 1.2 with a CBC suite", ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256"], false],
    ["TLS 1.1", ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], false],
  ];
  for (const [what, args, works] of handshakes)
    test(`${what} ${works ? "works" : "is refused"}`, async () => {
      assert.equal(await handshake(new URL(portal.reporterUrl).host, args), works);
    });
});

/** Whether openssl, asked to offer only this, gets through. */
function handshake(host: string, args: string[]): Promise<boolean> {
  const client = spawn("openssl", ["s_client", "-connect", host, ...args], { stdio: ["pipe", "ignore", "ignore"] });
  client.stdin.on("error", () => {}); // a refused handshake closes it before we do
  client.stdin.end();
  return new Promise((resolve) => client.on("close", (code) => resolve(code === 0)));
}

describe("without TLS", () => {
  test("another host is told in words what to do, and localhost gets no HSTS", async () => {
    const portal = await startTestPortal();
    try {
      const elsewhere = await get(`${portal.reporterUrl}/`, {
        headers: { host: "portal.example.org", accept: "text/html" },
      });
      assert.equal(elsewhere.status, 421);
      for (const word of ["TLS_CERT", "BEHIND_PROXY"]) assert.match(elsewhere.body, new RegExp(word));
      const here = await get(`${portal.reporterUrl}/`);
      assert.deepEqual([here.status, here.headers["strict-transport-security"]], [200, undefined]);
    } finally {
      await portal.discard();
    }
  });

  test("a port that is taken fails with a word, not a crash", async () => {
    const port = await freePort();
    const blocker = http.createServer().listen(port, "127.0.0.1");
    await new Promise((resolve) => blocker.once("listening", resolve));
    try {
      await assert.rejects(startTestPortal({ PORT: String(port) }), { code: "EADDRINUSE" });
    } finally {
      blocker.close();
    }
  });
});
