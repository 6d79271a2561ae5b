/** Attacks on starting: a key that is gone or another's, a taken port, files that others may read, settings that run away. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { toBase64Url, toHex } from "../../crypto/bytes.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import { issueSetupSecret } from "../../server/app/set-up.ts";
import { readConfig } from "../../server/config.ts";
import { startPortal } from "../../server/main.ts";
import { fileReport } from "../support/fixtures.ts";
import { ask, askMailbox, serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { freePort, startTestPortal } from "../support/server.ts";

let dataDir: string;
let stopped: ServedOrganisation;
before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "tellhaven-start-"));
  stopped = await serveOrganisation({}, 2, { dataDir });
  const report = fileReport(stopped.organisation);
  assert.equal((await ask(stopped.portal.reporterUrl, "POST", "/reports", report.bytes)).status, 201);
});
after(async () => {
  await stopped.portal.close().catch(() => {});
  await rm(dataDir, { recursive: true, force: true });
});

test("what the server keeps is readable to its owner only", { skip: process.platform === "win32" }, async () => {
  const names = await readdir(dataDir);
  assert.ok(names.includes("portal.sqlite") && names.includes("keyring.sqlite") && names.includes("keyring.key"));
  for (const name of names) {
    const { mode } = await stat(join(dataDir, name));
    assert.equal(mode & 0o077, 0, name);
  }
});

test("with another key the portal does not start: what it took would be lost when the right one comes back", async () => {
  await stopped.portal.close();
  await assert.rejects(startTestPortal({ KEYRING_KEY: toHex(randomBytes(32)) }, { dataDir }), /keyring/);
});

test("a missing key is not made anew over data that needs the old one", async () => {
  const file = join(dataDir, "keyring.key");
  await rename(file, `${file}.away`);
  await assert.rejects(startTestPortal({}, { dataDir }), /keyring\.key/);
  assert.ok(!(await readdir(dataDir)).includes("keyring.key"));
  await rename(`${file}.away`, file);
  const again = await startTestPortal({}, { dataDir });
  try {
    const { status, bytes } = await askMailbox(
      { ...stopped, portal: again },
      fileReport(stopped.organisation).mailbox,
      "/mailbox/read",
    );
    assert.deepEqual([status, bytes[0]], [200, 1]);
  } finally {
    await again.close();
  }
});

test("when the second port is taken, the first is given back", async () => {
  const taken = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => taken.once("listening", resolve));
  const { port: consolePort } = taken.address() as net.AddressInfo;
  const port = await freePort();
  const dir = await mkdtemp(join(tmpdir(), "tellhaven-ports-"));
  try {
    const { config, secrets } = readConfig({ PORT: String(port), CONSOLE_PORT: String(consolePort), DATA_DIR: dir });
    await assert.rejects(
      startPortal(config, secrets, () => {}),
      { code: "EADDRINUSE" },
    );
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
  } finally {
    taken.close();
    await rm(dir, { recursive: true, force: true });
  }
});

test("a charter registered while another's first roster is being stored does not leave a portal that cannot start", async () => {
  const dir = await mkdtemp(join(tmpdir(), "tellhaven-race-"));
  const served = await serveOrganisation({}, 0, { dataDir: dir });
  const { portal } = served;
  const secret = await issueSetupSecret(portal.context);
  const { store } = portal.context;
  const append = store.appendRoster.bind(store);
  const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  store.appendRoster = async (roster) => {
    reached.resolve();
    await gate.promise;
    return append(roster);
  };
  const rosterPosted = served.postRoster(1);
  await reached.promise;
  const body = { charterPk: toHex(randomBytes(32)), officePk: toHex(randomBytes(32)) };
  const authorization = `Setup ${toBase64Url(secret)}`;
  const registered = ask(portal.consoleUrl, "POST", "/setup", body, { authorization });
  await new Promise((resolve) => setTimeout(resolve, 100));
  gate.resolve();
  assert.deepEqual([(await rosterPosted).status, (await registered).status], [201, 403]);
  await portal.close();
  const again = await startTestPortal({}, { dataDir: dir });
  await again.discard();
});

test("who stops in the middle does not hold a connection for ever", async (t) => {
  const servers: http.Server[] = [];
  const create = http.createServer.bind(http);
  t.mock.method(http, "createServer", (options: http.ServerOptions, app: http.RequestListener) => {
    const server = create(options, app);
    servers.push(server);
    return server;
  });
  const portal = await startTestPortal();
  try {
    for (const server of servers) assert.ok(server.timeout >= 60_000 && server.timeout <= 5 * 60_000);
    servers[0]!.setTimeout(200);
    const socket = net.connect(portal.config.port, "127.0.0.1");
    await once(socket, "connect");
    socket.write(
      `POST /reports HTTP/1.1\r\nhost: localhost:${portal.config.port}\r\ncontent-type: application/octet-stream\r\ncontent-length: 99\r\n\r\nx`,
    );
    socket.resume();
    await once(socket, "close");
  } finally {
    await portal.discard();
  }
});
