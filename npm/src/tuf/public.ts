export type { RefreshedTrustRoot, RefreshOptions, TrustRootStore } from "./refresh.js";
export { RefreshError, refreshTrustRoot, storedTrustRoot } from "./refresh.js";
