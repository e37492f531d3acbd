import "../entry/workerd.js";

export * from "./public.js";
