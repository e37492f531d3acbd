//! Certificates on P-256, made octet by octet, so that each rule can be broken.

use std::{vec, vec::Vec};

use p256::ecdsa::{Signature, SigningKey, signature::Signer};

use super::super::Certificate;
use crate::{error::Error, testing::unhex};

/// ecdsa-with-SHA256.
const ALGORITHM: &str = "300a06082a8648ce3d040302";

/// A key pair.
pub(super) struct Key(SigningKey);

/// A certificate's fields in DER, and the whole.
pub(super) struct Forged {
    pub(super) version: Vec<u8>,
    /// The content of the INTEGER.
    pub(super) serial: Vec<u8>,
    pub(super) issuer: Vec<u8>,
    pub(super) not_before: Vec<u8>,
    pub(super) subject: Vec<u8>,
    pub(super) outer_algorithm: Vec<u8>,
    key: Vec<u8>,
    extensions: Vec<Vec<u8>>,
    tbs: Vec<u8>,
    signature: Vec<u8>,
    pub(super) der: Vec<u8>,
}

impl Key {
    pub(super) fn new(secret: u8) -> Self {
        Self(SigningKey::from_slice(&[secret; 32]).unwrap())
    }

    /// A self-signed authority.
    pub(super) fn ca(&self, name: &str) -> Forged {
        self.ca_with(name, Vec::new())
    }

    pub(super) fn ca_with(&self, name: &str, mut extensions: Vec<Vec<u8>>) -> Forged {
        extensions.push(extension("551d13", true, &[0x30, 3, 1, 1, 0xff]));
        extensions.push(extension("551d0f", true, &[3, 2, 1, 6]));
        self.issued_by(self, name, name, extensions)
    }

    pub(super) fn numbered_ca(&self, name: &str, serial: u8) -> Forged {
        let mut forged = self.ca(name);
        forged.serial = vec![serial];
        forged.sign(self);
        forged
    }

    /// A leaf that may sign.
    pub(super) fn signer(&self, issuer: &Self, issuer_name: &str) -> Forged {
        let usage = extension("551d0f", true, &[3, 2, 7, 0x80]);
        self.issued_by(issuer, issuer_name, "leaf", vec![usage])
    }

    pub(super) fn issued_by(
        &self,
        issuer: &Self,
        issuer_name: &str,
        subject: &str,
        extensions: Vec<Vec<u8>>,
    ) -> Forged {
        let point = self.0.verifying_key().to_sec1_point(false);
        let spki = unhex("301306072a8648ce3d020106082a8648ce3d030107");
        let bits = tlv(3, &[&[0], point.as_bytes()].concat());
        let mut forged = Forged {
            version: tlv(0xa0, &[2, 1, 2]),
            serial: vec![1],
            issuer: common_name(issuer_name),
            not_before: tlv(0x17, b"260101000000Z"),
            subject: common_name(subject),
            outer_algorithm: unhex(ALGORITHM),
            key: tlv(0x30, &[spki, bits].concat()),
            extensions,
            tbs: Vec::new(),
            signature: Vec::new(),
            der: Vec::new(),
        };
        forged.sign(issuer);
        forged
    }
}

impl Forged {
    pub(super) fn read(&self, index: usize) -> Result<Certificate, Error> {
        Certificate::from_der(&self.der, index)
    }

    /// Signs the fields as they are now.
    pub(super) fn sign(&mut self, issuer: &Key) {
        let mut fields = vec![
            self.version.clone(),
            tlv(2, &self.serial),
            unhex(ALGORITHM),
            self.issuer.clone(),
            tlv(
                0x30,
                &[self.not_before.clone(), tlv(0x17, b"361231235959Z")].concat(),
            ),
            self.subject.clone(),
            self.key.clone(),
        ];
        if !self.extensions.is_empty() {
            fields.push(tlv(0xa3, &tlv(0x30, &self.extensions.concat())));
        }
        self.tbs = tlv(0x30, &fields.concat());
        let signature: Signature = issuer.0.sign(&self.tbs);
        self.signature = [&[0], signature.to_der().as_bytes()].concat();
        self.assemble();
    }

    /// Puts the whole together without signing.
    pub(super) fn assemble(&mut self) {
        let signature = tlv(3, &self.signature);
        let parts = [self.tbs.clone(), self.outer_algorithm.clone(), signature].concat();
        self.der = tlv(0x30, &parts);
    }
}

/// An extension; its OID as the hex of its content.
pub(super) fn extension(id: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let flag: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    tlv(0x30, &[oid(id).as_slice(), flag, &tlv(4, value)].concat())
}

pub(super) fn oid(content: &str) -> Vec<u8> {
    tlv(6, &unhex(content))
}

pub(super) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let [_, top, high, low] = u32::try_from(content.len()).unwrap().to_be_bytes();
    let header = match content.len() {
        0..=0x7f => vec![tag, low],
        0x80..=0xff => vec![tag, 0x81, low],
        0x100..=0xffff => vec![tag, 0x82, high, low],
        _ => vec![tag, 0x83, top, high, low],
    };
    [header.as_slice(), content].concat()
}

fn common_name(name: &str) -> Vec<u8> {
    let attribute = tlv(0x30, &[oid("550403"), tlv(0x0c, name.as_bytes())].concat());
    tlv(0x30, &tlv(0x31, &attribute))
}
