/**
 * The time stamp of a case file (RFC 3161), read by PKI.js: whether it answers the question beside it, and whether the
 * authority made it whose certificate was given. verify.sh asks `openssl ts` the same.
 */
import { createHash, X509Certificate } from "node:crypto";
import { fromBER, ObjectIdentifier, OctetString, Sequence } from "asn1js";
import { Certificate, SignedData, SignedDataVerifyError, TimeStampResp, TSTInfo, type SignerInfo } from "pkijs";
import { equal } from "../../../crypto/bytes.ts";
import { PortalError, orNull } from "../../../crypto/errors.ts";
import { parseTimestampQuery, type TimestampQuery } from "../../../crypto/timestamp-query.ts";

const oids = {
  sha256: "2.16.840.1.101.3.4.2.1",
  stampInfo: "1.2.840.113549.1.9.16.1.4",
  extendedKeyUsage: "2.5.29.37",
  timeStamping: "1.3.6.1.5.5.7.3.8",
  signingCertificate: "1.2.840.113549.1.9.16.2.12",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
};
const hashNames: Readonly<Record<string, string>> = {
  [oids.sha256]: "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};
/** RFC 3161, 2.4.2: granted, and granted with modifications. */
const granted = [0, 1];

export interface Stamp {
  response: TimeStampResp;
  signed: SignedData;
  info: TSTInfo;
}

/** Certificates in a PEM file, the authority's own or what it leads to. @throws PortalError "format" */
export function parseAuthority(pem: string): Certificate[] {
  const blocks = pem.match(/^-----BEGIN CERTIFICATE-----\r?$[^-]+^-----END CERTIFICATE-----\r?$/gm) ?? [];
  if (blocks.length === 0) throw new PortalError("format", "no certificate in PEM");
  try {
    return blocks.map((block) => Certificate.fromBER(Uint8Array.from(new X509Certificate(block).raw)));
  } catch (cause) {
    throw new PortalError("format", "no certificate in PEM", { cause });
  }
}

/** The question, where it is one about these bytes; null: it is another, or none. */
export function questionAbout(signed: Uint8Array, query: Uint8Array): TimestampQuery | null {
  const asked = orNull(() => parseTimestampQuery(query));
  return asked !== null && equal(asked.imprint, createHash("sha256").update(signed).digest()) ? asked : null;
}

/** The time stamp in an answer to this question; null: there is none. Its signature is not looked at yet. */
export function readStamp(asked: TimestampQuery, answer: Uint8Array): Stamp | null {
  try {
    const bytes = Uint8Array.from(answer);
    const { offset, result } = fromBER(bytes, { parseEmbedded: false });
    if (offset !== bytes.length || result.lenBlock.isIndefiniteForm) return null;
    const response = TimeStampResp.fromBER(bytes);
    if (!granted.includes(response.status.status) || response.timeStampToken === undefined) return null;
    const signed = new SignedData({ schema: response.timeStampToken.content });
    const { eContentType, eContent } = signed.encapContentInfo;
    if (eContentType !== oids.stampInfo || eContent === undefined) return null;
    const info = TSTInfo.fromBER(eContent.getValue());
    const { hashAlgorithm, hashedMessage } = info.messageImprint;
    const answers =
      hashAlgorithm.algorithmId === oids.sha256 &&
      equal(hashedMessage.valueBlock.valueHexView, asked.imprint) &&
      info.nonce !== undefined &&
      equal(info.nonce.valueBlock.valueHexView, asked.nonce);
    return answers ? { response, signed, info } : null;
  } catch {
    // The libraries have a dozen ways to say that this is no time stamp.
    return null;
  }
}

/**
 * Whether the authority signed: its own certificate is in `authority` or leads there, was good at the time of the
 * stamp (it may have run out since), is for stamping only, and is the one that the stamp names. PKI.js looks at the
 * first two and at the signature, the rest is RFC 3161, 2.3 and 2.4.2. Lists of revoked certificates are not asked.
 */
export async function isStampedBy(authority: Certificate[], stamp: Stamp, signed: Uint8Array): Promise<boolean> {
  const [signer, ...more] = stamp.signed.signerInfos;
  if (signer?.signedAttrs === undefined || more.length > 0) return false;
  const by = { signer: 0, data: Uint8Array.from(signed).buffer, trustedCerts: authority, extendedMode: true } as const;
  try {
    const { signatureVerified, signerCertificate } = await stamp.signed.verify(by);
    if (signatureVerified !== true || signerCertificate == null) return false;
    if (!isForStampingOnly(signerCertificate) || !namesCertificate(signer, signerCertificate)) return false;
    // PKI.js builds no chain of one.
    if (authority.some((each) => equal(derOf(each), derOf(signerCertificate))))
      return isGoodAt(signerCertificate, stamp.info.genTime);
    return (await stamp.signed.verify({ ...by, checkChain: true })).signatureVerified === true;
  } catch (error) {
    if (error instanceof SignedDataVerifyError) return false;
    throw error;
  }
}

const derOf = (certificate: Certificate): Uint8Array => new Uint8Array(certificate.toSchema().toBER());

const isGoodAt = ({ notBefore, notAfter }: Certificate, time: Date): boolean =>
  notBefore.value <= time && time <= notAfter.value;

function isForStampingOnly(certificate: Certificate): boolean {
  const usage = certificate.extensions?.find(({ extnID }) => extnID === oids.extendedKeyUsage);
  const purposes = (usage?.parsedValue as { keyPurposes?: string[] } | undefined)?.keyPurposes ?? [];
  return usage?.critical === true && purposes.length === 1 && purposes[0] === oids.timeStamping;
}

/** ESSCertID or ESSCertIDv2 (RFC 5035): the stamp is bound to one certificate of the signer's, by its hash. */
function namesCertificate({ signedAttrs }: SignerInfo, certificate: Certificate): boolean {
  const known = [oids.signingCertificate, oids.signingCertificateV2];
  const named = signedAttrs?.attributes.filter(({ type }) => known.includes(type)) ?? [];
  return (
    named.length > 0 &&
    named.every(({ type, values }) => {
      const parts = (value: unknown): unknown[] => (value instanceof Sequence ? value.valueBlock.value : []);
      const id = parts(parts(parts(values[0])[0])[0]);
      const hash = id.find((part) => part instanceof OctetString);
      const [algorithm] = parts(id[0]);
      const isFirst = type === oids.signingCertificate;
      const oid = algorithm instanceof ObjectIdentifier ? algorithm.valueBlock.toString() : oids.sha256;
      const hashName = isFirst ? "sha1" : hashNames[oid];
      if (hash === undefined || hashName === undefined) return false;
      return equal(hash.valueBlock.valueHexView, createHash(hashName).update(derOf(certificate)).digest());
    })
  );
}

/** As verify.sh writes it: to the second, 2026-11-23T12:00:00Z. */
export const timeOf = ({ info }: Stamp): string => `${info.genTime.toISOString().slice(0, 19)}Z`;
