/** What calendar-file.ts uses of ical.js 2.2.1: the package's own declarations do not compile under nodenext. */
declare namespace ICAL {
  class Component {
    constructor(name: string);
    addPropertyWithValue(name: string, value: string | Time | Duration): unknown;
    addSubcomponent(component: Component): Component;
    toString(): string;
  }
  class Time {
    static fromJSDate(date: Date, useUtc: boolean): Time;
    static fromDateString(text: string): Time;
  }
  class Duration {
    static fromString(text: string): Duration;
  }
}
export default ICAL;
