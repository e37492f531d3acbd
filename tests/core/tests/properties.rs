//! Properties over many inputs: order does not matter, no flipped bit passes, ambiguity is refused.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use base64ct::{Base64, Encoding};
use modelseal::{
    Audit, AuditOptions, Bundle, Disposition, EntryHasher, EntryKind, Error, FileStatus, Limits,
    Manifest, Policy, Stage,
};
use modelseal_core_tests::case::json_of;
use modelseal_core_tests::{Entry, Tree, audit, clock, judge, open, options, repository};
use modelseal_forge_oms::bundle;
use modelseal_forge_oms::context::{Context, Pki, key_policy};
use modelseal_forge_oms::keys::{Key, Kind};
use modelseal_forge_oms::model::{self, Hash, Model};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The signer of the key fixture: deriving it is slow without optimisation.
static SIGNER: LazyLock<Key> = LazyLock::new(|| Key::derive(Kind::P256, "signer"));

/// A bundle of the key method over a statement.
fn signed(statement: &Value) -> String {
    let payload = bundle::payload(statement);
    bundle::signed(bundle::key_material(&SIGNER), &SIGNER, &payload).to_string()
}

/// The policy that expects the signer.
fn signers_policy() -> Policy {
    policy(&key_policy(&SIGNER))
}

/// The time of judgement.
const AT: &str = modelseal_forge_oms::case::AT;

fn fixture(path: &str) -> Vec<u8> {
    let path = repository().join("tests/fixtures").join(path);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn example_model() -> Tree {
    Tree::read(&repository().join("tests/fixtures/example-model")).expect("a readable folder")
}

fn policy(policy: &Value) -> Policy {
    Policy::from_json(&policy.to_string()).expect("a policy")
}

// ---- Order ------------------------------------------------------------------------------------

/// Names at several depths; git's own and an unsigned one among them.
const NAMES: [&str; 8] = [
    ".git/config",
    "a/b.bin",
    "a-b",
    "a.txt",
    "sub/deep/weights:1:2",
    "sub/vocab.txt",
    "w",
    "模型.bin",
];

/// How a host goes about an audit: numbers that pick the next step, whatever is possible then.
#[derive(Clone, Debug)]
struct Schedule(Vec<u16>);

/// A model as it was signed, and as it is found.
#[derive(Clone, Debug)]
struct Scene {
    signed: BTreeMap<&'static str, Vec<u8>>,
    found: Tree,
    hash: Hash,
    /// The size of a shard, or method `files`.
    shard: Option<usize>,
    options: AuditOptions,
}

fn scenes() -> impl Strategy<Value = Scene> {
    let bytes = || prop::collection::vec(any::<u8>(), 0..120);
    let signed = prop::collection::btree_map(prop::sample::select(&NAMES[..]), bytes(), 1..8);
    let hash = prop::sample::select(vec![Hash::Sha256, Hash::Blake2b, Hash::Blake3]);
    // What the host finds: some files changed, lost or added.
    let changes = prop::collection::vec((prop::sample::select(&NAMES[..]), 0..4_u8), 0..4);
    let shard = prop::option::of(1..40_usize);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (signed, hash, shard, changes, flags).prop_map(|(signed, hash, shard, changes, flags)| {
        let mut found = Tree::default();
        for (path, bytes) in &signed {
            found.insert(path, bytes.clone());
        }
        for (path, change) in changes {
            match (change, found.entries.get_mut(path)) {
                (0, Some(Entry::File(bytes))) => bytes.push(0),
                (1, Some(Entry::File(bytes))) if !bytes.is_empty() => bytes[0] ^= 1,
                (2, Some(entry)) => *entry = Entry::Special,
                (3, Some(_)) => found.remove(path),
                (_, None) => found.insert(path, *b"new"),
                _ => {}
            }
        }
        let options = options(|options| {
            options.complete = flags.0;
            options.ignore_unsigned = flags.1;
            options.ignore_paths = if flags.2 {
                vec!["sub".into()]
            } else {
                Vec::new()
            };
        });
        Scene {
            signed,
            found,
            hash,
            shard,
            options,
        }
    })
}

impl Scene {
    fn manifest(&self) -> Option<Manifest> {
        let model = Model {
            name: "scene",
            files: self.signed.clone(),
        };
        let statement = match self.shard {
            None => model.statement(self.hash),
            Some(size) => {
                let algorithm = format!("{}-sharded-{size}", self.hash.name());
                model.sharded(self.hash, size, json!(size), &algorithm)
            }
        };
        if statement["predicate"]["resources"] == json!([]) {
            return None;
        }
        let opened = open(signed(&statement).as_bytes(), &signers_policy(), clock(AT));
        Some(opened.expect("a well-formed bundle"))
    }

    /// Announces and pushes as the schedule says: files interleaved, in pieces of any size.
    fn run(&self, manifest: Manifest, schedule: &Schedule) -> String {
        let mut audit = manifest.audit(self.options.clone());
        let mut waiting: Vec<&String> = self.found.entries.keys().collect();
        let mut open: Vec<(EntryHasher, &[u8])> = Vec::new();
        let mut numbers = schedule.0.iter().map(|number| usize::from(*number)).cycle();
        let mut number = || numbers.next().expect("a schedule is not empty");
        while !waiting.is_empty() || !open.is_empty() {
            let pick = number() % (waiting.len() + open.len());
            if let Some(path) = waiting.get(pick).copied() {
                waiting.swap_remove(pick);
                open.extend(announce(&mut audit, path, &self.found.entries[path]));
                continue;
            }
            let index = pick - waiting.len();
            let (mut check, bytes) = open.swap_remove(index);
            // At least one byte each time, or none is left: a schedule comes to its end.
            let (piece, rest) = bytes.split_at((number() % 50 + 1).min(bytes.len()));
            check.push(piece);
            check.push(&[]);
            if rest.is_empty() && (piece.is_empty() || number().is_multiple_of(2)) {
                audit.record(check.finish()).expect("announced");
            } else {
                open.push((check, rest));
            }
        }
        audit.finish().to_json()
    }
}

/// Announces an entry. Gives a check if its bytes are wanted.
fn announce<'a>(
    audit: &mut Audit,
    path: &str,
    entry: &'a Entry,
) -> Option<(EntryHasher, &'a [u8])> {
    let (kind, bytes) = match entry {
        Entry::Directory => (EntryKind::Directory, &[][..]),
        Entry::File(bytes) => (EntryKind::File, bytes.as_slice()),
        _ => (EntryKind::Special, &[][..]),
    };
    let size = (kind == EntryKind::File).then_some(bytes.len() as u64);
    let disposition = audit.announce(path, kind, size).expect("each path once");
    (disposition == Disposition::Hash).then(|| (audit.hasher(path).expect("just announced"), bytes))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_files_and_chunks_does_not_matter(
        scene in scenes(),
        first in prop::collection::vec(any::<u16>(), 1..200),
        second in prop::collection::vec(any::<u16>(), 1..200),
    ) {
        let Some(manifest) = scene.manifest() else { return Ok(()) };
        let plain = audit(manifest.clone(), &scene.found, scene.options.clone()).to_json();
        let first = scene.run(manifest.clone(), &Schedule(first));
        let second = scene.run(manifest, &Schedule(second));
        prop_assert_eq!(&plain, &first);
        prop_assert_eq!(&plain, &second);
    }
}

// ---- Bits -------------------------------------------------------------------------------------

/// A part of a bundle that no signature covers, so that a change there may go unseen.
struct Unauthenticated {
    why: &'static str,
    range: Range<usize>,
}

/// The place of `part` in `bundle`, where it stands once.
fn place(bundle: &str, part: &str, why: &'static str) -> Unauthenticated {
    let mut places = bundle.match_indices(part);
    let (Some((start, _)), None) = (places.next(), places.next()) else {
        panic!("{part} does not stand once in the bundle");
    };
    Unauthenticated {
        why,
        range: start..start + part.len(),
    }
}

/// What a verdict says, without the bundle's own digest.
fn said(verdict: &modelseal::Verdict) -> Value {
    let mut verdict = json_of(verdict);
    verdict["bundle"]["sha256"] = Value::Null;
    verdict
}

/// Which bits to flip: a mask for every byte.
type Bits<'a> = &'a (dyn Fn(usize) -> u8 + Sync);

/// Flips bits, one at a time. Gives the number of flips that went unseen in each part.
///
/// Those must leave the verdict as it was and lie in a part that is listed.
fn flip(bundle: &[u8], policy: &Policy, bits: Bits<'_>, parts: &[Unauthenticated]) -> Vec<usize> {
    let tree = example_model();
    let before = judge(
        bundle,
        policy.clone(),
        clock(AT),
        &tree,
        AuditOptions::default(),
    );
    let before = said(&before.expect("a verdict"));
    assert_eq!(before["outcome"], "verified", "{before}");
    let next = AtomicUsize::new(0);
    let work = || {
        let mut unseen = vec![0; parts.len()];
        let mut bundle = bundle.to_vec();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(byte) = bundle.get(at).copied() else {
                return unseen;
            };
            for bit in (0..8).filter(|bit| bits(at) & 1 << bit != 0) {
                bundle[at] = byte ^ 1 << bit;
                let Ok(manifest) = open(&bundle, policy, clock(AT)) else {
                    continue;
                };
                let after = said(&audit(manifest, &tree, AuditOptions::default()));
                let part = parts.iter().position(|part| part.range.contains(&at));
                let part = part.unwrap_or_else(|| panic!("byte {at}, bit {bit}: {after}"));
                assert_eq!(after, before, "byte {at}, bit {bit}: {}", parts[part].why);
                unseen[part] += 1;
            }
            bundle[at] = byte;
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut sum = vec![0; parts.len()];
        for worker in workers {
            let unseen = worker.join().unwrap_or_else(|panic| resume_unwind(panic));
            sum.iter_mut()
                .zip(unseen)
                .for_each(|(sum, more)| *sum += more);
        }
        sum
    })
}

/// One bit of a byte, the same in every run.
fn one_bit(at: usize) -> u8 {
    1 << (Sha256::digest(at.to_le_bytes())[0] % 8)
}

#[test]
fn no_flipped_bit_of_a_key_bundle_goes_unseen() {
    flip(&fixture("model.sig"), &signers_policy(), &|_| 0xff, &[]);
}

/// Every bit of the certificates. Of the envelope, all of which the key bundle's test flips, one
/// bit of every byte: each costs three signature checks.
#[test]
fn no_flipped_bit_of_a_certificate_bundle_goes_unseen() {
    let bundle = fixture("certificate/model.sig");
    let material = part_of(&bundle, "verificationMaterial");
    let bits = |at| {
        if material.contains(&at) {
            0xff
        } else {
            one_bit(at)
        }
    };
    flip(&bundle, &policy(&Pki::default().policy()), &bits, &[]);
}

/// The form of v0.2.0 signs another text than the payload: one bit of every byte.
#[test]
fn no_flipped_bit_of_a_v0_2_0_bundle_goes_unseen() {
    let mut opted_in = Pki::default().policy();
    opted_in["digestsV01"] = true.into();
    flip(
        &fixture("digests-v0.1/model.sig"),
        &policy(&opted_in),
        &one_bit,
        &[],
    );
}

/// What no signature covers, in bundles that have as much of it as can be.
#[test]
fn flipped_bits_go_unseen_only_where_nothing_is_signed() {
    let context = Context::new(modelseal_forge_oms::fixtures::example_model());
    let pki = &context.pki;
    let mut chain = pki.chain();
    chain.push(pki.root_der());
    let mut bundle = context.chain_bundle(&chain);
    bundle["dsseEnvelope"]["signatures"][0]["keyid"] = "a key of mine".into();
    let bundle = bundle.to_string();
    let parts = [
        place(
            &bundle,
            "a key of mine",
            "DSSE: keyid is an unauthenticated hint",
        ),
        place(
            &bundle,
            &Base64::encode_string(&chain[2]),
            "the root is the caller's, the bundle's copy is not used",
        ),
    ];
    let only_parts = |at: usize| {
        let inside = parts.iter().any(|part| part.range.contains(&at));
        if inside { 0xff } else { 0 }
    };
    let unseen = flip(
        bundle.as_bytes(),
        &policy(&pki.policy()),
        &only_parts,
        &parts,
    );
    assert!(unseen.iter().all(|count| *count > 0), "{unseen:?}");

    // Before 1.1.0 a bundle had the key itself, in PEM. It must be the caller's key.
    let bundle = String::from_utf8(fixture("raw-bytes/model.sig")).expect("JSON");
    let pem = context.key.public_pem();
    let key = Base64::encode_string(pem.as_bytes());
    let parts = [place(
        &bundle,
        &key,
        "PEM: white space at the ends of lines",
    )];
    let material = part_of(bundle.as_bytes(), "verificationMaterial");
    let only_material = |at| if material.contains(&at) { 0xff } else { 0 };
    let policy = policy(&context.key_policy());
    let unseen = flip(bundle.as_bytes(), &policy, &only_material, &parts);
    // The line feed at the end may be a vertical tab.
    assert_eq!(unseen, [1]);
}

/// Where a member at the bundle's top level stands.
fn part_of(bundle: &[u8], member: &str) -> Range<usize> {
    let text = std::str::from_utf8(bundle).expect("JSON");
    let whole: Value = serde_json::from_str(text).expect("JSON");
    let part = whole[member].to_string();
    let start = text.find(&part).expect("as serde_json writes it");
    start..start + part.len()
}

#[test]
fn every_flipped_bit_of_a_file_is_a_changed_file() {
    let policy = signers_policy();
    let bundle = fixture("model.sig");
    let mut tree = example_model();
    let paths: Vec<String> = tree.entries.keys().cloned().collect();
    for path in paths {
        let Entry::File(bytes) = &tree.entries[&path] else {
            continue;
        };
        let manifest = open(&bundle, &policy, clock(AT)).expect("a well-formed bundle");
        if manifest.check(&path).is_none() {
            assert_eq!(path, ".gitignore", "only git's own are not signed");
            continue;
        }
        // A verdict over the whole model for one bit of each file; the file's check for all bits.
        let mut bytes = bytes.clone();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                bytes[at] ^= 1 << bit;
                let mut check = manifest.check(&path).expect("a signed file");
                check.push(&bytes);
                let status = check.finish().status();
                assert_eq!(status, FileStatus::Changed, "{path}: byte {at}, bit {bit}");
                bytes[at] ^= 1 << bit;
            }
        }
        match bytes.first_mut() {
            Some(byte) => *byte ^= 1,
            None => bytes.push(0),
        }
        let entry = Entry::File(bytes);
        let original = tree.entries.insert(path.clone(), entry).expect("was there");
        let verdict = said(&audit(manifest, &tree, AuditOptions::default()));
        assert_eq!(verdict["outcome"], "failed");
        assert_eq!(verdict["reasons"], json!(["file-changed"]));
        let changed = verdict["bytes"]["changed"].as_array().expect("a list");
        let changed: Vec<_> = changed.iter().map(|file| &file["path"]).collect();
        assert_eq!(changed, [&path]);
        tree.entries.insert(path, original);
    }
}

// ---- JSON -------------------------------------------------------------------------------------

/// JSON with members in order, so that a key can stand twice.
#[derive(Clone, Debug)]
enum Json {
    Plain(Value),
    Array(Vec<Json>),
    Object(Vec<Member>),
}

#[derive(Clone, Debug)]
struct Member {
    key: String,
    /// Whether the key is written in escapes: another spelling of the same text.
    escaped: bool,
    value: Json,
}

/// Values with unique keys, at most 6 levels deep.
fn values() -> impl Strategy<Value = Json> {
    let plain = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    plain
        .prop_map(Json::Plain)
        .prop_recursive(5, 40, 6, |inner| {
            let key = prop_oneof![Just("sig".to_owned()), any::<String>()];
            let members = prop::collection::btree_map(key, (any::<bool>(), inner.clone()), 0..6);
            prop_oneof![
                prop::collection::vec(inner, 0..6).prop_map(Json::Array),
                members.prop_map(|members| {
                    let members = members.into_iter();
                    Json::Object(
                        members
                            .map(|(key, (escaped, value))| Member {
                                key,
                                escaped,
                                value,
                            })
                            .collect(),
                    )
                }),
            ]
        })
}

impl Json {
    /// Calls `change` on the members of every object.
    fn each_object(&mut self, change: &mut dyn FnMut(&mut Vec<Member>)) {
        match self {
            Self::Plain(_) => {}
            Self::Array(values) => values
                .iter_mut()
                .for_each(|value| value.each_object(change)),
            Self::Object(members) => {
                members
                    .iter_mut()
                    .for_each(|member| member.value.each_object(change));
                change(members);
            }
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Plain(value) => value.to_string(),
            Self::Array(values) => {
                let values: Vec<_> = values.iter().map(Self::text).collect();
                format!("[{}]", values.join(", "))
            }
            Self::Object(members) => {
                let members: Vec<_> = members.iter().map(Member::text).collect();
                format!("{{{}}}", members.join(", "))
            }
        }
    }
}

impl Member {
    fn text(&self) -> String {
        let escapes = self.key.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
        let key = if self.escaped {
            format!("\"{}\"", escapes.collect::<String>())
        } else {
            Value::from(self.key.as_str()).to_string()
        };
        format!("{key}: {}", self.value.text())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_with_a_key_twice_in_one_object_is_refused(
        (mut value, copy, escaped) in (values(), values(), any::<bool>()),
        (which, from, to) in any::<(prop::sample::Index, prop::sample::Index, prop::sample::Index)>(),
    ) {
        let parse = |value: &Json| {
            Bundle::parse(value.text().as_bytes(), &Limits::default()).map(|_| ())
        };
        // As it is, the text is JSON: what is wrong with it is that it is not a bundle.
        let before = parse(&value);
        prop_assert!(
            matches!(before, Err(Error::BundleFieldType { .. } | Error::BundleUnreadable { .. })),
            "{:?}", before
        );

        // Only an object is read as a bundle at all.
        if !matches!(&value, Json::Object(members) if !members.is_empty()) {
            let member = Member { key: "k".into(), escaped: false, value };
            value = Json::Object(vec![member]);
        }
        let mut objects = 0;
        value.each_object(&mut |members| objects += usize::from(!members.is_empty()));
        let mut left = which.index(objects) + 1;
        value.each_object(&mut |members| {
            left = left.saturating_sub(usize::from(!members.is_empty()));
            if left == 0 && !members.is_empty() {
                left = usize::MAX;
                let key = members[from.index(members.len())].key.clone();
                let again = Member { key, escaped, value: copy.clone() };
                members.insert(to.index(members.len() + 1), again);
            }
        });
        prop_assert_eq!(parse(&value), Err(Error::JsonDuplicateKey { stage: Stage::Bundle }));
    }
}

// ---- Paths ------------------------------------------------------------------------------------

/// What is wrong with a signed path, found character by character.
fn fault(path: &str) -> Option<&'static str> {
    let characters: Vec<char> = path.chars().collect();
    match characters.first() {
        None => return Some("path-empty"),
        Some('/') => return Some("path-absolute"),
        Some(_) => {}
    }
    if characters.contains(&'\0') {
        return Some("path-nul");
    }
    let mut component = String::new();
    for character in characters.into_iter().chain(['/']) {
        if character != '/' {
            component.push(character);
            continue;
        }
        if component.is_empty() {
            return Some("path-component-empty");
        }
        if component == "." || component == ".." {
            return Some("path-component-dot");
        }
        component.clear();
    }
    None
}

fn paths() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "a", "b", ".", "..", "/", "/", "//", "\0", ":", "\\", " ", "é", "模", "\u{202e}", "\u{7f}",
    ]);
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn paths_are_refused_as_a_plain_reading_of_the_rules_refuses_them(path in paths()) {
        let policy = signers_policy();
        // In a manifest, beside another file: `.` alone would name a model that is a file.
        let resources = [path.as_str(), "zzz"];
        let resources = resources.map(|path| model::resource(path, Hash::Sha256, b"x"));
        let serialization = json!({ "method": "files", "hash_type": "sha256" });
        let statement = model::statement("paths", serialization, resources.to_vec());
        let opened = open(signed(&statement).as_bytes(), &policy, clock(AT));
        let code = opened.as_ref().err().map(|error| error.code());
        let signed_fault = if path == "." { Some("single-file-invalid") } else { fault(&path) };
        prop_assert_eq!(code, signed_fault);

        // Announced by a host.
        let manifest = open(&fixture("model.sig"), &policy, clock(AT)).expect("a fixture");
        let mut audit = manifest.audit(AuditOptions::default());
        let announced = audit.announce(&path, EntryKind::File, None);
        let expected = match fault(&path) {
            Some(_) => Err(Error::EntryPathInvalid),
            None => Ok(Disposition::Skip),
        };
        prop_assert_eq!(announced, expected);
    }
}
