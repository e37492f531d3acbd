import { fileRows } from "../model/file-rows.js";
import type { PickedModel } from "../model/picked-model.js";
import type { Refusal, Request } from "../model/protocol.js";
import { sentence } from "../model/sentences.js";
import { RefusedError, Verifier } from "../model/verifier.js";
import { freshId, h } from "./dom.js";
import { FieldError } from "./field-error.js";
import { ModelField } from "./model-field.js";
import { ProgressView } from "./progress-view.js";
import { PublisherField } from "./publisher-field.js";
import { ResultView } from "./result-view.js";
import { SignatureField } from "./signature-field.js";
import { TimeField } from "./time-field.js";
import { TrustRootField } from "./trust-root-field.js";

/** Joins what is seen with what is done. */
export class Page {
  readonly element: HTMLElement;
  readonly #model = new ModelField((model) => this.#modelChanged(model));
  readonly #signature = new SignatureField();
  readonly #publisher = new PublisherField();
  readonly #trustRoot = new TrustRootField();
  readonly #time = new TimeField();
  readonly #progress = new ProgressView(() => this.#cancel());
  readonly #submit = h("button", { type: "submit", class: "button button--main" }, "Verify");
  readonly #status = h("p", { class: "hint", role: "status" });
  readonly #error: FieldError;
  readonly #form: HTMLFormElement;
  readonly #verifier = new Verifier();
  #running: AbortController | undefined;
  #result: ResultView | undefined;

  constructor() {
    this.#error = new FieldError(freshId("error"), [this.#submit]);
    this.#form = h(
      "form",
      { class: "form", novalidate: true },
      this.#model.element,
      this.#signature.element,
      this.#publisher.element,
      h(
        "details",
        { class: "advanced" },
        h("summary", {}, "Advanced"),
        this.#trustRoot.element,
        this.#time.element,
      ),
      h("p", { class: "buttons" }, this.#submit),
      this.#error.element,
      this.#status,
    );
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#verify();
    });
    // A verdict stands beside what it was made from, or it goes.
    for (const type of ["input", "change"]) this.#form.addEventListener(type, () => this.#dropResult());
    this.element = h("div", { class: "page" }, this.#form, this.#progress.element);
  }

  #modelChanged(model: PickedModel | undefined): void {
    this.#dropResult();
    this.#signature.look(model);
  }

  async #verify(): Promise<void> {
    if (this.#running !== undefined) return;
    this.#dropResult();
    const request = this.#request();
    const model = this.#model.value;
    if (request === undefined || model === undefined) return;
    this.#running = new AbortController();
    this.#form.inert = true;
    this.#progress.start();
    try {
      const { verdict, results } = await this.#verifier.verify(
        request,
        (progress) => this.#progress.update(progress),
        this.#running.signal,
      );
      this.#stopRunning();
      this.#showResult(new ResultView(verdict, fileRows(model.files, verdict, results), model.name));
      const { signature } = verdict;
      if (signature.status === "invalid" && signature.error.stage === "bundle") {
        this.#signature.error.show(sentence(signature.error.message), signature.error.code);
      }
    } catch (error) {
      const cancelled = this.#running?.signal.aborted === true;
      this.#stopRunning();
      if (cancelled) this.#showCancelled();
      else this.#showRefusal(error);
    }
  }

  /** What is to be verified, or nothing, with every field that lacks something saying so. */
  #request(): Request | undefined {
    const fields = [this.#model, this.#signature, this.#publisher, this.#trustRoot];
    for (const { error } of fields) error.clear();
    this.#error.clear();
    this.#status.textContent = "";
    const model = this.#model.value;
    const signature = this.#signature.value;
    const policy = this.#publisher.value;
    const trustRoot = this.#trustRoot.value;
    if (model === undefined)
      this.#model.error.show("Choose or drop the model’s folder first.", "files-missing");
    else if (signature === undefined)
      this.#signature.error.show("Choose the signature file.", "signature-missing");
    if (model === undefined || signature === undefined || policy === undefined || trustRoot === undefined) {
      fields.find(({ error }) => error.shown)?.error.focus();
      return undefined;
    }
    const time = this.#time.value;
    return {
      bundle: signature.bundle,
      files: model.files,
      complete: model.complete,
      // A preset is complete in itself.
      policy: "preset" in policy ? policy : { ...policy, trustRoot },
      ...(signature.path === undefined ? {} : { signaturePath: signature.path }),
      ...(time === undefined ? {} : { time }),
    };
  }

  #cancel(): void {
    this.#running?.abort();
  }

  #stopRunning(): void {
    this.#running = undefined;
    this.#form.inert = false;
    this.#progress.stop();
  }

  #showResult(result: ResultView): void {
    this.#result = result;
    this.element.append(result.element);
    result.focus();
  }

  #dropResult(): void {
    this.#result?.remove();
    this.#result = undefined;
  }

  #showCancelled(): void {
    this.#status.textContent = "Cancelled. Nothing was decided.";
    this.#submit.focus();
  }

  /** Beside the field that it is about, or else at the button. */
  #showRefusal(error: unknown): void {
    const refusal: Refusal =
      error instanceof RefusedError
        ? error.refusal
        : { code: "internal", stage: "usage", message: "the verification could not be finished" };
    const field = this.#fieldOf(refusal);
    field.show(sentence(refusal.message), refusal.code);
    field.focus();
  }

  #fieldOf({ stage, code }: Refusal): FieldError {
    // What is not a bundle at all has no verdict.
    if (stage === "bundle") return this.#signature.error;
    if (stage !== "policy") return this.#error;
    // The page itself writes the policy: what is wrong with its JSON, or too large, is the file's.
    if (!/^(json|trust-root)-/.test(code)) return this.#publisher.error;
    this.#trustRoot.reveal();
    return this.#trustRoot.error;
  }
}
