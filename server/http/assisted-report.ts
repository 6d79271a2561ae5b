/** Assisted mode: filing. */
import { Router, type Request, type Response } from "express";
import { utf8 } from "../../crypto/bytes.ts";
import { formatProof, type Proof } from "../../crypto/proof.ts";
import { readCodeIn } from "../../crypto/receipt.ts";
import { readersOf, type Member, type RosterChain } from "../../crypto/roster.ts";
import { listsFor } from "../../crypto/word-lists.ts";
import { formatDay, textOfDay, updateDueBy } from "../../data/policy/update-date.ts";
import { mostFiles, readForm } from "../assisted/form.ts";
import { heldMinutes } from "../assisted/held.ts";
import { formatKept, newReport, parseKept, readersSeen, receiveReport, type KeptReport } from "../assisted/report.ts";
import { findAsked } from "../assisted/questions.ts";
import type { Context } from "../app/context.ts";
import { chainOf, neutralTitle, postRoute, renderGone, type Assisted } from "./assisted-requests.ts";
import { questionViews } from "./assisted-questions.ts";
import { listOf, sizeOf } from "../../views/locales/say.ts";
import { faultsOf, nameOf, rolesOf, speechOf, statusFor, type Speech } from "./assisted-words.ts";
import { describeFault } from "./errors.ts";
import { translator } from "./i18n.ts";
import { languageOf } from "./language-address.ts";
import { renderPage } from "./pages.ts";

export function assistedReport(assisted: Assisted): Router {
  const { context, reports, proofs, deriver, waiting } = assisted;
  const router = Router();
  router.get("/report", async (req, res) => {
    const chain = chainOf(assisted);
    const { channels } = chain.current;
    const asked = req.query["channel"];
    const channel = channels.length === 1 ? channels[0] : channels.find(({ id }) => id === asked);
    if (!context.book.intakeOpen || channel !== undefined)
      await renderReport(res, context, newReport(chain, channel?.id ?? "", waiting.issue(), languageOf(req)));
    else renderChannels(res, chain);
  });
  router.get("/report/:token", async (req, res) => {
    const held = reports.lend(req.params.token, res);
    if (held === null) renderGone(res, "report");
    else await renderReport(res, context, parseKept(held));
  });
  router.post(
    // Not limited by address: over Tor all share one. Its limit is time, see waiting.ts.
    "/report",
    postRoute(assisted, async (req, res) => {
      const chain = chainOf(assisted);
      const form = await readForm(req, res, context.settings.maxFileBytes);
      const filing = { context, deriver, waiting, chain, form, language: languageOf(req) };
      const received = await receiveReport(filing);
      switch (received.is) {
        case "filed":
          if (received.proof === null) return "/assisted/sent";
          return `/assisted/sent/${proofs.put(utf8(proofText(received.proof, req, context)))}`;
        case "again":
          if (received.fault !== null) assisted.log(describeFault(received.fault));
          return `/assisted/report/${reports.put(formatKept(received.kept))}`;
      }
    }),
  );
  const renderSent = (res: Response, proof: string): void => {
    const speech = speechOf(res);
    const date = formatDay(updateDueBy(context.clock.today()), speech.language);
    renderPage(res, "reporter/assisted/sent", { ...neutralTitle, values: { date, proof, minutes: heldMinutes } });
  };
  router.get("/sent", (_req, res) => renderSent(res, ""));
  router.get("/sent/:token", (req, res) => {
    // A page shown again must not take what the link is to give.
    renderSent(res, /^[\w-]{43}$/.test(req.params.token) ? `/assisted/proof/${req.params.token}` : "");
  });
  router.get("/proof/:token", (req, res) => {
    const held = proofs.lend(req.params.token, res);
    if (held === null) return renderGone(res, "link");
    res.attachment(`${speechOf(res).t("proof:fileName")}.json`);
    res.set("Cache-Control", "no-store");
    res.type("application/json").send(Buffer.from(held));
  });
  return router;
}

function proofText(proof: Proof, req: Request, { settings }: Context): string {
  const address = settings.reporterOrigins[0]!;
  return formatProof(proof, translator(languageOf(req))("proof:about", { address }));
}

function renderChannels(res: Response, { current }: RosterChain): void {
  const speech = speechOf(res);
  const channels = current.channels.map(({ id, name }) => {
    const members = readersAsMembers(current, id);
    return {
      id,
      name,
      readers: listOf(
        members.map((member) => nameOf(member, speech)),
        speech.language,
      ),
    };
  });
  renderPage(res, "reporter/assisted/channel", { ...neutralTitle, values: { channels } });
}

function readersAsMembers(roster: RosterChain["current"], channel: string): Member[] {
  const ids = readersOf(roster, channel, []);
  return roster.recipients.filter(({ id }) => ids.includes(id));
}

/** Whether there is the choice, and who is told at once: names in a sentence, "" for nobody. */
function urgentValues({ messenger }: Context, roster: RosterChain["current"], speech: Speech): object {
  const told = messenger.urgentTo(roster);
  const names = roster.members.filter(({ id }) => told.includes(id)).map((member) => nameOf(member, speech));
  return {
    urgentChoice: roster.members.some(({ roles }) => roles.includes("ombuds") || roles.includes("recovery")),
    urgentTo: listOf(names, speech.language),
  };
}

const isSpare = ({ roles }: Member): boolean => roles.includes("recovery");

async function renderReport(res: Response, context: Context, kept: KeptReport): Promise<void> {
  const chain = context.book.requireChain();
  const roster = chain.current;
  if (!context.book.intakeOpen && kept.problems.length === 0) {
    renderPage(res, "partials/closed", { ...neutralTitle, status: 503 });
    return;
  }
  const { asked } = await findAsked(context, chain, kept.channel, kept.asked);
  const speech = speechOf(res);
  const faults = faultsOf(kept.problems, kept.hadFiles, speech);
  const channel = roster.channels.find(({ id }) => id === kept.channel);
  const readers = channel === undefined ? [] : readersAsMembers(roster, channel.id);
  const person = (member: Member): object => ({
    id: member.id,
    name: nameOf(member, speech),
    roles: rolesOf(member, speech),
    out: kept.excluded.includes(member.id),
  });
  const left = readers.filter(({ id }) => !kept.excluded.includes(id));
  const ombuds = readers.filter(({ roles }) => roles.includes("ombuds")).map((member) => nameOf(member, speech));
  renderPage(res, "reporter/assisted/report", {
    ...neutralTitle,
    status: statusFor(kept.problems, res),
    values: {
      faults,
      fault: Object.fromEntries(faults.map(({ field, text }) => [field, text]).reverse()),
      expired: roster.expires < textOfDay(context.clock.today()),
      // The readers that stand on this page: were they others when it comes back, it is not sent.
      seen: readersSeen(chain, channel?.id ?? ""),
      channels: roster.channels,
      channel: channel ?? null,
      several: roster.channels.length > 1,
      readers: readers.map(person),
      others: roster.members.filter((member) => !readers.includes(member)).map(person),
      onlySpare: left.length > 0 && left.every(isSpare),
      nobody: kept.problems.some(({ is }) => is === "readers"),
      ombuds: listOf(ombuds, speech.language),
      asked: asked.version,
      leftovers: kept.leftovers,
      questions: questionViews(asked.questionnaire, kept.answers, new Set(faults.map(({ field }) => field)), speech),
      code: kept.code,
      ticket: kept.ticket,
      busy: context.work.underLoad,
      words: kept.code.split(" "),
      codeLanguage: readCodeIn(kept.code, listsFor("en")).list.language,
      urgent: kept.urgent,
      ...urgentValues(context, roster, speech),
      confirmed: kept.confirmed,
      fileLimit: sizeOf(context.settings.maxFileBytes, speech.language),
      mostFiles,
    },
  });
}
