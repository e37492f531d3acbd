import { fingerprint, short, shown } from "../messages/format.js";
import type { Speech } from "../messages/index.js";
import { forget, type Remembered, rememberedSigners } from "../signers/remembered.js";
import { button } from "./buttons.js";
import { h } from "./dom.js";

/** The signers that this browser remembers, each to be forgotten. */
export class SignersView {
  readonly element: HTMLDetailsElement;
  readonly #body = h("div", { class: "fold__body" });
  readonly #speech: Speech;

  constructor(speech: Speech) {
    this.#speech = speech;
    this.element = h(
      "details",
      { class: "fold", "data-fold": "signers" },
      h("summary", {}, speech.m.sections.signers),
      this.#body,
    );
    this.element.addEventListener("toggle", () => this.#show());
  }

  #show(): void {
    const { m } = this.#speech;
    const signers = rememberedSigners();
    this.#body.replaceChildren(
      h("p", { class: "hint" }, signers.length === 0 ? m.signers.none : m.signers.hint),
      h("ul", { class: "signers" }, ...signers.map((signer) => this.#row(signer))),
    );
  }

  #row(signer: Remembered): HTMLElement {
    const { m, format } = this.#speech;
    const name =
      signer.method === "sigstore"
        ? `${shown(signer.identity)} (${shown(signer.issuer)})`
        : signer.method === "key"
          ? m.signers.key(fingerprint(signer.sha256))
          : `${shown(signer.subject)} (${fingerprint(signer.sha256)})`;
    const scope = signer.model === null ? m.signers.any : m.signers.forModel(short(signer.model));
    return h(
      "li",
      {},
      h("span", { class: "path" }, name),
      h("span", { class: "hint" }, `${scope}, ${m.signers.since(format.day(signer.since))}`),
      button(
        m.actions.forget,
        () => {
          forget(signer);
          this.#show();
        },
        "button--small",
      ),
    );
  }
}
