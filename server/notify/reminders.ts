/**
 * Who is told what, and when: everybody the same at fixed hours, the two keepers of last resort at
 * once when a reporter asks for it, and one reader or those two when a date has passed.
 */
import type { Member, Roster } from "../../crypto/roster.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import type { Context } from "../app/context.ts";
import { escalate } from "../app/escalate.ts";
import type { Clock, Messenger, Store } from "../ports.ts";
import type { Deliver } from "./channels.ts";
import { newestSlot, slotAction, slotDate } from "./hours.ts";
import { noticeOf } from "./notices.ts";
import type { Address, NotifySettings } from "./notify-file.ts";
import { Outbox } from "./outbox.ts";

/** Milliseconds in which several urgent reports make one message: a flood of them must not become a flood of mail. */
const urgentPauseMs = 10 * 60_000;

export interface RemindersOptions {
  settings: NotifySettings;
  deliver: Deliver;
  clock: Clock;
  log: (line: string) => void;
  /** Milliseconds before each further try, and between two urgent messages. */
  pace?: { retries: readonly number[]; urgent: number };
}

export class Reminders implements Messenger {
  readonly #settings: NotifySettings;
  readonly #clock: Clock;
  readonly #outbox: Outbox;
  readonly #urgentPauseMs: number;
  #pause: NodeJS.Timeout | null = null;
  /** An urgent report came while the last message was not old enough. */
  #waiting: Roster | null = null;
  #escalating = false;

  constructor({ settings, deliver, clock, log, pace }: RemindersOptions) {
    this.#settings = settings;
    this.#clock = clock;
    this.#outbox = new Outbox({ deliver, log, ...(pace !== undefined && { waits: pace.retries }) });
    this.#urgentPauseMs = pace?.urgent ?? urgentPauseMs;
  }

  /** As it is told at the start: how many of those who can be given reports have an address. */
  reached({ recipients }: Roster): number {
    return recipients.filter((member) => this.#addressOf(member) !== null).length;
  }

  get hours(): readonly string[] {
    return this.#settings.hours;
  }

  /** The ways by which anything leaves the portal. */
  get kinds(): Address["by"][] {
    const { members, recovery } = this.#settings;
    const addresses = [...members.values(), ...(recovery === null ? [] : [recovery])];
    return addresses.map(({ by }) => by);
  }

  urgentTo(roster: Roster): number[] {
    return lastResorts(roster).flatMap((member) => (this.#addressOf(member) === null ? [] : [member.id]));
  }

  urgent(roster: Roster): void {
    if (this.#pause !== null) {
      this.#waiting = roster;
      return;
    }
    this.#pause = setTimeout(() => {
      this.#pause = null;
      const next = this.#waiting;
      this.#waiting = null;
      if (next !== null) this.urgent(next);
    }, this.#urgentPauseMs).unref();
    // After the answer to the reporter, which waits for nothing that happens here.
    setImmediate(() => {
      const notice = noticeOf("urgent", roster.trial, new Date(this.#clock.now()));
      for (const address of this.#addressesOf(lastResorts(roster))) void this.#outbox.send(notice, address);
    });
  }

  /** To be called each minute, and at the start. */
  async beat(context: Context): Promise<void> {
    const { chain } = context.book;
    if (chain === null) return;
    const slot = newestSlot(this.#clock.now(), this.#settings.minutes);
    if (!(await takeSlot(context.store, slot))) return;
    await Promise.all([this.#digest(chain.current, slot), this.#escalate(context, slot)]);
  }

  /** Looks at no case: neither that it comes nor when can tell of one. */
  async #digest(roster: Roster, slot: number): Promise<void> {
    const notice = noticeOf("digest", roster.trial, slotDate(slot));
    const addresses = shuffled(this.#addressesOf(roster.recipients));
    await Promise.all(addresses.map((address) => this.#outbox.send(notice, address)));
  }

  async #escalate(context: Context, slot: number): Promise<void> {
    // The last hour's may still wait for a mail server.
    if (this.#escalating) return;
    this.#escalating = true;
    try {
      const roster = context.book.requireChain().current;
      const notice = noticeOf("escalation", roster.trial, slotDate(slot));
      /** However many cases: one message to each. */
      const sent = new Map<string, Promise<boolean>>();
      await escalate(context, async (second) => {
        const sendings = this.#addressesFor(roster, second).map((address) => {
          const known = sent.get(address.to) ?? this.#outbox.send(notice, address);
          sent.set(address.to, known);
          return known;
        });
        return (await Promise.all(sendings)).includes(true);
      });
    } finally {
      this.#escalating = false;
    }
  }

  /** The reader who was named. Where nobody was, or that one is gone or has no address: the last resorts. */
  #addressesFor(roster: Roster, second: number | null): Address[] {
    const named = this.#addressesOf(roster.recipients.filter(({ id }) => id === second));
    return named.length > 0 ? named : this.#addressesOf(lastResorts(roster));
  }

  #addressOf({ id, roles }: Member): Address | null {
    return this.#settings.members.get(id) ?? (roles.includes("recovery") ? this.#settings.recovery : null);
  }

  /** Without doubles: two members may share a mailbox. */
  #addressesOf(members: readonly Member[]): Address[] {
    const found = members.flatMap((member) => this.#addressOf(member) ?? []);
    return [...new Map(found.map((address) => [address.to, address])).values()];
  }

  close(): void {
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#outbox.close();
  }
}

/** Those outside the chain of command, and whoever keeps the recovery key. */
function lastResorts({ members }: Roster): Member[] {
  return members.filter(({ roles }) => roles.includes("ombuds") || roles.includes("recovery"));
}

/** True: the slot is this process's to serve, once and for all. */
async function takeSlot(store: Store, slot: number): Promise<boolean> {
  const last = await store.findReminderSlot();
  const action = slotAction(last, slot);
  if (action === "wait") return false;
  // Kept before anything is sent: a crash in between costs one reminder, never sends two.
  return (await store.advanceReminderSlot(last, slot)) && action === "send";
}

/** In an order that says nothing. */
function shuffled<T>(list: readonly T[]): T[] {
  const keyed = list.map((each) => ({ each, key: Buffer.from(randomBytes(8)).readBigUInt64LE() }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ each }) => each);
}
