/** What calendar-file.ts uses of ical.js 2.2.1: the package's own declarations do not compile under nodenext. */
export interface Component {
  addPropertyWithValue(name: string, value: unknown): unknown;
  addSubcomponent(component: Component): Component;
  toString(): string;
}
declare const ICAL: {
  Component: new (name: string) => Component;
  Time: { fromJSDate(date: Date, useUtc: boolean): unknown; fromDateString(text: string): unknown };
  Duration: { fromString(text: string): unknown };
};
export default ICAL;
