import "./style.css";
import { Page } from "./ui/page.js";

document.querySelector("main")?.append(new Page().element);
