/** What is to be done in a case, by whom and by when. */
import { newId } from "../new-id.ts";
import { repeat } from "lit/directives/repeat.js";
import { html, nothing } from "lit/html.js";
import { dayOf } from "../../../../data/policy/update-date.ts";
import type { CaseView } from "../../client/case-view.ts";
import type { TaskView } from "../../client/case-work.ts";
import { field, select } from "../view-fields.ts";
import { type Drawing, personText, textArea, theDraft, type View } from "../view-parts.ts";
import { dueLooks, dueText, nearnessOf } from "./days.ts";
import { complete, isOpen, keep, openForm, workForm } from "./form.ts";
import { nameOrYou, workers, teamIsUsable } from "./names.ts";

const mostText = 2000; // characters, as crypto/work-acts.ts takes them

/** Open before done, one's own before others', what is due first before what is due later or never. */
export function orderTasks(tasks: readonly TaskView[], me: number | null): TaskView[] {
  const rank = ({ state, to }: TaskView): number => (state === "open" ? (to === me ? 0 : 1) : 2);
  return tasks.toSorted(
    (a, b) => rank(a) - rank(b) || (a.due ?? "9999").localeCompare(b.due ?? "9999") || a.seq - b.seq,
  );
}

const partsOf = ({ id, text, to, due, state }: TaskView) => ({ act: "task" as const, id, text, to, due, state });

const fieldsOfTask = ({ text, to, due }: TaskView): Record<string, string> => ({
  "work-task": text,
  "work-task-to": to === null ? "" : String(to),
  "work-task-due": due ?? "",
});

/** `task`: the one that is changed; null: a new one. */
function taskForm(drawing: Drawing, view: CaseView, task: TaskView | null): View {
  const { t } = drawing;
  const { fields } = theDraft(drawing);
  const submit = async (): Promise<void> => {
    const text = (fields["work-task"] ?? "").trim();
    const [to, due] = [fields["work-task-to"] ?? "", fields["work-task-due"] ?? ""];
    const missing = {
      "work-task": text === "" ? "casework:missing.task" : text.length > mostText && "casework:missing.taskLong",
      "work-task-due": due !== "" && dayOf(due) === null && "casework:missing.day",
    };
    if (!complete(drawing, missing)) return;
    // The same form kept twice is the same task.
    fields["work-task-id"] ??= task?.id ?? newId();
    const id = fields["work-task-id"];
    const draft = { id, text, to: to === "" ? null : Number(to), due: due === "" ? null : due };
    const state = task?.state ?? "open";
    await keep(drawing, "casework:done.task", { act: "task", ...draft, state }, [`#task-${id} button`, "#new-task"]);
  };
  return workForm(drawing, {
    id: "task-form",
    ...(task !== null && { about: `task ${task.id}` }),
    title: t(task === null ? "casework:tasks.new" : "casework:tasks.edit"),
    fields: html`${textArea(drawing, {
      id: "work-task",
      label: t("casework:tasks.what"),
      rows: 2,
      value: fields["work-task"] ?? "",
      take: (text) => (fields["work-task"] = text),
    })}
    ${select(drawing, {
      id: "work-task-to",
      label: t("casework:tasks.who"),
      value: fields["work-task-to"] ?? "",
      options: [
        { value: "", label: t("casework:tasks.anybody") },
        ...workers(view).map((person) => ({ value: String(person.id), label: personText(person) })),
      ],
      take: (value) => (fields["work-task-to"] = value),
    })}
    ${field(drawing, { id: "work-task-due", type: "date", label: t("casework:tasks.when"), value: fields["work-task-due"] ?? "" })}`,
    button: t("casework:keep"),
    submit,
    opener: task === null ? "#new-task" : `#task-${task.id} [data-edit]`,
  });
}

const doneWords = {
  open: "casework:done.tasks.open",
  done: "casework:done.tasks.done",
  dropped: "casework:done.tasks.dropped",
} as const;

function taskActions(drawing: Drawing, task: TaskView): View {
  const { t, desk } = drawing;
  const set = (state: TaskView["state"]): void => {
    desk.state.focus = [`#task-${task.id} button`];
    void desk.act("work", doneWords[state], { ...partsOf(task), state });
  };
  const button = (words: string, act: () => void, name: string): View =>
    html`<button
      type="button"
      class="th-link-button"
      data-task=${name}
      ?data-edit=${name === "edit"}
      ?disabled=${desk.state.job !== null}
      @click=${act}
    >
      ${t(words)}<span class="govuk-visually-hidden">: ${task.text}</span>
    </button>`;
  const edit = (): void => openForm(drawing, `task:${task.id}`, "work-task", fieldsOfTask(task));
  return html`<div class="th-task__acts">
    ${
      task.state === "open"
        ? html`${button("casework:tasks.done", () => set("done"), "done")}
          ${button("casework:tasks.drop", () => set("dropped"), "drop")}`
        : button("casework:tasks.again", () => set("open"), "again")
    }
    ${button("casework:change", edit, "edit")}
  </div>`;
}

function taskItem(drawing: Drawing, view: CaseView, task: TaskView): View {
  const { t, desk } = drawing;
  const { id, text, to, due, state } = task;
  const usable = teamIsUsable(view);
  const own = to !== null && to === desk.state.me?.id;
  if (usable && isOpen(drawing, `task:${id}`)) return html`<li class="th-task">${taskForm(drawing, view, task)}</li>`;
  return html`<li class="th-task ${state === "open" ? "" : "th-task--over"}" id="task-${id}" data-state=${state}>
    <div class="th-task__text th-written">${text}</div>
    <div class="th-chips">
      ${state === "open" ? nothing : html`<span class="th-chip th-chip--calm">${t(`casework:tasks.is.${state}`)}</span>`}
      ${to === null ? nothing : html`<span class="th-chip ${own ? "th-chip--info" : ""}"><bdi>${nameOrYou(drawing, view, to)}</bdi></span>`}
      ${
        due === null || state !== "open"
          ? nothing
          : html`<span class="th-chip ${dueLooks[nearnessOf(due)]}">${dueText(drawing, due)}</span>`
      }
    </div>
    ${usable ? taskActions(drawing, task) : nothing}
  </li>`;
}

export function tasksPart(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const tasks = orderTasks(view.work.tasks, desk.state.me?.id ?? null);
  const [open, over] = [tasks.filter(({ state }) => state === "open"), tasks.filter(({ state }) => state !== "open")];
  const list = (some: readonly TaskView[]): View =>
    html`<ul class="th-tasks">
      ${repeat(
        some,
        ({ id }) => id,
        (task) => taskItem(drawing, view, task),
      )}
    </ul>`;
  return html`<section class="th-card" aria-labelledby="tasks-title">
    <h3 class="govuk-heading-m" id="tasks-title">${t("casework:tasks.title")}</h3>
    ${open.length === 0 ? html`<p class="govuk-body th-quiet">${t("casework:tasks.none")}</p>` : list(open)}
    ${
      over.length === 0
        ? nothing
        : html`<details
            class="govuk-details govuk-!-margin-bottom-3"
            id="tasks-over"
            ?open=${over.some(({ id }) => isOpen(drawing, `task:${id}`))}
          >
            <summary class="govuk-details__summary">
              <span class="govuk-details__summary-text">${t("casework:tasks.over", { count: over.length })}</span>
            </summary>
            ${list(over)}
          </details>`
    }
    ${
      !teamIsUsable(view)
        ? nothing
        : isOpen(drawing, "task:new")
          ? taskForm(drawing, view, null)
          : html`<button
              type="button"
              class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0"
              id="new-task"
              @click=${() => openForm(drawing, "task:new", "work-task")}
            >
              ${t("casework:tasks.add")}
            </button>`
    }
  </section>`;
}
