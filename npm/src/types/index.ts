export type * from "./claims.js";
export type * from "./codes.js";
export type * from "./files.js";
export type * from "./policies.js";
export type * from "./requests.js";
export type * from "./verdict.js";
