/** What the list shows now. Worked out once for each change, however often the page is drawn. */
import type { CaseListing } from "../../client/listing.ts";
import { today } from "../update-by.ts";
import { categoryText, type Drawing } from "../view-parts.ts";
import { lookingAt, type Looking } from "./facets.ts";
import { countOf, filter, pageOf, sort, type Filtered, type Order, type PageOf, type Query } from "./queue.ts";
import { builtInViews, noViews, queryOf, type BuiltInView } from "./saved-views.ts";

export interface ShownRows extends Filtered {
  looking: Looking;
  /** How many cases each of the views that everybody has would show. */
  inViews: Readonly<Record<BuiltInView, number>>;
}

interface Made {
  listings: readonly CaseListing[];
  /** In the order that was asked last: filtering keeps it, and sorting takes longest. */
  sorted: { order: Order; rows: readonly CaseListing[] };
  query: Query;
  today: string;
  me: number;
  shown: ShownRows;
}

let made: Made | null = null;

function countViews(listings: readonly CaseListing[], looking: Looking): ShownRows["inViews"] {
  const counts = builtInViews.map((id) => [id, countOf(listings, queryOf(id, noViews)!, looking)]);
  return Object.fromEntries(counts) as ShownRows["inViews"];
}

/** Null: no list yet. */
export function shownRows({ desk, t, lang }: Drawing): ShownRows | null {
  const { listings, queue, me } = desk.state;
  if (listings === null || me === null) {
    made = null; // locked: nothing of a case stays
    return null;
  }
  const { query } = queue;
  const now = { listings, query, today: today(), me: me.id };
  const before = made?.listings === listings && made.today === now.today && made.me === now.me ? made : null;
  if (before?.query === query) return before.shown;
  const looking = lookingAt(me.id, now.today);
  const words = { lang, category: (category: string) => categoryText(t, category) };
  const sorted =
    before?.sorted.order === query.order
      ? before.sorted
      : { order: query.order, rows: sort(listings, query.order, words) };
  const inViews = before?.shown.inViews ?? countViews(listings, looking);
  const shown = { ...filter(sorted.rows, query, looking), looking, inViews };
  made = { ...now, sorted, shown };
  return shown;
}

/** The page of it that is on the screen. */
export const shownPage = ({ desk }: Drawing, { rows }: ShownRows): PageOf => pageOf(rows, desk.state.queue.page);

/** The row that keys act on: the one that was last, or else the first. */
export function activeRow(drawing: Drawing, { rows }: PageOf): string | null {
  const { at } = drawing.desk.state.queue;
  return rows.some(({ caseId }) => caseId === at) ? at : (rows[0]?.caseId ?? null);
}
