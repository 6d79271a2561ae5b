/** What a reporter's browser asks for: rosters, uploads, reports, the mailbox. */
import { Router, type Request, type RequestHandler, type Response } from "express";
import { fromBase64Url, Reader, toHex } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { verifyMailboxRequest } from "../../crypto/mailbox.ts";
import { appendByReporter } from "../app/append-envelope.ts";
import type { Context } from "../app/context.ts";
import type { Nonces } from "../app/nonces.ts";
import { readMailboxLog } from "../app/prove-case.ts";
import { findMailboxObject, readMailbox } from "../app/read-mailbox.ts";
import { submitReport } from "../app/submit-report.ts";
import type { Pass } from "../app/work.ts";
import { hasPass, type Limiters } from "./limits.ts";
import { sendPacked } from "./packing.ts";
import { bufferOf, bytesBody, bytesOf, hexParam } from "./requests.ts";
import { answerRoom } from "./room.ts";
import { portalInfo, questionnaireRoutes, sendObject, uploadRoutes } from "./shared-api.ts";

/** Verifies the mailbox's signature over this very request, then spends its nonce. Before any lookup. */
function requireMailbox(context: Context, nonces: Nonces, req: Request, body: Uint8Array): Uint8Array {
  const portalId = context.book.portal?.portalId;
  if (portalId === undefined) throw new PortalError("closed", "set-up has not begun");
  const auth = fromBase64Url(req.get("x-mailbox-auth") ?? "");
  const action = `${req.method} ${req.path}`;
  const origin = originOf(context, req);
  const { caseId, nonce } = verifyMailboxRequest(auth, { portalId, origin, action, body });
  nonces.spend(nonce);
  return caseId;
}

/** The origin under which this request came: the app's own, or its onion one. The host guard let no other in. */
function originOf(context: Context, req: Request): string {
  const host = req.get("host")?.toLowerCase();
  const origins = context.settings.reporterOrigins;
  return origins.find((origin) => new URL(origin).host === host) ?? origins[0]!;
}

export function reporterApi(context: Context, nonces: Nonces, limits: Limiters): Router {
  const router = Router();
  // Keys and signatures pack badly, but this is the largest answer that a form waits for.
  router.get("/rosters", limits.pages, async (_req, res) => {
    await sendPacked(res.type("json"), JSON.stringify(portalInfo(context)));
  });
  router.use(questionnaireRoutes(context.presentation, limits));
  router.get("/work", limits.pages, async (_req, res) => {
    res.json(await context.work.issue());
  });
  // Before the limits: who has done the work is not refused for what others on the same address do.
  const readPass: RequestHandler = async (req, res, next) => {
    res.locals[hasPass] = await context.work.verify(req.get("x-work"));
    next();
  };
  const pay = (res: Response, envId: Uint8Array): void =>
    context.work.spend((res.locals[hasPass] ?? null) as Pass | null, envId);
  router.use("/uploads", readPass);
  router.use(uploadRoutes(context, limits, (_req, _res, next) => next(), pay));
  router.post("/reports", readPass, limits.reports, bytesBody(), async (req, res) => {
    const receipt = await submitReport(context, bytesOf(req), (envId) => pay(res, envId));
    res.status(201).type("application/octet-stream").send(Buffer.from(receipt));
  });
  router.post("/mailbox/nonce", limits.mailbox, (_req, res) => {
    res.json({ nonce: toHex(nonces.issue()) });
  });
  router.post("/mailbox/read", limits.mailbox, bytesBody(1024), async (req, res) => {
    const caseId = requireMailbox(context, nonces, req, bytesOf(req));
    res.type("application/octet-stream").send(bufferOf(await readMailbox(context, caseId, answerRoom(req, res))));
  });
  router.post("/mailbox/log", limits.mailbox, bytesBody(1024), async (req, res) => {
    const body = bytesOf(req);
    const caseId = requireMailbox(context, nonces, req, body);
    const reader = new Reader(body);
    const since = reader.u64le();
    reader.end();
    res.type("application/octet-stream").send(bufferOf(await readMailboxLog(context, caseId, since)));
  });
  router.post("/mailbox/messages", limits.mailbox, bytesBody(), async (req, res) => {
    const body = bytesOf(req);
    const appended = await appendByReporter(context, requireMailbox(context, nonces, req, body), body);
    if (appended.is === "conflict") throw new PortalError("conflict", "somebody else wrote first");
    res.status(201).end();
  });
  router.post("/mailbox/objects/:envId", limits.mailbox, bytesBody(1024), async (req, res) => {
    const caseId = requireMailbox(context, nonces, req, bytesOf(req));
    await sendObject(context, res, await findMailboxObject(context, caseId, hexParam(req, "envId", 16)));
  });
  return router;
}
