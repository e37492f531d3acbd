/** Reads a body whole, up to a limit; throws what `tooLong` makes for a longer one. */
export async function readBody(response: Response, most: number, tooLong: () => Error): Promise<Blob> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let step = await reader?.read(); step?.done === false; step = await reader?.read()) {
    length += step.value.byteLength;
    if (length > most) {
      await reader?.cancel();
      throw tooLong();
    }
    parts.push(step.value);
  }
  return new Blob(parts as BlobPart[]);
}
