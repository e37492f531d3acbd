import type { Answer } from "../check/answer.js";
import { shown } from "../messages/format.js";
import type { Speech } from "../messages/index.js";
import { h } from "./dom.js";
import { toneMark } from "./tone-mark.js";

/** Members of an object, or items of a list, that are shown. */
const MOST = 200;

/** The signature's file as a tree. What is deep in it is made when it is opened. */
export function rawTree(text: string, answer: Answer, speech: Speech): HTMLElement {
  const root: unknown = parse(text);
  const payload = payloadOf(root);
  const verified = verifiedParts(answer);
  return h(
    "div",
    { class: "tree" },
    node("", root, "", verified, speech),
    payload === undefined ? undefined : node("payload", payload, "dsseEnvelope.payload", verified, speech),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return text;
  }
}

/** The statement that is signed, decoded. */
function payloadOf(root: unknown): unknown {
  try {
    const { dsseEnvelope } = root as { dsseEnvelope: { payload: string } };
    const bytes = Uint8Array.from(atob(dsseEnvelope.payload), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** The parts that the check went by. Anything else in the file is what its author wrote. */
function verifiedParts({ brief, artifact }: Answer): readonly string[] {
  const signature = (brief?.verdict ?? artifact)?.signature;
  if (signature?.status !== "valid") return [];
  const parts = ["dsseEnvelope", "messageSignature"];
  if (signature.method !== "key") {
    parts.push("verificationMaterial.certificate", "verificationMaterial.x509CertificateChain");
  }
  if (signature.logEntries.length > 0) parts.push("verificationMaterial.tlogEntries");
  if (signature.verifiedTimes.some(({ source }) => source === "timestamp-authority"))
    parts.push("verificationMaterial.timestampVerificationData");
  return parts;
}

function node(
  name: string,
  value: unknown,
  path: string,
  verified: readonly string[],
  speech: Speech,
): HTMLElement {
  const { m } = speech;
  const isVerified = verified.some((part) => path === part || path.startsWith(`${part}.`));
  // A folder of parts is neither: its parts are.
  const mixed = verified.some((part) => part.startsWith(path === "" ? "" : `${path}.`)) && !isVerified;
  const mark = mixed
    ? []
    : [
        toneMark(isVerified ? "good" : "open"),
        h(
          "span",
          { class: "visually-hidden" },
          isVerified ? m.evidence.verifiedNode : m.evidence.claimedNode,
        ),
      ];
  const label = h("span", { class: "tree__name" }, shown(name === "" ? "{ }" : name));
  if (typeof value !== "object" || value === null) {
    return h(
      "div",
      { class: "tree__leaf" },
      ...mark,
      label,
      h("code", { class: "path" }, shown(typeof value === "string" ? value : JSON.stringify(value))),
    );
  }
  const members: [string, unknown][] = Object.entries(value);
  const body = h("div", { class: "tree__body" });
  const element = h("details", { class: "tree__node" }, h("summary", {}, ...mark, label), body);
  let made = false;
  const fill = () => {
    if (made) return;
    made = true;
    body.append(
      ...members
        .slice(0, MOST)
        .map(([key, member]) => node(key, member, path === "" ? key : `${path}.${key}`, verified, speech)),
    );
    if (members.length > MOST) body.append(h("p", { class: "hint" }, `… ${members.length - MOST}`));
  };
  element.addEventListener("toggle", fill);
  if (name === "") {
    element.open = true;
    fill();
  }
  return element;
}
