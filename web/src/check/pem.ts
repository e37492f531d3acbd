const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** The certificates of a PEM file; a text without any is for the core to refuse. */
export function pemCertificates(text: string): string[] {
  return text.match(PEM_CERTIFICATE) ?? [text];
}
