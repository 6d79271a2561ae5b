/** `npm run -s tellhaven -- <command>`: what an operator does in a shell. */
import { Command } from "commander";
import { deadline, listDeadlines } from "./deadline.ts";
import { setupLink } from "./setup-link.ts";

const program = new Command("tellhaven").description("Runs and looks after a Tellhaven portal.");

program
  .command("setup-link")
  .description("Prints a new set-up address; the one before stops working. Refused once a roster is signed.")
  .action(setupLink);

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

await program.parseAsync();
