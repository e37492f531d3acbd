//! Whom a keyless signature should be by.

use std::path::PathBuf;

use clap::Args;
use modelseal::{CertificateField as Field, Error, Identity};

use super::values::parse_text;
use crate::exit::Failure;

/// Where the help lists whom to expect.
const SIGNER: &str = "Expected signer";

/// Whom to expect, or that nobody is expected; and who vouches for them.
#[derive(Args, Debug)]
pub struct Keyless {
    /// Whom to expect.
    #[command(flatten)]
    pub expected: Expected,
    /// Expect nobody, and report who signed; the verdict is `incomplete` at best
    #[arg(long, conflicts_with = "Expected", help_heading = SIGNER)]
    pub report_only: bool,
    /// Who vouches for them.
    #[command(flatten)]
    pub roots: Roots,
}

/// Who vouches for identities, log entries and timestamps.
#[derive(Args, Debug, Default)]
pub struct Roots {
    /// The trust root: the name of a bundled one (`modelseal roots`), or a trusted_root.json or
    /// ClientTrustConfig [default: production]
    #[arg(long, value_name = "NAME|FILE", conflicts_with = "use_staging")]
    pub trust_root: Option<PathBuf>,
    /// The trust root of Sigstore's staging instance
    #[arg(long)]
    pub use_staging: bool,
}

/// Declares the flags of identities, and which field of the certificate each is about.
macro_rules! expected {
    ($( $(#[doc = $doc:literal])+ $name:ident $alias:literal $value:literal = $field:ident; )+) => {
        /// Whom to expect as the signer: each text is compared octet by octet.
        #[derive(Args, Debug, Default)]
        pub struct Expected {
            /// The signer: an e-mail address, a URI or a user name; several times: any of them
            #[arg(long, value_name = "IDENTITY", value_parser = parse_text, help_heading = SIGNER)]
            pub identity: Vec<String>,
            /// The OpenID Connect issuer that vouches for it; once, or once for each identity
            #[arg(long, value_name = "URL", value_parser = parse_text, help_heading = SIGNER)]
            pub identity_provider: Vec<String>,
            $(
                $(#[doc = $doc])+
                #[arg(long, visible_alias = $alias, value_name = $value, value_parser = parse_text)]
                #[arg(help_heading = SIGNER)]
                pub $name: Option<String>,
            )+
        }

        impl Expected {
            /// The fields of the certificate that are expected.
            fn fields(&self) -> Vec<(Field, String)> {
                let fields = [$( (Field::$field, &self.$name) ),+].into_iter();
                fields
                    .filter_map(|(field, text)| Some((field, text.clone()?)))
                    .collect()
            }
        }
    };
}

expected! {
    /// The repository of the source
    source_repository "source-repository-uri" "URL" = SourceRepositoryUri;
    /// The number of that repository, which stays when it is renamed
    source_repository_id "source-repository-identifier" "NUMBER" = SourceRepositoryIdentifier;
    /// The repository's owner
    source_repository_owner "source-repository-owner-uri" "URL" = SourceRepositoryOwnerUri;
    /// The number of that owner, which stays when they are renamed
    source_repository_owner_id "source-repository-owner-identifier" "NUMBER" = SourceRepositoryOwnerIdentifier;
    /// The branch or tag of the source, as in refs/heads/main
    source_repository_ref "ref" "REF" = SourceRepositoryRef;
    /// The commit of the source
    source_repository_digest "commit" "HEX" = SourceRepositoryDigest;
    /// Whether the repository was `public` or `private`
    source_repository_visibility "source-repository-visibility-at-signing" "WORD" = SourceRepositoryVisibility;
    /// The workflow that made the build
    workflow "build-config-uri" "URL" = BuildConfigUri;
    /// The version of that workflow
    workflow_digest "build-config-digest" "HEX" = BuildConfigDigest;
    /// What started the build, as in `push`
    trigger "build-trigger" "EVENT" = BuildTrigger;
    /// The workflow that signed, such as a reusable one
    signer_workflow "build-signer-uri" "URL" = BuildSignerUri;
    /// The version of that workflow
    signer_workflow_digest "build-signer-digest" "HEX" = BuildSignerDigest;
    /// The run of the build
    run_invocation "run-invocation-uri" "URL" = RunInvocationUri;
    /// `github-hosted` or `self-hosted`
    runner_environment "runner" "WORD" = RunnerEnvironment;
}

impl Expected {
    /// The one signer that a conformance suite names.
    pub fn of(identity: Option<String>, provider: Option<String>) -> Self {
        Self {
            identity: identity.into_iter().collect(),
            identity_provider: provider.into_iter().collect(),
            ..Self::default()
        }
    }

    /// The signers of whom any may have signed.
    ///
    /// # Errors
    /// If the flags do not say whom to expect.
    pub fn identities(&self) -> Result<Vec<Identity>, Failure> {
        let usage = |sentence| Failure::new("usage-invalid", sentence);
        let (identities, providers) = (&self.identity, &self.identity_provider);
        if providers.is_empty() {
            return Err(usage(
                "say who vouches for the signer with --identity-provider, or ask for --report-only",
            ));
        }
        let fields = self.fields();
        let identities: Result<Vec<_>, _> = match (identities.len(), providers.len()) {
            (0, _) => {
                let of = |provider: &String| Identity::with_fields(provider, fields.clone());
                providers.iter().map(of).collect()
            }
            (count, other) if other == 1 || other == count => {
                let pairs = identities.iter().zip(providers.iter().cycle());
                let of = |(identity, provider): (&String, &String)| {
                    Identity::new(provider, identity)?.and_fields(fields.clone())
                };
                pairs.map(of).collect()
            }
            _ => {
                return Err(usage(
                    "give --identity-provider once, or once for each --identity",
                ));
            }
        };
        identities.map_err(|error| match error {
            Error::PolicyInvalid { field: "identity" } => usage(
                "say who should have signed with --identity, or by --source-repository, \
                 --source-repository-owner, their numbers, --workflow or --signer-workflow",
            ),
            error => error.into(),
        })
    }
}
