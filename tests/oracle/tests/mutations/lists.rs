//! Where the verifiers may differ, and why. Both lists are closed.

use super::Accepted;

/// The second verifier's gaps: what its error says, and the standard that has what it lacks.
const GAPS: [(&str, &str); 4] = [
    (
        "invalid type: null",
        "null stands for a field's default value (ProtoJSON, \"Null values\")",
    ),
    (
        "missing field `rootHash`",
        "size and root of a tile log are in its checkpoint (C2SP tlog-checkpoint, rekor-tiles)",
    ),
    (
        "missing field `treeSize`",
        "size and root of a tile log are in its checkpoint (C2SP tlog-checkpoint, rekor-tiles)",
    ),
    (
        "expected `PKIX_ECDSA_P256_SHA_256`",
        "hashedrekord 0.0.2 has any of `PublicKeyDetails` (protobuf-specs, \
         `sigstore_common.proto`); it knows one",
    ),
];

/// What it says where ours left out a timestamp.
const FOREIGN_TIMESTAMP: (&str, &str) = (
    "invalid RFC 3161 timestamp",
    "a timestamp by no authority of the trust root says nothing, and is left out where there is \
     another verified time; it holds every one for an authority's of the root",
);

/// Our errors for what the second verifier accepts, and why we do not.
pub(crate) const STRICTER: [(&str, &str); 23] = [
    (
        "base64-invalid",
        "one spelling of the same octets: standard alphabet, padded (RFC 4648 section 4); it takes \
         the other alphabet and no padding too",
    ),
    (
        "bundle-field-unknown",
        "ProtoJSON parsers refuse fields that they do not know, unless told otherwise",
    ),
    (
        "bundle-number-invalid",
        "int64 in ProtoJSON is decimal, without a plus or a zero before it",
    ),
    (
        "bundle-unreadable",
        "the media type says what the JSON is and which version's rules hold; it takes what has none \
         for a bundle of v0.1",
    ),
    (
        "checkpoint-invalid",
        "C2SP signed-note and tlog-checkpoint: every line ends with a line feed, lines are not \
         trimmed, the size has no leading zero, signatures end the note",
    ),
    (
        "checkpoint-root-mismatch",
        "root and size stand twice, in proof and checkpoint, and have to agree; of Rekor v2 it \
         reads the checkpoint's alone, of Rekor v1 the size is not compared",
    ),
    (
        "checkpoint-signature-mismatch",
        "the checkpoint is signed by the entry's own log under its own name (C2SP \
         tlog-checkpoint); it takes any log's key, under any name",
    ),
    (
        "extension-duplicate",
        "RFC 5280 section 4.2: no extension stands twice; it looks at those that it knows",
    ),
    (
        "extension-invalid",
        "what Fulcio says of a signer is read, so it must be what its specification says: DER \
         UTF8String; RFC 5280 section 4.2: extensions are DER",
    ),
    (
        "inclusion-proof-mismatch",
        "a tile log has one tree: entry and proof name the same index; it reads the entry's",
    ),
    (
        "key-usage-invalid",
        "RFC 5280 section 4.2.1.3: a key that signs has digitalSignature; it does not look",
    ),
    (
        "log-entry-duplicate",
        "an entry that stands twice attests nothing twice",
    ),
    (
        "log-entry-invalid",
        "the body says its own kind and version (rekor, `pkg/types`); it goes by the bundle's",
    ),
    (
        "log-entry-mismatch",
        "a digest is of the algorithm that the entry names; it takes every one for SHA-256",
    ),
    (
        "log-unknown",
        "the entry names its log; without a promise it asks the checkpoint's hint alone",
    ),
    (
        "material-mismatch",
        "v0.1 and v0.2 have no `certificate` (protobuf-specs, `VerificationMaterial`)",
    ),
    (
        "predicate-type-unexpected",
        "an attestation is SLSA provenance, unless another type is asked for; it takes any",
    ),
    (
        "statement-type-unsupported",
        "in-toto Statement v1: `_type` says what the rest means; it does not look",
    ),
    (
        "timestamp-algorithm-unsupported",
        "RFC 5816 section 2.2.1: the signer's certificate is named with a hash that holds; RFC \
         5652 section 5.3: the signature's algorithm is the one that it names",
    ),
    (
        "timestamp-certificate-mismatch",
        "RFC 5816 section 2.2.1: the token is bound to its signer's certificate; it does not look",
    ),
    (
        "timestamp-duplicate",
        "a timestamp that stands twice attests nothing twice",
    ),
    (
        "timestamp-invalid",
        "RFC 3161 section 2.4.2 and RFC 5652: version 1, one signer, contentType, DER throughout",
    ),
    (
        "timestamp-signature-mismatch",
        "RFC 5652 section 11.1: the attribute contentType is the content's type; it does not look",
    ),
];

/// The gap that this error shows.
pub(crate) fn gap(accepted: Accepted, error: &str) -> Option<&'static str> {
    let foreign = (accepted == Accepted::WithoutTimestamp).then_some(&FOREIGN_TIMESTAMP);
    let mut gaps = GAPS.iter().chain(foreign);
    let found = gaps.find(|(part, _)| error.contains(part));
    found.map(|(_, standard)| *standard)
}

/// The code, if it is listed.
pub(crate) fn stricter(code: &str) -> Option<&'static str> {
    let found = STRICTER.iter().find(|(listed, _)| *listed == code);
    found.map(|(listed, _)| *listed)
}
