/** Dates for a member's own calendar (RFC 5545). Calendars are shared and synchronised: the file says that something is due, never what. */
import ICAL, { type Component } from "ical.js";

export interface CalendarDate {
  /** YYYY-MM-DD */
  on: string;
  /** The same date of the same case again replaces the entry. Says nothing by itself. */
  uid: string;
}

export interface CalendarWords {
  summary: string;
  description: string;
}

/** `stampedAt`: when the file is made; RFC 5545 asks for it. */
export function calendarFile(dates: readonly CalendarDate[], words: CalendarWords, stampedAt: Date): string {
  const calendar = new ICAL.Component("vcalendar");
  calendar.addPropertyWithValue("version", "2.0");
  calendar.addPropertyWithValue("prodid", "-//Tellhaven//Dates//EN");
  for (const { on, uid } of dates) {
    const event = new ICAL.Component("vevent");
    event.addPropertyWithValue("uid", uid);
    event.addPropertyWithValue("dtstamp", ICAL.Time.fromJSDate(stampedAt, true));
    event.addPropertyWithValue("dtstart", ICAL.Time.fromDateString(on));
    event.addPropertyWithValue("summary", words.summary);
    event.addPropertyWithValue("description", words.description);
    // Nobody else's calendar shows the day as taken.
    event.addPropertyWithValue("transp", "TRANSPARENT");
    event.addSubcomponent(alarm(words));
    calendar.addSubcomponent(event);
  }
  return `${calendar.toString()}\r\n`;
}

/** The day before, at nine. */
function alarm({ summary }: CalendarWords): Component {
  const valarm = new ICAL.Component("valarm");
  valarm.addPropertyWithValue("action", "DISPLAY");
  valarm.addPropertyWithValue("description", summary);
  valarm.addPropertyWithValue("trigger", ICAL.Duration.fromString("-PT15H"));
  return valarm;
}
