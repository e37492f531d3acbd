export { fromDirectory } from "./directory.js";
export * from "./web.js";
