// A host for tests that need no runtime: what they do not use throws.
import { createHash } from "node:crypto";
import type { Host } from "../src/host.js";

export function testHost(given: Partial<Host> = {}): Host {
  return {
    runtime: "node",
    store: undefined,
    pull: () => Promise.reject(new Error("not used")),
    sha256() {
      const hash = createHash("sha256");
      return { push: (bytes) => void hash.update(bytes), finish: async () => hash.digest("hex") };
    },
    fixLength: (body) => body,
    log: () => {},
    ...given,
  };
}
