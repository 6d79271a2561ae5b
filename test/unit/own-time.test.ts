/** Days and times as members write them, west and east of Greenwich. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { hasBegun, instantOf, ownToday, postedOn, startOfClock } from "../../views/browser/console/own-time.ts";

const zoneBefore = process.env["TZ"];
const hours = { rule: "H" } as const;
const days = { rule: "CA" } as const;

describe("time of members", () => {
  after(() => {
    if (zoneBefore === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zoneBefore;
  });

  const inZone = <T>(zone: string, work: () => T): T => {
    process.env["TZ"] = zone;
    return work();
  };

  // 30 November, five in the afternoon in California, is 1 December in UTC; eight in the morning of the 1st in Tokyo is not.
  const evening = new Date("2026-12-01T01:00:00Z");
  const morning = new Date("2026-11-30T23:00:00Z");

  for (const [zone, now, own, posted] of [
    ["UTC", evening, "2026-12-01", "2026-12-01"],
    ["America/Los_Angeles", evening, "2026-11-30", "2026-11-30"],
    ["Asia/Tokyo", morning, "2026-12-01", "2026-11-30"],
  ] as const)
    test(`${zone} at ${now.toISOString()}: today is ${own}, what is posted counts from ${posted}`, () =>
      inZone(zone, () => {
        assert.equal(ownToday(now), own);
        assert.equal(postedOn(now), posted);
        assert.ok(hasBegun(own, now), "nobody's own today lies ahead");
        assert.ok(!hasBegun("2026-12-02", now));
      }));

  for (const [zone, row, day, time, from] of [
    ["UTC", days, "2026-12-01", "", "2026-12-01"],
    ["UTC", days, "2026-12-02", "", null],
    ["UTC", hours, "2026-12-01", "", "2026-12-01T00:00:00Z"],
    ["America/Los_Angeles", hours, "2026-11-30", "16:30", "2026-12-01T00:30:00Z"],
    // Without a time: from the member's midnight.
    ["America/Los_Angeles", hours, "2026-11-30", "", "2026-11-30T08:00:00Z"],
    ["Asia/Tokyo", hours, "2026-12-01", "", "2026-11-30T15:00:00Z"],
    ["Asia/Tokyo", hours, "2026-12-01", "09:30", "2026-12-01T00:30:00Z"],
    // Half an hour from now.
    ["Asia/Tokyo", hours, "2026-12-01", "10:30", null],
    ["America/Los_Angeles", hours, "2026-11-30", "17:30", null],
    ["UTC", hours, "2026-12-01", "noon", null],
    ["UTC", hours, "soon", "", null],
  ] as const)
    test(`${zone}: a clock of ${row.rule} from ${day} ${time} starts ${from ?? "never"}`, () =>
      inZone(zone, () => assert.equal(startOfClock(row, day, time, evening), from)));

  test("an instant is the one that the member's clock showed, and none that is still to come", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("UTC", "America/Los_Angeles", "Asia/Tokyo", "Asia/Kolkata", "Pacific/Kiritimati"),
        fc.date({ min: new Date("2026-01-01"), max: new Date("2030-01-01"), noInvalidDate: true }),
        (zone, date) =>
          inZone(zone, () => {
            const minute = new Date(Math.floor(date.getTime() / 60_000) * 60_000);
            const shown = [minute.getHours(), minute.getMinutes()].map((n) => String(n).padStart(2, "0")).join(":");
            const told = instantOf(ownToday(minute), shown, minute);
            // An hour that comes twice in autumn may be taken for its other turn.
            const apart = Math.abs(Date.parse(told ?? "") - minute.getTime());
            assert.ok(told === null || apart === 0 || apart === 3_600_000);
            assert.equal(instantOf(ownToday(minute), shown, new Date(minute.getTime() - 7_200_000)), null);
          }),
      ),
    );
  });
});
