//! The command line: flags are named as in the Python CLI, with hyphens or underscores.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use modelseal::{Algorithm, Digest, UnixTime};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

const EXIT_CODES: &str = "\
Exit codes:
  0  verified
  1  not verified, or only in part
  2  could not be checked (wrong use, something unreadable)";

/// Checks who signed an AI model, and whether every byte is what they signed
#[derive(Debug, Parser)]
#[command(name = "modelseal", version, after_help = EXIT_CODES, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Verify a model against its signature
    #[command(after_help = EXIT_CODES)]
    Verify {
        /// How the model was signed.
        #[command(subcommand)]
        method: Verify,
    },
    /// Show what a signature bundle claims, without verifying it
    Inspect(Inspect),
    /// Verify as the public conformance suite asks
    #[command(name = "verify-model", hide = true)]
    VerifyModel(VerifyModel),
}

/// How the model was signed.
#[derive(Debug, Subcommand)]
pub enum Verify {
    /// Signed with a key: give its public half
    #[command(after_help = EXIT_CODES)]
    Key {
        /// The signer's public key, a PEM file
        #[arg(long, alias = "public_key", value_name = "PEM")]
        public_key: PathBuf,
        /// What is common to the methods.
        #[command(flatten)]
        common: Common,
    },
    /// Signed with a certificate: give the authorities that you trust
    #[command(after_help = EXIT_CODES)]
    Certificate {
        /// A certificate that you trust as an anchor, a PEM file; may be given several times
        #[arg(long, alias = "certificate_chain", value_name = "PEM", required = true)]
        certificate_chain: Vec<PathBuf>,
        /// Also accept anchors that are not self-signed
        #[arg(long, alias = "intermediate_anchors")]
        intermediate_anchors: bool,
        /// Also accept the form of v0.2.0, which has no root digest
        #[arg(long, alias = "allow_digests_v01")]
        allow_digests_v01: bool,
        /// What is common to the methods.
        #[command(flatten)]
        common: Common,
    },
    /// Signed without a key of one's own: not supported yet
    #[command(hide = true)]
    Sigstore {
        /// Anything: the method is refused before its arguments matter.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
        rest: Vec<String>,
    },
}

/// What is common to the methods.
#[derive(Args, Debug)]
pub struct Common {
    /// The model: a folder or a single file
    pub model: PathBuf,
    /// The signature bundle
    #[arg(long, value_name = "BUNDLE")]
    pub signature: PathBuf,
    /// A file or folder of the model to leave out; may be given several times
    #[arg(long, alias = "ignore_paths", value_name = "PATH")]
    pub ignore_paths: Vec<PathBuf>,
    /// Allow files that the signature does not cover
    #[arg(long, alias = "ignore_unsigned_files")]
    pub ignore_unsigned_files: bool,
    /// Follow symlinks to files within the model, if the signer allowed it too
    #[arg(long, alias = "allow_symlinks")]
    pub allow_symlinks: bool,
    /// Judge certificates at this time instead of now, as in 2026-01-31T12:00:00Z
    #[arg(long, value_name = "RFC3339", value_parser = parse_time)]
    pub at: Option<UnixTime>,
    /// Expect the model with this root digest, and no other
    #[arg(long, alias = "root_digest", value_name = "sha256:HEX", value_parser = parse_sha256)]
    pub root_digest: Option<Sha256>,
    /// Expect the model that was signed under this name, and no other
    #[arg(long, alias = "model_name", value_name = "NAME", value_parser = parse_name)]
    pub model_name: Option<String>,
    /// Deny a certificate, key or model by its digest; may be given several times
    #[arg(long, value_name = "sha256:HEX", value_parser = parse_sha256)]
    pub deny: Vec<Sha256>,
    /// How to print the verdict
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// A SHA-256 digest.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sha256(pub [u8; 32]);

/// How to print.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// For programs: one line of JSON
    Json,
}

/// `modelseal inspect`.
#[derive(Args, Debug)]
pub struct Inspect {
    /// The signature bundle
    pub bundle: PathBuf,
    /// How to print the claims
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `modelseal verify-model`, the protocol of the public OMS conformance suite.
#[derive(Args, Debug)]
pub struct VerifyModel {
    /// The method of the signature.
    #[arg(long)]
    pub method: Method,
    /// The model.
    #[arg(long, alias = "model_path")]
    pub model_path: PathBuf,
    /// The signature bundle.
    #[arg(long)]
    pub bundle: PathBuf,
    /// The signer's public key.
    #[arg(long, alias = "public_key", required_if_eq("method", "key"))]
    pub public_key: Option<PathBuf>,
    /// The trust anchors.
    #[arg(long, alias = "cert_chain", required_if_eq("method", "certificate"))]
    pub cert_chain: Vec<PathBuf>,
    /// For the sigstore method.
    #[arg(long)]
    pub identity: Option<String>,
    /// For the sigstore method.
    #[arg(long, alias = "identity_provider")]
    pub identity_provider: Option<String>,
    /// For the sigstore method.
    #[arg(long, alias = "use_staging")]
    pub use_staging: bool,
    /// Paths to leave out.
    #[arg(long, alias = "ignore_paths")]
    pub ignore_paths: Vec<PathBuf>,
    /// Allow files that the signature does not cover.
    #[arg(long, alias = "ignore_unsigned_files")]
    pub ignore_unsigned_files: bool,
}

/// The methods of the conformance protocol.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Method {
    /// A key of the signer's.
    Key,
    /// A certificate that leads to an anchor.
    Certificate,
    /// Keyless.
    Sigstore,
}

fn parse_time(text: &str) -> Result<UnixTime, String> {
    let moment = OffsetDateTime::parse(text, &Rfc3339)
        .map_err(|_| "not a time as in 2026-01-31T12:00:00Z (RFC 3339)".to_owned())?;
    let seconds = u64::try_from(moment.unix_timestamp()).map_err(|_| "before 1970".to_owned())?;
    Ok(UnixTime::from_seconds(seconds))
}

fn parse_sha256(text: &str) -> Result<Sha256, String> {
    let hex = text.strip_prefix("sha256:").unwrap_or_default();
    match Digest::from_hex(Algorithm::Sha256, hex) {
        Some(Digest::Sha256(digest)) => Ok(Sha256(digest)),
        _ => Err("not `sha256:` and 64 lower-case hex digits".to_owned()),
    }
}

/// An empty name would read like "any".
fn parse_name(text: &str) -> Result<String, String> {
    if text.is_empty() {
        Err("an empty name".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn time_takes_offsets() {
        let utc = parse_time("2026-01-31T12:00:00Z");
        assert_eq!(utc, Ok(UnixTime::from_seconds(1_769_860_800)));
        assert_eq!(parse_time("2026-01-31T14:30:00+02:30"), utc);
        assert_eq!(parse_time("2026-01-31T12:00:00.999Z"), utc);
    }

    #[test]
    fn time_refuses_what_is_not_rfc_3339() {
        for text in [
            "",
            "now",
            "2026-01-31",
            "2026-01-31T12:00:00",
            "2026-02-30T12:00:00Z",
            "0",
        ] {
            assert!(parse_time(text).is_err(), "{text}");
        }
        assert_eq!(
            parse_time("1969-12-31T23:59:59Z"),
            Err("before 1970".to_owned())
        );
    }

    #[test]
    fn digests_are_lower_case_hex() {
        let text = format!("sha256:{}", "0f".repeat(32));
        assert_eq!(parse_sha256(&text), Ok(Sha256([0x0f; 32])));
        for bad in [
            "",
            "sha256:",
            &text.to_uppercase(),
            &text[7..],
            &text[..70],
            &format!("{text}0"),
        ] {
            assert!(parse_sha256(bad).is_err(), "{bad}");
        }
    }
}
