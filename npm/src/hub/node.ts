import "../entry/node.js";

export * from "./public.js";
