/** The first reporter page: works without this script, leaves faster with it. */
import { installQuickExit } from "./quick-exit.ts";

installQuickExit();
