/** Places other than this portal, and rights that people have by law: rows with their sources, shown by date. */
import places from "./outside-channels.json" with { type: "json" };
import rights from "./rights.json" with { type: "json" };

/** Where a row applies; also the order in which groups are shown. */
export const placeGroups = ["anywhere", "california", "us", "eu", "uk"] as const;
export type PlaceGroup = (typeof placeGroups)[number];

interface LawRow {
  id: string;
  group: PlaceGroup;
  /** YYYY-MM-DD from which the row applies; null: it already does. */
  from: string | null;
  citation: string;
  /** When the law was looked up, and whether in its own text. */
  source: { asOf: string; read: boolean };
}

export interface OutsidePlace extends LawRow {
  /** Words, with namespace. */
  labelKey: string;
  remarkKey?: string;
}

export interface Right extends LawRow {
  textKey: string;
  /** Who is named by it, one line each. */
  listKeys?: string[];
  afterKey?: string;
}

/** The files are ours and a test holds them to this shape; `group` is a plain string to the compiler. */
export const outsidePlaces = places as readonly OutsidePlace[];
export const allRights = rights as readonly Right[];

/** What an operator wrote about a place: shown as text, with its day. */
export interface PlaceDetails {
  id: string;
  details: string;
  checkedOn: string | null;
}

export interface PlaceView extends OutsidePlace {
  details: string;
  checkedOn: string | null;
}

export interface GroupOf<Row> {
  group: PlaceGroup;
  rows: Row[];
}

const inForce = (today: string) => (row: LawRow) => row.from === null || row.from <= today;

function grouped<Row extends LawRow>(rows: readonly Row[]): GroupOf<Row>[] {
  return placeGroups
    .map((group) => ({ group, rows: rows.filter((row) => row.group === group) }))
    .filter((each) => each.rows.length > 0);
}

/** Always shown, whatever a portal asks about. `today`: YYYY-MM-DD, UTC. */
export function outsideChannels(today: string, known: readonly PlaceDetails[]): GroupOf<PlaceView>[] {
  const views = outsidePlaces.filter(inForce(today)).map((place) => {
    const { details, checkedOn } = known.find(({ id }) => id === place.id) ?? { details: "", checkedOn: null };
    return { ...place, details, checkedOn };
  });
  return grouped(views);
}

export function rightsInForce(today: string): GroupOf<Right>[] {
  return grouped(allRights.filter(inForce(today)));
}
