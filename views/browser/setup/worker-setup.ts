/** In the worker: looking at the portal, making a charter or a trial, proving a saved file. */
import { downloadZip } from "client-zip";
import { fromBase64Url, utf8 } from "../../../crypto/bytes.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { sealKeyFile } from "../../../crypto/keyfile.ts";
import { deriveCharter, parseCharterSeed, portalIdOf } from "../../../crypto/keys.ts";
import { fingerprintWords } from "../../../crypto/roster.ts";
import { randomBytes, wipe } from "../../../crypto/sodium.ts";
import { english } from "../../../crypto/words.ts";
import type { Api } from "../client/http.ts";
import { proveKeyFile } from "../client/joining.ts";
import { closeOffice, nextRoster, officeSession, publishRoster, registerPortal } from "../client/office.ts";
import { fetchPortal } from "../client/portal.ts";
import { charterFileName, makeTrial, trialKeyFiles, trialRecoveryWords, type Trial } from "../client/trial.ts";
import type { Acts, FileOut, PortalLook, TrialWords } from "./acts.ts";

/** UTC, as every day in this portal. */
export const today = (): string => new Date().toISOString().slice(0, 10);

export const fileOut = (name: string, bytes: Uint8Array): FileOut => ({ name, bytes: bytes.slice() });

/** The seed that the file saved last must hold; one worker makes one key at a time. */
export interface Made {
  seed: Uint8Array | null;
}

const setupSecretBytes = 16;
const suggestedWords = 6; // 66 bits

function suggestPassphrase(): string {
  const bytes = randomBytes(2 * suggestedWords);
  // 2,048 words divide 65,536 evenly: no word is likelier than another.
  const words = Array.from(
    { length: suggestedWords },
    (_, i) => english[(bytes[2 * i]! * 256 + bytes[2 * i + 1]!) % 2048]!,
  );
  wipe(bytes);
  return words.join(" ");
}

async function look(api: Api): Promise<PortalLook> {
  const portal = await fetchPortal(api);
  const roster = portal.chain?.current ?? null;
  const portalId = portal.chain?.portalId ?? portal.portalId;
  return {
    stage: roster !== null ? "signed" : portalId !== null ? "chartered" : "empty",
    trial: roster?.trial ?? false,
    organisation: roster?.organisation ?? null,
    fingerprint: portalId === null ? null : fingerprintWords(portalId, english),
  };
}

async function zipTrial(trial: Trial, files: FileOut[], words: TrialWords): Promise<FileOut> {
  const recovery = trialRecoveryWords(trial) ?? [];
  const numbered = recovery.map((word, i) => `${String(i + 1).padStart(2)}. ${word}`).join("\n");
  const contents = [
    { name: words.readmeName, input: `${words.readme}\n` },
    { name: words.sheetName, input: `${words.sheet.replace("{{words}}", numbered)}\n` },
    ...files.map((file) => ({ name: file.name, input: file.bytes })),
  ].map((file) => ({ ...file, lastModified: new Date() }));
  const bytes = new Uint8Array(await downloadZip(contents).arrayBuffer());
  return fileOut("tellhaven-trial.zip", bytes);
}

type SetupPart = Pick<Acts, "look" | "suggestPassphrase" | "makeCharter" | "proveFile" | "makeTrial" | "startTrial">;

export function setupActs(api: Api, made: Made): SetupPart {
  let trial: Trial | null = null;
  return {
    look: () => look(api),
    suggestPassphrase: async () => suggestPassphrase(),

    async makeCharter({ setupSecret, organisation, passphrase }) {
      const seed = parseCharterSeed(randomBytes(32));
      const charter = deriveCharter(seed);
      // Before the slow step: a wrong link is told at once. It may be done again until a roster is signed.
      await registerPortal(api, fromBase64Url(setupSecret, setupSecretBytes), charter);
      const portalId = portalIdOf(charter.sign.publicKey);
      const text = sealKeyFile([seed], passphrase, { purpose: "charter", label: organisation, portalId });
      made.seed = seed;
      return { file: fileOut(charterFileName, utf8(text)), fingerprint: fingerprintWords(portalId, english) };
    },

    async proveFile({ bytes, passphrase }) {
      if (made.seed === null) throw new PortalError("missing", "no key was made here");
      proveKeyFile(bytes, passphrase, made.seed);
      return null;
    },

    async makeTrial({ setupSecret, plan, passphrase, words }, progress) {
      const fresh = makeTrial(plan);
      await registerPortal(api, fromBase64Url(setupSecret, setupSecretBytes), fresh.charter);
      const files = trialKeyFiles(fresh, passphrase, progress).map((file) => fileOut(file.name, file.bytes));
      const zip = await zipTrial(fresh, files, words);
      trial = fresh;
      return zip;
    },

    async startTrial() {
      if (trial === null) throw new PortalError("missing", "no trial was made here");
      const { logKey } = await fetchPortal(api);
      if (logKey === null) throw new PortalError("busy", "the server told no log key");
      const office = await officeSession(api, trial.charter);
      await publishRoster(office, nextRoster(trial.charter, logKey, null, trial.draft, today()), null);
      await closeOffice(office);
      const words = fingerprintWords(trial.portalId, english);
      wipe(trial.charterSeed, ...trial.members.map((member) => member.seed));
      trial = null;
      return words;
    },
  };
}
