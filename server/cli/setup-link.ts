/** Reissues the set-up address. The server may be running: only the secret's hash changes. */
import { toBase64Url } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { issueSetupSecret } from "../app/set-up.ts";
import { readConfig } from "../config.ts";
import { translator } from "../http/i18n.ts";
import { openContext } from "../main.ts";

export async function setupLink(): Promise<void> {
  const t = translator("en");
  const { config, secrets } = readConfig(process.env);
  const { context, close } = await openContext(config, secrets);
  try {
    const secret = await issueSetupSecret(context);
    process.stdout.write(`${config.consoleOrigin}/setup#${toBase64Url(secret)}\n`);
  } catch (error) {
    if (!(error instanceof PortalError) || error.code !== "refused") throw error;
    process.stderr.write(`${t("setup:start.alreadySetUp")}\n`);
    process.exitCode = 1;
  } finally {
    await close();
  }
}
