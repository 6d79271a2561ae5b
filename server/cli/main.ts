/** `npm run -s tellhaven -- <command>`: what an operator does in a shell. */
import { Command } from "commander";
import { setupLink } from "./setup-link.ts";

const program = new Command("tellhaven").description("Runs and looks after a Tellhaven portal.");

program
  .command("setup-link")
  .description("Prints a new set-up address; the one before stops working. Refused once a roster is signed.")
  .action(setupLink);

await program.parseAsync();
