//! What an unverified bundle claims, as text.

use std::fmt::Write as _;

use serde::Deserialize as _;
use serde_json::Value;

use super::{
    Certificate, Model,
    page::{PARTIAL, Page},
};

/// What an unverified bundle claims.
pub fn show(claimed: &Value) -> String {
    let mut page = Page::default();
    page.headline(
        PARTIAL,
        "CLAIMED, NOT VERIFIED",
        "anybody can write what follows",
    );
    let claims = &claimed["claimed"];
    let mut text = |label: &str, value: &Value| {
        if let Some(text) = value.as_str() {
            page.row(label, text);
        }
    };
    text("media type", &claims["mediaType"]);
    text("method", &claims["method"]);
    text("key hint", &claims["keyHint"]);
    text("bundle", &claimed["bundleSha256"]);
    page.list(
        "certificate",
        array(&claims["certificates"]),
        |value| match serde_json::from_value::<Certificate>(value.clone()) {
            Ok(it) => format!(
                "{}, valid {} to {}",
                it.describe(),
                it.not_before,
                it.not_after
            ),
            Err(_) => format!("unreadable: {}", error_text(&value["error"])),
        },
    );
    show_evidence(&mut page, claims);
    if claims["statementError"].is_object() {
        page.row(
            "statement",
            format!("unreadable: {}", error_text(&claims["statementError"])),
        );
    }
    show_statement(&mut page, &claims["statement"]);
    show_second_reader(&mut page, &claimed["secondReader"]);
    page.text
}

fn show_evidence(page: &mut Page, claims: &Value) {
    let identity = &claims["identity"];
    if identity.is_object() {
        let names = ["identity", "issuer"].map(|name| plain_text(&identity[name]));
        page.row("identity", &names[0]);
        page.row("vouched for", format!("by {}", names[1]));
    }
    page.list("log entry", array(&claims["logEntries"]), |entry| {
        let mut text = format!(
            "{} {}, index {}, log {}",
            plain_text(&entry["kind"]),
            plain_text(&entry["version"]),
            entry["index"],
            plain_text(&entry["logId"])
        );
        if let Some(time) = entry["integratedTime"].as_str() {
            let _ = write!(text, ", {time}");
        }
        text
    });
    page.list(
        "timestamp",
        array(&claims["timestamps"]),
        |timestamp| match timestamp["at"].as_str() {
            Some(at) => at.to_owned(),
            None => format!("unreadable: {}", error_text(&timestamp["error"])),
        },
    );
}

fn show_statement(page: &mut Page, statement: &Value) {
    if !statement.is_object() {
        return;
    }
    if let Ok(model) = Model::deserialize(&statement["model"]) {
        model.show(page);
    }
    let plain = |name: &str| statement[name].as_str().unwrap_or_default().to_owned();
    let mut hashed = format!("{}, {}", plain("algorithm"), plain("method"));
    if let Some(size) = statement["shardSize"].as_u64() {
        let _ = write!(hashed, " of {size} bytes");
    }
    page.row("hashed as", hashed);
    page.row(
        "symlinks",
        if statement["allowSymlinks"] == true {
            "followed"
        } else {
            "refused"
        },
    );
    page.list("leaves out", array(&statement["ignorePaths"]), plain_text);
    let files = array(&statement["files"]);
    page.row("files", files.len());
    page.list("", files, |file| match file["digest"].as_str() {
        Some(digest) => format!("{}  {digest}", plain_text(&file["path"])),
        None => {
            let (shards, size) = (array(&file["shards"]).len(), &file["size"]);
            format!(
                "{}  {size} bytes in {shards} shards",
                plain_text(&file["path"])
            )
        }
    });
}

fn show_second_reader(page: &mut Page, second: &Value) {
    let name = plain_text(&second["name"]);
    match second["status"].as_str() {
        Some("agrees") => page.row("second reader", format!("{name} reads the same")),
        Some("unknown-form") => {
            page.row(
                "second reader",
                format!("{name} does not know this form, used before v1.1.0"),
            );
        }
        Some("refuses") => {
            let message = plain_text(&second["message"]);
            page.row(
                "second reader",
                format!("WARNING: {name} refuses the bundle: {message}"),
            );
        }
        _ => page.row(
            "second reader",
            format!("WARNING: {name} reads something else"),
        ),
    }
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn plain_text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn error_text(error: &Value) -> String {
    format!(
        "{} [{}]",
        plain_text(&error["message"]),
        plain_text(&error["code"])
    )
}
