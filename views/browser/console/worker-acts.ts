/** What the keyholder does for the page, call by call. Keys, token and envelopes stay in here. */
import type { NewFile } from "../../../crypto/attachments.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { findFile, openAttachment } from "../client/case-files.ts";
import { AskedQuestions } from "../client/asked.ts";
import type { DutiesFile } from "../../../data/policy/deadlines/duties-file.ts";
import { setReminder, writeAct } from "../client/case-acts.ts";
import { viewDuties } from "../client/case-duties.ts";
import { askOffice, logPosted, remind } from "./worker-duties.ts";
import { channelOf, viewCase, type CaseView } from "../client/case-view.ts";
import { deleteCase, prepare, reply, summarise, writeNote, type Prepared } from "../client/case-writing.ts";
import { openCase, type OpenCase } from "../client/casework.ts";
import { forgetHeld, newDesk, type Desk } from "../client/held-cases.ts";
import { declare, gateOf, openAndRenew } from "../client/recusal.ts";
import { isUpToDate, leftOutWithoutReason, othersRead } from "../client/rekeying.ts";
import { shown as shownListing } from "../client/listing.ts";
import { SearchIndex } from "../client/search-index.ts";
import { planSealedCase, streamSealedCase, type SealedCase } from "../client/sealed-case.ts";
import { decideStatus } from "../client/spam.ts";
import { lookForNew } from "../client/grown.ts";
import type { Press } from "../client/casefile/press.ts";
import type { Searcher } from "../client/casefile/searcher.ts";
import type { Api } from "../client/http.ts";
import { fetchPresentation, fetchWords, savePresentation } from "../client/presentation.ts";
import type { Session } from "../client/session.ts";
import { loadWords, type Translate } from "../i18n.ts";
import type { CallName, Input, Output, Progress } from "./keyholder-api.ts";
import { identityOf, namesOf, Refused, signIn } from "./worker-sign-in.ts";
import { makeCaseFileActs } from "./casefile/worker-casefile.ts";
import { queueActs } from "./queue/worker-queue.ts";
import { KeyCache } from "./worker-cache.ts";
import { followLog } from "./worker-log.ts";
import { postedOn } from "./own-time.ts";
import { Reading } from "./worker-reading.ts";
import { takenActs } from "./taken/worker-taken.ts";
import { counted, deliver, iterate, keepBeginning } from "./worker-streams.ts";
import { writeLink } from "./worker-work.ts";

/** Given to every act: how to tell of progress, and when to stop. */
export interface Told {
  progress(progress: Progress): void;
  signal: AbortSignal;
}
export type Acts = { [K in CallName]: (input: Input<K>, told: Told) => Promise<Output<K>> };

/** More than anybody looks through: who sees so many adds a word. */
const mostHits = 50;
const sliceBytes = 1024 * 1024;

function asNewFile(file: File): NewFile {
  return {
    name: file.name,
    type: file.type,
    size: file.size,
    async *read() {
      for (let at = 0; at < file.size; at += sliceBytes) {
        try {
          yield new Uint8Array(await file.slice(at, at + sliceBytes).arrayBuffer());
        } catch (cause) {
          throw new PortalError("missing", "a file cannot be read any more", { cause });
        }
      }
    },
  };
}

/** Workers in which no key is. */
export interface Starts {
  startPress(): Press;
  /** `texts`: what to look for. */
  startSearcher(texts: readonly string[]): Searcher;
}

/** `unlocked` is called once, with what locking must do and how long idling may last; `starts`: workers without keys. */
export function makeActs(
  api: Api,
  unlocked: (session: Session, idleMinutes: number) => void,
  lock: () => void,
  { startPress, startSearcher }: Starts,
): Acts {
  let desk: Desk | null = null;
  const cache = new KeyCache();
  let t: Translate | null = null;
  /** As the operator set them; the page brings them. */
  let duties: DutiesFile | null = null;
  /** Cases as they were last read and verified; downloads and exports are taken from these. */
  const open = new Map<string, OpenCase>();
  let sealed: { file: SealedCase; of: OpenCase } | null = null;
  /** By case id: files of a reply or note that was not stored yet, on their way or there, by what they were made for. */
  const prepared = new Map<string, Map<string, Promise<Prepared>>>();

  const theDesk = (): Desk => {
    if (desk === null) throw new PortalError("refused", "locked");
    return desk;
  };
  /** Whatever a page asks for, of a case in which its member did not say "no conflict" it gets nothing. */
  const mine = (now: OpenCase): OpenCase => {
    if (gateOf(theDesk(), now) !== "open") throw new PortalError("refused", "not declared to be without conflict");
    return now;
  };
  const theCase = async (caseId: string): Promise<OpenCase> =>
    mine(open.get(caseId) ?? keep(await openCase(theDesk(), caseId)));
  const keep = (now: OpenCase): OpenCase => {
    const { caseId } = now.listing;
    // Its member may have given it up while it was read.
    if (theDesk().cases.has(caseId)) open.set(caseId, now);
    return now;
  };
  /** Nothing of a case stays that is not this member's any more. */
  const purge = (caseId: string): void => {
    open.delete(caseId);
    prepared.delete(caseId);
    reading.forget(caseId);
    caseFiles.forget(caseId);
    if (sealed?.of.listing.caseId === caseId) sealed = null;
  };
  const takeGrown = (grown: readonly OpenCase[]): void => {
    for (const each of grown) {
      if (open.has(each.listing.caseId)) keep(each);
      // Where new keys are due the case is read in its turn, and gets them.
      if (isUpToDate(theDesk(), each)) reading.take(each);
    }
  };
  const asked = new AskedQuestions(api);
  const index = new SearchIndex();
  const reading = new Reading(
    index,
    (now) => {
      caseFiles.saw(now);
      return viewCase(theDesk().session.chain, now, asked.known(...askedOf(now)), { duties, now: Date.now() });
    },
    (labelKey) => t?.(`questionnaires:${labelKey}`) ?? labelKey,
  );
  const askedOf = (now: OpenCase): [version: string | null, id: string] => [
    now.report.content.asked ?? null,
    channelOf(theDesk().session.chain, now).questionnaire,
  ];
  const look = (now: OpenCase): CaseView => {
    const looking = {
      duties,
      now: Date.now(),
      leftOut: leftOutWithoutReason(theDesk(), now),
      me: theDesk().session.me.id,
    };
    return viewCase(theDesk().session.chain, keep(now), asked.known(...askedOf(now)), looking);
  };
  const show = (now: OpenCase): CaseView => {
    const view = look(now);
    reading.take(now, view);
    // The server's date may lag behind; who cannot set it now sets it the next time.
    void remind(theDesk(), now, view.duties).catch(() => {});
    return view;
  };

  /** The same text and files after a failure are the same reply: it is neither uploaded nor sent twice. */
  const prepareOnce = async (
    what: string,
    caseId: string,
    text: string,
    files: File[],
    told: Told,
  ): Promise<{ made: Prepared; stored(): void }> => {
    const { caseId: id } = await theCase(caseId);
    const key = JSON.stringify([what, text, files.map((file) => [file.name, file.size, file.lastModified])]);
    const ofCase = prepared.get(caseId) ?? new Map<string, Promise<Prepared>>();
    prepared.set(caseId, ofCase);
    // Kept before it is there: asked for again meanwhile it is the same one.
    const making =
      ofCase.get(key) ??
      prepare(theDesk(), id, files.map(asNewFile), {
        signal: told.signal,
        onProgress: ({ stored, total }) => told.progress({ done: stored, total }),
      });
    ofCase.set(key, making);
    try {
      return { made: await making, stored: () => ofCase.delete(key) };
    } catch (error) {
      if (ofCase.get(key) === making) ofCase.delete(key);
      throw error;
    }
  };

  /** The case with the date that the server now has of it. */
  const reminded = async (of: OpenCase): Promise<OpenCase> => {
    const { next, second } = viewDuties(theDesk().session.chain, of, duties, Date.now());
    const changed = await remind(theDesk(), of, { next, second }).catch(() => false);
    return changed ? openCase(theDesk(), of.listing.caseId) : of;
  };

  /** What was written is stored by then: a summary that fails comes with the next change. */
  const summed = async (caseId: string, viewed: number, written: OpenCase): Promise<CaseView> => {
    try {
      return show(await reminded(await summarise(theDesk(), caseId, viewed)));
    } catch (error) {
      if (!(error instanceof PortalError)) throw error;
      return show(written);
    }
  };

  /** Among the notes, before the first byte leaves: no export that the other readers cannot see. */
  const log = async (of: OpenCase, words: (t: Translate) => string): Promise<void> => {
    if (t === null || of.team.state === "notMine" || of.team.state === "damaged") return;
    const empty = await prepare(theDesk(), of.caseId, []);
    keep(await writeNote(theDesk(), of.listing.caseId, words(t), empty, [], postedOn()));
  };
  const caseFiles = makeCaseFileActs({
    theDesk,
    read: async (caseId) => keep(mine(await openCase(theDesk(), caseId))),
    keep,
    words() {
      if (t === null) throw new PortalError("refused", "locked");
      return t;
    },
    startPress,
    startSearcher,
    async lookAtAll() {
      const { listings, grown } = await lookForNew(theDesk(), Infinity);
      takeGrown(grown);
      reading.follow(theDesk(), listings);
      await reading.whole();
    },
  });

  return {
    ...takenActs(() => theDesk().session, asNewFile),
    async unlock({ credentials, seen, page, idleMinutes }) {
      try {
        const session = await signIn(api, credentials, seen);
        desk = newDesk(session);
        await cache.restore(desk);
        t = await loadWords(page);
        duties = page.data["duties"] ?? null;
        unlocked(session, idleMinutes);
        return { is: "in", me: identityOf(session) };
      } catch (error) {
        if (error instanceof Refused) return { is: "refused", why: error.why };
        throw error;
      }
    },
    async list({ most, shown }) {
      const now = theDesk();
      const { listings, left, grown } = await lookForNew(now, most ?? Infinity);
      takeGrown(grown);
      for (const caseId of [...open.keys()]) if (!now.cases.has(caseId)) purge(caseId);
      if (left === 0) void cache.keep(now);
      reading.follow(now, listings);
      const listing = listings.find(({ caseId }) => caseId === shown);
      const of = shown === null ? undefined : open.get(shown);
      const isShown = of !== undefined && listing !== undefined && gateOf(now, of) === "open";
      const log = await followLog(now);
      const { damaged, withdrawn, session } = now;
      const view = isShown ? look({ ...of, listing: { ...listing, phase: of.listing.phase } }) : null;
      return { me: identityOf(session), listings, left, damaged, withdrawn, log, shown: view, ...namesOf(session) };
    },
    async open({ caseId }) {
      const first = await openCase(theDesk(), caseId);
      switch (gateOf(theDesk(), first)) {
        case "ask":
          return { is: "gate", listing: shownListing(first.listing), alone: !othersRead(theDesk(), first) };
        case "gone":
          forgetHeld(theDesk(), caseId);
          purge(caseId);
          await cache.keep(theDesk());
          return { is: "gone" };
        case "open": {
          const now = await openAndRenew(theDesk(), caseId);
          await asked.find(...askedOf(now));
          return { is: "case", view: show(now) };
        }
      }
    },
    async declare({ caseId, has, reason }) {
      const declared = await declare(theDesk(), caseId, has, reason);
      if (declared.is === "alone") return declared;
      if (declared.is === "gone") {
        purge(caseId);
        await cache.keep(theDesk());
        return declared;
      }
      await asked.find(...askedOf(declared.open));
      return { is: "case", view: show(await reminded(declared.open)) };
    },
    async reply({ caseId, text, files, viewed, duty, updateBy, ...said }, told) {
      const { made, stored } = await prepareOnce("reply", caseId, text, files, told);
      const promised = updateBy === null ? {} : { updateBy };
      const content = { text, ...said, ...promised, ...(duty === null ? {} : { duty: duty.is }) };
      let written = await reply(theDesk(), caseId, content, made);
      if (duty !== null) written = await logPosted(theDesk(), written, made.envId, duty, said.day);
      stored();
      return summed(caseId, viewed, written);
    },
    async act({ caseId, draft, visible, files, viewed, basedOn }, told) {
      // Declared in its own way, with what follows from it.
      if (draft.act === "conflict") throw new PortalError("refused", "a conflict is declared, not written");
      const { made, stored } = await prepareOnce("act", caseId, JSON.stringify(draft), files, told);
      const written = await writeAct(theDesk(), caseId, draft, visible, made, basedOn);
      stored();
      return summed(caseId, viewed, written);
    },
    async link({ viewed, ...wish }) {
      const { open: now, wrote } = await writeLink(theDesk(), wish);
      return { view: wrote.here ? await summed(wish.caseId, viewed, now) : show(now), wrote };
    },
    async setSecond({ caseId, second, was }) {
      const of = mine(await openCase(theDesk(), caseId));
      const now = viewDuties(theDesk().session.chain, of, duties, Date.now());
      if (now.second !== was && now.second !== second) throw new PortalError("conflict", "another reader was named");
      await setReminder(theDesk(), of, now.next, second);
      return show(await openCase(theDesk(), caseId));
    },
    ...queueActs({ theDesk, summed }),
    ...caseFiles.acts,
    async office(call) {
      return askOffice(theDesk().session, call);
    },
    async note({ caseId, text, day, mentions, files, viewed }, told) {
      const { made, stored } = await prepareOnce("note", caseId, text, files, told);
      const written = await writeNote(theDesk(), caseId, text, made, mentions, day);
      stored();
      return summed(caseId, viewed, written);
    },
    async decide({ caseId, viewed, basedOn, ...decision }) {
      await theCase(caseId);
      return summed(caseId, viewed, await decideStatus(theDesk(), caseId, decision, basedOn));
    },
    async deleteCase({ caseId }) {
      await theCase(caseId);
      const deletion = await deleteCase(theDesk(), caseId);
      purge(caseId);
      return deletion;
    },
    async markRead({ caseId, viewed }) {
      await theCase(caseId);
      return show(await summarise(theDesk(), caseId, viewed));
    },
    async checkFile(place, { progress, signal }) {
      const now = await theCase(place.caseId);
      const { size } = findFile(now, place).file;
      const bytes = openAttachment(theDesk(), now, place, signal);
      return keepBeginning(counted(bytes, (done) => progress({ done, total: size }), signal));
    },
    async saveFile({ port, ...place }, { progress, signal }) {
      const now = await theCase(place.caseId);
      const { size } = findFile(now, place).file;
      const bytes = openAttachment(theDesk(), now, place, signal);
      return deliver(
        counted(bytes, (done) => progress({ done, total: size }), signal),
        port,
      );
    },
    async planSealed({ caseId }) {
      const of = keep(mine(await openCase(theDesk(), caseId)));
      const file = await planSealedCase(theDesk(), of);
      sealed = { file, of };
      return { fileName: file.fileName, length: file.length, missing: file.missing };
    },
    async saveSealed({ port }, { progress, signal }) {
      if (sealed === null) throw new PortalError("missing", "nothing was prepared");
      const { file, of } = sealed;
      await log(of, (words) => words("console:sealed.logged"));
      const bytes = iterate(streamSealedCase(theDesk(), of, file, signal));
      return deliver(
        counted(bytes, (done) => progress({ done, total: file.length }), signal),
        port,
      );
    },
    async search({ query, language }) {
      const { done, total } = reading.progress;
      return { ...index.nearest(query, mostHits, language), read: done, total };
    },
    async readings({ figures }) {
      return reading.readings(figures);
    },
    async presentation() {
      return fetchPresentation(theDesk().session);
    },
    async presentationWords({ language }) {
      return fetchWords(theDesk().session, language);
    },
    async savePresentation({ files }) {
      return savePresentation(theDesk().session, files);
    },
    async lock() {
      lock();
      return null;
    },
  };
}
