//! Embedded SCTs (RFC 6962 sections 3.2 and 3.3).

use modelseal_forge_oms::keys::{Key, Kind};
use sha2::{Digest, Sha256};

use crate::spec::Spec;
use crate::time;

/// OID of the list of SCTs.
pub const LIST: &str = "1.3.6.1.4.1.11129.2.4.2";

/// A certificate transparency log.
pub struct CtLog {
    /// Its key.
    pub key: Key,
}

/// An SCT before it is signed.
pub struct Sct {
    /// 0 is v1.
    pub version: u8,
    /// SHA-256 of the log's key.
    pub log_id: Vec<u8>,
    /// In milliseconds.
    pub timestamp: u64,
    /// CtExtensions.
    pub extensions: Vec<u8>,
    /// 4 is SHA-256.
    pub hash: u8,
    /// 3 is ECDSA.
    pub signature: u8,
    /// 0 is certificate_timestamp.
    pub signature_type: u8,
    /// 1 is precert_entry.
    pub entry_type: u16,
    /// SHA-256 of the issuer's key.
    pub issuer_key_hash: Vec<u8>,
    /// The TBSCertificate without its SCTs.
    pub tbs: Vec<u8>,
}

impl CtLog {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            key: Key::derive(Kind::P256, &format!("{name} ct log")),
        }
    }

    /// SHA-256 of the log's key.
    pub fn id(&self) -> Vec<u8> {
        Sha256::digest(self.key.spki()).to_vec()
    }

    /// A SerializedSCT.
    pub(crate) fn sct(&self, tbs: &[u8], issuer_spki: &[u8], spec: &Spec) -> Vec<u8> {
        let mut sct = Sct {
            version: 0,
            log_id: self.id(),
            timestamp: time::SCT * 1000,
            extensions: Vec::new(),
            hash: 4,
            signature: 3,
            signature_type: 0,
            entry_type: 1,
            issuer_key_hash: Sha256::digest(issuer_spki).to_vec(),
            tbs: tbs.to_vec(),
        };
        spec.changes.sct.apply(&mut sct);
        let signature = self.key.sign(self.key.algorithm(), &sct.signed());
        sct.serialize(&signature)
    }
}

impl Sct {
    /// What the log signs.
    fn signed(&self) -> Vec<u8> {
        let mut out = vec![self.version, self.signature_type];
        out.extend(self.timestamp.to_be_bytes());
        out.extend(self.entry_type.to_be_bytes());
        out.extend(&self.issuer_key_hash);
        out.extend(&(self.tbs.len() as u32).to_be_bytes()[1..]);
        out.extend(&self.tbs);
        out.extend(vector(&self.extensions));
        out
    }

    fn serialize(&self, signature: &[u8]) -> Vec<u8> {
        let mut out = vec![self.version];
        out.extend(&self.log_id);
        out.extend(self.timestamp.to_be_bytes());
        out.extend(vector(&self.extensions));
        out.extend([self.hash, self.signature]);
        out.extend(vector(signature));
        out
    }
}

/// A SignedCertificateTimestampList.
pub fn list(scts: &[Vec<u8>]) -> Vec<u8> {
    vector(&scts.iter().flat_map(|sct| vector(sct)).collect::<Vec<_>>())
}

/// A vector with a length of two octets (RFC 5246 section 4.3).
fn vector(bytes: &[u8]) -> Vec<u8> {
    let mut out = (bytes.len() as u16).to_be_bytes().to_vec();
    out.extend(bytes);
    out
}
