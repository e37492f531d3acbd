/** What `modelseal --help` prints. */
export const HELP = `Checks who signed an AI model, and whether every byte is what they signed

Usage:
  modelseal verify key MODEL --signature BUNDLE --public-key PEM [options]
  modelseal verify certificate MODEL --signature BUNDLE --certificate-chain PEM... [options]
  modelseal verify sigstore MODEL --signature BUNDLE --identity WHO --identity-provider URL [options]
  modelseal verify preset NAME MODEL --signature BUNDLE [options]
  modelseal verify attestation FILE|sha256:HEX --bundle BUNDLE --identity WHO --identity-provider URL
  modelseal inspect BUNDLE
  modelseal roots [NAME|FILE]

Options of verify:
  --signature BUNDLE         the signature bundle
  --public-key PEM           the signer's public key (methods key and attestation)
  --certificate-chain PEM    a certificate trusted as an anchor; may be given several times (method certificate)
  --anchor-digest sha256:HEX an anchor by its digest, for bundles that bring it; may be given several times
  --intermediate-anchors     also accept anchors that are not self-signed
  --allow-digests-v01        also accept the form of v0.2.0, which has no root digest
  --trust-root NAME|FILE     what log entries and timestamps are checked with: production (the default of the
                             methods sigstore and attestation), staging, github, or a trusted_root.json
  --ignore-paths PATH        a file or folder of the model to leave out; may be given several times
  --ignore-unsigned-files    allow files that the signature does not cover
  --allow-symlinks           follow symlinks to files within the model, if the signer allowed it too
  --at RFC3339               judge certificates at this time instead of now
  --root-digest sha256:HEX   expect the model with this root digest, and no other
  --model-name NAME          expect the model that was signed under this name, and no other
  --deny sha256:HEX          deny a certificate, key or model by its digest; may be given several times
  --format text|json         how to print the verdict

Whom to expect (methods sigstore and attestation); every text is compared exactly:
  --identity WHO             an e-mail address or URI; several times: any of them
  --identity-provider URL    who vouches for it; once, or once for each identity
  --source-repository URL, --source-repository-id NUMBER, --source-repository-owner URL,
  --source-repository-owner-id NUMBER, --source-repository-ref REF, --source-repository-digest HEX,
  --source-repository-visibility WORD, --workflow URL, --workflow-digest HEX, --trigger EVENT,
  --signer-workflow URL, --signer-workflow-digest HEX, --run-invocation URL, --runner-environment WORD
                             what else the certificate has to say, or instead of an identity
  --report-only              expect nobody, and report who signed; the verdict is incomplete at best
  --use-staging              the trust root of Sigstore's staging instance

Exit codes:
  0  verified
  1  not verified, or only in part
  2  could not be checked (wrong use, something unreadable)
`;
