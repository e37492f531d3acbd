//! The public suite x509-limbo: paths of certificates for TLS, with the rules that we share.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

use std::{
    collections::BTreeMap,
    format, println,
    string::{String, ToString},
    vec::Vec,
};

use der::DateTime;
use serde_json::Value;

use super::super::{Anchors, Certificate, Purpose, verify_path};
use crate::{budget::Budget, error::Error, limits::Limits, pem::Pem, testing, time::UnixTime};

/// Cases without a time of their own are about "now": this one, so that the test stays as it is.
const NOW: &str = "2026-06-01T00:00:00Z";

#[test]
fn x509_limbo() {
    let Some(suite) = testing::vector("x509_limbo", "x509-limbo/limbo.json") else {
        return;
    };
    let suite: Value = serde_json::from_str(&suite).unwrap();
    let cases = suite["testcases"].as_array().unwrap();
    let mut exceptions = testing::Exceptions::read(include_str!("limbo-exceptions.json"));
    // Why a case is rejected is part of what is tested: a parse error must not hide another one.
    let mut expected_codes = testing::object(include_str!("limbo-codes.json"));
    let mut codes = BTreeMap::new();
    for case in cases {
        let id = case["id"].as_str().unwrap();
        let result = run(case);
        let actual = if result.is_ok() { "SUCCESS" } else { "FAILURE" };
        exceptions.compare(id, case["expected_result"].as_str().unwrap(), actual);
        let code = result.map_err(|error| described(&error)).err();
        let expected = expected_codes.remove(id);
        if expected.as_ref().and_then(Value::as_str) != code.as_deref() {
            exceptions.fault(id, &format!("code {expected:?} expected, was {code:?}"));
        }
        codes.extend(code.map(|code| (id.to_string(), code)));
    }
    for id in expected_codes.keys() {
        exceptions.fault(id, "a code for no such case");
    }
    if std::env::var_os("MODELSEAL_LIMBO_CODES").is_some() {
        println!("{}", serde_json::to_string_pretty(&codes).unwrap());
    }
    let excepted = exceptions.finish();
    println!(
        "x509_limbo: {} as the suite says, {excepted} exceptions",
        cases.len() - excepted
    );
    assert_eq!(cases.len(), 208);
}

/// The error's code, and the position of the certificate that it is about.
fn described(error: &Error) -> String {
    let debug = format!("{error:?}");
    let index = debug
        .split_once("index: ")
        .map(|(_, rest)| rest.split([',', ' ']).next().unwrap());
    index.map_or(error.code().to_string(), |index| {
        format!("{} {index}", error.code())
    })
}

fn run(case: &Value) -> Result<(), Error> {
    let texts = |field: &str| -> Vec<&str> {
        case[field]
            .as_array()
            .unwrap()
            .iter()
            .map(|pem| pem.as_str().unwrap())
            .collect()
    };
    let read = |pem: &str, index: usize| {
        let blocks = Pem::parse(pem).unwrap().blocks;
        assert_eq!(blocks.len(), 1);
        Certificate::from_der(&blocks[0].der, index)
    };
    let leaf = read(case["peer_certificate"].as_str().unwrap(), 0)?;
    let intermediates = texts("untrusted_intermediates");
    let anchors = texts("trusted_certs");
    let first_anchor = 1 + intermediates.len();
    let intermediates = intermediates
        .into_iter()
        .zip(1..)
        .map(|(pem, index)| read(pem, index));
    let intermediates = intermediates.collect::<Result<Vec<_>, _>>()?;
    let anchors = anchors
        .into_iter()
        .zip(first_anchor..)
        .map(|(pem, index)| read(pem, index));
    let anchors = Anchors::from_certificates(anchors.collect::<Result<_, _>>()?);
    let purpose = match case["validation_kind"].as_str().unwrap() {
        "SERVER" => Purpose::ServerAuth,
        "CLIENT" => Purpose::ClientAuth,
        kind => panic!("validation kind {kind}"),
    };
    let budget = Budget::new(&Limits::default());
    verify_path(
        &leaf,
        &[&intermediates],
        &anchors,
        &[time(case)],
        purpose,
        &budget,
    )
    .map(drop)
}

fn time(case: &Value) -> UnixTime {
    let time = case["validation_time"].as_str().unwrap_or(NOW);
    // Fractions of a second are not known to certificates: they are cut.
    let seconds = time.get(..19).unwrap();
    format!("{seconds}Z").parse::<DateTime>().unwrap().into()
}
