//! Well-formed bundles over an example model: every form that a verifier must accept.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::bundle;
use crate::case::{Cases, Expect};
use crate::context::{Context, Pki, key_policy};
use crate::keys::{Key, Kind, pem};
use crate::model::{self, Hash, Model};

/// The size of a shard in the fixtures.
const SHARD: usize = 4096;

/// Path below `tests/fixtures`, and bytes.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let context = Context::new(example_model());
    let mut cases = Cases::over("example-model");
    methods(&context, &mut cases);
    hashes_and_shards(&context, &mut cases);
    older_forms(&context, &mut cases);
    single_files(&context, &mut cases);
    audits(&context, &mut cases);

    let mut files = cases.files();
    files.extend(
        context
            .model
            .files
            .iter()
            .map(|(path, bytes)| (format!("example-model/{path}"), bytes.clone())),
    );
    files.push(("key.pub".into(), context.key.public_pem().into_bytes()));
    files.push(("certificate/root.pem".into(), root_pem(&context.pki)));
    for kind in [Kind::P384, Kind::P521] {
        files.push((
            format!("{}/key.pub", folder(kind)),
            signer(kind).public_pem().into_bytes(),
        ));
    }
    files
}

/// A small model: two weight files in a folder, an empty file, a name beyond ASCII, git's own.
pub fn example_model() -> Model {
    let files = BTreeMap::from([
        (".gitignore", b"*.tmp\n__pycache__/\n".to_vec()),
        ("README.md", b"# Example\n\nA model that only tests use: its weights mean nothing.\n".to_vec()),
        (
            "config.json",
            b"{\n  \"architectures\": [\"ExampleForCausalLM\"],\n  \"hidden_size\": 32,\n  \"num_hidden_layers\": 2\n}\n".to_vec(),
        ),
        ("tokenizer/merges.txt", Vec::new()),
        ("tokenizer/vocab.json", b"{\"<unk>\": 0, \"hello\": 1, \"world\": 2}\n".to_vec()),
        ("weights/model-00001-of-00002.safetensors", safetensors("layers.0.weight", 96)),
        ("weights/model-00002-of-00002.safetensors", safetensors("layers.1.weight", 64)),
        ("模型卡.md", "# 示例\n\n仅用于测试。\n".as_bytes().to_vec()),
    ]);
    Model {
        name: "example-model",
        files,
    }
}

/// A safetensors file with one tensor of 32 columns.
fn safetensors(tensor: &str, rows: usize) -> Vec<u8> {
    let length = rows * 32 * 4;
    let header = json!({
        tensor: { "dtype": "F32", "shape": [rows, 32], "data_offsets": [0, length] },
    });
    let mut header = header.to_string().into_bytes();
    header.resize(header.len().next_multiple_of(8), b' ');
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header);
    let blocks = (0..length / 32).map(|index| Sha256::digest(format!("{tensor} {index}")));
    file.extend(blocks.flatten());
    file
}

fn methods(context: &Context, cases: &mut Cases) {
    let Context { pki, .. } = context;
    cases
        .add(
            "key",
            "a key on P-256, method files, SHA-256",
            context.key_bundle(),
            context.key_policy(),
            Expect::Verified,
        )
        .stored_as("model.sig");
    cases
        .add(
            "certificate",
            "leaf, intermediate, and a root that the caller trusts",
            context.chain_bundle(&pki.chain()),
            pki.policy(),
            Expect::Verified,
        )
        .stored_as("certificate/model.sig");
    for kind in [Kind::P384, Kind::P521] {
        let key = signer(kind);
        let name = folder(kind);
        let bundle = bundle::signed(bundle::key_material(&key), &key, &context.payload());
        cases
            .add(
                &format!("key-{name}"),
                "the hash of the signature follows the curve",
                bundle,
                key_policy(&key),
                Expect::Verified,
            )
            .stored_as(&format!("{name}/model.sig"));
    }
}

fn hashes_and_shards(context: &Context, cases: &mut Cases) {
    let mut add = |name: &str, rule: &str, statement: Value| {
        let payload = bundle::payload(&statement);
        let signed = context.sign(&payload);
        let case = cases.add(name, rule, signed, context.key_policy(), Expect::Verified);
        case.stored_as(&format!("{name}/model.sig"));
        if name.starts_with("shards") {
            // Shards do not list empty files, so the folder without one is signed.
            case.model("example-model/weights");
        }
    };
    add(
        "blake2b",
        "hash_type blake2b, 512 bits",
        context.model.statement(Hash::Blake2b),
    );
    add(
        "blake3",
        "hash_type blake3",
        context.model.statement(Hash::Blake3),
    );

    let weights = context.model.folder("weights");
    add(
        "shards",
        "method shards as OMS 1.0 spells it: a whole number, and the hash's own name",
        weights.sharded(Hash::Sha256, SHARD, json!(SHARD), "sha256"),
    );
    add(
        "shards-float",
        "method shards as model-signing spells it: a float, and the size in the algorithm",
        weights.sharded(
            Hash::Sha256,
            SHARD,
            json!(SHARD as f64),
            "sha256-sharded-4096",
        ),
    );
    add(
        "shards-blake2b",
        "method shards with blake2b",
        weights.sharded(
            Hash::Blake2b,
            SHARD,
            json!(SHARD as f64),
            "blake2b-sharded-4096",
        ),
    );
    add(
        "shards-blake3",
        "method shards with blake3",
        weights.sharded(Hash::Blake3, SHARD, json!(SHARD), "blake3"),
    );
}

fn older_forms(context: &Context, cases: &mut Cases) {
    let pki = &context.pki;
    let mut opted_in = pki.policy();
    opted_in["digestsV01"] = true.into();
    let payload = bundle::payload(&context.model.statement_v01());
    cases
        .add(
            "digests-v0.1",
            "the form of v0.2.0, which the policy allows",
            bundle::signed_v01(&pki.chain(), &pki.leaf_key, &payload),
            opted_in,
            Expect::Verified,
        )
        .stored_as("digests-v0.1/model.sig");

    let mut material = bundle::raw_bytes(context.key.public_pem().as_bytes());
    material["keyDetails"] = "PKIX_ECDSA_P256_SHA_256".into();
    let mut bundle = bundle::signed(
        json!({ "publicKey": material }),
        &context.key,
        &context.payload(),
    );
    bundle["dsseEnvelope"]["signatures"][0]["keyid"] = Value::Null;
    cases
        .add(
            "raw-bytes",
            "a key as model-signing 1.0.1 and before wrote it: rawBytes, no hint, keyid null",
            bundle,
            context.key_policy(),
            Expect::Verified,
        )
        .stored_as("raw-bytes/model.sig");
}

fn single_files(context: &Context, cases: &mut Cases) {
    let file = "weights/model-00001-of-00002.safetensors";
    let (_, name) = file.split_once('/').expect("a file in a folder");
    let bytes = &context.model.files[file];
    for (case, listed, rule) in [
        (
            "single",
            ".",
            "a single file as model-signing writes it: named `.`",
        ),
        (
            "single-named",
            name,
            "a single file as OMS 1.0 writes it: by its own name",
        ),
    ] {
        let serialization =
            json!({ "method": "files", "hash_type": "sha256", "allow_symlinks": false });
        let resources = vec![model::resource(listed, Hash::Sha256, bytes)];
        let statement = model::statement(name, serialization, resources);
        cases
            .add(
                case,
                rule,
                context.sign(&bundle::payload(&statement)),
                context.key_policy(),
                Expect::Verified,
            )
            .stored_as(&format!("{case}/model.sig"))
            .model(&format!("example-model/{file}"))
            .option("single", true);
    }
}

fn audits(context: &Context, cases: &mut Cases) {
    let mut symlinks = context.statement();
    symlinks["predicate"]["serialization"]["allow_symlinks"] = true.into();
    cases
        .add(
            "symlinks-allowed",
            "a signer who allowed symlinks, of a model without any",
            context.sign(&bundle::payload(&symlinks)),
            context.key_policy(),
            Expect::Verified,
        )
        .stored_as("symlinks-allowed/model.sig")
        .option("allowSymlinks", true);

    let mut partial = context.statement();
    partial["predicate"]["serialization"]["ignore_paths"] = json!(["README.md", "tokenizer"]);
    let resources = partial["predicate"]["resources"]
        .as_array_mut()
        .expect("an array");
    resources.retain(|resource| {
        let name = resource["name"].as_str().expect("a name");
        name != "README.md" && !name.starts_with("tokenizer/")
    });
    model::seal_root(&mut partial);
    let partial = context.sign(&bundle::payload(&partial));
    cases
        .add(
            "ignored-by-signature",
            "paths that the signer recorded as ignored are not missed",
            partial,
            context.key_policy(),
            Expect::Verified,
        )
        .stored_as("ignored-by-signature/model.sig");

    let shards = context
        .model
        .sharded(Hash::Sha256, SHARD, json!(SHARD), "sha256");
    let shards = context.sign(&bundle::payload(&shards));
    cases
        .add(
            "shards-empty-file",
            "shards cannot list an empty file, so it is unsigned",
            shards.clone(),
            context.key_policy(),
            Expect::Failed("files", "file-unsigned"),
        )
        .stored_as("shards-empty-file/model.sig");
    cases
        .add(
            "shards-empty-file-ignored",
            "an unsigned file that the caller allows leaves the coverage partial",
            shards,
            context.key_policy(),
            Expect::Incomplete("coverage-partial"),
        )
        .stored_as("shards-empty-file/model.sig")
        .option("ignoreUnsigned", true);
}

fn signer(kind: Kind) -> Key {
    Key::derive(kind, "signer")
}

fn folder(kind: Kind) -> &'static str {
    match kind {
        Kind::P384 => "p384",
        _ => "p521",
    }
}

fn root_pem(pki: &Pki) -> Vec<u8> {
    pem("CERTIFICATE", &pki.root_der()).into_bytes()
}
