//! Two readers of one bundle: this project's, and Sigstore's own definitions
//! (`sigstore_protobuf_specs`). They must agree on every bundle that is accepted.
//!
//! The core shows nothing of a bundle's bytes but what it makes of them. So what the second reader
//! read is written again from its own types, and has to give the same verdict: the signature holds
//! over the same payload, and the same signer made it.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use base64ct::{Base64, Encoding};
use libtest_mimic::{Arguments, Failed, Trial};
use modelseal::{AuditOptions, Limits, Policy};
use modelseal_tests::case::{ignored, json_of, same};
use modelseal_tests::vectors::{self, Case, NOW, WHERE};
use modelseal_tests::{Tree, audit, clock, open, repository};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sigstore_protobuf_specs::dev::sigstore::bundle::v1::{
    Bundle, bundle::Content, verification_material::Content as Material,
};

fn main() {
    let arguments = Arguments::from_args();
    libtest_mimic::run(&arguments, trials()).exit();
}

/// A bundle, and the policy and time under which it is expected to be accepted.
struct Sample {
    bundle: Vec<u8>,
    policy: Policy,
    at: String,
}

fn trials() -> Vec<Trial> {
    let (mut samples, mut trials) = (BTreeMap::new(), Vec::new());
    committed(&mut samples);
    match vectors::folder() {
        Some(_) => public(&mut samples),
        None => {
            trials.push(ignored("oms/verify", WHERE));
            trials.push(ignored("nvidia-skills", WHERE));
        }
    }
    samples.retain(|_, sample| open(&sample.bundle, &sample.policy, clock(&sample.at)).is_ok());
    let names: Arc<Vec<String>> = Arc::new(samples.keys().cloned().collect());
    trials.push(Trial::test("there is something to agree on", move || {
        // All but one of the fixtures' forms are accepted, and so are the controls.
        let fixtures = names.iter().filter(|name| name.starts_with("fixtures/"));
        let controls = names.iter().filter(|name| name.starts_with("malformed/"));
        if fixtures.count() >= 15 && controls.count() > 0 {
            Ok(())
        } else {
            Err(format!("{names:?}").into())
        }
    }));
    trials.extend(
        samples
            .into_iter()
            .map(|(name, sample)| Trial::test(name, move || sample.run())),
    );
    trials
}

fn committed(samples: &mut BTreeMap<String, Sample>) {
    for name in ["fixtures", "malformed"] {
        let folder = repository().join("tests").join(name);
        let cases = vectors::read_json(&folder.join("cases.json"));
        for case in cases.as_array().expect("a list") {
            let text = |field: &str| case[field].as_str().expect("a text");
            let Ok(policy) = Policy::from_json(&case["policy"].to_string()) else {
                continue;
            };
            let sample = Sample {
                bundle: fs::read(folder.join(text("bundle"))).expect("a bundle"),
                policy,
                at: text("at").to_owned(),
            };
            samples.insert(format!("{name}/{}", text("name")), sample);
        }
    }
}

fn public(samples: &mut BTreeMap<String, Sample>) {
    let folder = vectors::folder().expect("vectors");
    for (name, expected) in vectors::expected() {
        let case = Case::read(&folder, &name, &expected);
        let sample = Sample {
            bundle: case.bundle().expect("a bundle"),
            policy: case.policy(true).expect("a policy"),
            at: NOW.to_owned(),
        };
        samples.insert(name, sample);
    }
    let root = fs::read_to_string(folder.join("roots/nv-agent-root-cert.pem")).expect("a root");
    let policy = json!({ "method": "certificate", "anchors": [root] }).to_string();
    let skills = folder.join("nvidia-skills");
    for name in vectors::folders_in(&skills) {
        let sample = Sample {
            bundle: fs::read(skills.join(&name).join("skill.oms.sig")).expect("a bundle"),
            policy: Policy::from_json(&policy).expect("a policy"),
            at: NOW.to_owned(),
        };
        samples.insert(format!("nvidia-skills/{name}"), sample);
    }
}

impl Sample {
    fn run(&self) -> Result<(), Failed> {
        let raw: Value = serde_json::from_slice(&self.bundle)?;
        let second: Bundle = match serde_json::from_slice(&self.bundle) {
            Ok(second) => second,
            Err(error) => return known_exception(&raw, &error),
        };
        if raw["verificationMaterial"]["publicKey"]["rawBytes"].is_string() {
            return Err("the second reader learnt to read the key form before 1.1.0".into());
        }
        let claimed = modelseal::inspect(&self.bundle, &Limits::default())?.into_json();
        let claimed: Value = serde_json::from_str(&claimed)?;
        let claimed = &claimed["claimed"];
        same(
            "media type",
            &claimed["mediaType"],
            &second.media_type.clone().into(),
        )?;
        material(claimed, &second)?;
        envelope(&raw, claimed, &second)?;
        self.written_again(&second)
    }

    /// What the second reader read gives the same verdict.
    fn written_again(&self, second: &Bundle) -> Result<(), Failed> {
        let said = |bundle: &[u8]| -> Result<Value, Failed> {
            let manifest = open(bundle, &self.policy, clock(&self.at))?;
            let list = manifest.to_json();
            let verdict = audit(manifest, &Tree::default(), AuditOptions::default());
            let mut verdict = json_of(&verdict);
            verdict["bundle"]["sha256"] = Value::Null;
            Ok(json!([serde_json::from_str::<Value>(&list)?, verdict]))
        };
        let again = serde_json::to_vec(second)?;
        same("verdict", &said(&again)?, &said(&self.bundle)?)
    }
}

/// Before 1.1.0 a key bundle had `rawBytes` and `keyDetails`, which protobuf-specs does not know.
fn known_exception(raw: &Value, error: &serde_json::Error) -> Result<(), Failed> {
    let key = &raw["verificationMaterial"]["publicKey"];
    let unknown = ["rawBytes", "keyDetails"]
        .iter()
        .any(|field| error.to_string().contains(field));
    if key["rawBytes"].is_string() && unknown {
        Ok(())
    } else {
        Err(format!("the second reader refuses the bundle: {error}").into())
    }
}

fn material(claimed: &Value, second: &Bundle) -> Result<(), Failed> {
    let material = second.verification_material.as_ref().ok_or("no material")?;
    same(
        "log entries",
        &claimed["logEntries"],
        &material.tlog_entries.len().into(),
    )?;
    let timestamps = material.timestamp_verification_data.as_ref();
    let timestamps = timestamps.map_or(0, |data| data.rfc3161_timestamps.len());
    same("timestamps", &claimed["timestamps"], &timestamps.into())?;
    let (method, hint, certificates) = match material.content.as_ref().ok_or("no content")? {
        Material::PublicKey(key) => ("key", Some(key.hint.as_str()), Vec::new()),
        Material::X509CertificateChain(chain) => {
            let der = chain.certificates.iter();
            (
                "certificate",
                None,
                der.map(|one| one.raw_bytes.as_slice()).collect(),
            )
        }
        Material::Certificate(one) => ("sigstore", None, vec![one.raw_bytes.as_slice()]),
    };
    same("method", &claimed["method"], &method.into())?;
    same(
        "key hint",
        &claimed["keyHint"],
        &hint.filter(|hint| !hint.is_empty()).into(),
    )?;
    let digests = certificates.iter().map(|der| hex(&Sha256::digest(der)));
    let ours = claimed["certificates"]
        .as_array()
        .ok_or("no certificates")?;
    let ours = ours.iter().map(|one| one["sha256"].clone());
    same(
        "certificates",
        &ours.collect(),
        &digests.map(Value::from).collect(),
    )
}

fn envelope(raw: &Value, claimed: &Value, second: &Bundle) -> Result<(), Failed> {
    let Some(Content::DsseEnvelope(envelope)) = &second.content else {
        return Err("the second reader finds no envelope".into());
    };
    let decode = |field: &Value| -> Result<Vec<u8>, Failed> {
        Ok(Base64::decode_vec(field.as_str().ok_or("a text")?)?)
    };
    // The bytes, by a third road: serde_json alone.
    let plain = &raw["dsseEnvelope"];
    let signature = &plain["signatures"][0];
    let [read] = envelope.signatures.as_slice() else {
        return Err("the second reader does not find one signature".into());
    };
    assert!(decode(&plain["payload"])? == envelope.payload, "payload");
    assert!(decode(&signature["sig"])? == read.sig, "signature");
    assert_eq!(plain["payloadType"], envelope.payload_type.as_str());

    // What the core lists is in the payload that the second reader found.
    let statement: Value = serde_json::from_slice(&envelope.payload)?;
    let predicate = &statement["predicate"];
    let listed = match predicate["resources"].as_array() {
        Some(resources) => resources.iter().map(|one| one["name"].clone()).collect(),
        None => subjects(&statement),
    };
    let listed: Vec<_> = listed.iter().filter_map(Value::as_str).collect();
    let ours = claimed["statement"]["files"].as_array().ok_or("no files")?;
    for file in ours {
        let path = file["path"].as_str().ok_or("no path")?;
        let pieces = file["shards"].as_array().map_or(1, Vec::len);
        let found = listed.iter().filter(|name| match file["shards"] {
            Value::Null => **name == path,
            _ => name.rsplitn(3, ':').nth(2) == Some(path),
        });
        same(path, &json!(found.count()), &json!(pieces))?;
    }
    let pieces = ours
        .iter()
        .map(|file| file["shards"].as_array().map_or(1, Vec::len));
    same(
        "resources",
        &json!(listed.len()),
        &json!(pieces.sum::<usize>()),
    )
}

/// The names in the form of v0.2.0.
fn subjects(statement: &Value) -> Vec<Value> {
    let subjects = statement["subject"].as_array().into_iter().flatten();
    subjects.map(|one| one["name"].clone()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
