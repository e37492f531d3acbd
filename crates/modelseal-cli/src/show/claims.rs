//! What an unverified bundle claims.

use std::fmt::Write as _;

use modelseal::{
    Claim, FileContent, Method, SignedFile, SubjectClaim,
    report::{CertificateClaim, Claimed, Claims, ListingClaim, LogEntryClaim, TimestampClaim},
    verdict::ErrorAnswer,
};

use super::{
    page::{PARTIAL, Page},
    signature::{describe, hex},
    verdict::show_model,
};

/// What a second reader makes of the bundle.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SecondReader {
    /// The same as ours.
    Agrees,
    /// Something else.
    Disagrees,
    /// An error.
    Refuses(String),
    /// The public key as it was before v1.1.0, in `rawBytes`: Sigstore never had that field.
    UnknownForm,
}

/// The second reader's name.
pub const SECOND_READER: &str = "sigstore_protobuf_specs";

/// The page of what an unverified bundle claims.
pub fn show(claimed: &Claimed, second: Option<&SecondReader>) -> String {
    let mut page = Page::default();
    page.headline(
        PARTIAL,
        "CLAIMED, NOT VERIFIED",
        "anyone can write what follows",
    );
    let claims = &claimed.claimed;
    page.row("media type", claims.media_type);
    page.row("method", claims.method.name());
    if let Some(hint) = &claims.key_hint {
        page.row("key hint", hint);
    }
    page.row("bundle", format!("sha256:{}", hex(&claimed.bundle_sha256)));
    page.list("certificate", &claims.certificates, certificate);
    show_evidence(&mut page, claims);
    if let Some(digest) = &claims.message_digest {
        let text = format!("{} {}", digest.algorithm, hex(&digest.digest));
        page.row("artifact", text);
    }
    if let Some(error) = claims.statement_error {
        page.row("statement", unreadable(error));
    }
    if let Some(statement) = &claims.statement {
        show_listing(&mut page, statement);
    }
    if let Some(attestation) = &claims.attestation {
        show_attestation(&mut page, attestation);
    }
    if let Some(second) = second {
        show_second_reader(&mut page, second);
    }
    page.text
}

fn unreadable(error: ErrorAnswer) -> String {
    format!("cannot be read: {} [{}]", error.0, error.0.code())
}

fn certificate(claim: &CertificateClaim) -> String {
    match claim {
        CertificateClaim::Readable(certificate) => format!(
            "{}, valid {} to {}",
            describe(certificate),
            certificate.not_before,
            certificate.not_after
        ),
        CertificateClaim::Unreadable { error, .. } => unreadable(*error),
        _ => String::new(),
    }
}

fn show_evidence(page: &mut Page, claims: &Claims) {
    if let Some(identity) = &claims.identity {
        page.row("identity", identity.identity());
        page.row(
            "issuer",
            identity
                .issuer()
                .unwrap_or("none: the certificate does not name one"),
        );
    }
    page.list("log entry", &claims.log_entries, log_entry);
    page.list(
        "timestamp",
        &claims.timestamps,
        |timestamp| match timestamp {
            TimestampClaim::Readable { at, .. } => at.to_string(),
            TimestampClaim::Unreadable { error, .. } => unreadable(*error),
            _ => String::new(),
        },
    );
}

fn log_entry(entry: &LogEntryClaim) -> String {
    let mut text = format!(
        "{} {}, index {}, log {}",
        entry.kind,
        entry.version,
        entry.index,
        hex(&entry.log_id)
    );
    if let Some(time) = entry.integrated_time {
        // Writing to a string cannot fail.
        let _ = write!(text, ", {time}");
    }
    text
}

fn show_listing(page: &mut Page, listing: &ListingClaim) {
    show_model(page, &listing.model());
    let algorithm = listing.algorithm().name();
    page.row(
        "hashed as",
        match listing.method() {
            Method::Shards { size } => format!("{algorithm}, shards of {size} bytes"),
            _ => format!("{algorithm}, files"),
        },
    );
    let symlinks = if listing.allow_symlinks() {
        "followed"
    } else {
        "refused"
    };
    page.row("symlinks", symlinks);
    page.list("ignores", listing.ignore_paths(), String::clone);
    page.row("files", listing.files().len());
    page.list("", listing.files(), file);
}

fn file(file: &SignedFile) -> String {
    match file.content() {
        FileContent::Whole(digest) => format!("{}  {digest}", file.path()),
        FileContent::Shards {
            length, digests, ..
        } => {
            let count = |number: u64, noun: &str| match number {
                1 => format!("1 {noun}"),
                number => format!("{number} {noun}s"),
            };
            let shards = u64::try_from(digests.len()).unwrap_or(u64::MAX);
            let (bytes, shards) = (count(*length, "byte"), count(shards, "shard"));
            format!("{}  {bytes} in {shards}", file.path())
        }
        _ => file.path().to_owned(),
    }
}

fn show_attestation(page: &mut Page, attestation: &Claim) {
    page.row("statement", &attestation.statement_type);
    page.row("attestation", &attestation.predicate_type);
    page.list("about", &attestation.subjects, subject);
}

fn subject(subject: &SubjectClaim) -> String {
    let mut text = subject.name.clone().unwrap_or_default();
    for (algorithm, digest) in &subject.digest {
        let space = if text.is_empty() { "" } else { "  " };
        // Writing to a string cannot fail.
        let _ = write!(text, "{space}{algorithm}:{digest}");
    }
    text
}

fn show_second_reader(page: &mut Page, second: &SecondReader) {
    let text = match second {
        SecondReader::Agrees => format!("{SECOND_READER} reads the same"),
        SecondReader::Disagrees => format!("WARNING: {SECOND_READER} reads something else"),
        SecondReader::Refuses(why) => {
            format!("WARNING: {SECOND_READER} refuses the bundle: {why}")
        }
        SecondReader::UnknownForm => {
            format!("{SECOND_READER} does not know this form, used before v1.1.0")
        }
    };
    page.row("second reader", text);
}
