import { day, exactly, latinName, words, type LanguageRules } from "./rules.ts";

const months =
  "january|february|march|april|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec";
const hours = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve";
const nth = String.raw`${day}(?:st|nd|rd|th)?`;

export const en: LanguageRules = {
  language: "en",
  common: ["the", "and", "was", "were", "of", "that", "is", "with", "they", "not", "have", "this", "at", "to"],
  times: [
    words(
      String.raw`\d{1,2}(?:[:.]\d{2})? ?(?:am|pm|a\.m|p\.m)(?: sharp)?`,
      `half past (?:${hours}|\\d{1,2})`,
      `(?:a )?quarter (?:past|to|after|before) (?:${hours}|\\d{1,2})`,
      `(?:\\d{1,2}|five|ten|twenty|twenty-five) (?:minutes? )?(?:past|to) (?:${hours}|noon|midnight)`,
      `(?:\\d{1,2}|${hours}) o'clock`,
      String.raw`at \d{1,2}\.[0-5]\d`,
      String.raw`at (?:[01]\d|2[0-3])[0-5]\d hours`,
    ),
  ],
  dates: [
    words(
      `(?:the )?${nth}(?: of)? (?:${months})`,
      `(?:${months})\\.? (?:the )?${nth}(?!:)`,
      `on the ${day}(?:st|nd|rd|th)(?! (?:floor|page|line|time|try|attempt|row|shift|team|of|day|level))`,
      "on the (?:first|second|third|fourth|fifth|tenth|fifteenth|twentieth|last) of (?:january|february|march|april|may|june|july|august|september|october|november|december)",
    ),
    // "It may 5 times": only a month when it is written like one.
    exactly(`(?:the )?${nth}(?: of)? May`, `May (?:the )?${nth}(?!:)`),
  ],
  names: [exactly(`(?:Mr|Mrs|Ms|Mx|Miss|Dr|Prof|Professor|Sir|Dame)\\.? ${latinName}`)],
  numbers: [
    words(
      String.raw`(?:(?:employee|staff|personnel|payroll|badge|ticket|case|order|invoice|serial) (?:id|no\.?|number|num\.?)?|id number|my id|user id)(?: is|:)? ?#?[a-z]{0,4}-?\d{3,}`,
    ),
  ],
  only: [
    words(
      "i (?:was|am|'m|think i was|think i am) the only (?:one|person|woman|man|employee|worker|engineer|nurse|member|other)?",
      "i'm the only (?:one|person|woman|man|employee|worker|engineer|nurse|member)?",
      "i was the (?:last|first) (?:one|person) (?:to|who|there|in)",
      "only i (?:knew|know|saw|heard|had|have|was|could|can|got)",
      "(?:nobody|no one|no-one) else (?:knew|knows|saw|heard|was there|was in|had|has|could|got)",
      "(?:nobody|no one|no-one) (?:but|except|apart from|besides|other than) me",
      "only (?:the )?(?:two|three) of us",
      "(?:apart from|besides|except for|other than) me,? (?:nobody|no one|no-one|only)",
      "it was (?:just|only) me",
      "i alone (?:knew|know|saw|heard|had|have)",
      "i was alone",
    ),
  ],
  capitals: {
    after: ["the", "a", "an", "our", "their", "its", "this", "that", "these", "those", "every", "each", "in", "under", "near"],
    parts: [
      "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
      "New", "North", "South", "East", "West", "United", "San", "Los", "Santa", "Great", "Saint", "St",
      "Street", "Road", "Avenue", "City", "County", "State", "States", "Kingdom", "Union", "Republic", "Coast", "Bay", "Valley", "Lake",
      "University", "College", "School", "Hospital", "Company", "Corp", "Inc", "Ltd", "Group", "Bank", "Court", "Agency", "Act",
      "Department", "Team", "Office", "Board", "Committee", "Council", "Division", "Unit", "Project", "Building", "Plant", "Line",
      "Director", "Manager", "President", "Officer", "Attorney", "General", "Chief", "Vice", "Head", "Lead", "Senior", "Junior",
      "Human", "Resources", "Health", "Safety", "Security", "Legal", "Finance", "Research", "Data", "Machine", "Learning", "Artificial",
      "Microsoft", "Google", "Windows", "Office", "Excel", "Word", "Teams", "Slack", "Zoom", "Adobe", "Apple", "Amazon", "Web", "Services",
      "English", "Spanish", "French", "German", "American", "British", "European", "Christmas", "Easter", "Internet", "Day", "Year",
    ],
  },
};
