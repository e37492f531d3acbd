import type { Configuration } from "./configuration/configuration.js";
import type { Host } from "./host.js";
import { Models } from "./models/models.js";
import { Records } from "./store/records.js";
import { TrustRoots } from "./trust-roots.js";

/** The gateway: its configuration, its host, and what it remembers. */
export class Gateway {
  readonly configuration: Configuration;
  readonly host: Host;
  readonly records: Records;
  readonly trustRoots: TrustRoots;
  readonly models: Models;

  constructor(configuration: Configuration, host: Host) {
    this.configuration = configuration;
    this.host = host;
    this.records = new Records(host.store);
    const { policies, refreshTrustRoots } = configuration;
    this.trustRoots = new TrustRoots(policies.values(), refreshTrustRoots, this.records, host);
    this.models = new Models(configuration.limits, this.records, host, this.trustRoots);
  }
}
