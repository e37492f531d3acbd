import "./style.css";
import { preferredLanguage, speech } from "./messages/index.js";
import { canRun } from "./support.js";
import { Page } from "./ui/page.js";

new Page(await speech(preferredLanguage()), canRun());
