//! JSON that is large, deep or full of small values: in a bundle, and in a payload that is rightly signed.

use std::fmt::Write as _;

use modelseal_forge_oms::bundle::MEDIA_TYPE;
use modelseal_forge_oms::model::root_digest;

use crate::shape::{By, Made, Shape, signed};

/// Short of 64 MiB, in bytes.
const LARGE: usize = 60 * 1024 * 1024;

/// SHA-256 of whatever.
const DIGEST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Every shape, `scale` times smaller than at its worst.
pub(crate) fn shapes(scale: usize) -> Vec<Shape> {
    let mut shapes = bundles(scale);
    shapes.extend(payloads(scale));
    shapes
}

/// What no bundle has: it is read all the same, to say what is wrong with it.
fn bundles(scale: usize) -> Vec<Shape> {
    let member = |name, what, make: fn(usize) -> String, count: usize| {
        Shape::new(name, what, move || Made {
            bundle: format!(
                "{{\"mediaType\":\"{MEDIA_TYPE}\",\"x\":{}}}",
                make(count / scale)
            )
            .into_bytes(),
            by: By::Key,
        })
    };
    vec![
        member(
            "zeros",
            "1.49 million zeros",
            |count| list("0", count),
            1_490_000,
        ),
        member(
            "zeros-all",
            "as many zeros as fit",
            |count| list("0", count / 2),
            LARGE,
        ),
        member(
            "arrays",
            "745,000 empty arrays in arrays",
            |count| list("[[]]", count),
            372_500,
        ),
        member(
            "keys",
            "1.4 million keys with a common beginning",
            keys,
            1_400_000,
        ),
        member(
            "depth",
            "30 million opened arrays",
            |count| "[".repeat(count),
            30_000_000,
        ),
        member(
            "escapes",
            "10 million escapes",
            |count| quoted(&"\\u0041".repeat(count)),
            10_000_000,
        ),
        member(
            "digits",
            "a number of 60 million digits",
            |count| "1".repeat(count),
            LARGE,
        ),
        member(
            "fraction",
            "a number of 60 million zeros",
            |count| format!("0.{}", "0".repeat(count)),
            LARGE,
        ),
        member(
            "exponent",
            "an exponent of 60 million digits",
            |count| format!("1e{}", "1".repeat(count)),
            LARGE,
        ),
        member(
            "spaces",
            "60 million spaces",
            |count| format!("{}1", " ".repeat(count)),
            LARGE,
        ),
        member(
            "string",
            "a string of 60 million letters",
            |count| quoted(&"a".repeat(count)),
            LARGE,
        ),
    ]
}

fn payloads(scale: usize) -> Vec<Shape> {
    let files = |name, what, count: usize, parts: usize| {
        Shape::new(name, what, move || {
            let path = |index: usize| format!("{}{index:06}", "a/".repeat(parts - 1));
            statement(&resources((0..count / scale).map(path)), "files", "")
        })
    };
    vec![
        files("resources", "250,000 resources", 250_000, 1),
        files("paths-35", "250,000 paths of 35 components", 250_000, 35),
        files(
            "paths-1100",
            "20,000 paths of 1,100 components",
            20_000,
            1_100,
        ),
        files(
            "paths-11000",
            "2,000 paths of 11,000 components",
            2_000,
            11_000,
        ),
        Shape::new("shards", "250,000 shards of one file", move || {
            let shard = |index: usize| format!("model:{index}:{}", index + 1);
            let list = resources((0..250_000 / scale).map(shard));
            statement(&list, "shards", ",\"shard_size\":1")
        }),
        Shape::new("ignore-paths", "400,000 ignored paths", move || {
            let paths: Vec<String> = (0..400_000 / scale)
                .map(|index| quoted(&format!("p{index:06}")))
                .collect();
            let more = format!(",\"ignore_paths\":[{}]", paths.join(","));
            statement(
                &resources(std::iter::once("model".to_owned())),
                "files",
                &more,
            )
        }),
    ]
}

fn list(value: &str, count: usize) -> String {
    format!(
        "[{}{value}]",
        format!("{value},").repeat(count.saturating_sub(1))
    )
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn keys(count: usize) -> String {
    let mut text = String::from("{");
    for index in 0..count {
        let comma = if index == 0 { "" } else { "," };
        write!(text, "{comma}\"key with a beginning {index:07}\":0")
            .expect("a string takes everything");
    }
    text + "}"
}

fn resources(names: impl Iterator<Item = String>) -> String {
    let entry =
        |name| format!("{{\"digest\":\"{DIGEST}\",\"name\":\"{name}\",\"algorithm\":\"sha256\"}}");
    names.map(entry).collect::<Vec<_>>().join(",")
}

/// A signed statement, which is as it should be.
fn statement(resources: &str, method: &str, more: &str) -> Made {
    let count = resources.matches(DIGEST).count();
    let root = root_digest(std::iter::repeat_n(DIGEST, count));
    let payload = format!(
        "{{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{{\"name\":\"model\",\"digest\":{{\"sha256\":\
         \"{root}\"}}}}],\"predicateType\":\"https://model_signing/signature/v1.0\",\"predicate\":{{\
         \"serialization\":{{\"method\":\"{method}\",\"hash_type\":\"sha256\",\"allow_symlinks\":false{more}}},\
         \"resources\":[{resources}]}}}}"
    );
    Made {
        bundle: signed(payload.as_bytes()),
        by: By::Key,
    }
}
