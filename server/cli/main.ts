/**
 * `npm run -s tellhaven -- <command>`: what people do in a shell. The server's code is loaded for setup-link only: the
 * other commands run on machines that have no portal.
 */
import { Command } from "commander";
import type { OpenOptions } from "./open.ts";
import type { VerifyOptions } from "./verify.ts";
import { deadline, listDeadlines } from "./deadline.ts";

const program = new Command("tellhaven").description("Runs and looks after a Tellhaven portal.");

program
  .command("setup-link")
  .description("Prints a new set-up address; the one before stops working. Refused once a roster is signed.")
  .action(async () => (await import("./setup-link.ts")).setupLink());

program
  .command("deadline")
  .description("Counts by which day a duty falls due, and says how. Not legal advice.")
  .argument("<id>", "the duty, such as CA_CSI")
  .option("--from <day>", "the day that starts the clock, YYYY-MM-DD; for hours also a time with Z or an offset")
  .option("--received <day>", "EU_FEEDBACK: the day the report came in, if its arrival was never confirmed")
  .option("--repeat <times>", "also the next times it falls due, 1 to 120")
  .option("--file <path>", "a copy of your file of duties: your own rows and days off")
  .option("--json", "one JSON object")
  .addHelpText("after", listDeadlines)
  .action(deadline);

program
  .command("open")
  .description("Opens a sealed copy of a case, saved at the console, on a machine that needs no network.")
  .argument("<copy>", "the sealed copy")
  .option("--key <file>", "your key file; its passphrase is asked for")
  .option("--words", "the 24 recovery words are asked for instead")
  .option("--out <folder>", "a new or empty folder to write to; else one with the case's name")
  .action(async (copy: string, options: OpenOptions) => (await import("./open.ts")).open(copy, options));

program
  .command("verify")
  .description("Checks a case file that counsel exported, item by item. Ends with 0 only if everything holds.")
  .argument("<bag>", "its ZIP, or the folder that was unpacked from it")
  .option("--key <file>", "counsel.pub, which must have reached you by another way than the case file")
  .option("--authority <file>", "certificate in PEM of the authority that stamped the time")
  .option("--approver <file>", "approver.pub, the key of the second person who approved it")
  .action(async (bag: string, options: VerifyOptions) => (await import("./verify.ts")).verify(bag, options));

await program.parseAsync();
