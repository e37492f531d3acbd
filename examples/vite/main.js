import { verify } from "modelseal";
import { fromFileList } from "modelseal/files";

const element = (id) => document.getElementById(id);

element("check").addEventListener("click", async () => {
  const [bundle] = element("bundle").files;
  const [key] = element("key").files;
  const verdict = await verify({
    bundle, // a File
    files: fromFileList(element("model").files),
    policy: { method: "key", publicKey: await key.text() },
    onProgress: ({ bytes }) => element("outcome").replaceChildren(`${bytes} bytes`),
  });
  element("outcome").replaceChildren(verdict.outcome, " ", verdict.reasons.join(", "));
});
