import { answer } from "./handler.js";

export default { fetch: answer };
