import type { ArtifactSignature, SignatureValid } from "modelseal";
import type { Answer } from "../check/answer.js";
import type { Client } from "../check/client.js";
import { command } from "../check/command.js";
import { short, shown } from "../messages/format.js";
import type { Speech } from "../messages/index.js";
import { copyButton, fold } from "./buttons.js";
import { h } from "./dom.js";
import { rawTree } from "./raw-tree.js";

type Fact = readonly [name: string, ...values: (Node | string)[]];

/** Everything that stands behind an answer, for those who want to know, and to take along. */
export function evidence(answer: Answer, speech: Speech, client: Client): Node[] {
  const { m } = speech;
  const verdict = answer.brief?.verdict ?? answer.artifact;
  if (verdict === undefined) return [];
  const { signature } = verdict;
  const facts: Fact[] = [
    ...signerFacts(answer, speech),
    ...(signature.status === "valid" ? signatureFacts(signature, speech) : []),
    ...(signature.status === "valid"
      ? []
      : [
          [
            m.evidence.code,
            h("code", {}, signature.error.code),
            ` ${shown(signature.error.message)}`,
          ] as Fact,
        ]),
    ...boundFacts(answer, speech),
    ...ruleFacts(answer, speech),
  ];
  return [
    h(
      "dl",
      { class: "facts" },
      ...facts.flatMap(([name, ...values]) => [h("dt", {}, name), h("dd", {}, ...values)]),
    ),
    fold(
      m.sections.raw,
      () => {
        const box = h("div", {}, h("p", { class: "hint" }, m.evidence.rawHint));
        void client.bundle().then((text) => {
          if (text !== undefined) box.append(rawTree(text, answer, speech));
        });
        return [box];
      },
      "raw",
    ),
  ];
}

function signerFacts({ signer, known }: Answer, { m }: Speech): Fact[] {
  if (signer === undefined) return [];
  const { evidence } = m;
  const facts: Fact[] = [];
  const claimed = signer.claimed ? [` (${evidence.claimed})`] : [];
  if (signer.method !== "key") {
    const name = known?.name ?? shown(signer.name);
    const subject =
      signer.subject !== null && signer.method === "certificate" ? ` · ${shown(signer.subject)}` : "";
    facts.push([evidence.signer, h("strong", {}, name), subject, ...claimed]);
  }
  if (signer.method === "sigstore") {
    facts.push([
      m.expert.issuer,
      signer.issuer === null ? evidence.noIssuer : shown(signer.issuer),
      ...claimed,
    ]);
  }
  if (known !== undefined) facts.push([evidence.howKnown, leaving(known.source, known.source, m)]);
  if (signer.key !== null) facts.push([evidence.key, ...copied(signer.key, m), ...claimed]);
  return facts;
}

function signatureFacts(signature: SignatureValid | ArtifactSignature, { m, format }: Speech): Fact[] {
  const { chain, identity, logEntries, verifiedTimes, algorithm } = signature;
  const { evidence } = m;
  const times = verifiedTimes.map(({ at, authority }) =>
    h("span", { class: "line" }, evidence.before(format.instant(at), short(authority))),
  );
  return [
    ...chain.map(
      ({ subject, notBefore, notAfter, sha256 }, index): Fact => [
        index === 0 ? evidence.howKnown : "←",
        subject === "" ? "" : `${shown(subject)}, `,
        `${evidence.valid(format.day(notBefore), format.day(notAfter))} `,
        ...copied(`sha256:${sha256}`, m),
      ],
    ),
    [evidence.when, ...(times.length === 0 ? [evidence.never] : times)],
    ...logEntries.map(
      ({ log, index, inclusion }): Fact => [
        evidence.log,
        `${evidence.entry(String(index), short(log), inclusion === "proved")} `,
        ...publicLog(log, index, m),
      ],
    ),
    ...Object.entries(identity?.fields ?? {}).map(
      ([field, value]): Fact => [
        evidence.fields[field as keyof typeof evidence.fields] ?? field,
        shown(String(value)),
      ],
    ),
    [evidence.algorithm, algorithm],
  ];
}

function boundFacts({ brief, artifact }: Answer, { m }: Speech): Fact[] {
  const verdict = brief?.verdict ?? artifact;
  if (verdict === undefined) return [];
  const { evidence } = m;
  const facts: Fact[] = [];
  const model = brief?.verdict.model;
  if (model?.name != null) facts.push([evidence.name, shown(model.name)]);
  if (model?.rootDigest != null) facts.push([evidence.rootDigest, ...copied(model.rootDigest, m)]);
  facts.push([evidence.bundleDigest, ...copied(`sha256:${verdict.bundle.sha256}`, m)]);
  const { trustRoot } = verdict;
  if (trustRoot !== null) {
    const name = trustRoot.name === null ? evidence.ownRoot : `${trustRoot.name} ${trustRoot.date ?? ""}`;
    facts.push([evidence.trustRoot, `${name} `, ...copied(`sha256:${trustRoot.sha256}`, m)]);
  }
  return facts;
}

function ruleFacts(answer: Answer, { m, format }: Speech): Fact[] {
  const verdict = answer.brief?.verdict ?? answer.artifact;
  if (verdict === undefined) return [];
  const { evidence } = m;
  const line = command(answer);
  return [
    [evidence.judgedAt, `${format.instant(verdict.judgedAt)} (${evidence.basis[verdict.judgedAtBasis]})`],
    ...(verdict.validUntil === null
      ? []
      : [[evidence.validUntil, format.instant(verdict.validUntil)] as Fact]),
    ...(answer.policy === undefined
      ? []
      : [
          [
            evidence.rule(evidence.by[answer.expectation?.by ?? "nobody"]),
            h("code", { class: "path" }, shown(answer.policy)),
          ] as Fact,
        ]),
    ...(line === undefined ? [] : [[evidence.repeat, ...copied(line, m)] as Fact]),
    ...(verdict.notes.length === 0
      ? []
      : [[evidence.notes, format.list(verdict.notes.map((note) => m.notes[note]))] as Fact]),
    [evidence.checkedBy, `modelseal ${verdict.modelseal}, ${format.instant(verdict.evaluatedAt)}`],
  ];
}

function copied(text: string, m: Speech["m"]): Node[] {
  return [
    h("code", { class: "path" }, shown(text)),
    copyButton({ copy: m.actions.copy, copied: m.actions.copied }, text),
  ];
}

/** A link that leaves the page, by a click alone; nothing of the page goes with it. */
function leaving(href: string, label: string, m: Speech["m"]): Node {
  return h(
    "a",
    { href, rel: "noreferrer noopener", target: "_blank", class: "leaving" },
    label,
    h("span", { class: "visually-hidden" }, ` (${m.evidence.leaves})`),
  );
}

/** Sigstore's own log has a page for each entry. Of other logs none is known. */
function publicLog(log: string, index: number, m: Speech["m"]): Node[] {
  if (log !== "https://rekor.sigstore.dev") return [];
  return [leaving(`https://search.sigstore.dev/?logIndex=${index}`, m.evidence.openLog, m)];
}
