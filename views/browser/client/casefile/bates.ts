/** Bates numbers: one for each page of everything that is produced, in one series. */
import { PortalError } from "../../../../crypto/errors.ts";
import { isPrefix } from "./prefix.ts";
import { seriesNumber, type Series } from "../../../pdf/write.ts";

/** First and last number of a document. */
export interface BatesRange {
  begin: string;
  end: string;
}

const [fewestDigits, mostDigits] = [4, 10];

/** @throws PortalError "format" when it cannot number anything */
export function checkSeries(series: Series): Series {
  const { prefix, digits, first } = series;
  if (!isPrefix(prefix))
    throw new PortalError("format", "a prefix is a capital letter, then capitals, digits, hyphens");
  if (!Number.isInteger(digits) || digits < fewestDigits || digits > mostDigits)
    throw new PortalError("format", `numbers have ${fewestDigits} to ${mostDigits} digits`);
  if (!Number.isSafeInteger(first) || first < 1) throw new PortalError("format", "the first number is 1 or more");
  return series;
}

/** Of a document whose first page is the series' first. @throws PortalError "large" when the digits do not hold it */
export function rangeOf(series: Series, pages: number): BatesRange {
  return { begin: seriesNumber(series, 1), end: seriesNumber(series, pages) };
}

/** Where the next document begins. */
export function seriesAfter(series: Series, pages: number): Series {
  return { ...series, first: series.first + pages };
}
