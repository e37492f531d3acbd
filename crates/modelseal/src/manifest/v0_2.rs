//! The form of v0.2.0: every file is a subject of its own, and there is no root digest.

use alloc::vec::Vec;

use modelseal_hash::Digest;

use super::{FileContent, SignedFile, path};
use crate::{error::Error, statement::Subject};

/// Reads the files from the subjects.
pub(crate) fn read(subjects: Vec<Subject>) -> Result<Vec<SignedFile>, Error> {
    if subjects.is_empty() {
        return Err(Error::SubjectCount { count: 0 });
    }
    let mut files = Vec::with_capacity(subjects.len());
    for (index, subject) in subjects.into_iter().enumerate() {
        let path = subject
            .name
            .ok_or(Error::StatementFieldMissing { field: "name" })?;
        path::check(&path, index)?;
        files.push(SignedFile {
            path,
            content: FileContent::Whole(Digest::Sha256(subject.sha256)),
        });
    }
    super::sort_and_check(&mut files)?;
    Ok(files)
}
