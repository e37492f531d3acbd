//! `modelseal roots`: which authorities and logs are trusted, and where that list comes from.

use modelseal::{TrustRoot, report::TrustRootReport};

use crate::{
    args::{Format, ListRoots},
    exit::{Failure, VERIFIED},
    input, print, show,
};

/// Runs `modelseal roots`; the result is the exit code.
///
/// # Errors
/// If there is no such root, or it is not valid.
pub fn run(arguments: &ListRoots) -> Result<u8, Failure> {
    let roots: Vec<TrustRoot> = match &arguments.root {
        Some(name) => vec![input::trust_root(name)?],
        None => TrustRoot::bundled_names()
            .map(TrustRoot::bundled)
            .collect::<Result<_, _>>()?,
    };
    let roots: Vec<_> = roots.iter().map(TrustRoot::report).collect();
    match arguments.format {
        Format::Json => {
            let roots: Vec<_> = roots.iter().map(TrustRootReport::to_json).collect();
            print::json(&format!("[{}]", roots.join(",")))?;
        }
        Format::Text => print::text(&show::roots(&roots))?,
    }
    Ok(VERIFIED)
}
