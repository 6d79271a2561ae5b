/** What the console asks for: set-up, sessions, the feed, cases by token. */
import { Router, type Request } from "express";
import { fromBase64, fromBase64Url, fromHex, Reader, toBase64, toBase64Url, toHex } from "../../crypto/bytes.ts";
import { sealedSummaryBytes, type Stream } from "../../crypto/envelope/wire.ts";
import { PortalError } from "../../crypto/errors.ts";
import { formatFeedPage } from "../../crypto/feed.ts";
import { charterMemberId } from "../../crypto/login.ts";
import type { Member } from "../../crypto/roster.ts";
import { count, dayText, hexOf, parseShape, textUpTo, z } from "../../crypto/shape.ts";
import { dayOf, textOfDay } from "../../data/policy/update-date.ts";
import { appendByMember, storeReminder, storeSummary, type VisibleChange } from "../app/append-envelope.ts";
import { findCaseObject, lookUpCases, readStream, readTeamKeys, type Tokens } from "../app/read-case.ts";
import { proveStream } from "../app/prove-case.ts";
import type { SignedIn } from "../app/sessions.ts";
import { shredCase } from "../app/shred-case.ts";
import { appendRoster, invite, join, registerPortal } from "../app/set-up.ts";
import { sendBeats } from "./beat-stream.ts";
import type { ConsoleServices } from "./deps.ts";
import { hasPass, type Limiters } from "./limits.ts";
import { logApi } from "./log-api.ts";
import { noticeApi } from "./notice-api.ts";
import { presentationApi } from "./presentation-api.ts";
import { processingApi } from "./processing-api.ts";
import {
  authorization,
  bufferOf,
  bytesBody,
  bytesOf,
  hexParam,
  jsonBody,
  numberText,
  tokenHashHeader,
} from "./requests.ts";
import { answerRoom } from "./room.ts";
import { takenApi } from "./taken-api.ts";
import { timestampApi } from "./timestamp-api.ts";
import { portalInfo, questionnaireRoutes, sendObject, uploadRoutes } from "./shared-api.ts";

const mostTokens = 500;
const rosterBodyBytes = 2 * 1024 * 1024;

const setupShape = z.strictObject({ charterPk: hexOf(32), officePk: hexOf(32) });
const member = z.union([count, z.literal("charter")]);
const nonceShape = z.strictObject({ member });
const sessionShape = z.strictObject({ member, nonce: hexOf(32), signature: textUpTo(100) });
const reminderShape = z.strictObject({
  on: z.nullable(dayText),
  second: z.nullable(count),
  /** The second reader whom the writer saw named; another one by now is a conflict. */
  was: z.optional(z.nullable(count)),
});
const rosterShape = z.strictObject({ bytes: textUpTo(rosterBodyBytes), signature: textUpTo(2000) });

function tokensOf(req: Request): Tokens {
  return { caseToken: tokenHashHeader(req, "x-case-token"), teamToken: tokenHashHeader(req, "x-team-token") };
}

/** 32 bytes each, one after another. */
function tokensIn(req: Request): Uint8Array[] {
  const reader = new Reader(bytesOf(req));
  const tokens: Uint8Array[] = [];
  while (reader.left > 0) tokens.push(reader.take(32));
  return tokens;
}

function streamParam(req: Request): Stream {
  return numberText(req.params["stream"], 1) as Stream;
}

/** Query `from`: the place in the stream to begin at. */
function from(req: Request): number {
  return req.query["from"] === undefined ? 0 : numberText(req.query["from"], Number.MAX_SAFE_INTEGER);
}

function setUpRoutes({ context, sessions }: ConsoleServices, limits: Limiters): Router {
  const router = Router();
  const requireCharter = (req: Request): void => {
    if (sessions.require(authorization(req, "Bearer", 32)).is !== "charter")
      throw new PortalError("refused", "only the charter holder may do this");
  };
  router.post("/setup", limits.setup, jsonBody(), async (req, res) => {
    const { charterPk, officePk } = parseShape(setupShape, req.body, "set-up");
    await registerPortal(context, authorization(req, "Setup", 16), fromHex(charterPk), fromHex(officePk));
    res.status(201).json({});
  });
  router.get("/invites", limits.setup, async (req, res) => {
    requireCharter(req);
    const invites = await context.store.listInvites();
    res.json(invites.map((each) => ({ ...each, join: each.join === null ? null : toBase64(each.join) })));
  });
  router.post("/invites", limits.setup, jsonBody(), async (req, res) => {
    requireCharter(req);
    await invite(context, req.body);
    res.status(201).json({});
  });
  router.delete("/invites/:id", limits.setup, async (req, res) => {
    requireCharter(req);
    await context.store.deleteInvite(toHex(hexParam(req, "id", 16)));
    res.status(204).end();
  });
  router.get("/invites/:id", limits.setup, async (req, res) => {
    const found = await context.store.findInvite(toHex(hexParam(req, "id", 16)));
    if (found === null) throw new PortalError("missing", "no such invite");
    const { name, title, roles } = found;
    res.json({ name, title, roles, joined: found.join !== null });
  });
  router.post("/invites/:id/join", limits.setup, bytesBody(4096), async (req, res) => {
    await join(context, toHex(hexParam(req, "id", 16)), bytesOf(req));
    res.status(201).json({});
  });
  router.post("/rosters", limits.setup, jsonBody(rosterBodyBytes), async (req, res) => {
    requireCharter(req);
    const { bytes, signature } = parseShape(rosterShape, req.body, "roster");
    await appendRoster(context, { bytes: fromBase64(bytes), signature: fromBase64(signature) });
    context.beats.prune(); // of those who are not on it any more
    res.status(201).json({});
  });
  return router;
}

function sessionRoutes({ context, sessions, nonces }: ConsoleServices, limits: Limiters): Router {
  const router = Router();
  router.post("/session/nonce", limits.session, jsonBody(), (req, res) => {
    parseShape(nonceShape, req.body, "sign-in");
    res.json({ nonce: toHex(nonces.issue()) });
  });
  router.post("/session", limits.session, jsonBody(), (req, res) => {
    const asked = parseShape(sessionShape, req.body, "sign-in");
    const memberId = asked.member === "charter" ? charterMemberId : asked.member;
    const token = sessions.signIn(memberId, fromHex(asked.nonce, 32), fromBase64Url(asked.signature, 64));
    res.status(201).json({ token: toBase64Url(token) });
  });
  router.delete("/session", limits.session, (req, res) => {
    sessions.signOut(authorization(req, "Bearer", 32));
    context.beats.prune();
    res.status(204).end();
  });
  return router;
}

/** "none" is a day too: on none. */
function dayHeader(value: string): number | null {
  if (value === "none") return null;
  const day = dayOf(value);
  if (day === null) throw new PortalError("format", "no such day");
  return day;
}

/** What an act changes of what the server sees. */
function visibleHeaders(req: Request): VisibleChange {
  const [phase, hold, deleteOn] = ["x-phase", "x-hold", "x-delete-on"].map((name) => req.get(name));
  if (phase !== undefined && phase !== "open" && phase !== "closed") throw new PortalError("format", "no such phase");
  if (hold !== undefined && hold !== "on" && hold !== "off") throw new PortalError("format", "a hold is on or off");
  return {
    ...(phase === undefined ? {} : { phase }),
    ...(hold === undefined ? {} : { hold: hold === "on" }),
    ...(deleteOn === undefined ? {} : { deleteOn: dayHeader(deleteOn) }),
  };
}

function caseRoutes({ context }: ConsoleServices, limits: Limiters, memberOf: (req: Request) => Member): Router {
  const isRecipient = (req: Request): boolean => {
    const { id } = memberOf(req);
    return context.book.requireChain().current.recipients.some((each) => each.id === id);
  };
  // Who had a part in cases and has another role now still has their tokens.
  const requireRecipient = (req: Request): void => {
    if (!isRecipient(req)) throw new PortalError("missing", "no such case, or not yours");
  };
  const router = Router();
  router.post("/cases/lookup", limits.pages, bytesBody(mostTokens * 32), async (req, res) => {
    const mayAsk = isRecipient(req);
    const tokens = tokensIn(req);
    res.json(mayAsk ? await lookUpCases(context, tokens, memberOf(req).id) : tokens.map(() => null));
  });
  router.post("/cases/team-keys", limits.pages, bytesBody(mostTokens * 32), async (req, res) => {
    const mayAsk = isRecipient(req);
    const tokens = tokensIn(req);
    res.json(mayAsk ? await readTeamKeys(context, tokens, memberOf(req).id) : tokens.map(() => null));
  });
  router.get("/cases/:caseId/streams/:stream", limits.pages, async (req, res) => {
    requireRecipient(req);
    const caseId = hexParam(req, "caseId", 32);
    const hold = answerRoom(req, res);
    const answer = await readStream(context, caseId, streamParam(req), from(req), tokensOf(req), hold);
    res.type("application/octet-stream").send(bufferOf(answer));
  });
  router.get("/cases/:caseId/streams/:stream/proofs", limits.pages, async (req, res) => {
    requireRecipient(req);
    const caseId = hexParam(req, "caseId", 32);
    const hold = answerRoom(req, res);
    const stream = streamParam(req);
    const at = req.query["size"] === undefined ? null : numberText(req.query["size"], Number.MAX_SAFE_INTEGER);
    const { checkpoint, proofs } = await proveStream(context, caseId, stream, from(req), tokensOf(req), at, hold);
    res.json({
      checkpoint,
      proofs: proofs.map((each) =>
        each === null
          ? null
          : { blinding: toBase64(each.blinding), index: each.index, path: each.path.map((hash) => toBase64(hash)) },
      ),
    });
  });
  router.post("/cases/:caseId/streams/:stream", limits.pages, bytesBody(), async (req, res) => {
    requireRecipient(req);
    const { caseToken, teamToken } = tokensOf(req);
    const stream = streamParam(req);
    const tokenHash = stream === 0 ? caseToken : (teamToken ?? caseToken);
    if (tokenHash === null) throw new PortalError("missing", "no such case, or not yours");
    const caseId = hexParam(req, "caseId", 32);
    const appended = await appendByMember(context, {
      caseId,
      stream,
      tokenHash,
      visible: visibleHeaders(req),
      bytes: bytesOf(req),
    });
    switch (appended.is) {
      case "stored":
        res.status(201).json({});
        return;
      case "conflict":
        res.status(409).type("application/octet-stream").send(Buffer.from(appended.winner));
    }
  });
  router.put("/cases/:caseId/summary", limits.pages, bytesBody(8 + sealedSummaryBytes), async (req, res) => {
    requireRecipient(req);
    const { teamToken } = tokensOf(req);
    if (teamToken === null) throw new PortalError("missing", "no such case, or not yours");
    const reader = new Reader(bytesOf(req));
    const version = reader.u64le();
    const sealed = reader.take(sealedSummaryBytes);
    reader.end();
    await storeSummary(context, hexParam(req, "caseId", 32), teamToken, version, sealed);
    res.status(204).end();
  });
  router.put("/cases/:caseId/reminder", limits.pages, jsonBody(), async (req, res) => {
    requireRecipient(req);
    const { teamToken } = tokensOf(req);
    if (teamToken === null) throw new PortalError("missing", "no such case, or not yours");
    const { on, second, was } = parseShape(reminderShape, req.body, "reminder");
    const reminder = { on: on === null ? null : dayOf(on), second };
    await storeReminder(context, hexParam(req, "caseId", 32), teamToken, reminder, was);
    res.status(204).end();
  });
  router.delete("/cases/:caseId", limits.pages, async (req, res) => {
    requireRecipient(req);
    const { teamToken } = tokensOf(req);
    if (teamToken === null) throw new PortalError("missing", "no such case, or not yours");
    const { day, erased } = await shredCase(context, hexParam(req, "caseId", 32), teamToken);
    res.json({ deletedOn: textOfDay(day), erased });
  });
  router.get("/cases/:caseId/objects/:envId", limits.pages, async (req, res) => {
    requireRecipient(req);
    const envId = hexParam(req, "envId", 16);
    const found = await findCaseObject(context, hexParam(req, "caseId", 32), envId, tokensOf(req));
    await sendObject(context, res, found);
  });
  return router;
}

function isSignedIn({ sessions }: ConsoleServices, req: Request): boolean {
  try {
    sessions.require(authorization(req, "Bearer", 32));
    return true;
  } catch (error) {
    if (error instanceof PortalError) return false;
    throw error;
  }
}

export function consoleApi(services: ConsoleServices, limits: Limiters): Router {
  const { context, sessions } = services;
  const memberOf = (req: Request): SignedIn & { is: "member" } => {
    const who = sessions.require(authorization(req, "Bearer", 32));
    if (who.is !== "member") throw new PortalError("refused", "not signed in as a member");
    return who;
  };
  const router = Router();
  // Who is signed in is known: reading ten thousand cases is no flood, and must not slow down who sits next to them.
  router.use((req, res, next) => {
    res.locals[hasPass] = isSignedIn(services, req) ? true : null;
    next();
  });
  router.get("/rosters", limits.pages, (_req, res) => {
    res.json({ ...portalInfo(context), logPk: toHex(context.keys.log.publicKey), setUp: context.book.chain !== null });
  });
  router.use(setUpRoutes(services, limits));
  router.use(sessionRoutes(services, limits));
  router.use(presentationApi(services, limits));
  router.use(noticeApi(services, limits));
  router.use(processingApi(services, limits));
  router.use(takenApi(services, limits));
  router.use(timestampApi(services, limits));
  router.use(questionnaireRoutes(context.presentation, limits));
  router.use(
    uploadRoutes(context, limits, (req, _res, next) => {
      memberOf(req);
      next();
    }),
  );
  router.get("/feed", limits.pages, async (req, res) => {
    const { member: who } = memberOf(req);
    const after = req.query["after"] === undefined ? 0 : numberText(req.query["after"], Number.MAX_SAFE_INTEGER);
    const page = await context.store.feedAfter(who.id, after);
    res.type("application/octet-stream").send(Buffer.from(formatFeedPage(page.newestTick, page.items)));
  });
  router.get("/beats", limits.pages, (req, res) => {
    const token = authorization(req, "Bearer", 32);
    sendBeats(res, context.beats, memberOf(req).member.id, () => sessions.holds(token));
  });
  router.use(logApi(context, limits, memberOf));
  router.use(caseRoutes(services, limits, (req) => memberOf(req).member));
  return router;
}
