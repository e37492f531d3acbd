//! The command line: flags are named as in the Python CLI, with hyphens or underscores.

mod expected;
mod values;

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use modelseal::{Policy, UnixTime};

pub use expected::{Expected, Keyless, Roots};
pub use values::{Sha256, artifact_digest};
use values::{parse_seconds, parse_sha256, parse_text, parse_time};

const EXIT_CODES: &str = "\
Exit codes:
  0  verified
  1  not verified, or only in part
  2  could not be checked (wrong use, something unreadable)";

const UPDATE_EXIT_CODES: &str = "\
Exit codes:
  0  updated, or current
  1  refused: what the mirror serves is not right, or has expired
  2  the mirror could not be asked, or the store not written";

/// Checks who signed an AI model, and whether every byte is what they signed
#[derive(Debug, Parser)]
#[command(name = "modelseal", version, after_help = EXIT_CODES, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Reads the process's arguments.
    ///
    /// # Errors
    /// clap's sentence on wrong use, or the help that was asked for.
    pub fn read() -> Result<Self, clap::Error> {
        Self::read_from(std::env::args_os())
    }

    /// Reads these arguments, of which the first is the command's name.
    ///
    /// # Errors
    /// As [`Cli::read`].
    pub fn read_from(
        arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> Result<Self, clap::Error> {
        let matches = two_spellings(Self::command()).try_get_matches_from(arguments)?;
        Self::from_arg_matches(&matches)
    }
}

/// Adds to every flag with hyphens the same with underscores.
fn two_spellings(command: clap::Command) -> clap::Command {
    let command = command.mut_args(|arg| {
        let flags = arg.get_long().into_iter();
        let flags = flags.chain(arg.get_visible_aliases().unwrap_or_default());
        let other: Vec<_> = flags
            .filter(|flag| flag.contains('-'))
            .map(|flag| flag.replace('-', "_"))
            .collect();
        arg.aliases(other)
    });
    command.mut_subcommands(two_spellings)
}

/// What to do.
#[derive(Debug, Subcommand)]
#[allow(
    clippy::large_enum_variant,
    reason = "there is one for the whole process"
)]
pub enum Command {
    /// Verify a model against its signature, or one file against a signature or attestation
    #[command(after_help = EXIT_CODES)]
    Verify {
        /// How it was signed.
        #[command(subcommand)]
        method: Verify,
    },
    /// Show what a signature bundle claims, without verifying it
    Inspect(Inspect),
    /// Show trust roots: their authorities and logs, and where they come from
    Roots(RootsArguments),
    /// Verify as the public OMS conformance suite asks
    #[command(name = "verify-model", hide = true)]
    VerifyModel(VerifyModel),
    /// Verify as the public Sigstore conformance suite asks
    #[command(name = "verify-bundle", hide = true)]
    VerifyBundle(VerifyBundle),
    /// Refresh and download as the public TUF conformance suite asks
    #[command(name = "tuf-conformance-client", hide = true)]
    TufConformance(TufConformance),
}

/// How it was signed.
#[derive(Debug, Subcommand)]
pub enum Verify {
    /// Signed with a key: give its public half
    #[command(after_help = EXIT_CODES)]
    Key {
        /// The signer's public key, a PEM file
        #[arg(long, value_name = "PEM")]
        public_key: PathBuf,
        /// What log entries and timestamps in the bundle are checked with.
        #[command(flatten)]
        evidence: Evidence,
        /// What is common to the methods.
        #[command(flatten)]
        common: Common,
    },
    /// Signed with a certificate: give the authorities that you trust
    #[command(after_help = EXIT_CODES)]
    Certificate {
        /// The anchors.
        #[command(flatten)]
        anchors: Anchors,
        /// Also accept anchors that are not self-signed
        #[arg(long)]
        intermediate_anchors: bool,
        /// Also accept the form of v0.2.0, which has no root digest
        #[arg(long)]
        allow_digests_v01: bool,
        /// What log entries and timestamps in the bundle are checked with.
        #[command(flatten)]
        evidence: Evidence,
        /// What is common to the methods.
        #[command(flatten)]
        common: Common,
    },
    /// Signed keyless (Sigstore): name the expected signer
    #[command(after_help = EXIT_CODES)]
    Sigstore {
        /// Which signer to expect, and what certifies it.
        #[command(flatten)]
        keyless: Keyless,
        /// What is common to the methods.
        #[command(flatten)]
        common: Common,
    },
    /// Signed by a publisher that modelseal knows by name
    #[command(after_help = EXIT_CODES)]
    Preset {
        /// The name of the preset
        #[arg(value_parser = clap::builder::PossibleValuesParser::new(Policy::PRESETS))]
        name: String,
        /// What is common to the methods.
        #[command(flatten)]
        common: Common,
    },
    /// One file, signed or attested (such as how it was built)
    #[command(alias = "attestation", after_help = EXIT_CODES)]
    Artifact(Artifact),
}

/// The anchors of the certificate method.
#[derive(Args, Debug)]
#[group(required = true)]
pub struct Anchors {
    /// A PEM file with certificates: the self-signed ones are trusted as anchors, a path may lead
    /// through the others; may be given several times
    #[arg(long, value_name = "PEM")]
    pub certificate_chain: Vec<PathBuf>,
    /// An anchor by the SHA-256 of its DER, for bundles that contain it; may be given several times
    #[arg(long, value_name = "sha256:HEX", value_parser = parse_sha256)]
    pub anchor_digest: Vec<Sha256>,
}

/// What log entries and timestamps in a bundle of the key and certificate methods are checked with.
#[derive(Args, Debug, Default)]
pub struct Evidence {
    /// What log entries and timestamps in the bundle are checked with: the name of a bundled trust
    /// root (`modelseal roots`), or a trusted_root.json or ClientTrustConfig
    #[arg(long, value_name = "NAME|FILE")]
    pub trust_root: Option<PathBuf>,
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
    #[arg(long, value_name = "PATH")]
    pub ignore_paths: Vec<PathBuf>,
    /// Allow files that the signature does not cover
    #[arg(long)]
    pub ignore_unsigned_files: bool,
    /// Follow symlinks to files within the model, if the signer allowed it too
    #[arg(long)]
    pub allow_symlinks: bool,
    /// A folder outside the model that symlinks may lead to, straight to its files: they count as
    /// those files (the blobs of a Hugging Face cache are found without this)
    #[arg(long, value_name = "DIR")]
    pub link_targets: Option<PathBuf>,
    /// The time of the check.
    #[command(flatten)]
    pub time: Time,
    /// What narrows the expectation.
    #[command(flatten)]
    pub pins: Pins,
    /// How to print the verdict
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Have the JSON say how the files were hashed, which depends on the machine
    #[arg(long)]
    pub diagnostics: bool,
}

/// The time of a check.
#[derive(Args, Debug, Default)]
pub struct Time {
    /// Check certificates for this time instead of now, as in 2026-01-31T12:00:00Z, where the
    /// bundle has no verified signing time
    #[arg(long, value_name = "RFC3339", value_parser = parse_time)]
    pub at: Option<UnixTime>,
    /// How many seconds this machine's clock may be behind a verified signing time [default: 60]
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds)]
    pub max_clock_skew: Option<u64>,
}

/// What narrows any expectation.
#[derive(Args, Debug, Default)]
pub struct Pins {
    /// Expect the model with this root digest, and no other
    #[arg(long, value_name = "sha256:HEX", value_parser = parse_sha256)]
    pub root_digest: Option<Sha256>,
    /// Expect the model that was signed under this name, and no other
    #[arg(long, value_name = "NAME", value_parser = parse_text)]
    pub model_name: Option<String>,
    /// Deny a certificate, key or model by its digest; may be given several times
    #[arg(long, value_name = "sha256:HEX", value_parser = parse_sha256)]
    pub deny: Vec<Sha256>,
}

/// How to print.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// For programs: one line of JSON
    Json,
}

/// `modelseal verify artifact`.
#[derive(Args, Debug)]
pub struct Artifact {
    /// The file, or its digest as `sha256:HEX`, `sha384:HEX` or `sha512:HEX`
    #[arg(value_name = "FILE|DIGEST")]
    pub file: PathBuf,
    /// The bundle with the signature or attestation, or a file with several, one a line
    #[arg(long)]
    pub bundle: PathBuf,
    /// The signer's public key, a PEM file, in place of an identity
    #[arg(long, value_name = "PEM", conflicts_with_all = ["Expected", "report_only"])]
    pub public_key: Option<PathBuf>,
    /// Which signer to expect, and what certifies it.
    #[command(flatten)]
    pub keyless: Keyless,
    /// Which attestations are accepted.
    #[command(flatten)]
    pub predicates: Predicates,
    /// Deny a certificate, key or artifact by its digest; may be given several times
    #[arg(long, value_name = "sha256:HEX", value_parser = parse_sha256)]
    pub deny: Vec<Sha256>,
    /// The time of the check.
    #[command(flatten)]
    pub time: Time,
    /// How to print the verdict
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Which attestations are accepted.
#[derive(Args, Debug, Default)]
pub struct Predicates {
    /// Accept an attestation of this type; may be given several times [default: SLSA provenance,
    /// v0.2 and v1]
    #[arg(long, value_name = "URI", value_parser = parse_text)]
    pub predicate_type: Vec<String>,
    /// Accept an attestation of any type: what it says is not checked
    #[arg(long, conflicts_with = "predicate_type")]
    pub any_predicate_type: bool,
}

/// `modelseal inspect`.
#[derive(Args, Debug)]
pub struct Inspect {
    /// The signature bundle
    pub bundle: PathBuf,
    /// Also read the bundle with a second, independent reader, and compare
    #[arg(long)]
    pub second_reader: bool,
    /// How to print the claims
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `modelseal roots`.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct RootsArguments {
    /// What to do with them; without it they are listed.
    #[command(subcommand)]
    pub command: Option<RootsCommand>,
    /// Which ones to list.
    #[command(flatten)]
    pub list: ListRoots,
}

/// What to do with trust roots.
#[derive(Debug, Subcommand)]
pub enum RootsCommand {
    /// Fetch a newer trust root: this asks a server, and no other command does
    #[command(after_help = UPDATE_EXIT_CODES)]
    Update(UpdateRoots),
    /// Forget what was fetched: the bundled trust roots count again
    Reset(ResetRoots),
}

/// `modelseal roots update`.
#[derive(Args, Debug)]
pub struct UpdateRoots {
    /// The name of a bundled trust root
    #[arg(default_value = "production")]
    pub name: String,
    /// Only show which logs and authorities come, go or change
    #[arg(long)]
    pub check: bool,
    /// The address of a mirror: https, or http on this machine
    #[arg(long, value_name = "URL")]
    pub mirror: Option<String>,
    /// A folder with the layout of a mirror, in place of one on the web
    #[arg(long, value_name = "DIR", conflicts_with = "mirror")]
    pub offline: Option<PathBuf>,
}

/// `modelseal roots reset`.
#[derive(Args, Debug)]
pub struct ResetRoots {
    /// The name of a bundled trust root [default: all]
    pub name: Option<String>,
}

/// Which trust roots to list.
#[derive(Args, Debug)]
pub struct ListRoots {
    /// One trust root alone: the name of a bundled one, or a trusted_root.json or ClientTrustConfig
    #[arg(value_name = "NAME|FILE")]
    pub root: Option<PathBuf>,
    /// How to print them
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
    #[arg(long)]
    pub model_path: PathBuf,
    /// The signature bundle.
    #[arg(long)]
    pub bundle: PathBuf,
    /// The signer's public key.
    #[arg(long, required_if_eq("method", "key"))]
    pub public_key: Option<PathBuf>,
    /// The trust anchors.
    #[arg(long, required_if_eq("method", "certificate"))]
    pub cert_chain: Vec<PathBuf>,
    /// The signer's identity.
    #[arg(long, required_if_eq("method", "sigstore"), value_parser = parse_text)]
    pub identity: Option<String>,
    /// The issuer of the identity.
    #[arg(long, required_if_eq("method", "sigstore"), value_parser = parse_text)]
    pub identity_provider: Option<String>,
    /// Sigstore's staging instance.
    #[arg(long)]
    pub use_staging: bool,
    /// Paths to leave out.
    #[arg(long)]
    pub ignore_paths: Vec<PathBuf>,
    /// Allow files that the signature does not cover.
    #[arg(long)]
    pub ignore_unsigned_files: bool,
}

/// The methods of the conformance protocol.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Method {
    /// With a key.
    Key,
    /// With a certificate that leads to an anchor.
    Certificate,
    /// Keyless.
    Sigstore,
}

/// `modelseal verify-bundle`, the protocol of the public Sigstore conformance suite.
#[derive(Args, Debug)]
pub struct VerifyBundle {
    /// The artifact, or its digest.
    #[arg(value_name = "FILE|sha256:HEX")]
    pub file: PathBuf,
    /// The bundle.
    #[arg(long)]
    pub bundle: PathBuf,
    /// The signer's identity.
    #[arg(
        long,
        required_unless_present = "key",
        requires = "certificate_oidc_issuer"
    )]
    #[arg(value_parser = parse_text)]
    pub certificate_identity: Option<String>,
    /// The issuer of the identity.
    #[arg(long, requires = "certificate_identity", value_parser = parse_text)]
    pub certificate_oidc_issuer: Option<String>,
    /// The signer's public key, in place of an identity.
    #[arg(long, conflicts_with = "certificate_identity")]
    pub key: Option<PathBuf>,
    /// The trust root.
    #[arg(long)]
    pub trusted_root: Option<PathBuf>,
    /// Sigstore's staging instance.
    #[arg(long, conflicts_with = "trusted_root")]
    pub staging: bool,
}

/// `modelseal tuf-conformance-client`, the protocol of the public TUF conformance suite.
#[derive(Args, Debug)]
pub struct TufConformance {
    /// The folder of metadata.
    #[arg(long, global = true, default_value = ".")]
    pub metadata_dir: PathBuf,
    /// The address of metadata.
    #[arg(long, global = true)]
    pub metadata_url: Option<String>,
    /// The paths of target files.
    #[arg(long, global = true)]
    pub target_name: Vec<String>,
    /// The address of target files.
    #[arg(long, global = true)]
    pub target_base_url: Option<String>,
    /// The folder of target files.
    #[arg(long, global = true)]
    pub target_dir: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: TufCommand,
}

/// What the TUF suite asks for.
#[derive(Debug, Subcommand)]
pub enum TufCommand {
    /// Begin at a trusted root.
    Init {
        /// The root.
        trusted_root: PathBuf,
    },
    /// Refresh the metadata.
    Refresh,
    /// Refresh the metadata, and download target files.
    Download,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        two_spellings(Cli::command()).debug_assert();
    }
}
