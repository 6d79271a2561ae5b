/** Technical and organisational measures as they are set here: one row each, what and how. */
import type { Facts } from "./facts.ts";
import type { Say } from "./say.ts";

export function measures(facts: Facts, { t, joined, size, languageName }: Say): string[][] {
  const { hosting, assisted } = facts;
  const { rates } = hosting;
  const origins = { reporter: hosting.reporterOrigin, console: hosting.consoleOrigin };
  const onion = hosting.reporterOnion;
  return [
    [t("processing:g.sealing"), t("processing:g.sealingHere")],
    [t("processing:g.access"), t("processing:g.accessHere")],
    [
      t("processing:g.assisted"),
      assisted ? t("processing:g.assistedOn", { seconds: hosting.assistedWaitSeconds }) : t("processing:g.assistedOff"),
    ],
    [t("processing:g.transport"), t(`processing:g.tls.${hosting.tls}`, origins)],
    [t("processing:g.onion"), onion === null ? t("processing:g.onionNone") : t("processing:g.onionHere", { onion })],
    [t("processing:g.keys"), t(hosting.keyApart ? "processing:g.keysApart" : "processing:g.keysBeside")],
    [t("processing:g.backups"), t("processing:g.backupsHere", { count: hosting.keyringBackupDays })],
    [
      t("processing:g.feed"),
      t("processing:g.feedHere", { seconds: hosting.feedTickSeconds, items: hosting.feedItems }),
    ],
    [
      t("processing:g.limits"),
      t("processing:g.limitsHere", {
        ...rates,
        budget: size(hosting.uploadBudgetBytes),
        free: size(hosting.minFreeBytes),
      }),
    ],
    [
      t("processing:g.work"),
      hosting.workCost === 0 ? t("processing:g.workNone") : t("processing:g.workHere", { cost: hosting.workCost }),
    ],
    [t("processing:g.leave"), t("processing:g.leaveHere", { site: hosting.quickExitUrl })],
    [t("processing:g.languages"), joined(facts.languages.map(languageName))],
    [t("processing:g.own"), t("processing:g.ownHere")],
  ];
}
