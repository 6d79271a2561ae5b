/** The printable notice as data: what its page, its poster and its letter say, in one language. */
import { english } from "../../crypto/words.ts";
import { formatNoticePin } from "../../crypto/notice-pin.ts";
import { fingerprintWords, type Roster } from "../../crypto/roster.ts";
import { outsideChannels, rightsInForce, type PlaceDetails } from "../../data/policy/outside-channels.ts";
import { formatDay } from "../../data/policy/update-date.ts";
import type { Translate } from "../http/i18n.ts";

/** A version of the notice that the operator made public. */
export interface PublishedNotice {
  /** From 1. */
  number: number;
  /** YYYY-MM-DD */
  day: string;
  /** Of the roster in force on that day: no client that scans the notice takes an older one. */
  epoch: number;
  /** Of the English text, lower-case hex. */
  sha256: string;
}

/** All that a notice depends on. */
export interface NoticeSource {
  roster: Roster;
  portalId: Uint8Array;
  /** scheme://host[:port] */
  address: string;
  onion: string | null;
  outside: readonly PlaceDetails[];
  /** YYYY-MM-DD: which laws are in force. */
  today: string;
  /** The newest published version; null before the first one, and when the text is not that one's any more. */
  published: PublishedNotice | null;
}

export interface Speech {
  t: Translate;
  language: string;
}

export interface Point {
  title: string;
  rows: string[];
  /** Said after the rows. */
  after: string[];
}

export interface RightSaid {
  text: string;
  list: string[];
  after: string;
  /** "The law: …"; empty for what is no law. */
  citation: string;
}

export interface PlaceSaid {
  id: string;
  name: string;
  remark: string;
  /** As the operator wrote it; "" when nothing was written. */
  details: string;
  /** On which day it was checked; "" without details. */
  checked: string;
}

export interface NoticeContent {
  language: string;
  title: string;
  lead: string;
  /** How to report, what can be reported, responsibilities. */
  points: Point[];
  rightsTitle: string;
  rights: { group: string; rows: RightSaid[] }[];
  placesTitle: string;
  placesLead: string;
  places: { group: string; rows: PlaceSaid[] }[];
  /** Where details of places are when the poster has no room for them. */
  elsewhere: string;
  portal: {
    scan: string;
    picture: string;
    addressLabel: string;
    address: string;
    onionLabel: string;
    onion: string | null;
    wordsLabel: string;
    /** The fingerprint, twelve words. */
    words: string;
    check: string;
  };
  /** What the QR code says: the address, and behind it the pin that no browser sends to anybody. */
  qr: string;
  /** Number and date, or that it is a draft. */
  version: string;
  isDraft: boolean;
  /** That the portal is a trial; "" when it is none. */
  trial: string;
  small: string[];
  /** `to`: whose notice was received. */
  receipt: { title: string; to: string; text: string; return: string; fields: string[] };
}

const msPerDay = 86_400_000;

/** Whether the company has named itself one that SB 53 speaks of: a channel asks that law's questions. */
export function isUnderSb53({ channels }: Pick<Roster, "channels">): boolean {
  return channels.some(({ questionnaire }) => questionnaire === "sb53");
}

export function noticeContent(source: NoticeSource, speech: Speech): NoticeContent {
  const { t, language } = speech;
  const { roster, portalId, published } = source;
  const under = isUnderSb53(roster) ? "law" : "any";
  const leastEpoch = published?.epoch ?? roster.epoch;
  const places = placesSaid(source, speech);
  return {
    language,
    title: t(`notice:${under}.title`),
    lead: t(`notice:${under}.lead`, { organisation: roster.organisation }),
    points: pointsOf(source, t),
    rightsTitle: t("rights:law-title"),
    rights: rightsSaid(source.today, t),
    placesTitle: t("reporter:landing.outside.title"),
    placesLead: `${t("rights:lead")} ${t("rights:reach")}`,
    places,
    elsewhere: t("notice:elsewhere"),
    portal: {
      scan: t("notice:scan"),
      picture: t("notice:picture"),
      addressLabel: t("notice:address"),
      address: `${source.address}/`,
      onionLabel: t("notice:onion"),
      onion: source.onion === null ? null : `${source.onion}/`,
      wordsLabel: t("report:real.words"),
      words: fingerprintWords(portalId, english).join(" "),
      check: t("notice:check"),
    },
    qr: `${source.address}/#${formatNoticePin({ portalId, leastEpoch })}`,
    version: versionSaid(published, speech),
    isDraft: published === null,
    trial: roster.trial ? t("report:trial") : "",
    small: [t("rights:disclaimer"), t("footer.unaudited")],
    receipt: {
      title: t("notice:receipt.title"),
      to: roster.organisation,
      text: t("notice:receipt.text"),
      return: t("notice:receipt.return"),
      fields: [t("notice:receipt.name"), t("notice:receipt.date"), t("notice:receipt.signature")],
    },
  };
}

function versionSaid(published: PublishedNotice | null, { t, language }: Speech): string {
  if (published === null) return t("notice:draft");
  const date = formatDay(Date.parse(published.day) / msPerDay, language);
  return t("notice:version", { number: published.number, date });
}

/** Labor Code 1107.1(a), (d), (e)(1) where the company is under it; general words elsewhere. */
function pointsOf({ roster, outside }: NoticeSource, t: Translate): Point[] {
  const sb53 = isUnderSb53(roster);
  const hotline = outside.some(({ id, details }) => id === "attorney-general" && details !== "");
  const portal = ["own", "who", "readers", "code"].map((key) => t(`notice:portal.${key}`));
  return [
    { title: t("notice:portal.title"), rows: sb53 ? [...portal, t("notice:portal.updates")] : portal, after: [] },
    sb53
      ? {
          title: t("notice:what.title"),
          rows: [t("notice:what.danger"), t("notice:what.breach")],
          after: [
            t("notice:what.catastrophic"),
            t("notice:law.contract"),
            t("notice:law.court"),
            // No number is invented: only where the operator wrote one down.
            ...(hotline ? [t("notice:law.hotline")] : []),
          ],
        }
      : { title: t("notice:what.title"), rows: [t("notice:what.any")], after: [] },
    { title: t("notice:duties.title"), rows: [t("notice:duties.reason"), t("notice:duties.honest")], after: [] },
  ];
}

function rightsSaid(today: string, t: Translate): NoticeContent["rights"] {
  return rightsInForce(today).map(({ group, rows }) => ({
    group: group === "anywhere" ? "" : t(`rights:groups.${group}`),
    rows: rows.map(({ textKey, listKeys = [], afterKey, citation }) => ({
      text: t(textKey),
      list: listKeys.map((key) => t(key)),
      after: afterKey === undefined ? "" : t(afterKey),
      citation: citation === "" ? "" : t("rights:citation", { citation }),
    })),
  }));
}

function placesSaid({ today, outside }: NoticeSource, { t, language }: Speech): NoticeContent["places"] {
  return outsideChannels(today, outside).map(({ group, rows }) => ({
    group: t(`rights:groups.${group}`),
    rows: rows.map(({ id, labelKey, remarkKey, details, checkedOn }) => ({
      id,
      name: t(labelKey),
      remark: remarkKey === undefined ? "" : t(remarkKey),
      details,
      checked:
        details === "" || checkedOn === null
          ? ""
          : t("rights:checked", { day: formatDay(Date.parse(checkedOn) / msPerDay, language) }),
    })),
  }));
}

/** The text whose hash a version names: all but the version itself and the pin that goes with it. */
export function textOfNotice({ version: _version, isDraft: _draft, qr: _qr, ...said }: NoticeContent): string {
  return JSON.stringify(said);
}
