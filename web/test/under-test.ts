import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { Models } from "./models.js";
import { Site, type Visit } from "./site.js";

/** The page and models for the tests of one file. */
export interface UnderTest {
  readonly models: Models;
  readonly site: Site;
  /** Where the page was built to. */
  readonly dist: string;
  /** Visits the page; the visit ends with its test. */
  visit(...args: Parameters<Site["visit"]>): Promise<Visit>;
}

/**
 * Builds and serves the page for the tests of a file. Whatever a test does, the page's policy holds, nothing is asked
 * of others, and nothing is thrown; a file whose tests have a stand-in for others says so.
 */
export function usePage({ asksOthers = false } = {}): UnderTest {
  let models: Models;
  let site: Site;
  let visits: Visit[] = [];
  const dist = () => join(models.root, "dist");

  beforeAll(async () => {
    models = await Models.create();
    site = await Site.open(dist());
  });

  afterAll(async () => {
    await site?.close();
    await models?.remove();
  });

  afterEach(async () => {
    const over = visits;
    visits = [];
    await Promise.all(over.map(({ page }) => page.context().close()));
    if (asksOthers) return;
    for (const { complaints, foreignRequests } of over) {
      expect(complaints).toEqual([]);
      expect(foreignRequests).toEqual([]);
    }
  });

  return {
    get models() {
      return models;
    },
    get site() {
      return site;
    },
    get dist() {
      return dist();
    },
    async visit(...args) {
      const made = await site.visit(...args);
      visits.push(made);
      return made;
    },
  };
}
