//! Verdicts of all kinds against the schemas in `schema`.

mod keyless;

use std::collections::BTreeSet;
use std::fs;

use jsonschema::{Registry, Validator};
use modelseal::{
    AnyPolicy, AuditOptions, Clock, EntryKind, Expectation, LinkTargets, Manifest, Policy,
    ReportOnly, SetBy, TrustRoot, UnixTime, Verdict,
};
use modelseal_core_tests::case::json_of;
use modelseal_core_tests::vectors::{read_json, strings};
use modelseal_core_tests::{Entry, Tree, audit, clock, judge, open, options, repository, time};
use serde_json::{Value, json};

const AT: &str = modelseal_forge_oms::case::AT;

fn schema(name: &str) -> Validator {
    let read = |name: &str| read_json(&repository().join(format!("schema/{name}.schema.json")));
    // The schema of artifacts' verdicts refers to that of models' by its name.
    let shared = Registry::new().add("urn:modelseal:verdict:1", read("verdict"));
    let registry = shared.and_then(|shared| shared.prepare());
    let registry = registry.expect("a schema");
    let options = jsonschema::options().with_registry(&registry);
    options.build(&read(name)).expect("a schema")
}

/// The texts that stand at `pointer` in any verdict.
fn kinds(verdicts: &[Value], pointer: &str) -> BTreeSet<String> {
    let found = verdicts
        .iter()
        .filter_map(|verdict| verdict.pointer(pointer)?.as_str());
    found.map(str::to_owned).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn valid(schema: &Validator, verdict: &Value) {
    let faults: Vec<_> = schema
        .iter_errors(verdict)
        .map(|fault| fault.to_string())
        .collect();
    assert!(faults.is_empty(), "{faults:#?}\n{verdict:#}");
}

/// No member of `parts` can be left out, and none added: a schema that lets anything pass would prove
/// nothing.
fn exact(schema: &Validator, whole: &Value, parts: &[&str]) {
    for part in parts {
        let members = whole.pointer(part).and_then(Value::as_object);
        for name in members.expect("an object").keys() {
            let mut verdict = whole.clone();
            let part = verdict.pointer_mut(part).and_then(Value::as_object_mut);
            part.expect("an object").remove(name);
            assert!(!schema.is_valid(&verdict), "without {name}");
        }
        let mut verdict = whole.clone();
        verdict.pointer_mut(part).expect("an object")["more"] = json!(1);
        assert!(!schema.is_valid(&verdict), "more in {part:?}");
    }
}

/// The verdicts over the cases of `tests/fixtures` and `tests/malformed`.
fn committed() -> Vec<Value> {
    let mut verdicts = Vec::new();
    for folder in ["fixtures", "malformed"] {
        let folder = repository().join("tests").join(folder);
        let cases = read_json(&folder.join("cases.json"));
        for case in cases.as_array().expect("a list") {
            let Ok(policy) = Policy::from_json(&case["policy"].to_string()) else {
                continue;
            };
            let text = |name: &str| case[name].as_str().expect("a text");
            let bundle = fs::read(folder.join(text("bundle"))).expect("a bundle");
            let tree = Tree::read(&folder.join(text("model"))).expect("a model");
            let options = options(|options| {
                options.ignore_paths = strings(&case["ignorePaths"]);
                options.ignore_unsigned = case["ignoreUnsigned"] == true;
                options.allow_symlinks = case["allowSymlinks"] == true;
            });
            let Ok(verdict) = judge(&bundle, policy, clock(text("at")), &tree, options) else {
                // It cannot be judged, so there is no verdict.
                continue;
            };
            verdicts.push(json_of(&verdict));
        }
    }
    verdicts
}

fn fixture(path: &str) -> Vec<u8> {
    fs::read(repository().join("tests/fixtures").join(path)).expect("a fixture")
}

fn manifest(policy: Policy, clock: Clock) -> Manifest {
    open(&fixture("model.sig"), &policy, clock).expect("a fixture")
}

fn key_policy() -> Policy {
    let pem = String::from_utf8(fixture("key.pub")).expect("PEM");
    Policy::from_json(&json!({ "method": "key", "publicKey": pem }).to_string()).expect("a policy")
}

fn example_model() -> Tree {
    Tree::read(&repository().join("tests/fixtures/example-model")).expect("a model")
}

/// The verdicts over one model that was tampered with in every way, and over listings.
fn made() -> Vec<Value> {
    let fresh = || manifest(key_policy(), clock(AT));
    let tampered = |entry: Entry| {
        let mut tree = example_model();
        tree.entries.insert("config.json".into(), entry);
        audit(fresh(), &tree, AuditOptions::default())
    };
    let unsigned = |entry: Entry| {
        let mut tree = example_model();
        tree.entries.insert("extra".into(), entry);
        audit(fresh(), &tree, AuditOptions::default())
    };
    let mut verdicts = vec![
        tampered(Entry::File(b"other".to_vec())),
        tampered(Entry::Directory),
        tampered(Entry::Special),
        tampered(Entry::Symlink(None)),
        unsigned(Entry::File(Vec::new())),
        unsigned(Entry::Special),
        unsigned(Entry::Symlink(None)),
        audit(fresh(), &Tree::default(), AuditOptions::default()),
    ];

    // Links of the signer's, of the place where the model is stored, and names of no signature.
    let links = |options| {
        let bundle = fixture("symlinks-allowed/model.sig");
        let manifest = open(&bundle, &key_policy(), clock(AT)).expect("a fixture");
        let mut tree = example_model();
        tree.entries
            .insert("config.json".into(), Entry::Symlink(None));
        audit(manifest, &tree, options)
    };
    verdicts.push(links(AuditOptions::default()));
    verdicts.push(links(options(|options| options.allow_symlinks = true)));
    for targets in [LinkTargets::Folder, LinkTargets::HuggingFaceCache] {
        let options = options(|options| options.link_targets = Some(targets));
        let mut audit = fresh().audit(options);
        let announced = audit.announce("config.json", EntryKind::FollowedLink, Some(1));
        announced.expect("each path once");
        verdicts.push(audit.finish());
    }
    let mut audit_of_names = fresh().audit(AuditOptions::default());
    let announced = audit_of_names.announce("a\\xff", EntryKind::NotUtf8, None);
    announced.expect("each path once");
    verdicts.push(audit_of_names.finish());

    // A browser, an incomplete view, a caller who leaves things out.
    let mut tree = example_model();
    tree.insert("extra", *b"new");
    for options in [
        options(|options| options.symlinks_observable = false),
        options(|options| options.complete = false),
        options(|options| options.ignore_unsigned = true),
        options(|options| options.ignore_paths = vec!["extra".into()]),
        options(|options| options.signature_path = Some("extra".into())),
    ] {
        verdicts.push(audit(fresh(), &tree, options));
    }
    let nothing = options(|options| options.complete = false);
    verdicts.push(audit(fresh(), &Tree::default(), nothing));
    let report = TrustRoot::bundled("production").map(ReportOnly::any);
    let report = AnyPolicy::from(report.expect("a trust root"));
    for bundle in ["model.sig", "certificate/model.sig"] {
        let (tree, options) = (Tree::default(), AuditOptions::default());
        let verdict = judge(&fixture(bundle), report.clone(), clock(AT), &tree, options);
        verdicts.push(verdict.expect("a verdict"));
    }
    verdicts.push(listed(fresh()));
    verdicts.push(unreadable(fresh()));

    // Other clocks, and others who set the expectation.
    let chosen = Clock::judged_at(time(AT), UnixTime::EPOCH);
    verdicts.push(audit(
        manifest(key_policy(), chosen),
        &example_model(),
        AuditOptions::default(),
    ));
    for set_by in [SetBy::Preset, SetBy::StoredPolicy] {
        let expectation = Expectation::new(set_by, Some("nightly".into()));
        let policy = key_policy().with_expectation(expectation);
        let (tree, options) = (Tree::default(), AuditOptions::default());
        let verdict = judge(&fixture("model.sig"), policy, clock(AT), &tree, options);
        verdicts.push(verdict.expect("a verdict"));
    }
    verdicts.iter().map(json_of).collect()
}

fn listed(manifest: Manifest) -> Verdict {
    let files: Vec<_> = manifest.files().to_vec();
    let mut audit = manifest.audit(AuditOptions::default());
    for file in files {
        let modelseal::FileContent::Whole(digest) = file.content() else {
            panic!("method files");
        };
        audit
            .announce(file.path(), EntryKind::File, None)
            .expect("each path once");
        audit
            .listing(file.path(), &digest.to_string())
            .expect("announced");
    }
    audit.finish()
}

fn unreadable(manifest: Manifest) -> Verdict {
    let mut audit = manifest.audit(AuditOptions::default());
    audit
        .announce("config.json", EntryKind::File, None)
        .expect("each path once");
    audit.unreadable("config.json").expect("announced");
    audit.finish()
}

#[test]
fn every_kind_of_verdict_has_the_schemas_form() {
    let schema = schema("verdict");
    let verdicts = [committed(), made()].concat();
    for verdict in &verdicts {
        valid(&schema, verdict);
    }

    // The list above must have every kind, or it proves less than it says.
    let kinds = |pointer| kinds(&verdicts, pointer);
    assert_eq!(
        kinds("/outcome"),
        set(&["failed", "incomplete", "verified"])
    );
    assert_eq!(
        kinds("/signature/status"),
        set(&["invalid", "unchecked", "valid"])
    );
    assert_eq!(kinds("/signature/method"), set(&["certificate", "key"]));
    assert_eq!(kinds("/signature/form"), set(&["digests-v0.1", "v1.0"]));
    // `unexpected` needs an identity: see `keyless`.
    assert_eq!(kinds("/publisher/status"), set(&["expected", "unchecked"]));
    assert_eq!(
        kinds("/coverage/status"),
        set(&["complete", "failed", "partial", "unknown", "unobserved"])
    );
    assert_eq!(
        kinds("/bytes/status"),
        set(&["failed", "hashed", "listing", "not-hashed", "partial"])
    );
    let reasons = kinds("/bytes/changed/0/reason");
    assert_eq!(reasons, set(&["digest", "directory", "length", "special"]));
    assert_eq!(
        kinds("/bytes/notFollowed/0/reason"),
        set(&["by-caller", "by-signature", "leads-out"])
    );
    assert_eq!(
        kinds("/coverage/unsigned/0/kind"),
        set(&["file", "not-utf8", "special", "symlink"])
    );
    assert_eq!(
        kinds("/coverage/followedLinks/targets"),
        set(&["folder", "hugging-face-cache"])
    );
    assert_eq!(
        kinds("/expectation/setBy"),
        set(&["caller", "preset", "stored-policy"])
    );
    assert_eq!(kinds("/judgedAtBasis"), set(&["caller", "now"]));
}

#[test]
fn a_verdict_with_a_field_too_many_or_too_few_has_another_form() {
    let schema = schema("verdict");
    let whole = json_of(&audit(
        manifest(key_policy(), clock(AT)),
        &example_model(),
        AuditOptions::default(),
    ));
    valid(&schema, &whole);
    let parts = [
        "",
        "/signature",
        "/publisher",
        "/coverage",
        "/bytes",
        "/model",
        "/bundle",
    ];
    exact(&schema, &whole, &parts);
}
