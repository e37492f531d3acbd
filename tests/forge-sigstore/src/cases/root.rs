//! The trust root (protobuf-specs, `sigstore_trustroot.proto`).

use serde_json::{Value, json};

use super::{Case, bad, entries, good, remove, v1, v2, window};
use crate::{Spec, Times, time};

const NO_LOGS: &str = "a trust root that names no logs, such as GitHub's, asks for none; \
    its policy has a switch for that";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = windows();
    cases.extend(keys());
    cases
}

fn without_start(list: &'static str) -> Spec {
    v1().root(move |root| remove(window(root, list, 0), "start"))
}

fn windows() -> Vec<Case> {
    let wrong = "trust-root-invalid";
    let open = "without a start nothing says since when a key counts \
                 (protobuf-specs, `valid_for`); it takes it for open";
    let lists = [
        "tlogs",
        "ctlogs",
        "certificateAuthorities",
        "timestampAuthorities",
    ];
    let names = [
        [
            "root: log without a start",
            "root: log without a window",
            "root: log that ends before it starts",
        ],
        [
            "root: CT log without a start",
            "root: CT log without a window",
            "root: CT log that ends before it starts",
        ],
        [
            "root: authority without a start",
            "root: authority without a window",
            "root: authority that ends before it starts",
        ],
        [
            "root: TSA without a start",
            "root: TSA without a window",
            "root: TSA that ends before it starts",
        ],
    ];
    let mut cases = Vec::new();
    for (list, [start, both, swapped]) in lists.into_iter().zip(names) {
        cases.push(bad(start, wrong, without_start(list)));
        cases.push(
            bad(
                both,
                wrong,
                v1().root(move |root| match list {
                    "tlogs" | "ctlogs" => remove(&mut root[list][0]["publicKey"], "validFor"),
                    _ => remove(&mut root[list][0], "validFor"),
                }),
            )
            .lenient(open),
        );
        cases.push(bad(
            swapped,
            wrong,
            v1().root(move |root| {
                window(root, list, 0)["end"] = time::rfc3339(time::START - 1).into();
            }),
        ));
    }
    cases.push(bad(
        "root: a start that is not a time",
        wrong,
        v1().root(|root| {
            window(root, "tlogs", 0)["start"] = json!("yesterday");
        }),
    ));
    cases
}

/// A key of an unknown kind is left out, and so is what it would verify.
fn keys() -> Vec<Case> {
    let details = |list: &'static str, index: usize| {
        move |root: &mut Value| {
            root[list][index]["publicKey"]["keyDetails"] = json!("PKIX_ML_DSA_99")
        }
    };
    let reads = "`keyDetails` says what the key is (protobuf-specs, \
                 `PublicKey`); it reads the key itself";
    vec![
        good(
            "root: an unknown kind of key beside",
            v1().root(move |root| {
                let list = root["tlogs"].as_array_mut().expect("a list");
                let mut other = list[0].clone();
                other["publicKey"]["keyDetails"] = json!("PKIX_ML_DSA_99");
                other["publicKey"]["rawBytes"] = json!("AAAA");
                other["logId"]["keyId"] = json!("AAAA");
                list.insert(0, other);
            }),
        )
        .gap(
            "an unknown kind of key is no reason to refuse the rest of the \
                 root; it reads all or nothing",
        ),
        bad(
            "root: the log's key of an unknown kind",
            "log-unknown",
            v1().times(Times::Stamp).root(details("tlogs", 0)),
        )
        .lenient(reads),
        bad(
            "root: the CT log's key of an unknown kind",
            "sct-log-unknown",
            v2().root(details("ctlogs", 0)),
        )
        .lenient(reads),
        bad(
            "root: no authorities",
            "issuer-unknown",
            v2().root(|root| root["certificateAuthorities"] = json!([])),
        ),
        good(
            "root: no CT logs",
            v2().root(|root| root["ctlogs"] = json!([])),
        )
        .gap(NO_LOGS),
        good(
            "root: no logs, and no entries",
            v2().bundle(|bundle| entries(bundle).clear())
                .root(|root| root["tlogs"] = json!([])),
        )
        .gap(NO_LOGS),
        bad(
            "root: logs of unknown kinds alone, and no entries",
            "log-entry-missing",
            v2().bundle(|bundle| entries(bundle).clear())
                .root(move |root| {
                    details("tlogs", 0)(root);
                    details("tlogs", 1)(root);
                }),
        ),
        bad(
            "root: no logs",
            "log-unknown",
            v2().root(|root| root["tlogs"] = json!([])),
        ),
        bad(
            "root: of another media type",
            "trust-root-invalid",
            v2().root(|root| root["mediaType"] = json!("application/json")),
        )
        .lenient(
            "the media type says what the file is (protobuf-specs, \
                 `TrustedRoot`); it does not look",
        ),
        bad(
            "root: an authority without certificates",
            "trust-root-invalid",
            v2().root(|root| {
                root["certificateAuthorities"][0]["certChain"]["certificates"] = json!([]);
            }),
        ),
        bad(
            "root: the log's key for P-384",
            "trust-root-invalid",
            v1().root(|root| {
                root["tlogs"][0]["publicKey"]["keyDetails"] = json!("PKIX_ECDSA_P384_SHA_384");
            }),
        )
        .lenient(reads),
        bad(
            "root: 65 logs",
            "trust-root-count",
            v1().root(|root| {
                let log = root["tlogs"][0].clone();
                root["tlogs"] = vec![log; 65].into();
            }),
        ),
    ]
}
