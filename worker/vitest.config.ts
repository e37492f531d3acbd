import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // The gateway is built into one folder.
    fileParallelism: false,
    silent: "passed-only",
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
