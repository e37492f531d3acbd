import type { Policy, ReportOnlyPolicy } from "modelseal";
import { freshId, h } from "./dom.js";
import type { FieldError } from "./field-error.js";
import { IdentityPanel } from "./identity-panel.js";
import { PemPanel } from "./pem-panel.js";
import { PresetPanel } from "./preset-panel.js";

/** One way to say who is expected. */
interface Panel {
  readonly element: HTMLElement;
  /** The error that is shown, or the one to show. */
  readonly error: FieldError;
  /** What was said, or nothing, with the reason shown. */
  readonly policy: Policy | ReportOnlyPolicy | undefined;
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

const METHODS: readonly { readonly name: string; readonly label: string; readonly make: () => Panel }[] = [
  {
    name: "key",
    label: "A public key",
    make: () =>
      new PemPanel(
        {
          name: "key",
          hint: "The publisher’s key in PEM. Take it from a place that you trust, not from the model’s folder.",
          field: "Public key (PEM)",
          placeholder: "-----BEGIN PUBLIC KEY-----",
          missing: ["Give the publisher’s public key.", "key-missing"],
        },
        (publicKey) => ({ method: "key", publicKey }),
      ),
  },
  {
    name: "certificate",
    label: "A certificate authority",
    make: () =>
      new PemPanel(
        {
          name: "certificate",
          hint: "The authorities that you trust to certify publishers, in PEM. Every publisher that they certify is accepted.",
          field: "Certificates of the authorities (PEM)",
          placeholder: "-----BEGIN CERTIFICATE-----",
          missing: ["Give the certificate of an authority.", "anchor-missing"],
        },
        (text) => ({ method: "certificate", anchors: text.match(PEM_CERTIFICATE) ?? [text] }),
      ),
  },
  { name: "sigstore", label: "Identity (Sigstore)", make: () => new IdentityPanel() },
  { name: "preset", label: "NVIDIA agent skills", make: () => new PresetPanel() },
];

/** Which signer the person expects. "Anyone" is not a choice; who signed can be asked, and is not trusted then. */
export class PublisherField {
  readonly element: HTMLElement;
  #panel: Panel;

  constructor() {
    const title = freshId("publisher");
    const group = freshId("method");
    const panels = METHODS.map(({ make }) => make());
    const choose = (panel: Panel) => {
      for (const { element } of panels) element.hidden = element !== panel.element;
      this.#panel = panel;
    };
    const radios = METHODS.map(({ name, label }, index) => {
      const input = h("input", { type: "radio", name: group, value: name, checked: index === 0 });
      input.addEventListener("change", () => choose(panels[index] as Panel));
      return h("label", { class: "radio" }, input, h("span", {}, label));
    });
    this.#panel = panels[0] as Panel;
    choose(this.#panel);
    this.element = h(
      "section",
      { class: "card", "aria-labelledby": title },
      h(
        "h2",
        { id: title, class: "card__title" },
        h("span", { class: "step", "aria-hidden": "true" }, "3"),
        "Who you expect",
      ),
      h(
        "fieldset",
        { class: "radios" },
        h("legend", { class: "visually-hidden" }, "The publisher is known by"),
        ...radios,
      ),
      ...panels.map(({ element }) => element),
    );
  }

  get error(): FieldError {
    return this.#panel.error;
  }

  /** The policy as the person gave it, or nothing, with the reason shown. */
  get value(): Policy | ReportOnlyPolicy | undefined {
    return this.#panel.policy;
  }
}
