import "../entry/edge-light.js";

export * from "./public.js";
