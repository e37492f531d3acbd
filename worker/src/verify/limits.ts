/** The gateway's limits. The file that configures it may set each. */
export interface Limits {
  readonly bodyBytes: number;
  readonly bundleBytes: number;
  readonly smallFileBytes: number;
  readonly fileBytes: number;
  readonly originHeadersSeconds: number;
  readonly originSilenceSeconds: number;
  readonly recheckSeconds: number;
}

const MIB = 1024 * 1024;

/** What holds where the configuration does not say. */
export const LIMITS: Limits = {
  /**
   * A request's body: a bundle and a listing of some 6,000 files.
   *
   * The core takes bundles of up to 64 MiB, but an isolate at the edge has 128 MB for all that it does at
   * once. A request is held as bytes, as text, as parsed values, and its bundle again in the Wasm module,
   * whose memory never shrinks. Measured in workerd, the worst body of 2 MB (a bundle that is an array of
   * numbers) took 98 MB, an honest one of that size 64 MB; the worst of 8 MB took 330 MB.
   */
  bodyBytes: 2 * MIB,
  bundleBytes: 2 * MIB,
  smallFileBytes: 4 * MIB,
  fileBytes: 160_000 * MIB,
  // Clients of hubs give up after 10 s without headers.
  originHeadersSeconds: 8,
  originSilenceSeconds: 30,
  recheckSeconds: 60,
};
