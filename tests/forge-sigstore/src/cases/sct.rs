//! Embedded SCTs (RFC 6962 sections 3.2 and 3.3).

use modelseal_forge_oms::certificate::Extension;
use modelseal_forge_oms::der;

use super::{Case, bad, good, since, spoil, until, v2};
use crate::sct::LIST;
use crate::{Spec, time};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = lists();
    cases.extend(windows());
    cases.extend(signed());
    cases
}

fn value(octets: Vec<u8>) -> Spec {
    v2().leaf_final(move |leaf| leaf.set(Extension::new(LIST, false, octets.clone())))
}

fn lists() -> Vec<Case> {
    let second = "RFC 6962 section 3.3 has a list; one SCT that holds is enough, \
                 it takes exactly one";
    vec![
        bad("SCT: none", "sct-missing", v2().scts(Vec::clear)),
        bad(
            "SCT: an empty list",
            "sct-missing",
            value(der::tlv(der::OCTET_STRING, &[0, 0])),
        ),
        bad(
            "SCT: a list that is none",
            "sct-invalid",
            value(vec![1, 1, 0]),
        ),
        bad(
            "SCT: a list of another length",
            "sct-invalid",
            value(der::tlv(der::OCTET_STRING, &[0, 9, 1])),
        ),
        bad(
            "SCT: octets after the list",
            "sct-invalid",
            v2().leaf_final(|leaf| {
                let list = leaf
                    .extensions
                    .iter_mut()
                    .find(|extension| extension.oid == LIST)
                    .expect("a list");
                let mut content = list.value[4..].to_vec();
                content.push(0);
                list.value = der::tlv(der::OCTET_STRING, &content);
            }),
        ),
        bad(
            "SCT: octets after the SCT",
            "sct-invalid",
            v2().scts(|list| list[0].push(0)),
        ),
        bad(
            "SCT: cut short",
            "sct-invalid",
            v2().scts(|list| {
                list[0].pop();
            }),
        ),
        bad(
            "SCT: of version 2",
            "sct-invalid",
            v2().sct(|sct| sct.version = 1),
        ),
        bad(
            "SCT: of an unknown log",
            "sct-log-unknown",
            v2().sct(|sct| sct.log_id = vec![7; 32]),
        ),
        good(
            "SCT: another of an unknown log before it",
            v2().scts(|list| {
                let mut other = list[0].clone();
                other[1..33].fill(7);
                list.insert(0, other);
            }),
        )
        .gap(second),
        good(
            "SCT: another of an unknown log after it",
            v2().scts(|list| {
                let mut other = list[0].clone();
                other[1..33].fill(7);
                list.push(other);
            }),
        )
        .gap(second),
        good(
            "SCT: with extensions",
            v2().sct(|sct| sct.extensions = vec![0, 0, 5, 0, 0, 0, 0, 9]),
        ),
    ]
}

/// The log's window covers the SCT's time; both ends are inside.
fn windows() -> Vec<Case> {
    let outside = "sct-log-outside-validity";
    vec![
        bad(
            "SCT: log ended",
            outside,
            v2().root(until("ctlogs", 0, time::SCT - 1)),
        ),
        bad(
            "SCT: log not begun",
            outside,
            v2().root(since("ctlogs", 0, time::SCT + 1)),
        ),
        good(
            "SCT: log's last second",
            v2().root(until("ctlogs", 0, time::SCT)),
        ),
        good(
            "SCT: log's first second",
            v2().root(since("ctlogs", 0, time::SCT)),
        ),
    ]
}

/// Each field of what the log signs.
fn signed() -> Vec<Case> {
    let wrong = "sct-signature-mismatch";
    vec![
        bad(
            "SCT: signature spoiled",
            wrong,
            v2().scts(|list| spoil(&mut list[0])),
        ),
        bad(
            "SCT: signed as a tree head",
            wrong,
            v2().sct(|sct| sct.signature_type = 1),
        ),
        bad(
            "SCT: signed as a certificate's own entry",
            wrong,
            v2().sct(|sct| sct.entry_type = 0),
        ),
        bad(
            "SCT: for another issuer",
            wrong,
            v2().sct(|sct| sct.issuer_key_hash = vec![7; 32]),
        ),
        bad(
            "SCT: for another certificate",
            wrong,
            v2().sct(|sct| spoil(&mut sct.tbs)),
        ),
        bad(
            "SCT: of another time",
            wrong,
            v2().scts(|list| list[0][40] ^= 1),
        ),
        bad(
            "SCT: extensions added",
            wrong,
            v2().scts(|list| {
                list[0][42] = 1;
                list[0].insert(43, 0);
            }),
        ),
        bad(
            "SCT: leaf changed after it",
            wrong,
            v2().leaf_final(|leaf| leaf.serial[1] ^= 1),
        ),
        bad(
            "SCT: said to be with SHA-384",
            "sct-invalid",
            v2().sct(|sct| sct.hash = 5),
        ),
        bad(
            "SCT: said to be with RSA",
            wrong,
            v2().sct(|sct| sct.signature = 1),
        ),
    ]
}
