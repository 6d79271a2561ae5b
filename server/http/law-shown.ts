/** Outside places and rights as pages show them today. */
import { outsideChannels, rightsInForce, type GroupOf, type Right } from "../../data/policy/outside-channels.ts";
import type { Presentation } from "../../data/policy/presentation.ts";
import { formatDay } from "../../data/policy/update-date.ts";

const msPerDay = 86_400_000;

export interface LawShown {
  places: GroupOf<{ labelKey: string; remarkKey?: string; details: string; checkedOn: string }>[];
  rights: GroupOf<Right>[];
}

/** `now`: milliseconds since 1970; laws begin at midnight UTC. */
export function lawShown({ outside }: Pick<Presentation, "outside">, now: number, language: string): LawShown {
  const today = new Date(now).toISOString().slice(0, 10);
  const places = outsideChannels(today, outside).map(({ group, rows }) => ({
    group,
    rows: rows.map((place) => ({
      ...place,
      checkedOn: place.checkedOn === null ? "" : formatDay(Date.parse(place.checkedOn) / msPerDay, language),
    })),
  }));
  return { places, rights: rightsInForce(today) };
}
