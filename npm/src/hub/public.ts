export { type CheckHubRequest, checkHub, type HubCheck, type HubSignature } from "./check-hub.js";
export type { Hub, HubFile, HubListing } from "./hub.js";
export { HubError, type HubErrorCode } from "./hub-error.js";
export { type HuggingFaceOptions, huggingFace } from "./hugging-face.js";
export { type JsonListingOptions, jsonListing } from "./json-listing.js";
