//! The signed content around a timestamp (RFC 5652, RFC 5816).

use modelseal_forge_oms::certificate::name;
use modelseal_forge_oms::der;
use modelseal_forge_oms::keys::{Algorithm, Key, Kind};
use sha2::{Digest, Sha256, Sha512};

use super::{Case, bad, good, v2};
use crate::tsa::{
    CONTENT_TYPE, MESSAGE_DIGEST, SHA1, SHA512, SIGNED_DATA, SIGNING_CERTIFICATE_V2, SIGNING_TIME,
    octets, signing_certificate,
};

const MALFORMED: &str = "timestamp-invalid";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = response();
    cases.extend(attributes());
    cases.extend(signer());
    cases
}

fn response() -> Vec<Case> {
    vec![
        bad(
            "CMS: granted with changes",
            "timestamp-not-granted",
            v2().cms(|cms| cms.status = 1),
        )
        .lenient(
            "what was changed is not what was asked for (RFC 3161 section \
                 2.4.2); it takes it",
        ),
        bad(
            "CMS: rejected",
            "timestamp-not-granted",
            v2().cms(|cms| cms.status = 2),
        ),
        bad(
            "CMS: waiting",
            "timestamp-not-granted",
            v2().cms(|cms| cms.status = 3),
        ),
        bad(
            "CMS: rejected, without a token",
            "timestamp-not-granted",
            v2().cms(|cms| {
                cms.status = 2;
                cms.token = false;
            }),
        ),
        bad(
            "CMS: granted, without a token",
            MALFORMED,
            v2().cms(|cms| cms.token = false),
        ),
        bad(
            "CMS: octets after the response",
            MALFORMED,
            v2().token(|token| token.push(0)),
        ),
        bad(
            "CMS: cut short",
            MALFORMED,
            v2().token(|token| token.truncate(token.len() - 1)),
        ),
        bad(
            "CMS: empty",
            MALFORMED,
            v2().token(|token| *token = der::sequence(&[])),
        ),
        bad(
            "CMS: not signed data",
            MALFORMED,
            v2().cms(|cms| cms.outer_type = "1.2.840.113549.1.7.1"),
        ),
        bad(
            "CMS: other content",
            MALFORMED,
            v2().cms(|cms| cms.content_type = SIGNED_DATA),
        ),
        bad("CMS: no signer", MALFORMED, v2().cms(|cms| cms.signers = 0)),
        bad(
            "CMS: two signers",
            MALFORMED,
            v2().cms(|cms| cms.signers = 2),
        )
        .lenient("a token has one signer (RFC 3161 section 2.4.2); it takes the first"),
    ]
}

fn attributes() -> Vec<Case> {
    let essential = "an attribute that a token must have (RFC 5652 section 5.3, RFC \
                 5816 section 2.2.1); it does not look";
    vec![
        bad(
            "CMS: no signed attributes",
            MALFORMED,
            v2().cms(|cms| cms.signs_attributes = false),
        ),
        bad(
            "CMS: no contentType",
            MALFORMED,
            v2().cms(|cms| cms.remove(CONTENT_TYPE)),
        )
        .lenient(essential),
        bad(
            "CMS: another contentType",
            "timestamp-signature-mismatch",
            v2().cms(|cms| cms.set(CONTENT_TYPE, vec![der::oid(SIGNED_DATA)])),
        )
        .lenient(essential),
        bad(
            "CMS: no messageDigest",
            MALFORMED,
            v2().cms(|cms| cms.remove(MESSAGE_DIGEST)),
        ),
        bad(
            "CMS: another messageDigest",
            "timestamp-signature-mismatch",
            v2().cms(|cms| cms.set(MESSAGE_DIGEST, vec![octets(&[7; 32])])),
        ),
        bad(
            "CMS: two values of messageDigest",
            MALFORMED,
            v2().cms(|cms| {
                let value = octets(&Sha256::digest(&cms.content));
                cms.set(MESSAGE_DIGEST, vec![value.clone(), value]);
            }),
        ),
        bad(
            "CMS: messageDigest twice",
            MALFORMED,
            v2().cms(|cms| {
                let value = octets(&Sha256::digest(&cms.content));
                cms.attributes.push((MESSAGE_DIGEST, vec![value]));
            }),
        ),
        bad(
            "CMS: content changed after it was hashed",
            "timestamp-signature-mismatch",
            v2().cms(|cms| {
                // The nonce's last octet.
                super::spoil(&mut cms.content);
            }),
        ),
        good(
            "CMS: no signingTime",
            v2().cms(|cms| cms.remove(SIGNING_TIME)),
        ),
        bad(
            "CMS: no signingCertificateV2",
            "timestamp-algorithm-unsupported",
            v2().cms(|cms| cms.remove(SIGNING_CERTIFICATE_V2)),
        )
        .lenient(essential),
        bad(
            "CMS: another certificate's hash",
            "timestamp-certificate-mismatch",
            v2().cms(|cms| cms.set(SIGNING_CERTIFICATE_V2, vec![signing_certificate(&[7; 32])])),
        )
        .lenient(essential),
        bad(
            "CMS: no certificate's hash",
            MALFORMED,
            v2().cms(|cms| {
                cms.set(
                    SIGNING_CERTIFICATE_V2,
                    vec![der::sequence(&[der::sequence(&[])])],
                )
            }),
        )
        .lenient(essential),
    ]
}

fn signer() -> Vec<Case> {
    let wrong = "timestamp-signature-mismatch";
    let stranger = || Key::derive(Kind::P384, "a stranger");
    vec![
        bad(
            "CMS: signature spoiled",
            wrong,
            v2().cms(|cms| cms.spoiled = true),
        ),
        bad(
            "CMS: signed by another key",
            wrong,
            v2().cms(move |cms| cms.key = Some(stranger())),
        ),
        bad(
            "CMS: a signer of another serial number",
            "timestamp-authority-unknown",
            v2().cms(|cms| super::spoil(&mut cms.signer)),
        ),
        bad(
            "CMS: a signer of another issuer",
            "timestamp-authority-unknown",
            v2().cms(|cms| {
                cms.signer = der::sequence(&[name("another"), der::unsigned(&[1])]);
            }),
        ),
        good(
            "CMS: a signer named by its key identifier",
            v2().tsa_leaf(|_| ()).cms(|cms| {
                cms.signer = der::implicit(0, &identifier());
            }),
        ),
        bad(
            "CMS: a signer named by another key identifier",
            "timestamp-authority-unknown",
            v2().cms(|cms| {
                cms.signer = der::implicit(0, &[7; 20]);
            }),
        ),
        bad(
            "CMS: digest in SHA-1",
            "timestamp-algorithm-unsupported",
            v2().cms(|cms| cms.digest_algorithm = SHA1),
        ),
        bad(
            "CMS: digest in another hash than it says",
            wrong,
            v2().cms(|cms| cms.digest_algorithm = SHA512),
        ),
        good(
            "CMS: digest in SHA-512, signed with SHA-512",
            v2().cms(|cms| {
                cms.digest_algorithm = SHA512;
                let value = octets(&Sha512::digest(&cms.content));
                cms.set(MESSAGE_DIGEST, vec![value]);
                cms.algorithm = Algorithm::EcdsaSha512;
            }),
        )
        .gap(
            "ecdsa-with-SHA512 on P-384 is a valid pair (RFC 5758 section \
                 3.2); its library has none",
        ),
        bad(
            "CMS: signature algorithm with SHA-1",
            "timestamp-algorithm-unsupported",
            v2().cms(|cms| cms.algorithm = Algorithm::EcdsaSha1),
        ),
        bad(
            "CMS: said to be signed with another hash",
            wrong,
            v2().cms(|cms| {
                cms.named_algorithm = Some(Algorithm::EcdsaSha384.identifier());
            }),
        )
        .lenient(
            "the signature's algorithm decides its hash (RFC 5652 section \
                 5.4); it goes by the digest's",
        ),
        bad(
            "CMS: an unknown signature algorithm",
            "timestamp-algorithm-unsupported",
            v2().cms(|cms| {
                cms.named_algorithm = Some(der::sequence(&[der::oid("1.3.6.1.4.1.32473.4")]));
            }),
        )
        .lenient(
            "the signature's algorithm is what it says (RFC 5652 section \
                 5.3); it does not look",
        ),
    ]
}

/// The TSA's subjectKeyIdentifier.
fn identifier() -> Vec<u8> {
    modelseal_forge_oms::certificate::key_identifier(&Key::derive(Kind::P384, "little tsa"))
}
