import { h } from "./dom.js";

export function button(label: string, onPress: () => void, kind = ""): HTMLButtonElement {
  const element = h("button", { type: "button", class: `button ${kind}`.trim() }, label);
  element.addEventListener("click", onPress);
  return element;
}

/** Copies a text, and says so where it stands. */
export function copyButton(
  labels: { readonly copy: string; readonly copied: string },
  text: string,
): HTMLElement {
  const element = button(labels.copy, () => {
    void navigator.clipboard.writeText(text).then(
      () => {
        element.textContent = labels.copied;
        setTimeout(() => {
          element.textContent = labels.copy;
        }, 2000);
      },
      () => {},
    );
  });
  element.classList.add("button--small");
  return element;
}

/** A part of the page that is folded until it is wanted; what is in it is made when it is opened. */
export function fold(
  title: string,
  make: () => readonly (Node | string)[],
  name: string,
): HTMLDetailsElement {
  const body = h("div", { class: "fold__body" });
  const element = h("details", { class: "fold", "data-fold": name }, h("summary", {}, title), body);
  let made = false;
  element.addEventListener("toggle", () => {
    if (made || !element.open) return;
    made = true;
    body.append(...make());
  });
  return element;
}
