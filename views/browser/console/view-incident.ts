/** Is it a critical safety incident? Both definitions side by side, and what follows from the answers. */
import { html, nothing } from "lit/html.js";
import {
  incidentLaws,
  incidentTests,
  incidentTypes,
  outcomeBy,
  type IncidentTest,
  type IncidentType,
  type Verdict,
  type YesNo,
} from "../../../data/policy/incident.ts";
import type { CaseView } from "../client/case-view.ts";
import { draftOf } from "./state.ts";
import { today } from "./update-by.ts";
import { overtakenBox } from "./view-together.ts";
import { radios } from "./view-fields.ts";
import { filings } from "./view-filing.ts";
import { dayText, jobBar, problemBox, textArea, type Drawing, type View } from "./view-parts.ts";

const verdicts = ["met", "not-met", "unsure"] as const;
const yesNo = ["yes", "no", "unsure"] as const;

const fieldsOf = ({ desk }: Drawing, view: CaseView): Record<string, string> =>
  draftOf(desk.state, view.listing.caseId).fields;

/** What was typed counts before what was kept; nothing said is unsure. */
function chosen<T extends string>(all: readonly T[], typed: string | undefined, kept: string | undefined): T {
  return all.find((each) => each === (typed ?? kept)) ?? all.at(-1)!;
}

function verdictOf(drawing: Drawing, view: CaseView, { id }: IncidentTest): Verdict {
  const kept = view.duties.triage?.tests ?? {};
  const own = Object.hasOwn(kept, id) ? kept[id] : undefined;
  return chosen(verdicts, fieldsOf(drawing, view)[`triage-${id}`], own);
}

const imminentOf = (drawing: Drawing, view: CaseView): YesNo =>
  chosen(yesNo, fieldsOf(drawing, view)["triage-imminent"], view.duties.triage?.imminent);

function testField(drawing: Drawing, view: CaseView, test: IncidentTest): View {
  const { t } = drawing;
  return html`<div class="th-tests__law">
    ${radios(drawing, {
      id: `triage-${test.id}`,
      legend: t(`incident:test.${test.id}.text`),
      hint: `${test.citation}. ${t(test.source.read ? "duties:read" : "duties:unread", { asOf: test.source.asOf })}`,
      value: verdictOf(drawing, view, test),
      choices: verdicts.map((verdict) => ({ value: verdict, label: t(`incident:verdict.${verdict}`) })),
      inline: true,
    })}
  </div>`;
}

function typeRow(drawing: Drawing, view: CaseView, type: IncidentType): View {
  const { t } = drawing;
  return html`<section class="th-tests" aria-labelledby="type-${type}">
    <h4 class="govuk-heading-s" id="type-${type}">${t(`incident:type.${type}`)}</h4>
    <div class="th-tests__pair">
      ${incidentLaws.map((law) => {
        const test = incidentTests.find((each) => each.law === law && each.type === type);
        return test === undefined ? nothing : testField(drawing, view, test);
      })}
    </div>
  </section>`;
}

/** What the answers so far mean, also before they are kept. */
function outcome(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  const tests = Object.fromEntries(incidentTests.map((test) => [test.id, verdictOf(drawing, view, test)]));
  const [bpc, lc] = [outcomeBy("bpc", { tests }), outcomeBy("lc", { tests })];
  return html`<div class="govuk-inset-text" role="status" id="triage-outcome">
    <p class="govuk-body"><strong>${t(`incident:outcome.bpc.${bpc}`)}</strong></p>
    <p class="govuk-body">${t(`incident:outcome.lc.${lc}`)}</p>
    ${
      bpc === "not-met"
        ? nothing
        : html`<p class="govuk-body govuk-!-margin-bottom-0">
            ${t(`incident:outcome.imminent.${imminentOf(drawing, view)}`)}
          </p>`
    }
  </div>`;
}

async function keep(drawing: Drawing, view: CaseView): Promise<void> {
  const { desk } = drawing;
  const fields = fieldsOf(drawing, view);
  const reason = (fields["triage-reason"] ?? "").trim();
  desk.state.missing = reason === "" ? { "triage-reason": "duties:missing.reason" } : {};
  if (reason === "") return desk.redraw();
  const tests = Object.fromEntries(incidentTests.map((test) => [test.id, verdictOf(drawing, view, test)]));
  const imminent = imminentOf(drawing, view);
  const act = { act: "triage" as const, on: today(), tests, imminent, reason };
  if (!(await desk.act("incident", "incident:done.triage", act))) return;
  forget(fields);
  desk.redraw();
}

const ofTriage = (id: string): boolean => id.startsWith("triage-");

function forget(fields: Record<string, string>): void {
  for (const id of Object.keys(fields).filter(ofTriage)) delete fields[id];
}

export function incidentTab(drawing: Drawing, view: CaseView): View {
  const { t, desk, lang } = drawing;
  const { triage } = view.duties;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void keep(drawing, view);
  };
  return html`<section aria-labelledby="incident-title">
    <h3 class="govuk-heading-m" id="incident-title">${t("incident:title")}</h3>
    <p class="govuk-body">${t("incident:lead")} ${t("deadlines:notLegalAdvice")}</p>
    <p class="govuk-body">
      ${triage === null ? t("incident:notYet") : t("incident:kept", { day: dayText(lang, triage.on) })}
    </p>
    <form class="th-card" novalidate @submit=${submit}>
      ${problemBox(drawing, "incident")}
      ${overtakenBox(drawing, {
        thing: "triage",
        begun: Object.entries(fieldsOf(drawing, view)).some(([id, value]) => ofTriage(id) && value !== ""),
        drop: () => forget(fieldsOf(drawing, view)),
        focus: ["#triage-imminent"],
      })}
      <div class="th-tests__pair th-tests__heads" aria-hidden="true">
        ${incidentLaws.map((law) => html`<p class="govuk-heading-s">${t(`incident:law.${law}`)}</p>`)}
      </div>
      ${incidentTypes.map((type) => typeRow(drawing, view, type))}
      ${radios(drawing, {
        id: "triage-imminent",
        legend: t("incident:imminent.legend"),
        hint: t("incident:imminent.hint"),
        value: imminentOf(drawing, view),
        choices: yesNo.map((each) => ({ value: each, label: t(`incident:yesNo.${each}`) })),
        inline: true,
      })}
      ${outcome(drawing, view)}
      ${textArea(drawing, {
        id: "triage-reason",
        label: t("incident:reason"),
        hint: t("duties:form.reasonHint"),
        rows: 4,
        value: fieldsOf(drawing, view)["triage-reason"] ?? "",
        take: (text) => (fieldsOf(drawing, view)["triage-reason"] = text),
      })}
      ${jobBar(drawing, "incident")}
      <button class="govuk-button govuk-!-margin-bottom-0" id="keep-triage" ?disabled=${desk.state.job !== null}>
        ${t("incident:keep")}
      </button>
    </form>
    ${filings(drawing, view)}
  </section>`;
}
