/** Checks the bag given, and prints which rows hold and the most memory that it took. */
import { openBag } from "../../server/cli/verify/bag.ts";
import { runChecks } from "../../server/cli/verify/checks.ts";

const bag = (await openBag(process.argv[2]!))!;
const rows: string[] = [];
const trusted = { key: null, authority: null, approver: null };
for await (const { id, is } of runChecks(bag, trusted)) if (is === "holds") rows.push(id);
process.stdout.write(JSON.stringify({ holds: rows, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) }));
