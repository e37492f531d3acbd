/** What `modelseal --help` prints. */
export const HELP = `Checks who signed an AI model, and whether every byte is what they signed

Usage:
  modelseal verify key MODEL --signature BUNDLE --public-key PEM [options]
  modelseal verify certificate MODEL --signature BUNDLE --certificate-chain PEM... [options]
  modelseal verify sigstore MODEL --signature BUNDLE --identity IDENTITY --identity-provider URL [options]
  modelseal verify preset NAME MODEL --signature BUNDLE [options]
  modelseal verify artifact FILE|DIGEST --bundle BUNDLE --identity IDENTITY --identity-provider URL [options]
  modelseal inspect BUNDLE [--format text|json]
  modelseal roots [NAME|FILE] [--format text|json]
  modelseal roots update [NAME] [--check] [--mirror URL] [--offline DIR]
  modelseal roots reset [NAME]

Options of verify:
  --signature BUNDLE         the signature bundle
  --public-key PEM           the signer's public key (methods key and artifact)
  --certificate-chain PEM    a file with certificates: the self-signed ones are trusted as anchors; may be given several
                             times (method certificate)
  --anchor-digest sha256:HEX an anchor by its digest, for bundles that contain it; may be given several times
  --intermediate-anchors     also accept anchors that are not self-signed
  --allow-digests-v01        also accept the form of v0.2.0, which has no root digest
  --trust-root NAME|FILE     what log entries and timestamps are checked with: production (the default of the
                             methods sigstore and artifact), staging, github, or a trusted_root.json
  --ignore-paths PATH        a file or folder of the model to leave out; may be given several times
  --ignore-unsigned-files    allow files that the signature does not cover
  --allow-symlinks           follow symlinks to files within the model, if the signer allowed it too
  --link-targets DIR         a folder outside the model that symlinks may lead to, straight to its files: they count as
                             those files (the blobs of a Hugging Face cache are found without this)
  --at RFC3339               check certificates for this time instead of now, where the bundle has no verified signing time
  --max-clock-skew SECONDS   how many seconds this machine's clock may be behind a verified signing time (default: 60)
  --root-digest sha256:HEX   expect the model with this root digest, and no other
  --model-name NAME          expect the model that was signed under this name, and no other
  --deny sha256:HEX          deny a certificate, key, model or artifact by its digest; may be given several times
  --format text|json         how to print the verdict
  --diagnostics              have the JSON say how the files were hashed, which depends on the machine

Expected signer (methods sigstore and artifact); every string is compared exactly:
  --identity IDENTITY        an e-mail address, a URI or a user name; several times: any of them
  --identity-provider URL    the OpenID Connect issuer of the identity; once, or once for each identity
  --no-identity-provider     expect a certificate that names no issuer, as those of GitHub's own authority
  --source-repository URL, --source-repository-id NUMBER, --source-repository-owner URL,
  --source-repository-owner-id NUMBER, --source-repository-ref REF, --source-repository-digest HEX,
  --source-repository-visibility WORD, --workflow URL, --workflow-digest HEX, --trigger EVENT,
  --signer-workflow URL, --signer-workflow-digest HEX, --run-invocation URL, --runner-environment WORD
                             what else the certificate must say, or instead of an identity
  --report-only              expect no one, and report who signed; the verdict is at best incomplete
  --use-staging              the trust root of Sigstore's staging instance

Attestations (method artifact):
  --predicate-type URI       accept an attestation of this type; several times: any of them (default: SLSA provenance)
  --any-predicate-type       accept an attestation of any type: what it says is not checked

Trust roots (roots update, which asks a server, and no other command does):
  --check                    only show which logs and authorities come, go or change
  --mirror URL               the address of a mirror: https, or http on this machine
  --offline DIR              a folder with the layout of a mirror, in place of one on the web

Exit codes:
  0  verified
  1  not verified, or only in part
  2  could not be checked (wrong use, something unreadable)
`;
