/** The notice's screen: what it shows and what can be done there. It talks to the server only below /notices. */
import { z } from "../../../../crypto/shape.ts";
import { reminderKinds } from "../../../../data/policy/notice/reminders.ts";
import { personShape, postingShape, versionShape } from "../../../../data/policy/notice/roster.ts";
import { PortalError, type ErrorCode } from "../../../../crypto/errors.ts";
import { dayOf } from "../../../../data/policy/update-date.ts";
import { saveBlob } from "../../save-file.ts";
import { Cancelled } from "../ask-keyholder.ts";
import type { OfficeAnswer, OfficeCall } from "../keyholder-api.ts";
import { newFields } from "./typed.ts";

const id = { id: z.string() };
const reminderShape = z.strictObject({
  kind: z.enum(reminderKinds),
  due: z.string(),
  when: z.enum(["late", "soon"]),
});
const viewShape = z.strictObject({
  today: z.string(),
  address: z.string(),
  languages: z.array(z.strictObject({ tag: z.string(), name: z.string() })),
  versions: z.array(z.strictObject({ ...versionShape.shape, ...id })),
  current: z.strictObject({ sha256: z.string(), published: z.nullable(z.int()), epoch: z.int() }),
  people: z.array(z.strictObject({ ...personShape.shape, ...id, reminders: z.array(reminderShape) })),
  postings: z.array(z.strictObject({ ...postingShape.shape, ...id })),
});
export type NoticeView = z.infer<typeof viewShape>;
export type PersonView = NoticeView["people"][number];
export type PostingView = NoticeView["postings"][number];

const problemShape = z.strictObject({
  line: z.int(),
  key: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.int()])),
});
const problemsShape = z.strictObject({ error: z.string(), problems: z.array(problemShape) });
export type LineProblem = z.infer<typeof problemShape>;

export interface NoticeState {
  view: NoticeView | null;
  failed: ErrorCode | null;
  busy: boolean;
  /** Lines of the file that was refused. */
  problems: LineProblem[];
  /** What was typed, by the field's id. */
  fields: Record<string, string>;
  /** By the field's id: key of what it needs. */
  missing: Record<string, string>;
  chosen: Set<string>;
  find: string;
  onlyNeedy: boolean;
  /** The person whose erasing has to be confirmed. */
  erasing: string | null;
  /** SHA-256 of the chosen photograph, hex. */
  photo: string | null;
  /** How many places were added: each begins with a fresh field for its photograph. */
  places: number;
}

export function firstNoticeState(): NoticeState {
  return {
    view: null,
    failed: null,
    busy: false,
    problems: [],
    fields: {},
    missing: {},
    chosen: new Set(),
    find: "",
    onlyNeedy: false,
    erasing: null,
    photo: null,
    places: 0,
  };
}

export interface NoticeDesk {
  state: NoticeState;
  load(): Promise<void>;
  /** Takes everything off the page, for when it is locked; what was typed stays where it was lent. */
  forget(): void;
  redraw(): void;
  publish(): Promise<void>;
  addPerson(): Promise<void>;
  /** "sent": they got it. "acknowledged": they confirmed it. For the chosen people. */
  record(what: "sent" | "acknowledged"): Promise<void>;
  setCovered(person: PersonView, covered: boolean): Promise<void>;
  erase(person: PersonView): Promise<void>;
  importPeople(file: File): Promise<void>;
  download(what: "people.csv" | "acknowledgements.csv" | "text"): Promise<void>;
  saveText(text: string, name: string): void;
  takePhoto(file: File | null): Promise<void>;
  addPlace(): Promise<void>;
  changePlace(posting: PostingView, change: Partial<Pick<PostingView, "checkedOn" | "removedOn">>): Promise<void>;
}

interface Doors {
  office(call: OfficeCall): Promise<OfficeAnswer>;
  /** Says what went well; key of the words. */
  tell(done: string): void;
  draw(): void;
}

const newestOf = ({ versions }: NoticeView): number => versions.at(-1)?.number ?? 0;

/** `typed`: lent by whoever keeps what a member typed while it is locked; null: it goes with the rest. */
export function makeNoticeDesk(
  state: NoticeState,
  { office, tell, draw }: Doors,
  typed: NoticeState["fields"] | null = null,
): NoticeDesk {
  state.fields = typed ?? state.fields;

  const text = (field: string): string => (state.fields[field] ?? "").trim();

  /** One request; what it answers, or null when it was refused, and then the page says why. */
  async function ask(method: OfficeCall["method"], path: string, body: object | null = null): Promise<unknown> {
    Object.assign(state, { failed: null, problems: [], missing: {}, busy: true });
    draw();
    try {
      const answer = await office({ path: `/notices${path}`, method, body, as: "json" });
      if (answer.is === "done") return answer.answer ?? {};
      const problems = problemsShape.safeParse(answer.answer);
      if (problems.success) state.problems = problems.data.problems;
      else state.failed = answer.code;
      return null;
    } catch (error) {
      // Locked meanwhile: there is nothing to say on a page that asks for a key.
      if (error instanceof Cancelled) return null;
      if (!(error instanceof PortalError)) throw error;
      state.failed = error.code;
      return null;
    } finally {
      state.busy = false;
      draw();
    }
  }

  async function load(): Promise<boolean> {
    const answer = await ask("GET", "");
    if (answer === null) return false;
    const view = viewShape.safeParse(answer);
    if (view.success) state.view = view.data;
    else state.failed = "format";
    const known = new Set(state.view?.people.map((person) => person.id));
    state.chosen = new Set([...state.chosen].filter((each) => known.has(each)));
    draw();
    return view.success;
  }

  /** Then shows what is there now, says it, and empties these fields. */
  async function change(
    call: [OfficeCall["method"], string, object | null],
    done: string,
    used: readonly string[] = [],
  ): Promise<boolean> {
    if ((await ask(...call)) === null) {
      const { failed } = state;
      // Somebody else came first: what they did has to be seen before anybody tries again.
      if (failed === "conflict" && (await load())) state.failed = failed;
      draw();
      return false;
    }
    for (const field of used) delete state.fields[field];
    if (await load()) tell(done);
    return true;
  }

  function needs(missing: Record<string, string | false>): boolean {
    state.missing = Object.fromEntries(
      Object.entries(missing).filter((entry): entry is [string, string] => entry[1] !== false),
    );
    draw();
    const [first] = Object.keys(state.missing);
    if (first !== undefined) document.getElementById(first)?.focus();
    return first !== undefined;
  }

  /** What is wrong with a day on which a version was given to somebody or hung up. */
  function dayTrouble(day: string, version: number): string | false {
    const { today = "", versions = [] } = state.view ?? {};
    if (dayOf(day) === null || day > today) return "noticedesk:missing.day";
    return day < (versions.find(({ number }) => number === version)?.day ?? "") && "noticedesk:missing.early";
  }

  return {
    state,
    redraw: draw,
    async load() {
      await load();
    },
    forget() {
      Object.assign(state, firstNoticeState(), { fields: typed ?? {} });
    },
    async publish() {
      const { view } = state;
      if (view === null) return;
      await change(["POST", "/versions", { sha256: view.current.sha256 }], "noticedesk:done.published");
    },
    async addPerson() {
      const since = text("person-since");
      if (
        needs({
          "person-name": text("person-name") === "" && "noticedesk:missing.name",
          "person-since": since !== "" && dayOf(since) === null && "noticedesk:missing.day",
        })
      )
        return;
      const person = {
        ref: text("person-name"),
        since: since === "" ? null : since,
        remote: text("person-remote") === "yes",
        removedOn: null,
      };
      await change(["POST", "/people", person], "noticedesk:done.added", newFields.person);
    },
    async record(what) {
      const { view } = state;
      if (view === null) return;
      const on = text("record-on") || view.today;
      const version = Number(text("record-version") || newestOf(view));
      if (
        needs({
          "record-sent": state.chosen.size === 0 && "noticedesk:missing.people",
          "record-version": version === 0 && "noticedesk:missing.version",
          "record-on": dayTrouble(on, version),
        })
      )
        return;
      const body = { ids: [...state.chosen], version, on };
      if (await change(["POST", `/${what}`, body], "noticedesk:done.changed")) {
        state.chosen = new Set();
        draw();
      }
    },
    async setCovered({ id: of, ref, since, remote, removedOn }, covered) {
      const was = { ref, since, remote, removedOn };
      const now = { ...was, removedOn: covered ? null : (state.view?.today ?? null), was };
      await change(["PUT", `/people/${of}`, now], "noticedesk:done.changed");
    },
    async erase({ id: of }) {
      if (state.erasing !== of) {
        state.erasing = of;
        return draw();
      }
      state.erasing = null;
      await change(["DELETE", `/records/${of}`, null], "noticedesk:done.erased");
    },
    async importPeople(file) {
      await change(["POST", "/import", { csv: await file.text() }], "noticedesk:done.imported");
    },
    async download(what) {
      const answer = await office({ path: `/notices/${what}`, method: "GET", body: null, as: "blob" });
      if (answer.is === "done" && answer.answer instanceof Blob) {
        saveBlob(answer.answer, what === "text" ? "notice-text.json" : `notice-${what}`);
        tell("noticedesk:done.saved");
      } else if (answer.is === "refused") {
        state.failed = answer.code;
        draw();
      }
    },
    saveText(words, name) {
      saveBlob(new Blob([words], { type: "text/plain;charset=utf-8" }), name);
      tell("noticedesk:done.saved");
    },
    async takePhoto(file) {
      state.photo = null;
      if (file !== null) {
        const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
        state.photo = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      }
      draw();
    },
    async addPlace() {
      const { view } = state;
      if (view === null) return;
      const postedOn = text("place-since") || view.today;
      const version = Number(text("place-version") || newestOf(view));
      if (
        needs({
          "place-name": text("place-name") === "" && "noticedesk:missing.place",
          "place-version": version === 0 && "noticedesk:missing.version",
          "place-since": dayTrouble(postedOn, version),
        })
      )
        return;
      const place = {
        place: text("place-name"),
        version,
        postedOn,
        checkedOn: view.today,
        by: text("place-by"),
        photoSha256: state.photo,
        removedOn: null,
      };
      if (!(await change(["POST", "/postings", place], "noticedesk:done.added", newFields.place))) return;
      state.photo = null;
      state.places++;
      draw();
    },
    async changePlace({ id: of, is: _is, ...posting }, changed) {
      await change(["PUT", `/postings/${of}`, { ...posting, ...changed, was: posting }], "noticedesk:done.changed");
    },
  };
}
