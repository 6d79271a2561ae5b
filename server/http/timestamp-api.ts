/** Time stamps for counsel's case files, from the authority that the operator named. */
import { Router } from "express";
import { parseTimestampQuery, timestampQueryBytes } from "../../crypto/timestamp-query.ts";
import { relayTimestamp } from "../app/relay-timestamp.ts";
import type { ConsoleServices } from "./deps.ts";
import { statusOf } from "./errors.ts";
import type { Limiters } from "./limits.ts";
import { bufferOf, bytesBody, bytesOf } from "./requests.ts";
import { requireRole } from "./roles.ts";

export function timestampApi({ timestampUrl, sessions }: ConsoleServices, limits: Limiters): Router {
  const router = Router();
  const allowed = requireRole(sessions, ["counsel"]);
  router.post("/timestamps", limits.pages, allowed, bytesBody(timestampQueryBytes), async (req, res) => {
    const query = bytesOf(req);
    // A hash and nothing else: nobody sends anything out of the house by this way.
    parseTimestampQuery(query);
    if (timestampUrl === null) {
      res.status(statusOf("missing")).json({ error: "missing", authority: "off" });
      return;
    }
    const relayed = await relayTimestamp(timestampUrl, query.slice());
    if (relayed.is === "answered") res.type("application/octet-stream").send(bufferOf(relayed.bytes));
    else res.status(statusOf("busy")).json({ error: "busy", authority: relayed.is });
  });
  return router;
}
