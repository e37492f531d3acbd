// What was handed in, and where it stands in the model.
import { describe, expect, test } from "vitest";
import { nameOfSubject } from "../src/check/lead.js";
import { kindOf } from "../src/given/content.js";
import { leftovers } from "../src/given/leftovers.js";
import { isGenericName, isHubCache, isSnapshot, placeOf } from "../src/given/place.js";

describe("where what was given stands in the model", () => {
  const signed = ["README.md", "config.json", "weights/a.bin", "weights/b.bin"];
  test.each([
    ["the model", signed, { at: "root" }],
    ["a part of it", ["config.json", "other.txt"], { at: "root" }],
    ["the folder above", signed.map((path) => `m/${path}`), { at: "above", folder: "m" }],
    ["two above", signed.map((path) => `x/y/${path}`), { at: "above", folder: "x/y" }],
    ["a folder of it", ["a.bin", "b.bin"], { at: "below", folder: "weights" }],
    ["something else", ["x", "y"], { at: "nowhere" }],
    ["nothing", [], { at: "nowhere" }],
    // One file of the same name at the root is no reason to look into a folder.
    ["the model with a copy inside", [...signed, "old/config.json"], { at: "root" }],
  ])("%s", (_name, given, place) => {
    expect(placeOf(new Set(given), signed)).toEqual(place);
  });
});

describe("leftovers", () => {
  test("are named one by one, and never what was signed", () => {
    const paths = [
      ".DS_Store",
      "a/Thumbs.db",
      "._x",
      "desktop.ini",
      ".cache/huggingface/x",
      ".cache/other",
      "a.DS_Store",
    ];
    expect(leftovers(paths, new Set())).toEqual(
      ["._x", ".DS_Store", ".cache/huggingface", "a/Thumbs.db", "desktop.ini"].sort(),
    );
    expect(leftovers(paths, new Set(["desktop.ini", ".cache/huggingface/signed"]))).toEqual(
      ["._x", ".DS_Store", "a/Thumbs.db"].sort(),
    );
  });
});

describe("what a file is", () => {
  test.each([
    ["empty", ""],
    ["html", "<!DOCTYPE html><p>"],
    ["html", "  <html>"],
    ["lfs-pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"],
    ["key", "-----BEGIN PUBLIC KEY-----\nx"],
    ["key", "ssh-ed25519 AAAA me"],
    ["certificate", "junk before\n-----BEGIN CERTIFICATE-----\nx"],
    ["private-key", "-----BEGIN EC PRIVATE KEY-----\nx"],
    ["private-key", "-----BEGIN OPENSSH PRIVATE KEY-----\nx"],
    ["archive", "\u001f\u008b"],
    ["json", '{"a": 1}'],
    ["bundle", '{"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json"}'],
    ["trust-root", '{"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1"}'],
    ["other", "weights"],
  ])("%s", async (kind, text) => {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    expect(await kindOf(new Blob([bytes]))).toBe(kind);
  });
});

test("folders of the Hugging Face cache are known by their names and what is in them", () => {
  expect(isHubCache("models--acme--m", ["blobs/abc"])).toBe(true);
  expect(isHubCache("models--acme--m", ["config.json"])).toBe(false);
  expect(isHubCache("acme", ["blobs/abc"])).toBe(false);
  expect(isSnapshot("0".repeat(40))).toBe(true);
  expect(isSnapshot("model")).toBe(false);
});

test("nothing is remembered under a name that many models have", () => {
  expect(["model", ".", "", "Main", "a".repeat(40)].every(isGenericName)).toBe(true);
  expect(isGenericName("doca-gpi")).toBe(false);
});

test("a certificate is named by its organisation", () => {
  expect(nameOfSubject("CN=Signing 001,O=NVIDIA Corporation,C=US")).toBe("NVIDIA Corporation");
  expect(nameOfSubject("CN=a\\,b")).toBe("a,b");
  expect(nameOfSubject("OU=x")).toBe("OU=x");
});
