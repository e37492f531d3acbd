// Which part of a file a request asks for (RFC 9110 section 14), as strictly as the clients of hubs need it: an
// answer of 200 or 416 to a range makes several of them join wrong bytes, or take half a file for a whole one.

/** What is asked for. `probe` is `bytes=0-0`, by which clients learn how long a file is. */
export type Wanted =
  | { readonly kind: "whole" }
  | { readonly kind: "probe" }
  | { readonly kind: "part"; readonly start: number; readonly end: number }
  | { readonly kind: "refused"; readonly why: string };

/** Reads a Range header. Both ends of a part are included. */
export function readRange(header: string | null | undefined, size: number): Wanted {
  if (header === null || header === undefined) return { kind: "whole" };
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim());
  if (match === null) return { kind: "refused", why: "only one range of bytes can be asked for" };
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return { kind: "refused", why: "the range is empty" };
  if (first === "0" && last === "0") return { kind: "probe" };
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (start > end) return { kind: "refused", why: `the range lies outside the file of ${size} bytes` };
  return { kind: "part", start, end };
}

/** Whether the file is still the one that the client has a part of. A date says nothing about a file that is signed. */
export function ifRangeMatches(header: string | null | undefined, etag: string): boolean {
  return header === null || header === undefined || header.trim() === etag;
}
