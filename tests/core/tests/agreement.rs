//! Two readers of one bundle: this project's, and Sigstore's own definitions
//! (`sigstore_protobuf_specs`). They must agree on every bundle that is accepted.
//!
//! The core shows nothing of a bundle's bytes but what it makes of them. So what the second reader
//! read is written again from its own types, and must give the same verdict: the signature holds
//! over the same payload, and the same signer made it.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use base64ct::{Base64, Encoding};
use libtest_mimic::{Arguments, Failed, Trial};
use modelseal::{
    ArtifactDigests, AuditOptions, Clock, Error, Identity, Limits, Policy, TrustRoot, UnixTime,
};
use modelseal_core_tests::bundles::{self, BundleCase};
use modelseal_core_tests::case::{ignored, json_of, same};
use modelseal_core_tests::vectors::{self, Case, NOW, WHERE};
use modelseal_core_tests::{Tree, audit, clock, open, repository};
use modelseal_forge_sigstore::{Sigstore, cases};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sigstore_protobuf_specs::dev::sigstore::{
    bundle::v1::{Bundle, bundle::Content, verification_material::Content as Material},
    common::v1::MessageSignature,
    rekor::v1::TransparencyLogEntry,
};
use sigstore_protobuf_specs::io::intoto::Envelope;

fn main() {
    let arguments = Arguments::from_args();
    libtest_mimic::run(&arguments, trials()).exit();
}

/// A bundle, and the policy and time under which it is expected to be accepted.
struct Sample {
    bundle: Vec<u8>,
    policy: Policy,
    clock: Clock,
    /// Of a bundle over one artifact; none for a model's.
    artifact: Option<ArtifactDigests>,
}

fn trials() -> Vec<Trial> {
    let (mut samples, mut trials) = (BTreeMap::new(), Vec::new());
    committed(&mut samples);
    forged(&mut samples);
    match vectors::folder() {
        Some(_) => public(&mut samples),
        None => {
            trials.push(ignored("oms/verify", WHERE));
            trials.push(ignored("nvidia-skills", WHERE));
            trials.push(ignored("sigstore/bundle-verify", WHERE));
        }
    }
    samples.retain(|_, sample| sample.judge(&sample.bundle).is_ok());
    let names: Arc<Vec<String>> = Arc::new(samples.keys().cloned().collect());
    trials.push(Trial::test("there is something to agree on", move || {
        // All but one of the fixtures' forms are accepted, and so are the controls.
        let fixtures = names.iter().filter(|name| name.starts_with("fixtures/"));
        let controls = names.iter().filter(|name| name.starts_with("malformed/"));
        let keyless = names.iter().filter(|name| name.starts_with("keyless/"));
        if fixtures.count() >= 15 && controls.count() > 0 && keyless.count() >= 50 {
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
                clock: clock(text("at")),
                artifact: None,
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
            clock: clock(NOW),
            artifact: None,
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
            clock: clock(NOW),
            artifact: None,
        };
        samples.insert(format!("nvidia-skills/{name}"), sample);
    }
    for name in vectors::folders_in(&bundles::suite(&folder)) {
        let case = BundleCase::new(&folder, &name);
        // A trust root that cannot be used accepts nothing.
        let Ok(policy) = case.policy() else { continue };
        let sample = Sample {
            bundle: case.bundle().expect("a bundle"),
            policy,
            clock: clock(NOW),
            artifact: Some(bundles::digests(&case.artifact().expect("an artifact"))),
        };
        samples.insert(format!("sigstore/{name}"), sample);
    }
}

/// What the tests' own Sigstore issues, as artifacts and, where it is one, as a model.
fn forged(samples: &mut BTreeMap<String, Sample>) {
    let sigstore = Sigstore::new("agreement");
    for case in cases::all() {
        let forged = case.forge(&sigstore);
        let (Ok(root), Ok(identity)) = (
            TrustRoot::parse(&forged.root_bytes()),
            Identity::new(case.issuer, case.identity),
        ) else {
            continue;
        };
        let sample = |artifact| Sample {
            bundle: forged.bytes(),
            policy: Policy::sigstore(root.clone(), vec![identity.clone()]).expect("an identity"),
            clock: Clock::now(UnixTime::from_seconds(case.now)),
            artifact,
        };
        if forged.is_model() {
            samples.insert(format!("keyless model/{}", case.name), sample(None));
        }
        let digests = bundles::digests(&forged.artifact);
        samples.insert(format!("keyless/{}", case.name), sample(Some(digests)));
    }
}

impl Sample {
    fn run(&self) -> Result<(), Failed> {
        // A byte order mark before the document is ours alone to skip.
        let json = self.bundle.strip_prefix(b"\xef\xbb\xbf");
        let json = json.unwrap_or(&self.bundle);
        let raw: Value = serde_json::from_slice(json)?;
        let second: Bundle = match serde_json::from_slice(json) {
            Ok(second) => second,
            Err(error) => return known_exception(&raw, &error),
        };
        if raw["verificationMaterial"]["publicKey"]["rawBytes"].is_string() {
            return Err("the second reader learnt to read the key form before 1.1.0".into());
        }
        let claimed = modelseal::inspect(&self.bundle, &Limits::default())?.to_json();
        let claimed: Value = serde_json::from_str(&claimed)?;
        let claimed = &claimed["claimed"];
        same(
            "media type",
            &claimed["mediaType"],
            &second.media_type.clone().into(),
        )?;
        material(claimed, &second)?;
        match &second.content {
            Some(Content::DsseEnvelope(read)) => {
                envelope(&raw, read)?;
                if self.artifact.is_none() {
                    files(claimed, read)?;
                }
            }
            Some(Content::MessageSignature(read)) => message(&raw, read)?,
            None => return Err("the second reader finds no content".into()),
        }
        self.written_again(&second)
    }

    /// What the second reader read gives the same verdict.
    fn written_again(&self, second: &Bundle) -> Result<(), Failed> {
        let again = serde_json::to_vec(second)?;
        same("verdict", &self.judge(&again)?, &self.judge(&self.bundle)?)
    }

    /// All that is said of an accepted bundle, but for the digest of its text.
    fn judge(&self, bytes: &[u8]) -> Result<Value, Error> {
        let Some(digests) = &self.artifact else {
            let manifest = open(bytes, &self.policy, self.clock)?;
            let list = read(&manifest.to_json());
            let verdict = audit(manifest, &Tree::default(), AuditOptions::default());
            return Ok(json!([list, without_digest(json_of(&verdict))]));
        };
        let bundle = modelseal::Bundle::parse(bytes, &Limits::default())?;
        let artifact = bundle.verify_artifact(&self.policy, self.clock, digests)?;
        Ok(without_digest(read(&artifact.verdict().to_json())))
    }
}

fn read(json: &str) -> Value {
    serde_json::from_str(json).expect("JSON")
}

fn without_digest(mut verdict: Value) -> Value {
    verdict["bundle"]["sha256"] = Value::Null;
    verdict
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
    let entries = material.tlog_entries.iter().map(entry);
    same("log entries", &claimed["logEntries"], &entries.collect())?;
    let timestamps = material.timestamp_verification_data.as_ref();
    let timestamps = timestamps.map_or(0, |data| data.rfc3161_timestamps.len());
    let ours = claimed["timestamps"].as_array().map(Vec::len);
    assert_eq!(ours, Some(timestamps), "timestamps");
    let (method, hint, certificates) = match material.content.as_ref().ok_or("no content")? {
        Material::PublicKey(key) => ("key", Some(key.hint.as_str()), Vec::new()),
        Material::X509CertificateChain(chain) => {
            let der = chain.certificates.iter();
            let der: Vec<_> = der.map(|one| one.raw_bytes.as_slice()).collect();
            let is_keyless = der.first().is_some_and(|leaf| is_issued_by_fulcio(leaf));
            let method = if is_keyless {
                "sigstore"
            } else {
                "certificate"
            };
            (method, None, der)
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

/// Does a certificate have one of Fulcio's extensions (1.3.6.1.4.1.57264.1)?
fn is_issued_by_fulcio(der: &[u8]) -> bool {
    const ARC: [u8; 9] = [0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0xbf, 0x30, 0x01];
    der.windows(ARC.len()).any(|window| window == ARC)
}

/// A log entry, as the core shows it.
fn entry(entry: &TransparencyLogEntry) -> Value {
    let kind = entry.kind_version.clone().unwrap_or_default();
    let time = u64::try_from(entry.integrated_time).expect("a time after 1970");
    json!({
        "kind": kind.kind,
        "version": kind.version,
        "index": entry.log_index,
        "logId": hex(&entry.log_id.clone().unwrap_or_default().key_id),
        "integratedTime": (time != 0).then(|| UnixTime::from_seconds(time).to_string()),
    })
}

fn decode(field: &Value) -> Result<Vec<u8>, Failed> {
    Ok(Base64::decode_vec(field.as_str().ok_or("a text")?)?)
}

/// The bytes, by a third road: serde_json alone.
fn envelope(raw: &Value, envelope: &Envelope) -> Result<(), Failed> {
    let plain = &raw["dsseEnvelope"];
    let signature = &plain["signatures"][0];
    let [read] = envelope.signatures.as_slice() else {
        return Err("the second reader does not find one signature".into());
    };
    assert!(decode(&plain["payload"])? == envelope.payload, "payload");
    assert!(decode(&signature["sig"])? == read.sig, "signature");
    assert_eq!(plain["payloadType"], envelope.payload_type.as_str());
    Ok(())
}

/// The same for a signature over an artifact.
fn message(raw: &Value, message: &MessageSignature) -> Result<(), Failed> {
    let plain = &raw["messageSignature"];
    assert!(
        decode(&plain["signature"])? == message.signature,
        "signature"
    );
    let digest = message.message_digest.as_ref().map(|it| it.digest.clone());
    let own = plain["messageDigest"]["digest"].is_string();
    let own = own.then(|| decode(&plain["messageDigest"]["digest"]));
    assert!(own.transpose()? == digest, "digest");
    Ok(())
}

/// What the core lists is in the payload that the second reader found.
fn files(claimed: &Value, envelope: &Envelope) -> Result<(), Failed> {
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
