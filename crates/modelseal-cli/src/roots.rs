//! `modelseal roots`: who vouches for keyless signatures, and where that knowledge comes from.

use modelseal::TrustRoot;

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
    let roots: Vec<String> = roots.iter().map(TrustRoot::to_json).collect();
    let json = format!("[{}]", roots.join(","));
    match arguments.format {
        Format::Json => print::json(&json)?,
        Format::Text => print::text(&show::roots(&json))?,
    }
    Ok(VERIFIED)
}
