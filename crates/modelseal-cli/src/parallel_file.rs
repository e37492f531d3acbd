//! One large file that all threads hash together: BLAKE3 is a tree, and its pieces do not depend on one
//! another.

use std::{
    io::{ErrorKind, Read as _, Seek as _, SeekFrom},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use cap_std::fs::File;
use modelseal::Digest;
use modelseal_hash::{blake3_merge, blake3_subtree};

use crate::{
    model::{Model, Stamp, Unread, same},
    walk::Job,
};

/// Bytes in a piece: a power of two, as the tree asks for. Larger ones leave the core's cache.
const PIECE: u64 = 1 << 20;

/// A file of at least this many bytes is worth it.
const LARGE: u64 = 16 * PIECE;

/// A file that is hashed in pieces.
pub struct ParallelFile<'a> {
    /// The file.
    pub job: &'a Job,
    stamp: Stamp,
    /// The next piece that no thread has taken.
    next: AtomicU64,
    done: Mutex<Done>,
}

/// What the threads have done so far.
struct Done {
    subtrees: Vec<[u8; 32]>,
    left: u64,
    /// Why a piece could not be read: the first that was noticed.
    failed: Option<Unread>,
}

impl<'a> ParallelFile<'a> {
    /// `None` for a file that one thread hashes: a small one, or a link.
    pub fn new(job: &'a Job) -> Option<Self> {
        let stamp = job.stamp.filter(|stamp| stamp.size >= LARGE)?;
        let left = stamp.size.div_ceil(PIECE);
        let subtrees = vec![[0; 32]; usize::try_from(left).ok()?];
        Some(Self {
            job,
            stamp,
            next: AtomicU64::new(0),
            done: Mutex::new(Done {
                subtrees,
                left,
                failed: None,
            }),
        })
    }

    /// Hashes pieces until none is left. The thread that ends the last one returns the result.
    pub fn run(&self, model: &Model, bytes: &AtomicU64) -> Option<Result<Digest, Unread>> {
        let mut pieces = Pieces {
            file_of: self,
            model,
            file: None,
            buffer: Vec::new(),
        };
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let start = number.saturating_mul(PIECE);
            let length = PIECE.min(self.stamp.size.saturating_sub(start));
            if length == 0 {
                return None;
            }
            let failed = self.done().failed.is_some();
            // The rest of a file is not needed when a part cannot be read.
            let hashed = (!failed).then(|| pieces.hash(start, length));
            bytes.fetch_add(length, Ordering::Relaxed);
            if let Some(result) = self.end(number, hashed) {
                let path = &self.job.path;
                return Some(result.and_then(|digest| {
                    model.recheck(path, self.job.access, self.stamp)?;
                    Ok(digest)
                }));
            }
        }
    }

    /// Takes what became of a piece; after the last one, makes the digest of the file.
    fn end(
        &self,
        number: u64,
        hashed: Option<Result<[u8; 32], Unread>>,
    ) -> Option<Result<Digest, Unread>> {
        let mut done = self.done();
        match hashed {
            Some(Ok(subtree)) => {
                let number = usize::try_from(number).ok();
                if let Some(slot) = number.and_then(|number| done.subtrees.get_mut(number)) {
                    *slot = subtree;
                }
            }
            Some(Err(failed)) => {
                done.failed.get_or_insert(failed);
            }
            None => {}
        }
        done.left -= 1;
        if done.left > 0 {
            return None;
        }
        let digest = blake3_merge(self.stamp.size, PIECE, &done.subtrees);
        let failed = done.failed.take();
        Some(failed.map_or(digest.ok_or(Unread::Changed), Err))
    }

    fn done(&self) -> MutexGuard<'_, Done> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a thread needs to read pieces: a file that it opened has a position of its own.
struct Pieces<'a> {
    file_of: &'a ParallelFile<'a>,
    model: &'a Model,
    file: Option<File>,
    buffer: Vec<u8>,
}

impl Pieces<'_> {
    fn hash(&mut self, start: u64, length: u64) -> Result<[u8; 32], Unread> {
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                let job = self.file_of.job;
                let opened = self.model.open_file(&job.path, job.access)?;
                let (file, _) = same(opened, self.file_of.stamp)?;
                self.file.insert(file)
            }
        };
        let length = usize::try_from(length).map_err(|_| Unread::Changed)?;
        self.buffer.resize(length, 0);
        file.seek(SeekFrom::Start(start))?;
        match file.read_exact(&mut self.buffer) {
            // Shorter than it was listed.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Err(Unread::Changed),
            result => result?,
        }
        blake3_subtree(start, &self.buffer).ok_or(Unread::Changed)
    }
}
