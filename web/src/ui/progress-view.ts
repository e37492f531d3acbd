import type { Progress } from "../model/protocol.js";
import { shown } from "../model/shown.js";
import { counted, shownBytes, shownDuration } from "../model/sizes.js";
import { freshId, h } from "./dom.js";

/** A screen reader is told this often; the bar itself moves all the time. */
const SPOKEN_INTERVAL_MS = 10_000;

/** How far the hashing is, and the button that stops it. */
export class ProgressView {
  readonly element: HTMLElement;
  readonly #bar: HTMLProgressElement;
  readonly #title: HTMLHeadingElement;
  readonly #amount = h("p", { class: "progress__amount" });
  readonly #path = h("p", { class: "progress__path path", dir: "ltr" });
  readonly #spoken = h("p", { class: "visually-hidden", role: "status" });
  #started = 0;
  #spokenAt = 0;

  constructor(onCancel: () => void) {
    const id = freshId("progress");
    this.#title = h("h2", { id, tabindex: "-1" }, "Verifying…");
    this.#bar = h("progress", { class: "progress__bar", "aria-labelledby": id, max: "1" });
    const cancel = h("button", { type: "button", class: "button" }, "Cancel");
    cancel.addEventListener("click", onCancel);
    this.element = h(
      "section",
      { class: "card progress", "aria-labelledby": id, hidden: true },
      this.#title,
      this.#bar,
      this.#amount,
      this.#path,
      h("p", { class: "buttons" }, cancel),
      this.#spoken,
    );
  }

  start(): void {
    this.#started = performance.now();
    this.#spokenAt = this.#started;
    this.#bar.removeAttribute("value");
    this.#amount.textContent = "Checking the signature";
    this.#path.textContent = "";
    this.#spoken.textContent = "";
    this.element.hidden = false;
    this.#title.focus();
  }

  update(progress: Progress): void {
    const { files, totalFiles, bytes, totalBytes, path } = progress;
    const now = performance.now();
    this.#bar.value = totalBytes === 0 ? 1 : bytes / totalBytes;
    const amount = `${shownBytes(bytes)} of ${shownBytes(totalBytes)}, ${files.toLocaleString("en")} of ${counted(totalFiles, "file")}`;
    this.#amount.textContent = `${amount}${this.#rest(progress, now)}`;
    this.#path.textContent = shown(path);
    if (now - this.#spokenAt < SPOKEN_INTERVAL_MS) return;
    this.#spokenAt = now;
    this.#spoken.textContent = amount;
  }

  stop(): void {
    this.element.hidden = true;
  }

  #rest({ bytesPerSecond, secondsLeft }: Progress, now: number): string {
    if (now - this.#started < 2000 || !bytesPerSecond || secondsLeft === undefined) return "";
    return `, ${shownBytes(Math.round(bytesPerSecond))}/s, about ${shownDuration(secondsLeft)} left`;
  }
}
