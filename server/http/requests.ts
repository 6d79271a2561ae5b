/** Reading requests: bodies with limits, hexadecimal and base64url parameters, tokens. One encoding each. */
import express, { type Request, type RequestHandler } from "express";
import { fromBase64Url, fromHex } from "../../crypto/bytes.ts";
import { largestEnvelopeBytes } from "../../crypto/envelope/wire.ts";
import { PortalError } from "../../crypto/errors.ts";
import { tokenHashOf } from "../../crypto/keys.ts";
import { inRoom } from "./room.ts";

/** Bodies are never inflated: a compressed bomb is refused unread. */
export function bytesBody(limit = largestEnvelopeBytes): RequestHandler {
  return inRoom(limit, express.raw({ type: "application/octet-stream", limit, inflate: false }));
}

export function jsonBody(limit = 16 * 1024): RequestHandler {
  return inRoom(limit, express.json({ type: "application/json", limit, inflate: false, strict: true }));
}

/** @throws PortalError "format" when the body was not sent as octet-stream */
export function bytesOf(req: Request): Uint8Array {
  const body: unknown = req.body;
  // Without a body there is nothing to parse, and nothing is a valid body for some requests.
  if (body === undefined && req.get("content-length") === "0") return new Uint8Array();
  if (!(body instanceof Uint8Array)) throw new PortalError("format", "the body must be application/octet-stream");
  return new Uint8Array(body.buffer, body.byteOffset, body.length); // no Buffer beyond this line
}

/** For `send`, without a copy: answers may be large. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

export function hexParam(req: Request, name: string, length: number): Uint8Array {
  const value = req.params[name];
  if (typeof value !== "string") throw new PortalError("format", "a parameter is missing");
  return fromHex(value, length);
}

export function numberText(value: unknown, most: number): number {
  if (typeof value !== "string" || !/^(?:0|[1-9]\d{0,14})$/.test(value) || Number(value) > most)
    throw new PortalError("format", "not a whole number in range");
  return Number(value);
}

/** A 32-byte secret from a header. @throws PortalError "missing" as if there were nothing behind it */
export function secretHeader(req: Request, name: string): Uint8Array | null {
  const value = req.get(name);
  if (value === undefined) return null;
  return fromBase64Url(value, 32);
}

/** The hash of a case or team token: what the server compares. */
export function tokenHashHeader(req: Request, name: "x-case-token" | "x-team-token"): Uint8Array | null {
  const token = secretHeader(req, name);
  return token === null ? null : tokenHashOf(token);
}

/** `authorization: <scheme> <base64url>`. @throws PortalError "refused" */
export function authorization(req: Request, scheme: "Bearer" | "Setup", length: number): Uint8Array {
  const [given, value, rest] = (req.get("authorization") ?? "").split(" ");
  if (given !== scheme || value === undefined || rest !== undefined) throw new PortalError("refused", "not signed in");
  return fromBase64Url(value, length);
}
