// The public interface of the package, as its declarations say it, without comments: npm/api.txt. With `--check` it
// compares, so that no change of the interface goes unseen.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** A file of declarations without its comments. */
const files = new Map();
function declarations(path) {
  if (!files.has(path)) {
    const text = readFileSync(path, "utf8");
    files.set(path, text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "").replace(/\n\s*\n/g, "\n"));
  }
  return files.get(path);
}

/** What a file exports: each name with the text of its declarations. */
function exported(path) {
  const text = declarations(path);
  const found = new Map();
  const from = (source) => join(dirname(path), source.replace(/\.js$/, ".d.ts"));
  for (const [, source] of text.matchAll(/^export (?:type )?\* from "(\.[^"]+)";/gm))
    for (const [name, declared] of exported(from(source))) found.set(name, declared);
  for (const [, names, source] of text.matchAll(/^export (?:type )?\{([^}]*)\} from "(\.[^"]+)";/gm)) {
    const there = exported(from(source));
    for (const { name, as } of listed(names)) found.set(as, renamed(there.get(name), name, as));
  }
  for (const [, names] of text.matchAll(/^export (?:type )?\{([^}]*)\};/gm)) {
    for (const { name, as } of listed(names)) {
      const [, source] =
        new RegExp(`import (?:type )?\\{[^}]*\\b${name}\\b[^}]*\\} from "(\\.[^"]+)"`).exec(text) ?? [];
      if (source !== undefined) found.set(as, renamed(exported(from(source)).get(name), name, as));
      else if (declared(text, name) !== "") found.set(as, declared(text, name));
    }
  }
  for (const [, name] of text.matchAll(
    /^export (?:declare )?(?:abstract )?(?:class|const|function|interface|type) (\w+)/gm,
  ))
    found.set(name, declared(text, name));
  return found;
}

function listed(names) {
  return names
    .split(",")
    .map((name) => name.trim().replace(/^type /, ""))
    .filter((name) => name !== "")
    .map((name) => {
      const [own, as = own] = name.split(" as ");
      return { name: own, as };
    });
}

function renamed(text, name, as) {
  if (text === undefined) throw new Error(`nothing declares ${name}`);
  return name === as ? text : text.replace(new RegExp(`\\b${name}\\b`), as);
}

/** The declarations of a name: a function may have several. */
function declared(text, name) {
  const start = new RegExp(
    `^(?:export )?(?:declare )?((?:abstract )?(?:class|const|function|interface|type) ${name}\\b)`,
    "gm",
  );
  const parts = [];
  for (const match of text.matchAll(start)) {
    const begin = match.index + match[0].length - match[1].length;
    parts.push(text.slice(begin, endOf(text, begin)).trim());
  }
  return parts.join("\n");
}

/** Where a declaration ends: at its semicolon, or at the brace that closes a class or an interface. */
function endOf(text, begin) {
  const block = /^(?:abstract )?(?:class|interface)/.test(text.slice(begin, begin + 20));
  let depth = 0;
  for (let at = begin; at < text.length; at += 1) {
    if ("{([".includes(text[at])) depth += 1;
    if ("})]".includes(text[at])) depth -= 1;
    if (depth === 0 && ((block && text[at] === "}") || (!block && text[at] === ";"))) return at + 1;
  }
  return text.length;
}

const main = exported(join(root, exports["."].types));
const parts = [];
for (const [entry, { types }] of Object.entries(exports)) {
  if (types === undefined) continue;
  const names = [...exported(join(root, types))].sort(([a], [b]) => (a < b ? -1 : 1));
  // Some entries have the main one in them.
  const own = entry === "." ? names : names.filter(([name, text]) => main.get(name) !== text);
  const all = entry !== "." && names.length - own.length === main.size ? "everything of modelseal\n" : "";
  parts.push(`# ${join("modelseal", entry)}\n\n${all}${own.map(([, text]) => text).join("\n")}\n`);
}
const api = parts.join("\n");
const file = join(root, "api.txt");
if (!process.argv.includes("--check")) writeFileSync(file, api);
else if (readFileSync(file, "utf8") !== api) {
  console.error(
    "the interface of the package is not what npm/api.txt says: look at the change, then `npm run api -w npm`",
  );
  process.exitCode = 1;
}
