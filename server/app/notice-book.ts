/**
 * The notice's versions, the people it was given to and the places where it hangs: read once, and kept in
 * memory beside their sealed rows. No case, no report and no reader of a page is known here.
 */
import { setImmediate } from "node:timers/promises";
import { fromHex, toHex } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import {
  mostPeople,
  mostPostings,
  nameKey,
  personShape,
  type ListedPerson,
  type NoticePerson,
  type NoticePosting,
  type NoticeRecordContent,
  type NoticeVersion,
  type PersonInput,
  type PostingInput,
} from "../../data/policy/notice/roster.ts";
import { dayOf, textOfDay } from "../../data/policy/update-date.ts";
import type { Clock, NoticeRecord, NoticeStore } from "../ports.ts";
import { openRecord, sealRecord } from "./notice-records.ts";
import { Turns } from "./turns.ts";

const idBytes = 16;
/** Records after which others get their turn: a list of thousands takes seconds, and reports must not wait for it. */
const sealedAtOnce = 50;

/** A record with the id that requests name it by, hex. */
export type Kept<Content> = Content & { id: string };

type Change = [id: string, content: NoticeRecordContent | null];

export class NoticeBook {
  readonly #store: NoticeStore;
  readonly #key: Uint8Array;
  readonly #clock: Clock;
  #records = new Map<string, NoticeRecordContent>();
  /** One at a time: what a change was judged by must still hold when it is stored. */
  readonly #turns = new Turns();

  private constructor(store: NoticeStore, key: Uint8Array, clock: Clock) {
    this.#store = store;
    this.#key = key;
    this.#clock = clock;
  }

  /** @throws PortalError "refused" when the rows are not this key's, or damaged: the server then does not start */
  static async open(store: NoticeStore, key: Uint8Array, clock: Clock): Promise<NoticeBook> {
    const book = new NoticeBook(store, key, clock);
    try {
      await book.#read();
    } catch (cause) {
      if (!(cause instanceof PortalError) || cause.code === "busy") throw cause;
      throw new PortalError("refused", "notices.sqlite was written under another keyring's key, or is damaged", {
        cause,
      });
    }
    return book;
  }

  async #read(): Promise<void> {
    const records = (await this.#store.list()).map(
      (record) => [toHex(record.key), openRecord(record, this.#key)] as const,
    );
    this.#records = new Map(records);
  }

  #all<Is extends NoticeRecordContent["is"]>(is: Is): Kept<NoticeRecordContent & { is: Is }>[] {
    const found: Kept<NoticeRecordContent & { is: Is }>[] = [];
    for (const [id, record] of this.#records)
      if (record.is === is) found.push({ ...(record as NoticeRecordContent & { is: Is }), id });
    return found;
  }

  /** Oldest first. */
  versions(): Kept<NoticeVersion>[] {
    return this.#all("version").sort((a, b) => a.number - b.number);
  }

  newest(): NoticeVersion | null {
    return this.versions().at(-1) ?? null;
  }

  /** By name. */
  people(): Kept<NoticePerson>[] {
    return this.#all("person").sort((a, b) => a.ref.localeCompare(b.ref, "en"));
  }

  /** Newest first. */
  postings(): Kept<NoticePosting>[] {
    return this.#all("posting").sort((a, b) => (a.postedOn < b.postedOn ? 1 : -1));
  }

  /**
   * Makes the text with this hash the next version. `epoch`: of the roster in force.
   * @throws PortalError "conflict" when it is the newest version's already
   */
  publish(sha256: string, epoch: number): Promise<NoticeVersion> {
    return this.#turns.take(async () => {
      if (this.newest()?.sha256 === sha256) throw new PortalError("conflict", "this text is published");
      const day = textOfDay(this.#clock.today());
      const version = { is: "version", number: (this.newest()?.number ?? 0) + 1, day, epoch, sha256 } as const;
      await this.#keep([[newId(), version]]);
      return version;
    });
  }

  /** @throws PortalError "conflict" when somebody of that name is on the list */
  addPerson(input: PersonInput): Promise<string> {
    return this.#turns.take(async () => {
      if (this.people().some(({ ref }) => sameRef(ref, input.ref)))
        throw new PortalError("conflict", "this person is on the list");
      if (this.people().length >= mostPeople) throw new PortalError("full", "the list of people is full");
      const id = newId();
      await this.#keep([[id, { is: "person", ...input, notices: [] }]]);
      return id;
    });
  }

  /** `was`: as the writer saw it, where it must still be so. @throws PortalError "missing" | "conflict" */
  changePerson(id: string, input: PersonInput, was?: PersonInput): Promise<void> {
    return this.#turns.take(async () => {
      const person = this.#person(id);
      requireStill(person, was);
      if (this.people().some((other) => other.id !== id && sameRef(other.ref, input.ref)))
        throw new PortalError("conflict", "another person of that name is on the list");
      await this.#keep([[id, { ...person, ...input }]]);
    });
  }

  /** New names are added, known ones get what the list says of them; all or none. */
  importPeople(inputs: readonly ListedPerson[]): Promise<{ added: number; changed: number }> {
    return this.#turns.take(async () => {
      const known = new Map(this.people().map((person) => [nameKey(person.ref), person]));
      const changes = inputs.map((input): Change => {
        const person = known.get(nameKey(input.ref));
        if (person === undefined)
          return [newId(), { is: "person", since: null, remote: false, removedOn: null, ...input, notices: [] }];
        const { id, ...rest } = person;
        return [id, { ...rest, ...input }];
      });
      const added = changes.filter(([id]) => !this.#records.has(id)).length;
      if (known.size + added > mostPeople) throw new PortalError("full", "the list of people is full");
      await this.#keep(changes);
      return { added, changed: changes.length - added };
    });
  }

  /** The version was given or sent to these people. */
  sent(ids: readonly string[], version: number, on: string): Promise<void> {
    return this.#change(ids, version, on, (person) => {
      const others = person.notices.filter((notice) => notice.version !== version || notice.acknowledgedOn !== null);
      return [...others, { version, sentOn: on, acknowledgedOn: null }];
    });
  }

  /** These people confirmed the version. Whoever confirms one was given it, on that day at the latest. */
  acknowledged(ids: readonly string[], version: number, on: string): Promise<void> {
    return this.#change(ids, version, on, (person) => {
      const open = person.notices.findLast((notice) => notice.version === version);
      const sentOn = open === undefined || open.acknowledgedOn !== null || open.sentOn > on ? on : open.sentOn;
      const others = person.notices.filter((notice) => notice !== open || open.acknowledgedOn !== null);
      return [...others, { version, sentOn, acknowledgedOn: on }];
    });
  }

  #change(
    ids: readonly string[],
    version: number,
    on: string,
    next: (person: NoticePerson) => NoticePerson["notices"],
  ): Promise<void> {
    return this.#turns.take(async () => {
      this.#requireVersion(version, on);
      const changes = [...new Set(ids)].map((id): Change => {
        const person = this.#person(id);
        const notices = next(person).sort((a, b) => (a.sentOn < b.sentOn ? -1 : a.sentOn > b.sentOn ? 1 : 0));
        const changed = { ...person, notices };
        if (!personShape.safeParse(changed).success) throw new PortalError("full", "too many sendings of one person");
        return [id, changed];
      });
      await this.#keep(changes);
    });
  }

  addPosting(input: PostingInput): Promise<string> {
    return this.#turns.take(async () => {
      this.#requireVersion(input.version, input.postedOn);
      if (this.postings().length >= mostPostings) throw new PortalError("full", "the list of places is full");
      const id = newId();
      await this.#keep([[id, { is: "posting", ...input }]]);
      return id;
    });
  }

  /** `was`: as the writer saw it, where it must still be so. @throws PortalError "missing" | "conflict" */
  changePosting(id: string, input: PostingInput, was?: PostingInput): Promise<void> {
    return this.#turns.take(async () => {
      this.#requireVersion(input.version, input.postedOn);
      const posting = this.#records.get(id);
      if (posting?.is !== "posting") throw new PortalError("missing", "no such place");
      requireStill(posting, was);
      await this.#keep([[id, { is: "posting", ...input }]]);
    });
  }

  /** For good: a person or a place that should never have been here. Versions stay. */
  remove(id: string): Promise<void> {
    return this.#turns.take(async () => {
      const record = this.#records.get(id);
      if (record === undefined || record.is === "version") throw new PortalError("missing", "no such record");
      await this.#keep([[id, null]]);
    });
  }

  #person(id: string): NoticePerson {
    const record = this.#records.get(id);
    if (record?.is !== "person") throw new PortalError("missing", "no such person");
    return record;
  }

  /** `on`: when it was given to somebody or hung up, not before it was published. */
  #requireVersion(version: number, on: string): void {
    const found = this.versions().find(({ number }) => number === version);
    if (found === undefined) throw new PortalError("missing", "no such version of the notice");
    // Days of versions are of UTC: where the sun sets last it is the day before.
    if (on < textOfDay((dayOf(found.day) ?? 0) - 1))
      throw new PortalError("format", "before that version was published");
  }

  /** On the disk first, then here. A store that failed may have stored it all the same: then what is there counts. */
  async #keep(changes: readonly Change[]): Promise<void> {
    const put: NoticeRecord[] = [];
    for (const [id, content] of changes) {
      if (content !== null) put.push(sealRecord(content, fromHex(id, idBytes), this.#key));
      if (put.length % sealedAtOnce === 0) await setImmediate();
    }
    const removed = changes.flatMap(([id, content]) => (content === null ? [fromHex(id, idBytes)] : []));
    try {
      await this.#store.change(put, removed);
    } catch (error) {
      await this.#read().catch(() => {});
      throw error;
    }
    for (const [id, content] of changes)
      if (content === null) this.#records.delete(id);
      else this.#records.set(id, content);
  }
}

/** Nobody changed any of this since it was looked at. @throws PortalError "conflict" */
function requireStill<Input extends PersonInput | PostingInput>(now: Input, was: Input | undefined): void {
  if (was === undefined) return;
  const fields = Object.keys(was) as (keyof Input)[];
  if (fields.some((field) => now[field] !== was[field]))
    throw new PortalError("conflict", "somebody else changed it meanwhile");
}

function newId(): string {
  return toHex(randomBytes(idBytes));
}

function sameRef(a: string, b: string): boolean {
  return nameKey(a) === nameKey(b);
}
