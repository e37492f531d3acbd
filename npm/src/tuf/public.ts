export { RefreshError } from "./client.js";
export type { RefreshedTrustRoot, RefreshOptions, StoredTrustRoot, TrustRootStore } from "./refresh.js";
export { refreshTrustRoot, storedTrustRoot } from "./refresh.js";
