/** What members are told of the log: its newest checkpoint, and that it only ever grew. */
import { Router, type Request } from "express";
import { toBase64 } from "../../crypto/bytes.ts";
import type { Context } from "../app/context.ts";
import { newestCheckpoint, proveConsistency } from "../app/log.ts";
import type { Limiters } from "./limits.ts";
import { numberText } from "./requests.ts";

/** `requireMember`: throws unless the request is one's of the current roster. */
export function logApi(context: Context, limits: Limiters, requireMember: (req: Request) => void): Router {
  const router = Router();
  router.get("/log/checkpoint", limits.pages, async (req, res) => {
    requireMember(req);
    res.type("text/plain").send(await newestCheckpoint(context));
  });
  router.get("/log/consistency", limits.pages, async (req, res) => {
    requireMember(req);
    const [from, to] = ["from", "to"].map((name) => numberText(req.query[name], Number.MAX_SAFE_INTEGER));
    res.json((await proveConsistency(context, from!, to!)).map(toBase64));
  });
  return router;
}
