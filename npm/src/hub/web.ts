import "../entry/browser.js";

export * from "./public.js";
