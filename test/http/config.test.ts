import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigError, configProblems, isSecureOrigin, readConfig, type ConfigProblem } from "../../server/config.ts";
import { translator } from "../../server/http/i18n.ts";

test("without settings the portal runs on this machine only", () => {
  const { config, secrets } = readConfig({});
  assert.equal(config.host, "127.0.0.1");
  assert.equal(config.reporterOrigin, "http://localhost:3000");
  assert.equal(config.consoleOrigin, "http://localhost:3001");
  assert.match(config.dataDir, /^\/.*data\/local$/);
  assert.equal(config.maxFileBytes, 2 * 1024 ** 3);
  assert.equal(secrets.keyringKey, null);
});

test("empty settings are as good as none", () => {
  assert.deepEqual(readConfig({ PORT: "", TLS_CERT: " ", BEHIND_PROXY: "" }), readConfig({}));
});

test("secrets are not part of the settings", () => {
  const { config, secrets } = readConfig({ KEYRING_KEY: "ab".repeat(32) });
  assert.equal(secrets.keyringKey?.length, 32);
  assert.ok(!JSON.stringify(config).includes("abab"));
});

test("its own TLS makes the default origins https", () => {
  const { config } = readConfig({ TLS_CERT: "/c.pem", TLS_KEY: "/k.pem" });
  assert.equal(config.reporterOrigin, "https://localhost:3000");
  assert.deepEqual(config.tls, { certFile: "/c.pem", keyFile: "/k.pem" });
});

const wrong: [env: Record<string, string>, setting: string, problem: ConfigProblem][] = [
  [{ PORT: "http" }, "PORT", "number"],
  [{ PORT: "65536" }, "PORT", "number"],
  [{ FEED_ITEMS: "0" }, "FEED_ITEMS", "number"],
  [{ KEYRING_BACKUP_DAYS: "-1" }, "KEYRING_BACKUP_DAYS", "number"],
  [{ KEYRING_BACKUP_DAYS: "10y" }, "KEYRING_BACKUP_DAYS", "number"],
  [{ MAX_FILE_BYTES: "1e9" }, "MAX_FILE_BYTES", "number"],
  [{ BEHIND_PROXY: "maybe" }, "BEHIND_PROXY", "flag"],
  [{ KEYRING_KEY: "abc" }, "KEYRING_KEY", "hex"],
  [{ REPORTER_ORIGIN: "reports.example.org" }, "REPORTER_ORIGIN", "origin"],
  [{ REPORTER_ORIGIN: "ftp://reports.example.org" }, "REPORTER_ORIGIN", "origin"],
  [{ REPORTER_ORIGIN: "https://reports.example.org/path", BEHIND_PROXY: "1" }, "REPORTER_ORIGIN", "origin"],
  [{ REPORTER_ORIGIN: "http://reports.example.org", BEHIND_PROXY: "1" }, "REPORTER_ORIGIN", "insecureOrigin"],
  [{ CONSOLE_ORIGIN: "https://console.example.org" }, "CONSOLE_ORIGIN", "insecureOrigin"],
  [{ REPORTER_ONION: "https://reports.example.org" }, "REPORTER_ONION", "origin"],
  [{ TLS_CERT: "/c.pem" }, "TLS_CERT", "tlsPair"],
  [{ QUICK_EXIT_URL: "javascript:alert(1)" }, "QUICK_EXIT_URL", "url"],
  [{ TIMESTAMP_URL: "file:///etc/passwd" }, "TIMESTAMP_URL", "webAddress"],
  [{ TIMESTAMP_URL: "https://a:b@tsa.example.org/" }, "TIMESTAMP_URL", "webAddress"],
  [{ TIMESTAMP_URL: "tsa.example.org" }, "TIMESTAMP_URL", "webAddress"],
];
for (const [env, setting, problem] of wrong)
  test(`${Object.entries(env)
    .map((pair) => pair.join("="))
    .join(" ")} is refused: ${problem}`, () =>
    assert.throws(
      () => readConfig(env),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError);
        assert.deepEqual([error.setting, error.problem], [setting, problem]);
        assert.ok(!error.message.includes(Object.values(env)[0] ?? "") || setting === "BEHIND_PROXY");
        return true;
      },
    ));

test("every problem with a setting has words", () => {
  const t = translator("en");
  for (const problem of configProblems) assert.notEqual(t(`setup:config.${problem}`), `config.${problem}`);
});

for (const [origin, secure] of [
  ["https://a.example", true],
  ["http://localhost:1", true],
  ["http://127.0.0.1", true],
  ["http://[::1]:3000", true],
  ["http://abc.onion", true],
  ["http://a.example", false],
  ["http://192.168.0.1", false],
  ["http://localhost.a.example", false],
] as const)
  test(`${origin} is ${secure ? "" : "not "}a place where browsers offer cryptography`, () =>
    assert.equal(isSecureOrigin(origin), secure));
