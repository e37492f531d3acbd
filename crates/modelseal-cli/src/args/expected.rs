//! Which signer a keyless signature is expected to have.

use std::path::PathBuf;

use clap::Args;
use modelseal::{CertificateField as Field, Error, Identity};

use super::values::parse_text;
use crate::exit::Failure;

/// Where the help lists the flags of an expected signer.
const SIGNER: &str = "Expected signer";

/// Which signer to expect, or that none is expected; and what certifies it.
#[derive(Args, Debug)]
pub struct Keyless {
    /// Which signer to expect.
    #[command(flatten)]
    pub expected: Expected,
    /// Expect no one, and report who signed; the verdict is at best `incomplete`
    #[arg(long, conflicts_with = "Expected", help_heading = SIGNER)]
    pub report_only: bool,
    /// What certifies it.
    #[command(flatten)]
    pub roots: Roots,
}

/// What certifies identities, log entries and timestamps.
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
        /// Which signer to expect: each string is compared octet by octet.
        #[derive(Args, Debug, Default)]
        pub struct Expected {
            /// The signer: an e-mail address, a URI or a user name; several times: any of them
            #[arg(long, value_name = "IDENTITY", value_parser = parse_text, help_heading = SIGNER)]
            pub identity: Vec<String>,
            /// The OpenID Connect issuer of the identity; once, or once for each identity
            #[arg(long, value_name = "URL", value_parser = parse_text, help_heading = SIGNER)]
            pub identity_provider: Vec<String>,
            /// Expect a certificate that names no issuer, as those of GitHub's own authority
            #[arg(long, conflicts_with = "identity_provider", help_heading = SIGNER)]
            pub no_identity_provider: bool,
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
    /// The numeric ID of that repository, which survives a rename
    source_repository_id "source-repository-identifier" "NUMBER" = SourceRepositoryIdentifier;
    /// The repository's owner
    source_repository_owner "source-repository-owner-uri" "URL" = SourceRepositoryOwnerUri;
    /// The numeric ID of that owner, which survives a rename
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
    /// The workflow that signed, such as a reusable one; names no one on its own
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

    /// The signers of which any may have signed.
    ///
    /// # Errors
    /// If the flags do not name a signer.
    pub fn identities(&self) -> Result<Vec<Identity>, Failure> {
        let fields = self.fields();
        let identities = if self.no_identity_provider {
            let of =
                |identity: &String| Identity::without_issuer(identity)?.and_fields(fields.clone());
            self.identity.iter().map(of).collect()
        } else {
            self.with_providers(&fields)?
        };
        match identities {
            Ok(identities) if identities.is_empty() => Err(usage(NO_SIGNER)),
            Ok(identities) => Ok(identities),
            Err(Error::PolicyInvalid {
                field: "identities.identity",
            }) => Err(usage(NO_SIGNER)),
            Err(error) => Err(error.into()),
        }
    }

    fn with_providers(
        &self,
        fields: &[(Field, String)],
    ) -> Result<Result<Vec<Identity>, Error>, Failure> {
        let (identities, providers) = (&self.identity, &self.identity_provider);
        if providers.is_empty() {
            return Err(usage(
                "name the issuer of the identity with --identity-provider, or ask for --report-only",
            ));
        }
        Ok(match (identities.len(), providers.len()) {
            (0, _) => {
                let of = |provider: &String| Identity::with_fields(provider, fields.to_vec());
                providers.iter().map(of).collect()
            }
            (count, other) if other == 1 || other == count => {
                let pairs = identities.iter().zip(providers.iter().cycle());
                let of = |(identity, provider): (&String, &String)| {
                    Identity::new(provider, identity)?.and_fields(fields.to_vec())
                };
                pairs.map(of).collect()
            }
            _ => {
                return Err(usage(
                    "give --identity-provider once, or once for each --identity",
                ));
            }
        })
    }
}

const NO_SIGNER: &str = "name the expected signer with --identity, or with --source-repository, \
    --source-repository-owner, their numeric IDs, or --workflow";

fn usage(sentence: &str) -> Failure {
    Failure::new("usage-invalid", sentence)
}
