/**
 * Who was given the notice and where it hangs (Labor Code 1107.1(d)). Nothing of a case is here, and nothing
 * here says who ever read a page.
 */
import { count, dayText, hexOf, textUpTo, z } from "../../../crypto/shape.ts";

export const mostPeople = 20_000;
export const mostPostings = 2_000;
/** One each time it was sent: thirty years of them. */
const mostSendings = 120;

export const refShape = textUpTo(120).check(z.refine((text) => text.trim() === text && text !== ""));
const placeShape = textUpTo(200).check(z.refine((text) => text.trim() !== ""));

export const versionShape = z.strictObject({
  is: z.literal("version"),
  number: count.check(z.gte(1)),
  day: dayText,
  epoch: count.check(z.gte(1)),
  sha256: hexOf(32),
});
export type NoticeVersion = z.infer<typeof versionShape>;

export const personShape = z.strictObject({
  is: z.literal("person"),
  /** A name or a staff number, as the operator likes. */
  ref: refShape,
  /** First day at work; null when it is not known. */
  since: z.nullable(dayText),
  /** Works elsewhere than where the notice hangs. */
  remote: z.boolean(),
  /** Left the company, or is covered no more. */
  removedOn: z.nullable(dayText),
  notices: z
    .array(z.strictObject({ version: count, sentOn: dayText, acknowledgedOn: z.nullable(dayText) }))
    .check(z.maxLength(mostSendings)),
});
export type NoticePerson = z.infer<typeof personShape>;

/** What is said of a place, but for the version that hangs there. */
const postingFields = {
  place: placeShape,
  postedOn: dayText,
  /** When somebody last saw it hang there. */
  checkedOn: dayText,
  by: textUpTo(120),
  /** Of a photograph that is kept elsewhere. */
  photoSha256: z.nullable(hexOf(32)),
  removedOn: z.nullable(dayText),
};

export const postingShape = z.strictObject({ is: z.literal("posting"), version: count, ...postingFields });
export type NoticePosting = z.infer<typeof postingShape>;

/** What is sealed in one row of the store. */
export const recordShape = z.union([versionShape, personShape, postingShape]);
export type NoticeRecordContent = z.infer<typeof recordShape>;

/** By which a name is known again, however it was typed: capitals, and accents as one sign or as two. */
export function nameKey(ref: string): string {
  return ref.normalize("NFC").toLowerCase();
}

/** What a request says of a person or a place. No line break or other control character: a name is one line of a list. */
export const personInputShape = z.strictObject({
  ref: refShape.check(z.refine((text) => !/\p{Cc}/u.test(text))),
  since: z.nullable(dayText),
  remote: z.boolean(),
  removedOn: z.nullable(dayText),
});
export type PersonInput = z.infer<typeof personInputShape>;

/** A person as a list names one: what the list has no column for is not said. */
export type ListedPerson = Pick<PersonInput, "ref"> & Partial<PersonInput>;

export const postingInputShape = z.strictObject({ version: count.check(z.gte(1)), ...postingFields });
export type PostingInput = z.infer<typeof postingInputShape>;
