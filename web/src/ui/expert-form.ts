import type { Policy, PresetName } from "modelseal";
import { pemCertificates } from "../check/pem.js";
import type { Wishes } from "../check/protocol.js";
import type { Speech } from "../messages/index.js";
import { type Expectation, KNOWN_SIGNERS } from "../signers/known.js";
import { button } from "./buttons.js";
import { freshId, h } from "./dom.js";
import { FileButton } from "./file-button.js";

/** A key, a certificate or a trust root is some kilobytes; what is larger is something else. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Suggestions only: any other issuer can be typed. */
const ISSUERS = [
  "https://token.actions.githubusercontent.com",
  "https://accounts.google.com",
  "https://github.com/login/oauth",
  "https://gitlab.com",
  "https://login.microsoftonline.com",
];

type Method = "key" | "certificate" | "identity" | "preset" | "none";

/** What the form was left with: an expectation, a trust root, a time. */
export type Expert = Pick<Wishes, "expectation" | "trustRoot" | "time">;

/** For people who know who should have signed. No one else needs it. */
export class ExpertForm {
  readonly element: HTMLDetailsElement;
  readonly #speech: Speech;
  readonly #key: HTMLTextAreaElement;
  readonly #certificate: HTMLTextAreaElement;
  readonly #identity: HTMLInputElement;
  readonly #issuer: HTMLInputElement;
  readonly #preset: HTMLSelectElement;
  readonly #trustRoot: HTMLSelectElement;
  readonly #name: HTMLInputElement;
  readonly #time: HTMLInputElement;
  readonly #error: HTMLParagraphElement;
  readonly #status: HTMLParagraphElement;
  readonly #clear: HTMLButtonElement;
  readonly #radios = new Map<Method, HTMLInputElement>();
  readonly #onUse: (expert: Expert) => void;
  #rootFile: string | undefined;

  constructor(speech: Speech, onUse: (expert: Expert) => void) {
    const { m } = speech;
    this.#speech = speech;
    this.#onUse = onUse;
    const { expert } = m;
    this.#key = this.#pem("key", "-----BEGIN PUBLIC KEY-----");
    this.#certificate = this.#pem("certificate", "-----BEGIN CERTIFICATE-----");
    const list = freshId("issuers");
    this.#identity = input({ name: "identity", placeholder: "publisher@example.com" });
    this.#issuer = input({ name: "issuer", placeholder: "https://accounts.google.com", list });
    this.#preset = h(
      "select",
      { class: "input", name: "preset" },
      ...KNOWN_SIGNERS.map(({ preset, name }) => h("option", { value: preset }, name)),
    );
    this.#trustRoot = h(
      "select",
      { class: "input", name: "trust-root-name" },
      h("option", { value: "" }, expert.rootProduction),
      h("option", { value: "staging" }, expert.rootStaging),
      h("option", { value: "github" }, expert.rootGithub),
      h("option", { value: "file" }, expert.rootFile),
    );
    this.#name = input({ name: "model-name" });
    this.#time = h("input", { class: "input", type: "datetime-local", step: "1", name: "time" });
    const error = freshId("expert-error");
    this.#error = h("p", { class: "field-error", id: error, role: "alert", hidden: true });
    this.#status = h("p", { class: "hint", role: "status" });
    this.#clear = button(expert.clear, () => this.#reset());
    this.#clear.hidden = true;
    const rootFile = new FileButton(expert.readFile, { name: "trust-root" }, ([file]) => {
      void this.#read(file, (text) => {
        this.#rootFile = text;
        this.#trustRoot.value = "file";
      });
    });
    const panels: Readonly<Record<Method, HTMLElement>> = {
      none: h("div", {}),
      key: panel(field(expert.key, this.#key, expert.keyHint), this.#fileInto(this.#key, "key-file")),
      certificate: panel(
        field(expert.certificate, this.#certificate, expert.certificateHint),
        this.#fileInto(this.#certificate, "certificate-file"),
      ),
      identity: panel(
        field(expert.identity, this.#identity, expert.identityHint),
        field(expert.issuer, this.#issuer, expert.issuerHint),
        h("datalist", { id: list }, ...ISSUERS.map((value) => h("option", { value }))),
      ),
      preset: panel(field(expert.preset, this.#preset)),
    };
    const group = freshId("method");
    const labels: [Method, string][] = [
      ["key", expert.key],
      ["certificate", expert.certificate],
      ["identity", expert.identity],
      ["preset", expert.preset],
    ];
    const choose = (method: Method) => {
      for (const [name, element] of Object.entries(panels)) element.hidden = name !== method;
    };
    const radios = labels.map(([method, label]) => {
      const radio = h("input", { type: "radio", name: group, value: method, checked: method === "key" });
      radio.addEventListener("change", () => choose(method));
      this.#radios.set(method, radio);
      return h("label", { class: "radio" }, radio, h("span", {}, label));
    });
    choose("key");
    const form = h(
      "form",
      { class: "fold__body", novalidate: true },
      h("p", { class: "hint" }, expert.hint),
      h("fieldset", { class: "radios" }, h("legend", { class: "visually-hidden" }, expert.method), ...radios),
      ...Object.values(panels),
      field(expert.name, this.#name, expert.nameHint),
      field(expert.trustRoot, this.#trustRoot, expert.trustRootHint),
      h("p", { class: "buttons" }, rootFile.element),
      field(expert.time, this.#time, expert.timeHint),
      this.#error,
      h(
        "p",
        { class: "buttons" },
        h("button", { type: "submit", class: "button button--strong" }, expert.use),
        this.#clear,
      ),
      this.#status,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#use();
    });
    this.element = h(
      "details",
      { class: "fold", "data-fold": "expert" },
      h("summary", {}, expert.title),
      form,
    );
  }

  /** Opens the form at a field. */
  open(at: "key" | "time"): void {
    this.element.open = true;
    if (at === "key") this.#radios.get("key")?.click();
    const target = at === "key" ? this.#key : this.#time;
    target.scrollIntoView({ block: "center" });
    target.focus();
  }

  get #method(): Method {
    for (const [method, radio] of this.#radios) if (radio.checked) return method;
    return "none";
  }

  #use(): void {
    this.#error.hidden = true;
    const policy = this.#policy();
    const time = this.#at();
    const { value: root } = this.#trustRoot;
    if (root === "file" && this.#rootFile === undefined) {
      this.#refuse(this.#trustRoot);
      return;
    }
    const trustRoot = root === "file" ? this.#rootFile : root === "" ? undefined : root;
    // A time or a trust root alone is a wish too.
    if (policy === undefined && time === undefined && trustRoot === undefined) {
      this.#refuse(this.#empty());
      return;
    }
    const name = this.#name.value.trim();
    const expectation: Expectation | undefined = policy && {
      policy: name === "" ? policy : { ...policy, modelName: name },
      by: "given",
      ...(name !== "" && { modelName: name }),
    };
    this.#status.textContent = this.#speech.m.expert.inUse;
    this.#clear.hidden = false;
    this.#onUse({
      ...(expectation && { expectation }),
      ...(trustRoot !== undefined && { trustRoot }),
      ...(time !== undefined && { time }),
    });
  }

  #policy(): Policy | undefined {
    const text = (element: HTMLInputElement | HTMLTextAreaElement) => element.value.trim();
    switch (this.#method) {
      case "key":
        return text(this.#key) === "" ? undefined : { method: "key", publicKey: text(this.#key) };
      case "certificate":
        return text(this.#certificate) === ""
          ? undefined
          : { method: "certificate", anchors: pemCertificates(text(this.#certificate)) };
      case "identity": {
        const [identity, issuer] = [text(this.#identity), text(this.#issuer)];
        if (identity === "" || issuer === "") return undefined;
        return { method: "sigstore", identities: [{ issuer, identity }] };
      }
      case "preset":
        return { preset: this.#preset.value as PresetName };
      case "none":
        return undefined;
    }
  }

  #empty(): HTMLElement {
    switch (this.#method) {
      case "certificate":
        return this.#certificate;
      case "identity":
        return this.#identity.value.trim() === "" ? this.#identity : this.#issuer;
      default:
        return this.#key;
    }
  }

  /** The time in RFC 3339, or nothing for now. */
  #at(): string | undefined {
    const { value } = this.#time;
    if (value === "") return undefined;
    return value.length === "2026-01-01T00:00".length ? `${value}:00Z` : `${value}Z`;
  }

  #refuse(element: HTMLElement, message = this.#speech.m.expert.missing): void {
    this.#error.textContent = message;
    this.#error.hidden = false;
    element.setAttribute("aria-describedby", this.#error.id);
    element.focus();
  }

  #reset(): void {
    this.#status.textContent = "";
    this.#clear.hidden = true;
    this.#onUse({});
  }

  #pem(name: string, placeholder: string): HTMLTextAreaElement {
    return h("textarea", {
      class: "input pem",
      name,
      rows: "4",
      spellcheck: "false",
      autocomplete: "off",
      placeholder,
    });
  }

  #fileInto(target: HTMLTextAreaElement, name: string): HTMLElement {
    const file = new FileButton(this.#speech.m.expert.readFile, { name }, ([chosen]) => {
      void this.#read(chosen, (text) => {
        target.value = text;
      });
    });
    return h("p", { class: "buttons" }, file.element);
  }

  async #read(file: File | undefined, take: (text: string) => void): Promise<void> {
    if (file === undefined) return;
    this.#error.hidden = true;
    if (file.size > MAX_BYTES) {
      this.#refuse(this.element, this.#speech.m.expert.tooLarge);
      return;
    }
    try {
      take(await file.text());
    } catch {
      this.#refuse(this.element, this.#speech.m.codes["file-gone"]);
    }
  }
}

function input(attributes: Readonly<Record<string, string>>): HTMLInputElement {
  return h("input", {
    class: "input",
    type: "text",
    spellcheck: "false",
    autocapitalize: "none",
    autocomplete: "off",
    ...attributes,
  });
}

function panel(...children: readonly HTMLElement[]): HTMLElement {
  return h("div", { class: "panel" }, ...children);
}

function field(label: string, control: HTMLElement, hint?: string): HTMLElement {
  control.id = freshId("field");
  const hintId = `${control.id}-hint`;
  if (hint !== undefined) control.setAttribute("aria-describedby", hintId);
  return h(
    "div",
    { class: "panel" },
    h("label", { for: control.id }, label),
    control,
    hint === undefined ? undefined : h("p", { class: "hint", id: hintId }, hint),
  );
}
