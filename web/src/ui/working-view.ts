import type { Found, Progress } from "../check/protocol.js";
import { fingerprint, short } from "../messages/format.js";
import type { Speech } from "../messages/index.js";
import { button } from "./buttons.js";
import { freshId, h } from "./dom.js";
import { toneMark } from "./tone-mark.js";

/** A screen reader is told this often; the bar itself moves all the time. */
const SPOKEN_INTERVAL_MS = 10_000;

/** A check under way: what is known already, how far the rest is, and how to stop it. */
export class WorkingView {
  readonly element: HTMLElement;
  readonly #speech: Speech;
  readonly #title: HTMLHeadingElement;
  readonly #bar: HTMLProgressElement;
  readonly #stage = h("p", { class: "progress__stage" });
  readonly #known = h("ul", { class: "known" });
  readonly #amount = h("p", { class: "progress__amount" });
  readonly #path = h("p", { class: "progress__path path", dir: "ltr" });
  readonly #warning = h("div", { class: "warning", hidden: true });
  readonly #spoken = h("p", { class: "visually-hidden", role: "status" });
  readonly #onStop: () => void;
  readonly #started = performance.now();
  #spokenAt = performance.now();

  constructor(speech: Speech, name: string, onStop: () => void) {
    const { m } = speech;
    this.#speech = speech;
    this.#onStop = onStop;
    const id = freshId("working");
    this.#title = h("h2", { id, class: "working__title", tabindex: "-1" }, m.working.title(short(name)));
    this.#bar = h("progress", { class: "progress__bar", "aria-labelledby": id, max: "1" });
    this.#stage.textContent = m.working.listing(speech.format.number(0));
    this.element = h(
      "section",
      { class: "card working", "aria-labelledby": id },
      h("div", { class: "working__head" }, this.#title, button(m.page.cancel, onStop)),
      this.#known,
      this.#warning,
      this.#stage,
      this.#bar,
      this.#amount,
      this.#path,
      this.#spoken,
    );
  }

  focus(): void {
    this.#title.focus({ preventScroll: true });
  }

  listed(count: number): void {
    const { m, format } = this.#speech;
    this.#stage.textContent = m.working.listing(format.number(count));
  }

  checking(): void {
    this.#stage.textContent = this.#speech.m.working.signature;
  }

  found({ signature, signer, modelName, signed, here }: Found): void {
    const { m, format } = this.#speech;
    const who = signer.name === "" ? fingerprint(signer.key ?? "") : short(signer.name);
    const lines = [
      m.working.found(short(signature)),
      m.working.signedBy(who),
      ...(modelName === "" ? [] : [m.working.named(short(modelName))]),
      m.working.here(format.number(here), format.number(signed)),
    ];
    this.#known.replaceChildren(
      ...lines.map((line, index) =>
        h(
          "li",
          {},
          toneMark(index === lines.length - 1 && here < signed ? "open" : "good"),
          h("span", {}, line),
        ),
      ),
    );
    this.#stage.textContent = m.working.comparing;
    this.#spoken.textContent = `${m.working.signedBy(who)}. ${m.working.comparing}.`;
  }

  contradiction(path: string): void {
    const { m } = this.#speech;
    const text = m.working.contradiction(short(path));
    this.#warning.hidden = false;
    this.#warning.replaceChildren(
      toneMark("bad"),
      h("p", {}, text),
      button(m.page.stopHere, this.#onStop, "button--small"),
    );
    this.#spoken.textContent = text;
  }

  progress(progress: Progress): void {
    const { m, format } = this.#speech;
    const { bytes, totalBytes, path, bytesPerSecond, secondsLeft } = progress;
    const now = performance.now();
    const share = totalBytes === 0 ? 1 : bytes / totalBytes;
    this.#bar.value = share;
    const amount = m.working.amount(format.bytes(bytes), format.bytes(totalBytes));
    const rest =
      now - this.#started < 2000 || !bytesPerSecond || secondsLeft === undefined
        ? ""
        : m.working.rest(format.bytes(Math.round(bytesPerSecond)), format.duration(secondsLeft));
    this.#amount.textContent = `${amount}${rest}`;
    this.#path.textContent = short(path);
    document.title = m.working.documentTitle(
      new Intl.NumberFormat(m.language, { style: "percent", maximumFractionDigits: 0 }).format(share),
    );
    if (now - this.#spokenAt < SPOKEN_INTERVAL_MS) return;
    this.#spokenAt = now;
    this.#spoken.textContent = amount;
  }
}
