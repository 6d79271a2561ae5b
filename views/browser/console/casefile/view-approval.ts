/** Second approval: asking another reader, what they see of it, and what came of it. */
import { html, nothing } from "lit/html.js";
import { languageName } from "../../../locales/say.ts";
import { requestsIn, type ApprovalRequest } from "../../client/casefile/requests.ts";
import type { CaseView, PersonView } from "../../client/case-view.ts";
import { hrefIn } from "../../i18n.ts";
import { select } from "../view-fields.ts";
import { dayText, personText, textArea, type Drawing, type View } from "../view-parts.ts";
import { answerField, askingFields, draftAbout } from "./asking.ts";
import type { MadeAgain } from "./casefile-state.ts";
import { publicKey } from "./view-key.ts";
import { marksList } from "./view-marks.ts";
import { saveForm } from "./view-save.ts";

/** `approvers`: who reads all of its cases. */
export function askForm(drawing: Drawing, approvers: readonly PersonView[]): View {
  const { t, desk } = drawing;
  const { fields } = draftAbout(desk.state, desk.state.caseFiles.plan!.cases);
  if (approvers.length === 0)
    return html`<div class="th-notice"><p class="govuk-body">${t("production:ask.nobody")}</p></div>`;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void desk.caseFiles.ask();
  };
  return html`<form id="casefile-ask" novalidate @submit=${submit}>
    <p class="govuk-body">${t("production:ask.lead")}</p>
    ${select(drawing, {
      id: askingFields.to,
      label: t("production:ask.to"),
      value: fields[askingFields.to] ?? "",
      options: [
        { value: "", label: t("production:ask.choose") },
        ...approvers.map((person) => ({ value: String(person.id), label: personText(person) })),
      ],
      take: (value) => {
        fields[askingFields.to] = value;
      },
    })}
    ${textArea(drawing, {
      id: askingFields.reason,
      label: t("production:ask.reason"),
      rows: 2,
      value: fields[askingFields.reason] ?? "",
      take: (text) => {
        fields[askingFields.reason] = text;
      },
    })}
    <button class="govuk-button govuk-!-margin-bottom-0" ?disabled=${desk.state.job !== null}>
      ${t("production:ask.button")}
    </button>
  </form>`;
}

/** Of what was made again from a request: for whoever was asked, and for whoever asked. */
export function answerOf(drawing: Drawing, { id, same }: MadeAgain): View {
  const { t, desk } = drawing;
  const { open, me, caseFiles } = desk.state;
  const { fields } = draftAbout(desk.state, caseFiles.plan!.cases);
  const field = answerField(id);
  const request = open === null ? undefined : requestsOf(open).find((each) => each.id === id);
  if (request === undefined) return nothing;
  if (!same)
    return html`<div class="th-notice" role="alert">
      <p class="govuk-body">${t(request.to === me?.id ? "production:again.other" : "production:again.lost")}</p>
    </div>`;
  if (request.by === me?.id) return saveForm(drawing);
  return html`<p class="govuk-body"><strong>${t("production:again.same")}</strong></p>
    ${reviewed(drawing, open!, request)}
    <p class="govuk-body">${t("production:again.policy")}</p>
    ${textArea(drawing, {
      id: "casefile-answer",
      label: t("production:again.reason"),
      hint: t("production:again.reasonHint"),
      rows: 2,
      value: fields[field] ?? "",
      take: (text) => {
        fields[field] = text;
      },
    })}
    <div class="th-toolbar">
      <button
        type="button"
        class="govuk-button"
        id="casefile-approve"
        ?disabled=${desk.state.job !== null}
        @click=${() => void desk.caseFiles.answer(true)}
      >
        ${t("production:again.approve")}
      </button>
      <button
        type="button"
        class="govuk-button govuk-button--secondary"
        id="casefile-refuse"
        ?disabled=${desk.state.job !== null}
        @click=${() => void desk.caseFiles.answer(false)}
      >
        ${t("production:again.refuse")}
      </button>
    </div>`;
}

/** What whoever approves has to look at: what was chosen, and what is left out. */
function reviewed(drawing: Drawing, view: CaseView, { choices }: ApprovalRequest): View {
  const { t } = drawing;
  const chosen = (["conversation", "attachments", "notes", "log", "originalNames"] as const).filter(
    (name) => choices[name],
  );
  return html`<h4 class="govuk-heading-s">${t("production:choice.legend")}</h4>
    <ul class="govuk-list govuk-list--bullet" id="casefile-chosen">
      ${chosen.map((name) => html`<li>${t(`production:choice.${name}.label`)}</li>`)}
      ${choices.designation === "" ? nothing : html`<li><bdi>${choices.designation}</bdi></li>`}
    </ul>
    ${marksList(drawing, view, false)}`;
}

function requestsOf({ team }: CaseView): ApprovalRequest[] {
  return requestsIn(
    team.entries.flatMap(({ act, author }) => (act === null || author === null ? [] : [{ act, by: author.id }])),
  );
}

/** Every case file of this case that somebody was asked about, the newest first. */
export function requestsView(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  const requests = requestsOf(view);
  if (requests.length === 0) return nothing;
  const { me } = drawing.desk.state;
  const hasApproved = requests.some(({ to, answer }) => to === me?.id && answer?.approves === true);
  return html`<section class="th-card" aria-labelledby="casefile-requests">
    <h3 class="govuk-heading-m" id="casefile-requests">${t("production:requests.title")}</h3>
    <ul class="govuk-list">
      ${requests.map((request) => requestItem(drawing, view, request))}
    </ul>
    ${
      me === null || !hasApproved
        ? nothing
        : html`<h4 class="govuk-heading-s">${t("console:export.keyTitle")}</h4>
            ${publicKey(drawing, "approver", me.exportKey)}`
    }
  </section>`;
}

const stateOf = ({ answer, exported }: ApprovalRequest): "waiting" | "approved" | "refused" | "exported" => {
  if (exported) return "exported";
  if (answer === null) return "waiting";
  return answer.approves ? "approved" : "refused";
};

function requestItem(drawing: Drawing, view: CaseView, request: ApprovalRequest): View {
  const { t, lang, desk } = drawing;
  const { me, job } = desk.state;
  const nameOf = (id: number): string => view.people.find((person) => person.id === id)?.name ?? `#${id}`;
  const now = stateOf(request);
  const mayLook = request.to === me?.id && now === "waiting";
  const maySave = request.by === me?.id && now === "approved";
  return html`<li class="th-request" data-request=${now}>
    <p class="govuk-body govuk-!-margin-bottom-1">
      ${t("production:requests.asked", {
        by: nameOf(request.by),
        to: nameOf(request.to),
        day: dayText(lang, request.dated),
      })}
      <span class="th-chip">${t(`production:requests.${now}`)}</span>
    </p>
    ${request.reason === "" ? nothing : html`<div class="th-written" dir="auto">${request.reason}</div>`}
    ${
      (request.answer?.reason ?? "") === ""
        ? nothing
        : html`<p class="govuk-body-s govuk-!-margin-bottom-1">${t("production:requests.answer")}</p>
            <div class="th-written" dir="auto">${request.answer?.reason}</div>`
    }
    ${
      !mayLook && !maySave
        ? nothing
        : request.choices.language === lang
          ? html`<button
              type="button"
              class="govuk-button govuk-button--secondary govuk-!-margin-bottom-2"
              ?disabled=${job !== null}
              @click=${() => void desk.caseFiles.remake(request.id)}
            >
              ${t(mayLook ? "production:requests.look" : "production:requests.save")}
            </button>`
          : html`<p class="govuk-body">
              <a class="govuk-link" href=${hrefIn(request.choices.language, "/")}
                >${t("production:requests.language", {
                  language: languageName(request.choices.language, lang),
                  path: hrefIn(request.choices.language, "/"),
                })}</a
              >
            </p>`
    }
  </li>`;
}
