/** What is published of each quarter: a page for people, and the signed files. The same for everybody. */
import { Router, type Response } from "express";
import { PortalError } from "../../crypto/errors.ts";
import { formatMinisignKey } from "../../crypto/minisign.ts";
import { formatQuarter, publicationDayOf, quarterAfter, quarterOf } from "../../data/policy/quarter.ts";
import { formatDay } from "../../data/policy/update-date.ts";
import type { Context } from "../app/context.ts";
import { parseHeartbeat, stepOf, type Band, type Heartbeat } from "../domain/heartbeat.ts";
import type { PublishedHeartbeat } from "../ports.ts";
import { neutralTitle } from "./assisted-requests.ts";
import { speechOf, type Speech } from "./assisted-words.ts";
import { inLanguages } from "./language-address.ts";
import type { Limiters } from "./limits.ts";
import { renderPage } from "./pages.ts";

const filePattern = /^(.+)\.json(\.minisig)?$/;
/** Steps that the longest bar has at least: up to 1,999. */
const leastSteps = 10;

const fileOf = (quarter: string): string => `heartbeat-${quarter}.json`;

export function heartbeatPages(context: Context, limits: Limiters): Router {
  const page = Router();
  page.get("/heartbeat", limits.pages, async (_req, res) => {
    render(context, res, await context.store.listHeartbeats());
  });
  const files = Router();
  files.get("/heartbeat/:file", limits.pages, async (req, res) => {
    const [, quarter, signature] = filePattern.exec(String(req.params["file"])) ?? [];
    const found = (await context.store.listHeartbeats()).find((each) => each.quarter === quarter);
    if (found === undefined) throw new PortalError("missing", "nothing was published under this name");
    const bytes = signature === undefined ? found.bytes : found.signature;
    res.attachment(fileOf(found.quarter) + (signature ?? ""));
    res.type(signature === undefined ? "json" : "text/plain").send(Buffer.from(bytes));
  });
  return Router().use(inLanguages(page), files);
}

function render(context: Context, res: Response, published: readonly PublishedHeartbeat[]): void {
  const { chain } = context.book;
  if (chain === null) {
    renderPage(res, "partials/closed", { ...neutralTitle, status: 503 });
    return;
  }
  const speech = speechOf(res);
  const newest = published.at(-1);
  const heartbeats = published.map(({ bytes }) => parseHeartbeat(bytes)).toReversed();
  const steps = heartbeats.flatMap((each) => [each.received, each.answered, each.overdue].map(stepOfBand));
  renderPage(res, "reporter/heartbeat", {
    styles: ["public-record"],
    ...neutralTitle,
    alike: true,
    values: {
      quarters: heartbeats.map((each) => quarterShown(each, speech)),
      mostSteps: Math.max(leastSteps, ...steps),
      coming: comingWords(newest?.quarter ?? null, chain.current.trial, context.clock.today(), speech),
      command: newest === undefined ? null : commandFor(newest.quarter, context.keys.log.publicKey),
    },
  });
}

function commandFor(quarter: string, logKey: Uint8Array): string {
  const [, key] = formatMinisignKey(logKey).split("\n");
  return `minisign -Vm ${fileOf(quarter)} -P ${key}`;
}

/** When to look again. What is overdue comes with the next hour, and is not promised for a day that is over. */
function comingWords(newest: string | null, trial: boolean, today: number, { t, language }: Speech): string | null {
  if (trial) return t("heartbeat:trial");
  const quarter = newest === null ? quarterOf(today) : quarterAfter(newest);
  const day = publicationDayOf(quarter);
  if (day < today) return null;
  return t(newest === null ? "heartbeat:first" : "heartbeat:next", { day: formatDay(day, language) });
}

/** From 1, so that fewer than 5 has a bar too, and always the same. */
function stepOfBand({ most }: Band): number {
  return stepOf(most) + 1;
}

function quarterShown(heartbeat: Heartbeat, { t, language }: Speech): object {
  const told = ({ least, most }: Band): string =>
    least === 0 ? t("heartbeat:few", { number: most + 1 }) : t("heartbeat:range", { from: least, to: most });
  const row = (name: string, band: Band): object => ({ name, words: told(band), step: stepOfBand(band) });
  const { quarter, received, answered, overdue } = heartbeat;
  return {
    name: formatQuarter(quarter, language),
    address: `/heartbeat/${quarter}.json`,
    rows: [
      row(t("heartbeat:received"), received),
      row(t("heartbeat:answered"), answered),
      row(t("heartbeat:overdue"), overdue),
    ],
  };
}
