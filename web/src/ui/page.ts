import { type Action, type Answer, refused } from "../check/answer.js";
import { Client, loadWasm } from "../check/client.js";
import type { Wishes } from "../check/protocol.js";
import { loadExample } from "../examples.js";
import { takeDrop } from "../given/drop.js";
import type { Drop } from "../given/entry.js";
import type { RemoteModel } from "../given/remote.js";
import { short } from "../messages/format.js";
import { chooseLanguage, type Speech, speech } from "../messages/index.js";
import { readLink, writeLink } from "../signers/link.js";
import { rememberedSigners } from "../signers/remembered.js";
import { AnswerView } from "./answer-view.js";
import { button } from "./buttons.js";
import { h } from "./dom.js";
import { type Expert, ExpertForm } from "./expert-form.js";
import { RemoteView } from "./remote-view.js";
import { SignersView } from "./signers-view.js";
import { type Example, StartView } from "./start-view.js";
import { WorkingView } from "./working-view.js";

/** Joins what is seen with what is done: one model at a time, from the drop to the answer. */
export class Page {
  readonly #speech: Speech;
  readonly #main: HTMLElement;
  readonly #stage = h("div", { class: "stage" });
  readonly #banner = h("div", { class: "banner", hidden: true });
  readonly #said = h("p", { class: "hint said", role: "status" });
  readonly #overlay = h("div", { class: "overlay", hidden: true, "aria-hidden": "true" });
  readonly #expert: ExpertForm;
  readonly #signers: SignersView;
  /** The model that a link named, on the document that is for it. */
  readonly #remote: RemoteModel | "wrong" | undefined;
  readonly #language: HTMLButtonElement;
  /** Ends what listens to the window, when another page of the same takes over in another language. */
  readonly #over = new AbortController();
  /** What the person expects, by the form or a link. */
  #wishes: Expert = {};
  /** What counts for the model that is there: an example brings its own. */
  #current: Expert = {};
  #client: Client | undefined;
  #working: WorkingView | undefined;
  #answer: Answer | undefined;
  #given = "";
  /** The model that is there is the one at the address. */
  #fetched = false;

  constructor(speech: Speech, supported: boolean, before: Previous = {}, remote?: RemoteModel | "wrong") {
    this.#speech = speech;
    this.#remote = remote;
    const { m } = speech;
    document.documentElement.lang = m.language;
    this.#expert = new ExpertForm(speech, (expert) => this.#use(expert));
    this.#signers = new SignersView(speech);
    this.#overlay.textContent = m.page.dropNow;
    this.#language = button(m.page.language, () => void this.#otherLanguage(), "button--link");
    this.#language.lang = m.language === "en" ? "de" : "en";
    this.#main = h(
      "main",
      {},
      this.#banner,
      this.#stage,
      this.#said,
      this.#expert.element,
      this.#signers.element,
      h(
        "details",
        { class: "fold", "data-fold": "what" },
        h("summary", {}, m.page.what),
        h("p", { class: "fold__body" }, m.page.whatText),
      ),
    );
    document.body.replaceChildren(
      masthead(speech, this.#language),
      this.#main,
      footer(speech),
      this.#overlay,
    );
    if (!supported) {
      document.title = m.page.title;
      this.#stage.append(h("p", { class: "card", role: "alert" }, m.page.noWasm));
      return;
    }
    this.#start();
    this.#goOn(before);
    const { signal } = this.#over;
    this.#acceptDrops(signal);
    this.#readLink();
    addEventListener("hashchange", () => this.#readLink(), { signal });
    addEventListener("beforeprint", openFolds, { signal });
  }

  /** Goes on where the page in another language was. */
  #goOn({ client, answer, wishes = {}, given = "" }: Previous): void {
    this.#wishes = wishes;
    this.#current = wishes;
    this.#given = given;
    if (client === undefined || answer === undefined) return;
    this.#client = client;
    document.body.classList.add("answered");
    this.#show(answer, client);
  }

  async #otherLanguage(): Promise<void> {
    const other = this.#speech.m.language === "en" ? "de" : "en";
    chooseLanguage(other);
    const next = await speech(other);
    if (this.#working !== undefined) return;
    this.#over.abort();
    const before: Previous = {
      client: this.#client,
      answer: this.#answer,
      wishes: this.#wishes,
      given: this.#given,
    };
    new Page(next, true, before, this.#remote);
  }

  #start(): void {
    this.#client?.end();
    this.#client = undefined;
    this.#working = undefined;
    this.#answer = undefined;
    this.#said.textContent = "";
    document.title = this.#speech.m.page.title;
    document.body.classList.remove("answered");
    if (this.#remote !== undefined) {
      const view = new RemoteView(this.#speech, this.#remote, () => void this.#fetchSignature());
      this.#stage.replaceChildren(view.element);
      return;
    }
    const view = new StartView(this.#speech, {
      give: (drop) => this.#give(drop),
      example: (name) => void this.#example(name),
    });
    this.#stage.replaceChildren(view.element);
  }

  /** Takes a drop for what it is: more of this check, or another model, which is asked about. */
  async #give(drop: Drop, expert: Expert = this.#wishes): Promise<void> {
    if (this.#working !== undefined) {
      this.#said.textContent = this.#speech.m.page.busy;
      return;
    }
    const isModel = drop.folders.length > 0;
    const name = drop.folders[0]?.name ?? drop.loose[0]?.name ?? "";
    const hasModel = this.#answer !== undefined && !NO_MODEL.has(this.#answer.state);
    if (isModel && hasModel) {
      this.#askWhich(name, drop);
      return;
    }
    if (isModel) {
      this.#given = name;
      // What is dropped is another model than the one at the address.
      if (this.#fetched) {
        this.#client?.end();
        this.#client = undefined;
      }
      this.#fetched = false;
    }
    await this.#check(expert, async (client) => client.give(drop));
  }

  /** A second model never discards the first without a word. */
  #askWhich(name: string, drop: Drop): void {
    const { m } = this.#speech;
    this.#ask(
      h(
        "p",
        {},
        `${m.states["two-folders"]({ state: "two-folders", tone: "quiet", rows: 0 }, this.#speech.format).title}. ${short(name)}`,
      ),
      h(
        "p",
        { class: "buttons" },
        button(
          m.actions.checkFolder(short(name)),
          () => {
            this.#banner.hidden = true;
            this.#start();
            void this.#give(drop);
          },
          "button--main",
        ),
        button(m.actions.keep, () => {
          this.#banner.hidden = true;
        }),
      ),
    );
  }

  async #example(name: Example): Promise<void> {
    try {
      const { drop, expectation } = await loadExample(name);
      await this.#give(drop, { expectation });
    } catch {
      this.#finish(refused("wasm-unavailable"));
    }
  }

  /** The signature of a model at an address, and how long its files are: after a press. */
  async #fetchSignature(): Promise<void> {
    const remote = this.#remote;
    if (remote === undefined || remote === "wrong") return;
    this.#given = remote.name;
    this.#fetched = true;
    const { client, working } = this.#begin();
    try {
      await client.giveRemote(remote);
    } catch {
      this.#finish(refused("fetch-failed"));
      return;
    }
    working.checking();
    const answer = await client.check({ ...this.#wishes, remembered: rememberedSigners() });
    const { remotePaths } = answer;
    this.#finish(remotePaths === undefined ? answer : { ...answer, ...(await sizesOf(remote, remotePaths)) });
  }

  /** Begins or goes on with a check, and shows its answer. */
  async #check(expert: Expert, give: (client: Client) => Promise<void>): Promise<void> {
    const { client, working } = this.#begin();
    this.#current = expert;
    const wishes: Wishes = { ...expert, remembered: rememberedSigners() };
    try {
      await give(client);
      working.checking();
    } catch {
      this.#finish(refused("wasm-unavailable"));
      return;
    }
    this.#finish(await client.check(wishes));
  }

  async #act(action: Action): Promise<void> {
    if (this.#client === undefined || this.#working !== undefined) return;
    const { client, working } = this.#begin();
    working.checking();
    this.#finish(await client.act(action, { ...this.#current, remembered: rememberedSigners() }));
  }

  #begin(): { readonly client: Client; readonly working: WorkingView } {
    this.#said.textContent = "";
    this.#banner.hidden = true;
    this.#client ??= new Client();
    const client = this.#client;
    const working = new WorkingView(this.#speech, this.#given, () => client.stop());
    client.listen(working);
    this.#working = working;
    this.#language.disabled = true;
    document.body.classList.add("answered");
    this.#stage.replaceChildren(working.element);
    scrollTo(0, 0);
    working.focus();
    return { client, working };
  }

  #finish(found: Answer): void {
    const remote = this.#remote;
    const isRemote = this.#fetched && remote !== undefined && remote !== "wrong";
    const answer = isRemote ? { ...found, host: [...remote.hosts].join(", ") } : found;
    this.#working = undefined;
    this.#language.disabled = false;
    this.#show(answer, this.#client ?? new Client());
  }

  #show(answer: Answer, client: Client): void {
    this.#answer = answer;
    const view = new AnswerView(answer, this.#speech, client, {
      act: (action) => void this.#act(action),
      expert: (field) => this.#expert.open(field),
      withoutExpectation: () => {
        this.#wishes = {};
        this.#current = {};
        void this.#act({ type: "again" });
      },
      another: () => {
        this.#given = "";
        this.#start();
        this.#stage.querySelector<HTMLElement>("button")?.focus();
      },
      link: (shownAnswer) => {
        const fragment = writeLink(shownAnswer);
        return fragment === undefined ? undefined : new URL(fragment, location.href).href;
      },
    });
    this.#stage.replaceChildren(view.element);
    view.focus();
  }

  /** What the form was left with counts from now on; a model that is there is checked again. */
  #use(expert: Expert): void {
    this.#wishes = expert;
    this.#current = expert;
    if (this.#client !== undefined && this.#answer !== undefined && this.#working === undefined)
      void this.#act({ type: "again" });
  }

  /** What a link suggests is asked about: it is the claim of whoever made it. */
  #readLink(): void {
    const suggestion = readLink(location.hash);
    if (suggestion === undefined) return;
    const { m } = this.#speech;
    if (suggestion === "wrong") {
      this.#ask(h("p", {}, m.link.wrong));
      return;
    }
    const { says, expectation } = suggestion;
    const name = expectation.modelName === undefined ? "" : ` “${short(expectation.modelName)}”`;
    const who = says.kind === "key" ? m.link.key(`…${short(says.key)}`) : short(says.name);
    const close = () => {
      this.#banner.hidden = true;
      history.replaceState(null, "", location.pathname + location.search);
    };
    this.#ask(
      h("p", {}, h("strong", {}, `${m.link.says(who)}${name}`)),
      h("p", {}, m.link.suggestion),
      h(
        "p",
        { class: "buttons" },
        button(
          m.actions.useLink,
          () => {
            close();
            this.#use({ ...this.#wishes, expectation });
          },
          "button--main",
        ),
        button(m.actions.ignoreLink, close),
      ),
    );
  }

  #ask(...children: readonly Node[]): void {
    this.#banner.replaceChildren(...children);
    this.#banner.hidden = false;
  }

  /** The whole window takes a drop: a browser would open a file that misses, and leave the page. */
  #acceptDrops(signal: AbortSignal): void {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;
    const over = (event: DragEvent) => {
      if (!hasFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      this.#overlay.hidden = false;
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) this.#overlay.hidden = true;
    };
    const drop = (event: DragEvent) => {
      this.#overlay.hidden = true;
      if (!hasFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      void takeDrop(event.dataTransfer.items).then((taken) => this.#give(taken));
    };
    addEventListener("dragover", over, { signal });
    addEventListener("dragleave", leave, { signal });
    addEventListener("drop", drop, { signal });
  }
}

/** Files whose length is asked for: of more, how long they are in all is not said. */
const MOST_ASKED = 500;

/** How long the files of a model at an address are in all, where the host says so of each. */
async function sizesOf(
  remote: RemoteModel,
  paths: readonly string[],
): Promise<{ readonly remoteBytes?: number }> {
  if (paths.length > MOST_ASKED) return {};
  let sum = 0;
  const left = [...paths];
  const ask = async () => {
    for (let path = left.pop(); path !== undefined; path = left.pop()) {
      // Read before it is added to: others add to the sum meanwhile.
      const size = await remote.size(path);
      sum += size ?? Number.NaN;
    }
  };
  await Promise.all(Array.from({ length: 8 }, ask));
  return Number.isNaN(sum) ? {} : { remoteBytes: sum };
}

/** What one page hands to the next in another language. */
interface Previous {
  readonly client?: Client | undefined;
  readonly answer?: Answer | undefined;
  readonly wishes?: Expert;
  readonly given?: string;
}

/** Answers that were given without a model: a folder that comes now is its model. */
const NO_MODEL: ReadonlySet<string> = new Set([
  "archive",
  "cache-links",
  "empty",
  "private-key",
  "refused",
  "signature-only",
  "waiting",
]);

/** Paper cannot be unfolded. */
function openFolds(): void {
  for (const element of document.querySelectorAll<HTMLDetailsElement>(".result .fold")) element.open = true;
}

function masthead({ m }: Speech, language: HTMLElement): HTMLElement {
  return h(
    "header",
    { class: "masthead" },
    h(
      "p",
      { class: "masthead__name" },
      h("img", { src: "./icon.svg", alt: "", width: "24", height: "24" }),
      h("span", {}, "modelseal"),
      language,
    ),
    h("div", { class: "masthead__texts" }, h("h1", {}, m.page.heading), h("p", {}, m.page.intro)),
  );
}

function footer({ m, format }: Speech): HTMLElement {
  const version = h("span", {});
  // Fetched when there is nothing else to do, so that the first check does not wait for it.
  const idle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200));
  idle(() => void loadWasm().catch(() => {}));
  const date = __TRUST_ROOT__ === "" ? "" : ` · ${m.page.trustRoot} ${format.day(__TRUST_ROOT__)}`;
  version.textContent = `modelseal ${__VERSION__}${date}`;
  return h("footer", { class: "footer" }, h("p", {}, m.page.footer), h("p", {}, version));
}

declare const __VERSION__: string;
declare const __TRUST_ROOT__: string;
