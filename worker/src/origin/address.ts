// Which addresses may be asked: HTTPS, by name, and only those that the configuration lists.

export interface AddressRules {
  /** For tests on one machine alone. */
  readonly allowLoopback: boolean;
}

/** Reads the address of an origin, or of a folder there. Throws where it may not be used. */
export function requireOrigin(
  address: string,
  { allowLoopback }: AddressRules,
  what: "folder" | "origin",
): URL {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new Error("must be an address");
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new Error("must have no user, no password, no query and no fragment");
  }
  if (what === "origin" && url.pathname !== "/") throw new Error("must be an origin: no path");
  if (allowLoopback && isLoopback(url)) return url;
  if (url.protocol !== "https:") throw new Error("must be https:");
  if (isLiteral(url.hostname) || isLoopback(url))
    throw new Error("must be a name, not the address of a machine");
  return url;
}

/** Whether an address that an origin redirects to may be asked. */
export function isAllowed(url: URL, allowed: ReadonlySet<string>): boolean {
  return allowed.has(url.origin) && url.username === "" && url.password === "";
}

/** `URL` writes every form of an IPv4 address, such as `0x7f000001`, with four decimal numbers. */
function isLiteral(hostname: string): boolean {
  return hostname.startsWith("[") || /^[\d.]+$/.test(hostname);
}

function isLoopback({ hostname }: URL): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "127.0.0.1" ||
    hostname === "[::1]"
  );
}
