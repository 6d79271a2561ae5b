/** The notice as it stands today: is its text still the one that was published? */
import { createHash } from "node:crypto";
import type { PlaceDetails } from "../../data/policy/outside-channels.ts";
import type { RosterChain } from "../../crypto/roster.ts";
import type { Translate } from "../http/i18n.ts";
import { noticeContent, textOfNotice, type NoticeSource, type PublishedNotice } from "./content.ts";

export interface NoticeState {
  chain: RosterChain;
  /** The reporter app's addresses; a second one is its onion service. */
  origins: readonly string[];
  outside: readonly PlaceDetails[];
  /** YYYY-MM-DD */
  today: string;
  newest: PublishedNotice | null;
}

export interface CurrentNotice {
  source: NoticeSource;
  /** The English text as it is now: what each part of the notice says, as JSON. */
  text: string;
  sha256: string;
}

/** `english`: words in English, whatever language the notice is shown in: one version is one English text. */
export function currentNotice(
  { chain, origins, outside, today, newest }: NoticeState,
  english: Translate,
): CurrentNotice {
  const draft: NoticeSource = {
    roster: chain.current,
    portalId: chain.portalId,
    address: origins[0] ?? "",
    onion: origins[1] ?? null,
    outside,
    today,
    published: null,
  };
  const text = textOfNotice(noticeContent(draft, { t: english, language: "en" }));
  const sha256 = createHash("sha256").update(text).digest("hex");
  // A poster that says something else is no version yet, whatever the last number was.
  return { source: { ...draft, published: newest?.sha256 === sha256 ? newest : null }, text, sha256 };
}
