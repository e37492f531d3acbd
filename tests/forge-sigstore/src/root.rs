//! The trust root of a Sigstore (protobuf-specs, `TrustedRoot`).

use modelseal_forge_oms::bundle::raw_bytes;
use serde_json::{Value, json};

use crate::content::base64;
use crate::{Sigstore, fulcio, time, tsa};

pub(crate) struct Authorities {
    pub fulcio: fulcio::Authority,
    pub tsa: tsa::Authority,
}

/// The trusted_root.json.
pub(crate) fn trusted_root(sigstore: &Sigstore, authorities: &Authorities) -> Value {
    let log = |url: &str, spki: &[u8], details: &str, id: &[u8]| {
        json!({
            "baseUrl": url,
            "hashAlgorithm": "SHA2_256",
            "publicKey": {
                "rawBytes": base64(spki),
                "keyDetails": details,
                "validFor": { "start": time::rfc3339(time::START) },
            },
            "logId": { "keyId": base64(id) },
        })
    };
    let p256 = "PKIX_ECDSA_P256_SHA_256";
    let (v1, v2, ct) = (
        &sigstore.rekor_v1,
        &sigstore.rekor_v2,
        &sigstore.fulcio.ct_log,
    );
    let authority = |uri: &str, name: &str, chain: &[Vec<u8>]| {
        let certificates: Vec<_> = chain.iter().map(|der| raw_bytes(der)).collect();
        json!({
            "subject": { "organization": "modelseal tests", "commonName": name },
            "uri": uri,
            "certChain": { "certificates": certificates },
            "validFor": { "start": time::rfc3339(time::START) },
        })
    };
    json!({
        "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
        "tlogs": [
            log(&format!("https://{}", v1.name), &v1.key.spki(), p256, &v1.id),
            log(&format!("https://{}", v2.name), &v2.key.spki(), "PKIX_ED25519", &v2.id),
        ],
        "certificateAuthorities": [
            authority("https://fulcio.test", "fulcio", &authorities.fulcio.chain),
        ],
        "ctlogs": [log("https://ctfe.test", &ct.key.spki(), p256, &ct.id())],
        "timestampAuthorities": [
            authority("https://timestamp.test", "tsa", &authorities.tsa.chain),
        ],
    })
}
