import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    // A browser and an edge runtime must start first, and machines differ.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
