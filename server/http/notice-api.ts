/** The notice at the console: its versions, who was given it, where it hangs. Apart from everything about cases. */
import { Router, type Request, type RequestHandler, type Response } from "express";
import { toHex } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { count, dayText, hexOf, parseShape, textUpTo, z } from "../../crypto/shape.ts";
import { deadlinesInForce } from "../../data/policy/deadlines/duties-file.ts";
import { personInputShape, postingInputShape } from "../../data/policy/notice/roster.ts";
import { remindersOf } from "../../data/policy/notice/reminders.ts";
import { textOfDay } from "../../data/policy/update-date.ts";
import { formatAcknowledgements, formatPeople, parsePeople } from "../notice/people-csv.ts";
import type { Context } from "../app/context.ts";
import type { ConsoleServices } from "./deps.ts";
import { describeLanguage, languages } from "./i18n.ts";
import type { Limiters } from "./limits.ts";
import { noticeNow } from "./notice-pages.ts";
import { hexParam, jsonBody } from "./requests.ts";
import { requireRole } from "./roles.ts";

const largestList = 2 * 1024 * 1024;
const mostAtOnce = 20_000;

const publishShape = z.strictObject({ sha256: hexOf(32) });
const markShape = z.strictObject({
  ids: z.array(hexOf(16)).check(z.minLength(1), z.maxLength(mostAtOnce)),
  version: count.check(z.gte(1)),
  on: dayText,
});
/** `was`: what the writer saw, so that nobody undoes what somebody else changed meanwhile. */
const personChangeShape = z.strictObject({ ...personInputShape.shape, was: z.optional(personInputShape) });
const postingChangeShape = z.strictObject({ ...postingInputShape.shape, was: z.optional(postingInputShape) });
const importShape = z.strictObject({ csv: textUpTo(largestList) });

/** What the console shows, whole: the lists are small. */
function deskOf(context: Context): object {
  const { notices, clock, book, presentation, settings } = context;
  const { source, sha256 } = noticeNow(context);
  const today = textOfDay(clock.today());
  const rows = deadlinesInForce(presentation.current().duties, today);
  const offered = presentation.current().languages.filter((tag) => languages.includes(tag));
  return {
    today,
    versions: notices.versions(),
    /** The text as it is now, and whether it is the newest version's. */
    current: { sha256, published: source.published?.number ?? null, epoch: book.requireChain().current.epoch },
    people: notices.people().map((person) => ({ ...person, reminders: remindersOf(person, today, rows) })),
    postings: notices.postings(),
    languages: offered.map((tag) => ({ tag, name: describeLanguage(tag).name })),
    address: settings.reporterOrigins[0],
  };
}

/** A day of the future was never a day on which something hung or was signed. */
function requirePast(context: Context, ...days: (string | null)[]): void {
  const tomorrow = textOfDay(context.clock.today() + 1); // it is that day already where the sun rises first
  if (days.some((day) => day !== null && day > tomorrow)) throw new PortalError("format", "a day that is yet to come");
}

function peopleRoutes(context: Context, limits: Limiters, allowed: RequestHandler): Router {
  const router = Router();
  const { notices } = context;
  const idOf = (req: Request): string => toHex(hexParam(req, "id", 16));
  router.post("/notices/people", limits.pages, allowed, jsonBody(), async (req, res) => {
    res.status(201).json({ id: await notices.addPerson(parseShape(personInputShape, req.body, "person")) });
  });
  router.put("/notices/people/:id", limits.pages, allowed, jsonBody(), async (req, res) => {
    const { was, ...input } = parseShape(personChangeShape, req.body, "person");
    await notices.changePerson(idOf(req), input, was);
    res.json({});
  });
  router.post("/notices/sent", limits.pages, allowed, jsonBody(largestList), async (req, res) => {
    const { ids, version, on } = parseShape(markShape, req.body, "sending");
    requirePast(context, on);
    await notices.sent(ids, version, on);
    res.json({});
  });
  router.post("/notices/acknowledged", limits.pages, allowed, jsonBody(largestList), async (req, res) => {
    const { ids, version, on } = parseShape(markShape, req.body, "acknowledgement");
    requirePast(context, on);
    await notices.acknowledged(ids, version, on);
    res.json({});
  });
  router.post("/notices/import", limits.pages, allowed, jsonBody(2 * largestList), async (req, res) => {
    const read = parsePeople(parseShape(importShape, req.body, "list").csv);
    if (read.is === "wrong") res.status(400).json({ error: "format", problems: read.problems });
    else res.json(await notices.importPeople(read.people));
  });
  router.get("/notices/people.csv", limits.pages, allowed, (_req, res) => {
    sendCsv(res, formatPeople(notices.people()));
  });
  router.get("/notices/acknowledgements.csv", limits.pages, allowed, (_req, res) => {
    sendCsv(res, formatAcknowledgements(notices.people()));
  });
  return router;
}

function sendCsv(res: Response, text: string): void {
  res.type("text/csv; charset=utf-8").send(text);
}

/** Routes for members whose current role is operator or counsel; the same for both. */
export function noticeApi({ context, sessions }: ConsoleServices, limits: Limiters): Router {
  const router = Router();
  const { notices } = context;
  const allowed = requireRole(sessions, ["operator", "counsel"]);
  router.get("/notices", limits.pages, allowed, (_req, res) => {
    res.json(deskOf(context));
  });
  /** To keep beside what was printed: a version is known by this text's SHA-256. */
  router.get("/notices/text", limits.pages, allowed, (_req, res) => {
    res.attachment("notice-text.json").type("json").send(noticeNow(context).text);
  });
  router.post("/notices/versions", limits.pages, allowed, jsonBody(), async (req, res) => {
    const { sha256 } = parseShape(publishShape, req.body, "version");
    const now = noticeNow(context);
    // Somebody changed the words or the list of readers since this was looked at, or published it already.
    if (now.sha256 !== sha256 || now.source.published !== null)
      throw new PortalError("conflict", "the notice is another one now");
    const { number } = await notices.publish(sha256, context.book.requireChain().current.epoch);
    res.status(201).json({ number });
  });
  router.use(peopleRoutes(context, limits, allowed));
  router.post("/notices/postings", limits.pages, allowed, jsonBody(), async (req, res) => {
    const input = parseShape(postingInputShape, req.body, "place");
    requirePast(context, input.postedOn, input.checkedOn, input.removedOn);
    res.status(201).json({ id: await notices.addPosting(input) });
  });
  router.put("/notices/postings/:id", limits.pages, allowed, jsonBody(), async (req, res) => {
    const { was, ...input } = parseShape(postingChangeShape, req.body, "place");
    requirePast(context, input.postedOn, input.checkedOn, input.removedOn);
    await notices.changePosting(toHex(hexParam(req, "id", 16)), input, was);
    res.json({});
  });
  router.delete("/notices/records/:id", limits.pages, allowed, async (req, res) => {
    await notices.remove(toHex(hexParam(req, "id", 16)));
    res.status(204).end();
  });
  return router;
}
