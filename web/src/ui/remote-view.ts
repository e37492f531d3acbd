import type { RemoteModel } from "../given/remote.js";
import { shown } from "../messages/format.js";
import type { Speech } from "../messages/index.js";
import { button } from "./buttons.js";
import { h } from "./dom.js";

/** A model at an address that a link named: where it is, and a press before anything is fetched. */
export class RemoteView {
  readonly element: HTMLElement;

  constructor({ m }: Speech, remote: RemoteModel | "wrong", onFetch: () => void) {
    this.element =
      remote === "wrong"
        ? h("section", { class: "card" }, h("p", {}, m.remote.wrong))
        : h(
            "section",
            { class: "card remote" },
            h("h2", {}, m.remote.title(shown(remote.source.host))),
            h("p", { class: "path", dir: "ltr" }, shown(remote.source.href)),
            h("p", { class: "hint" }, m.remote.hint),
            h(
              "p",
              { class: "buttons" },
              button(m.remote.ask(shown(remote.source.host)), onFetch, "button--main"),
            ),
          );
  }
}
