//! Writes `known-points.p256` and `.p384` into a folder: points of the bundled production root, each
//! with three distant multiples. Run by `cargo xtask roots`; a unit test of the core computes them again.

use std::{env, fs, io, path::Path};

use base64ct::{Base64, Encoding};
use p256::elliptic_curve::{
    AffinePoint, CurveArithmetic, Group as _, ProjectivePoint, point::AffineCoordinates,
};
use serde_json::Value;
use spki::{DecodePublicKey as _, SubjectPublicKeyInfoRef, der::Encode as _};
use x509_cert::{Certificate, der::Decode as _};

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).expect("the folder of the roots");
    let folder = Path::new(&folder);
    let root: Value = serde_json::from_slice(&fs::read(folder.join("production.json"))?)?;
    let mut p256 = vec![p256::AffinePoint::GENERATOR];
    let mut p384 = vec![p384::AffinePoint::GENERATOR];
    for spki in keys(&root) {
        if let Ok(key) = p256::PublicKey::from_public_key_der(&spki) {
            add(&mut p256, *key.as_affine());
        } else if let Ok(key) = p384::PublicKey::from_public_key_der(&spki) {
            add(&mut p384, *key.as_affine());
        }
    }
    write::<p256::NistP256>(&folder.join("known-points.p256"), p256)?;
    write::<p384::NistP384>(&folder.join("known-points.p384"), p384)
}

fn add<P: PartialEq>(points: &mut Vec<P>, point: P) {
    if !points.contains(&point) {
        points.push(point);
    }
}

/// The keys of logs, and of the certificates that issue leaves and timestamps' signers.
fn keys(root: &Value) -> Vec<Vec<u8>> {
    let of_logs = ["tlogs", "ctlogs"].into_iter().flat_map(|list| {
        let logs = root[list].as_array().into_iter().flatten();
        logs.map(|log| bytes(&log["publicKey"]["rawBytes"]))
    });
    let lists = ["certificateAuthorities", "timestampAuthorities"];
    let of_issuers = lists.into_iter().flat_map(|list| {
        let authorities = root[list].as_array().into_iter().flatten();
        authorities.map(|authority| {
            let chain = authority["certChain"]["certificates"].as_array();
            let chain: Vec<_> = chain.into_iter().flatten().collect();
            // Of a timestamp authority the first one signs itself.
            spki_of(&bytes(&chain.first().expect("a chain")["rawBytes"]))
        })
    });
    of_logs.chain(of_issuers).collect()
}

fn spki_of(certificate: &[u8]) -> Vec<u8> {
    let certificate = Certificate::from_der(certificate).expect("a certificate");
    let spki = certificate.tbs_certificate().subject_public_key_info();
    let spki = spki.to_der().expect("it was read");
    SubjectPublicKeyInfoRef::try_from(spki.as_slice()).expect("a key");
    spki
}

fn bytes(value: &Value) -> Vec<u8> {
    Base64::decode_vec(value.as_str().expect("a string")).expect("base64")
}

/// The coordinates of each point and of its multiples, by doubling alone.
fn write<C>(path: &Path, points: Vec<AffinePoint<C>>) -> io::Result<()>
where
    C: CurveArithmetic,
    AffinePoint<C>: AffineCoordinates,
{
    let mut coordinates = Vec::new();
    for point in points {
        let mut multiple = ProjectivePoint::<C>::from(point);
        for _ in 0..4 {
            let point: AffinePoint<C> = multiple.into();
            coordinates.extend_from_slice(&point.x());
            coordinates.extend_from_slice(&point.y());
            let quarter_of_the_bits = point.x().len() * 2;
            for _ in 0..quarter_of_the_bits {
                multiple = multiple.double();
            }
        }
    }
    fs::write(path, coordinates)
}
