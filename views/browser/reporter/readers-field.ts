/** Where the report goes, who must not receive it, and, live, who will be able to open it. */
import type { Translate } from "../i18n.ts";
import { byId, element, listOf, show } from "./dom.ts";
import type { FormError } from "./form-errors.ts";
import type { ChannelView, MemberView, PortalView } from "./worker-api.ts";

export interface ReadersField {
  /** Draws a newer roster; ticks and channel stay where they still exist. */
  setPortal(portal: PortalView): void;
  /** Null: not chosen yet. */
  channel(): ChannelView | null;
  /** Person ids, ascending. */
  excluded(): number[];
  errors(): FormError[];
}

export interface ReadersFieldOptions {
  t: Translate;
  language: string;
  onChannel: (channel: ChannelView | null) => void;
  /** False: nobody could open it, so it cannot be sent. */
  onReadable: (readable: boolean) => void;
}

const isSpare = (member: MemberView): boolean => member.roles.includes("recovery");

export function buildReadersField({ t, language, onChannel, onReadable }: ReadersFieldOptions): ReadersField {
  let portal: PortalView;
  let chosen: ChannelView | null = null;
  const out = new Set<number>();

  const roleWords = (member: MemberView): string =>
    listOf(
      member.roles.map((role) => t(`report:roles.${role}`)),
      language,
    );
  const named = ({ name, title }: MemberView): string =>
    title === "" ? name : t("report:readers.who", { name, title });

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
      element("p", { class: "govuk-hint govuk-checkboxes__hint", id: `${id}-hint` }, roleWords(member)),
    );
  };

  const drawExclude = (): void => {
    const readers = chosen?.readers ?? [];
    const others = portal.members.filter((member) => readers.every((reader) => reader.id !== member.id));
    const hint = element("p", { class: "govuk-hint", id: "exclude-hint" }, t("report:readers.hint"));
    const boxes = element("div", { class: "govuk-checkboxes govuk-checkboxes--small" }, ...readers.map(tick));
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
        element("div", { class: "govuk-checkboxes govuk-checkboxes--small" }, ...others.map(tick)),
      ),
    );
    const fieldset = element(
      "fieldset",
      { class: "govuk-fieldset", "aria-describedby": "exclude-hint" },
      element("legend", { class: "govuk-fieldset__legend govuk-fieldset__legend--s" }, t("report:readers.legend")),
      hint,
      boxes,
      ...(others.length === 0 ? [] : [more]),
    );
    byId("exclude").replaceChildren(
      ...(readers.length === 0 ? [] : [element("div", { class: "govuk-form-group" }, fieldset)]),
    );
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
    // As crypto/roster.ts readersOf: the sealing itself counts again from the roster.
    const left = (chosen?.readers ?? []).filter((reader) => !out.has(reader.id));
    const items = left.map((reader) =>
      element(
        "li",
        { class: "th-reader" },
        element("span", { class: "th-reader__name" }, named(reader)),
        element("span", { class: "th-reader__role" }, roleWords(reader)),
      ),
    );
    const counted = left.length === 0 ? t("report:readers.none") : t("report:readers.count", { count: left.length });
    const onlySpare = left.length > 0 && left.every(isSpare);
    // Only this line is announced: the whole list at every tick would be too much to hear.
    byId("readers-count").textContent = chosen === null ? t("report:readers.chooseFirst") : counted;
    byId("readers-now").replaceChildren(
      ...(left.length === 0 ? [] : [element("ul", { class: "th-readers" }, ...items)]),
      ...(onlySpare ? [element("p", { class: "govuk-inset-text" }, t("report:readers.onlySpare"))] : []),
    );
    const nobody = chosen !== null && left.length === 0;
    show("nobody", nobody);
    if (nobody) drawNobody();
    onReadable(!nobody);
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
      element("legend", { class: "govuk-fieldset__legend govuk-fieldset__legend--m" }, t("report:channel.legend")),
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
    errors() {
      if (chosen === null) return [{ field: "channel-choice", text: t("report:answers.channelRequired") }];
      const [first] = chosen.readers;
      if (first !== undefined && chosen.readers.every((reader) => out.has(reader.id)))
        return [{ field: `exclude-${first.id}`, text: t("report:answers.readersRequired") }];
      return [];
    },
  };
}
