/** The part of Trusted Types that the page uses; TypeScript's DOM types do not know it yet. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };

/** The only policy that the page's CSP allows: scripts of its own origin. HTML from text has none. */
const policy = trustedTypes?.createPolicy("modelseal", {
  createScriptURL(url) {
    if (new URL(url, location.href).origin !== location.origin)
      throw new TypeError("a script of another origin");
    return url;
  },
});

export function scriptUrl(url: string): string {
  return policy?.createScriptURL(url) ?? url;
}
