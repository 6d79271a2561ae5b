/** Routes that both apps answer: the roster chain, and uploads. */
import { pipeline } from "node:stream/promises";
import { Router, type Request, type RequestHandler, type Response } from "express";
import { fromHex, toBase64, toBase64Url, toHex } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { count, hexOf, parseShape, z } from "../../crypto/shape.ts";
import type { Context } from "../app/context.ts";
import type { PresentationBook } from "../app/presentation.ts";
import type { FoundObject } from "../app/read-mailbox.ts";
import { receivePart, reserveUpload, uploadProgress } from "../app/upload-object.ts";
import type { Limiters } from "./limits.ts";
import { hexParam, jsonBody, numberText, secretHeader } from "./requests.ts";

/** What anybody may know: the signed rosters, and whether intake is open. */
export function portalInfo(context: Context): object {
  const { book } = context;
  return {
    portalId: book.portal === null ? null : toHex(book.portal.portalId),
    intakeOpen: book.intakeOpen,
    maxFileBytes: context.settings.maxFileBytes,
    keyringBackupDays: context.settings.keyringBackupDays,
    rosters: book.signed.map(({ bytes, signature }) => ({ bytes: toBase64(bytes), signature: toBase64(signature) })),
  };
}

const reserveShape = z.strictObject({ envId: hexOf(16), length: count });

function ticketOf(req: Request): Uint8Array {
  const ticket = secretHeader(req, "x-upload-ticket");
  if (ticket === null) throw new PortalError("missing", "no such upload");
  return ticket;
}

/**
 * `allowed` runs first: the console asks for a session, the reporter app for nothing. `pay`: what a
 * reservation costs; may throw.
 */
export function uploadRoutes(
  context: Context,
  limits: Limiters,
  allowed: RequestHandler,
  pay: (res: Response, envId: Uint8Array) => void = () => {},
): Router {
  const router = Router();
  router.post("/uploads", limits.uploads, allowed, jsonBody(), async (req, res) => {
    const { envId, length } = parseShape(reserveShape, req.body, "upload");
    const id = fromHex(envId, 16);
    pay(res, id);
    const ticket = await reserveUpload(context, id, length);
    res.status(201).json({ ticket: toBase64Url(ticket) });
  });
  router.put("/uploads/:envId/:part", limits.uploads, allowed, async (req, res) => {
    if (req.get("content-type") !== "application/octet-stream")
      throw new PortalError("format", "the body must be application/octet-stream");
    const part = numberText(req.params["part"], 1_000_000);
    // Not destroyed when it is refused: the answer has to reach whoever is still sending.
    const body = req.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
    await receivePart(context, hexParam(req, "envId", 16), ticketOf(req), part, body);
    res.status(204).end();
  });
  router.get("/uploads/:envId", limits.uploads, allowed, async (req, res) => {
    res.json({ received: await uploadProgress(context, hexParam(req, "envId", 16), ticketOf(req)) });
  });
  return router;
}

/**
 * Streams a stored object, always whole: a range would say where one file begins and how long it is.
 * @throws PortalError "missing" when the disk has lost it, before the answer begins: a connection that is cut says less
 */
export async function sendObject(context: Context, res: Response, { envId, length }: FoundObject): Promise<void> {
  const source = context.objects.read(envId)[Symbol.asyncIterator]();
  let next = await source.next();
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      for (; next.done !== true; next = await source.next()) yield next.value;
    } finally {
      await source.return?.();
    }
  }
  res.set("Content-Type", "application/octet-stream");
  res.set("Content-Length", String(length));
  await pipeline(bytes, res);
}

/** What a reporter was or is asked, by its version: public, like the form itself. */
export function questionnaireRoutes(presentation: PresentationBook, limits: Limiters): Router {
  const router = Router();
  router.get("/questionnaires/:version", limits.pages, async (req, res) => {
    const { version } = req.params;
    const known = typeof version === "string" && /^[0-9a-f]{64}$/.test(version);
    const text = known ? await presentation.findQuestionnaire(version) : null;
    if (text === null) throw new PortalError("missing", "no such questionnaire");
    res.type("application/json").send(text);
  });
  return router;
}
