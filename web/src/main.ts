import "./style.css";
import { preferredLanguage, speech } from "./messages/index.js";
import { keepForOffline, takeOverNewVersion } from "./offline/register.js";
import { canRun } from "./support.js";
import { Page } from "./ui/page.js";

const waiting = takeOverNewVersion();
const spoken = await speech(preferredLanguage());
await waiting;
new Page(spoken, canRun());
keepForOffline();
