// A model at an address that a link names (`link.html?src=…`). It is a document of its own, since its policy allows
// what that of the page does not: to fetch files.
import "./style.css";
import { RemoteModel } from "./given/remote.js";
import { preferredLanguage, speech } from "./messages/index.js";
import { canRun } from "./support.js";
import { Page } from "./ui/page.js";

new Page(await speech(preferredLanguage()), canRun(), {}, RemoteModel.of(location.search) ?? "wrong");
