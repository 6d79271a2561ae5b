/** The first reporter page: works without this script, leaves faster with it. */
import { carryNoticePin } from "./notice-address.ts";
import { installQuickExit } from "./quick-exit.ts";

installQuickExit();
carryNoticePin();
