//! `modelseal roots`: which authorities and logs are trusted, and where that list comes from.

mod difference;

pub mod update;

use modelseal::{TrustRoot, report::TrustRootReport};

use crate::{
    args::{Format, ListRoots, RootsArguments, RootsCommand},
    exit::{Failure, VERIFIED},
    input, print, show,
};

/// Runs `modelseal roots`; the result is the exit code.
///
/// # Errors
/// If there is no such root, it is not valid, or it cannot be updated.
pub fn run(arguments: &RootsArguments) -> Result<u8, Failure> {
    match &arguments.command {
        Some(RootsCommand::Update(update)) => update::run(update),
        Some(RootsCommand::Reset(reset)) => update::reset(reset),
        None => list(&arguments.list),
    }
}

fn list(arguments: &ListRoots) -> Result<u8, Failure> {
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
