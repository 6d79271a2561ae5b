/** A time-stamping authority of our own: certificates and answers are made by `openssl`, it only sends them. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Authority {
  /** Of its own; discard() removes it. */
  folder: string;
  /** PEM of the root that the authority's certificate leads to; PEM of the authority's own. */
  root: string;
  own: string;
  /** The answer to a question, as DER. `rejects`: it takes other hashes only, and says so. */
  answer(query: Uint8Array, rejects?: boolean): Buffer;
  /**
   * An answer with this TSTInfo that `openssl ts` would not make. `by`: with the authority's certificate, or with one of
   * the same house that is for mail as well; `named`: the signature names its certificate.
   */
  signBy(info: Uint8Array, by: "own" | "mail", named: boolean): Buffer;
  discard(): void;
}

const config = (folder: string): string => `
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[stamping]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[mailing]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping, emailProtection
[takes]
serial = ${folder}/serial
signer_cert = ${folder}/own.pem
signer_key = ${folder}/own.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
[rejects]
serial = ${folder}/serial
signer_cert = ${folder}/own.pem
signer_key = ${folder}/own.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha512
`;

/** Needs the judge "openssl". `key`: of the authority, as `openssl req -newkey` names it. */
export function makeAuthority(name: string, key: "rsa:2048" | "ec" = "rsa:2048"): Authority {
  const folder = mkdtempSync(join(tmpdir(), "tellhaven-authority-"));
  const openssl = (...args: string[]): Buffer => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const newKey = key === "ec" ? ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"] : ["-newkey", key];
  const req = ["req", "-config", "config", "-nodes", ...newKey];
  writeFileSync(join(folder, "config"), config(folder));
  writeFileSync(join(folder, "serial"), "01\n");
  const asRoot = ["-x509", "-days", "30", "-subj", `/CN=${name} root`, "-extensions", "root"];
  openssl(...req, ...asRoot, "-keyout", "root.key", "-out", "root.pem");
  for (const [i, [file, extensions]] of (
    [
      ["own", "stamping"],
      ["mail", "mailing"],
    ] as const
  ).entries()) {
    openssl(...req, "-subj", `/CN=${name} ${file}`, "-keyout", `${file}.key`, "-out", `${file}.csr`);
    const signing = ["-CA", "root.pem", "-CAkey", "root.key", "-set_serial", String(7 + i), "-days", "30"];
    const given = ["-extfile", "config", "-extensions", extensions];
    openssl("x509", "-req", "-in", `${file}.csr`, ...signing, ...given, "-out", `${file}.pem`);
  }
  return {
    folder,
    root: join(folder, "root.pem"),
    own: join(folder, "own.pem"),
    answer(query, rejects = false) {
      writeFileSync(join(folder, "query"), query);
      const section = ["-config", "config", "-section", rejects ? "rejects" : "takes"];
      openssl("ts", "-reply", ...section, "-queryfile", "query", "-out", "answer");
      return readFileSync(join(folder, "answer"));
    },
    signBy(info, by, named) {
      writeFileSync(join(folder, "info"), info);
      const type = ["-econtent_type", "1.2.840.113549.1.9.16.1.4", ...(named ? ["-cades"] : [])];
      const signer = ["-signer", `${by}.pem`, "-inkey", `${by}.key`, "-md", "sha256"];
      openssl(
        "cms",
        "-sign",
        "-binary",
        "-nodetach",
        "-in",
        "info",
        ...type,
        ...signer,
        "-outform",
        "DER",
        "-out",
        "token",
      );
      // SEQUENCE of the status, granted, and the token.
      const content = Buffer.concat([Buffer.from("3003020100", "hex"), readFileSync(join(folder, "token"))]);
      return Buffer.concat([
        Buffer.from("3082", "hex"),
        Buffer.from([content.length >> 8, content.length & 255]),
        content,
      ]);
    },
    discard: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface ServedAuthority {
  url: string;
  /** What came in, newest last. */
  asked: { method: string; headers: IncomingMessage["headers"]; body: Buffer }[];
  close(): Promise<void>;
}

/** Sends what `act` does with each question that comes in over HTTP. */
export async function serveAuthority(act: (query: Buffer, res: ServerResponse) => void): Promise<ServedAuthority> {
  const asked: ServedAuthority["asked"] = [];
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on("data", (part: Buffer) => parts.push(part));
    req.on("end", () => {
      const body = Buffer.concat(parts);
      asked.push({ method: req.method ?? "", headers: req.headers, body });
      act(body, res);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/stamp`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
