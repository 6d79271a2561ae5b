/** Where the report goes, who must not receive it, and, live, who will be able to open it: two steps. */
import type { Translate } from "../i18n.ts";
import { byId, element, show } from "./dom.ts";
import { listOf } from "../../locales/say.ts";
import type { FormError } from "./form-errors.ts";
import type { ChannelView, MemberView, PortalView } from "./worker-api.ts";

export interface ReadersField {
  /** Draws a newer roster; ticks and channel stay where they still exist. */
  setPortal(portal: PortalView): void;
  /** Null: not chosen yet. */
  channel(): ChannelView | null;
  /** Person ids, ascending. */
  excluded(): number[];
  /** False: there is one place only, and nothing to choose. */
  hasChoice(): boolean;
  channelErrors(): FormError[];
  readerErrors(): FormError[];
  /** As the check page says it: who can open it, and who was left out. */
  summary(): { readers: string[]; leftOut: string[] };
}

export interface ReadersFieldOptions {
  t: Translate;
  language: string;
  onChannel: (channel: ChannelView | null) => void;
}

const isSpare = (member: MemberView): boolean => member.roles.includes("recovery");

export const roleWords = (member: MemberView, t: Translate, language: string): string =>
  listOf(
    member.roles.map((role) => t(`report:roles.${role}`)),
    language,
  );

export const memberName = ({ name, title }: MemberView, t: Translate): string =>
  title === "" ? name : t("report:readers.who", { name, title });

/** Names and what they do, one line each. */
export function readersList(readers: readonly MemberView[], t: Translate, language: string): HTMLElement {
  const items = readers.map((reader) =>
    element(
      "li",
      { class: "th-reader" },
      element("span", { class: "th-reader__name" }, memberName(reader, t)),
      element("span", { class: "th-reader__role" }, roleWords(reader, t, language)),
    ),
  );
  return element("ul", { class: "th-readers" }, ...items);
}

export function buildReadersField({ t, language, onChannel }: ReadersFieldOptions): ReadersField {
  let portal: PortalView;
  let chosen: ChannelView | null = null;
  const out = new Set<number>();

  const named = (member: MemberView): string => memberName(member, t);
  const heading = (words: string): HTMLElement => element("h1", { class: "govuk-heading-l", tabindex: -1 }, words);
  /** As crypto/roster.ts readersOf: the sealing itself counts again from the roster. */
  const left = (): MemberView[] => (chosen?.readers ?? []).filter((reader) => !out.has(reader.id));

  const tick = (member: MemberView): HTMLElement => {
    const id = `exclude-${member.id}`;
    const input = element("input", {
      class: "govuk-checkboxes__input",
      type: "checkbox",
      id,
      autocomplete: "off",
      "aria-describedby": `${id}-hint`,
    });
    input.checked = out.has(member.id);
    input.addEventListener("change", () => {
      if (input.checked) out.add(member.id);
      else out.delete(member.id);
      drawNow();
    });
    return element(
      "div",
      { class: "govuk-checkboxes__item" },
      input,
      element("label", { class: "govuk-label govuk-checkboxes__label", for: id }, named(member)),
      element("p", { class: "govuk-hint govuk-checkboxes__hint", id: `${id}-hint` }, roleWords(member, t, language)),
    );
  };

  const drawExclude = (): void => {
    const readers = chosen?.readers ?? [];
    const others = portal.members.filter((member) => readers.every((reader) => reader.id !== member.id));
    const hint = element("p", { class: "govuk-hint", id: "exclude-hint" }, t("report:readers.hint"));
    const error = element("p", { class: "govuk-error-message", id: "exclude-error", hidden: true });
    const boxes = element("div", { class: "govuk-checkboxes" }, ...readers.map(tick));
    const more = element(
      "details",
      { class: "govuk-details" },
      element(
        "summary",
        { class: "govuk-details__summary" },
        element("span", { class: "govuk-details__summary-text" }, t("report:readers.othersSummary")),
      ),
      element(
        "div",
        { class: "govuk-details__text" },
        element("p", { class: "govuk-hint" }, t("report:readers.othersHint")),
        element("div", { class: "govuk-checkboxes" }, ...others.map(tick)),
      ),
    );
    const fieldset = element(
      "fieldset",
      { class: "govuk-fieldset", "aria-describedby": "exclude-hint exclude-error" },
      element("legend", { class: "govuk-fieldset__legend" }, heading(t("report:readers.legend"))),
      hint,
      error,
      boxes,
      ...(others.length === 0 ? [] : [more]),
    );
    byId("exclude").replaceChildren(element("div", { class: "govuk-form-group" }, fieldset));
  };

  /** Where else it could go when every reader is ticked. */
  const drawNobody = (): void => {
    const ombuds = (chosen?.readers ?? []).filter((reader) => reader.roles.includes("ombuds"));
    const channels = portal.channels.filter(
      (channel) => channel !== chosen && channel.readers.some((reader) => !out.has(reader.id) && !isSpare(reader)),
    );
    byId("nobody-ombuds").textContent = t("report:readers.emptyOmbuds", { names: listOf(ombuds.map(named), language) });
    show("nobody-ombuds", ombuds.length > 0);
    const names = channels.map(({ name }) => name);
    byId("nobody-channels").textContent = t("report:readers.emptyChannel", { channels: listOf(names, language) });
    show("nobody-channels", names.length > 0);
  };

  const drawNow = (): void => {
    const able = left();
    const people = able.filter((reader) => !isSpare(reader)).length;
    const onlySpare = able.length > 0 && people === 0;
    const withSpare = people < able.length ? "countSpare" : "count";
    // Of the spare key alone the sentence below says more.
    const counted =
      able.length === 0
        ? t("report:readers.none")
        : onlySpare
          ? ""
          : t(`report:readers.${withSpare}`, { count: people });
    // Only this line is announced: the whole list at every tick would be too much to hear.
    byId("readers-count").textContent = counted;
    byId("readers-now").replaceChildren(
      ...(able.length === 0 ? [] : [readersList(able, t, language)]),
      ...(onlySpare ? [element("p", { class: "govuk-inset-text" }, t("report:readers.onlySpare"))] : []),
    );
    const nobody = chosen !== null && able.length === 0;
    show("nobody", nobody);
    if (nobody) drawNobody();
  };

  const choose = (channel: ChannelView | null): void => {
    chosen = channel;
    drawExclude();
    drawNow();
    onChannel(channel);
  };

  const drawChannels = (): void => {
    if (portal.channels.length < 2) {
      byId("channel").replaceChildren();
      return;
    }
    const items = portal.channels.map((channel, i) => {
      const id = i === 0 ? "channel-choice" : `channel-choice-${i + 1}`;
      const input = element("input", {
        class: "govuk-radios__input",
        type: "radio",
        id,
        name: "channel",
        autocomplete: "off",
      });
      input.checked = channel === chosen;
      input.addEventListener("change", () => choose(channel));
      const label = element("label", { class: "govuk-label govuk-radios__label", for: id }, channel.name);
      return element("div", { class: "govuk-radios__item" }, input, label);
    });
    const fieldset = element(
      "fieldset",
      { class: "govuk-fieldset", "aria-describedby": "channel-hint channel-choice-error" },
      element("legend", { class: "govuk-fieldset__legend" }, heading(t("report:channel.legend"))),
      element("p", { class: "govuk-hint", id: "channel-hint" }, t("report:channel.hint")),
      element("p", { class: "govuk-error-message", id: "channel-choice-error", hidden: true }),
      element("div", { class: "govuk-radios" }, ...items),
    );
    byId("channel").replaceChildren(element("div", { class: "govuk-form-group" }, fieldset));
  };

  return {
    setPortal(next) {
      portal = next;
      const same = portal.channels.find((channel) => channel.id === chosen?.id);
      chosen = same ?? (portal.channels.length === 1 ? portal.channels[0]! : null);
      drawChannels();
      choose(chosen);
    },
    channel: () => chosen,
    excluded: () => [...out].filter((id) => portal.members.some((member) => member.id === id)).sort((a, b) => a - b),
    hasChoice: () => portal.channels.length > 1,
    channelErrors: () =>
      chosen === null ? [{ field: "channel-choice", text: t("report:answers.channelRequired") }] : [],
    readerErrors() {
      const [first] = chosen?.readers ?? [];
      return first !== undefined && left().length === 0
        ? [{ field: `exclude-${first.id}`, line: "exclude-error", text: t("report:answers.readersRequired") }]
        : [];
    },
    summary: () => ({
      readers: left().map(named),
      leftOut: portal.members.filter((member) => out.has(member.id)).map(named),
    }),
  };
}
