/** The one place where an error becomes an HTTP status, and where faults are logged. */
import type { ErrorRequestHandler, Request, RequestHandler, Response } from "express";
import { PortalError, type ErrorCode } from "../../crypto/errors.ts";
import { renderPage } from "./pages.ts";

const statuses: Record<ErrorCode, number> = {
  format: 400,
  forged: 400,
  refused: 403,
  missing: 404,
  superseded: 409,
  conflict: 409,
  large: 413,
  limited: 429,
  work: 428,
  busy: 503,
  closed: 503,
  full: 507,
};

export function statusOf(code: ErrorCode): number {
  return statuses[code];
}

const retryAfterSeconds = 5;

/** True for a person's navigation; scripts send Accept: application/json or anything. */
function wantsPage(req: Request): boolean {
  return (req.method === "GET" || req.method === "POST") && req.accepts(["json", "html"]) === "html";
}

/**
 * The code of anything thrown. Body parsers, the router and static files throw errors with a
 * `status`; whatever else arrives is our own fault and answers "busy", because trying again
 * later is all that the person can do about it.
 */
export function codeOf(error: unknown): { code: ErrorCode; fault: boolean } {
  if (error instanceof PortalError) return { code: error.code, fault: false };
  if (isHangUp(error)) return { code: "busy", fault: false };
  const status = error instanceof Error && "status" in error ? error.status : undefined;
  if (typeof status !== "number" || status < 400 || status > 499) return { code: "busy", fault: true };
  if (status === 404) return { code: "missing", fault: false };
  if (status === 413) return { code: "large", fault: false };
  if (status === 403) return { code: "refused", fault: false };
  return { code: "format", fault: false };
}

const hangUps: ReadonlySet<unknown> = new Set(["ECONNRESET", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE"]);

/**
 * The other side went away. That is no fault of ours, and must not be logged as one: whoever keeps
 * the log, with the time of each line, would have the moment of a reporter's visit.
 */
function isHangUp(error: unknown): boolean {
  return error instanceof Error && "code" in error && hangUps.has(error.code);
}

/** Class and place of a fault. Not its message: that may quote what somebody sent. */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return `fault: ${typeof error} thrown`;
  const place = error.stack?.split("\n").find((line) => /^\s+at /.test(line));
  const code = "code" in error && typeof error.code === "string" && /^\w+$/.test(error.code) ? ` ${error.code}` : "";
  return `fault: ${error.name}${code} ${place?.trim().replace(/\(?file:\/\/.*\/(?=(server|crypto|data|views)\/)/, "(") ?? ""}`;
}

/** Answers in the form the client reads; both forms carry the same code and status. */
export function answerError(req: Request, res: Response, code: ErrorCode): void {
  const status = statusOf(code);
  if (status === 503) res.set("Retry-After", String(retryAfterSeconds));
  res.set("Cache-Control", "no-store");
  if (wantsPage(req)) {
    renderPage(res, "partials/error", { title: "errors:title", status, values: { code } });
    return;
  }
  res.status(status).json({ error: code });
}

/** After all routes. */
export const notFound: RequestHandler = () => {
  throw new PortalError("missing", "no such route");
};

/** The last handler of each app. `log` gets one line for every fault of ours, none for refusals. */
export function errorHandler(log: (line: string) => void): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    const { code, fault } = codeOf(error);
    if (fault) log(describeFault(error));
    // The status is out already: only a cut connection tells the client that the answer is not whole.
    if (res.headersSent) {
      res.destroy();
      return;
    }
    // The rest of a body that was refused half-way is thrown away, so that the answer is read.
    req.resume();
    answerError(req, res, code);
  };
}
