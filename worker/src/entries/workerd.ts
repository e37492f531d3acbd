import { createApp } from "../app.js";

// The Wasm module arrives as a static import, through the package's `workerd` condition: this
// runtime refuses to compile one at run time.
export default createApp();
