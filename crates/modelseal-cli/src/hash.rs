//! Reads and hashes the model's files, several at a time.

use std::{
    collections::BTreeMap,
    io::Read as _,
    num::NonZero,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    thread,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use modelseal::{Algorithm, Audit, Diagnostics, Digest, EntryHasher, Error, HashedEntry, Method};

use crate::{
    exit::reason,
    model::{Model, Unread, same},
    parallel_file::ParallelFile,
    walk::Job,
};

/// Large enough that a read costs nothing beside hashing, small enough for a core's cache.
const BUFFER: usize = 256 * 1024;

/// A wait that needs no progress bar.
const SHORT: Duration = Duration::from_millis(500);

/// How often the progress bar moves.
const TICK: Duration = Duration::from_millis(100);

/// Why files could not be read, by path.
pub type Unreadable = BTreeMap<String, String>;

/// What the threads share.
struct Work<'a> {
    model: &'a Model,
    /// Large files that all threads hash together, before all others.
    parallel: Vec<ParallelFile<'a>>,
    /// Files that one thread each hashes.
    jobs: Vec<&'a Job>,
    next: AtomicUsize,
    bytes: AtomicU64,
    state: Mutex<State<'a>>,
}

/// What came of a file that could be read.
enum Hashed {
    Alone(HashedEntry),
    Parallel(Digest),
}

struct State<'a> {
    audit: &'a mut Audit,
    unreadable: Unreadable,
    error: Option<Error>,
}

/// What became of the files.
pub struct Done {
    /// Why files could not be read.
    pub unreadable: Unreadable,
    /// How they were hashed.
    pub diagnostics: Diagnostics,
}

/// Hashes `jobs` and records the results in `audit`.
///
/// # Errors
/// If the audit takes a result for misuse.
pub fn hash(model: &Model, audit: &mut Audit, mut jobs: Vec<Job>) -> Result<Done, Error> {
    let size = |job: &Job| job.stamp.map_or(0, |stamp| stamp.size);
    // The largest first: what is left at the end is small, and every core stays busy.
    jobs.sort_by_key(|job| std::cmp::Reverse(size(job)));
    let total = jobs.iter().map(size).sum();
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let (parallel, jobs) = split(&jobs, audit, cores);
    let threads = if parallel.is_empty() {
        cores.min(jobs.len())
    } else {
        cores
    };
    let engine = (threads > 0).then(|| engine(audit.algorithm()).to_owned());
    let workers = u32::try_from(threads).unwrap_or(u32::MAX);
    let diagnostics = Diagnostics::new(engine.into_iter().collect(), workers);
    let state = Mutex::new(State {
        audit,
        unreadable: Unreadable::new(),
        error: None,
    });
    let work = Work {
        model,
        parallel,
        jobs,
        next: AtomicUsize::new(0),
        bytes: AtomicU64::new(0),
        state,
    };
    thread::scope(|scope| {
        let (running, finished) = channel::<()>();
        for _ in 0..threads {
            let running = running.clone();
            let work = &work;
            scope.spawn(move || {
                work.run();
                drop(running);
            });
        }
        drop(running);
        show_progress(&work.bytes, total, &finished);
    });
    let state = work
        .state
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    match state.error {
        Some(error) => Err(error),
        None => Ok(Done {
            unreadable: state.unreadable,
            diagnostics,
        }),
    }
}

/// What hashes, for the verdict: it shows whether the processor has instructions for SHA-256.
fn engine(algorithm: Algorithm) -> &'static str {
    #[cfg(target_arch = "x86_64")]
    let instructions = std::arch::is_x86_feature_detected!("sha");
    #[cfg(target_arch = "aarch64")]
    let instructions = std::arch::is_aarch64_feature_detected!("sha2");
    #[cfg(not(any(target_arch = "aarch64", target_arch = "x86_64")))]
    let instructions = false;
    match algorithm {
        Algorithm::Sha256 if instructions => "native-sha2-instructions",
        _ => "native",
    }
}

/// The files that all threads hash together, and the others.
fn split<'a>(
    jobs: &'a [Job],
    audit: &Audit,
    cores: usize,
) -> (Vec<ParallelFile<'a>>, Vec<&'a Job>) {
    let tree = audit.algorithm() == Algorithm::Blake3 && audit.method() == Method::Files;
    let (mut parallel, mut alone) = (Vec::new(), Vec::new());
    for job in jobs {
        match ParallelFile::new(job).filter(|_| tree && cores > 1) {
            Some(file) => parallel.push(file),
            None => alone.push(job),
        }
    }
    (parallel, alone)
}

impl State<'_> {
    /// Keeps the first misuse of the audit.
    fn note(&mut self, result: Result<(), Error>) {
        if let Err(error) = result {
            self.error.get_or_insert(error);
        }
    }
}

impl<'a> Work<'a> {
    fn run(&self) {
        for file in &self.parallel {
            if let Some(result) = file.run(self.model, &self.bytes) {
                self.record(file.job, Some(result.map(Hashed::Parallel)));
            }
        }
        let mut buffer = vec![0; BUFFER];
        while let Some(job) = self.jobs.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            // Made one by one: a hasher for each of 100,000 files would take much memory.
            let check = self.state().audit.hasher(&job.path);
            let result = check.map(|check| self.read(job, check, &mut buffer));
            let result = result.map(|result| result.map(Hashed::Alone));
            self.record(job, result);
        }
    }

    fn state(&self) -> MutexGuard<'_, State<'a>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, job: &Job, result: Option<Result<Hashed, Unread>>) {
        let mut state = self.state();
        let why = match result {
            Some(Ok(Hashed::Alone(checked))) => {
                let recorded = state.audit.record(checked).map(drop);
                return state.note(recorded);
            }
            Some(Ok(Hashed::Parallel(digest))) => {
                let length = job.stamp.map_or(0, |stamp| stamp.size);
                let hashed = state.audit.hashed(&job.path, digest.as_bytes(), length);
                return state.note(hashed.map(drop));
            }
            Some(Err(Unread::Link)) => {
                let refused = state.audit.refuse_symlink(&job.path);
                return state.note(refused);
            }
            Some(Err(Unread::Changed)) => "it changed while it was being checked".to_owned(),
            Some(Err(Unread::Io(error))) => reason(&error),
            None => "it was announced and then forgotten".to_owned(),
        };
        let noted = state.audit.unreadable(&job.path);
        state.note(noted);
        state.unreadable.insert(job.path.clone(), why);
    }

    fn read(
        &self,
        job: &Job,
        mut check: EntryHasher,
        buffer: &mut [u8],
    ) -> Result<HashedEntry, Unread> {
        let opened = self.model.open_file(&job.path, job.access)?;
        let (mut file, stamp) = match job.stamp {
            Some(listed) => same(opened, listed)?,
            None => opened,
        };
        let mut left = stamp.size;
        loop {
            let count = match file.read(buffer) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                result => result?,
            };
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
                break;
            };
            // A file that grows as we read would otherwise never end.
            let length = u64::try_from(count).unwrap_or(u64::MAX);
            left = left.checked_sub(length).ok_or(Unread::Changed)?;
            check.push(bytes);
            self.bytes.fetch_add(length, Ordering::Relaxed);
        }
        if left > 0 {
            return Err(Unread::Changed);
        }
        self.model.recheck(&job.path, job.access, stamp)?;
        Ok(check.finish())
    }
}

/// Waits for the threads; shows a bar on a terminal if that takes long.
fn show_progress(bytes: &AtomicU64, total: u64, finished: &Receiver<()>) {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
    let template = "{bar:30}  {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    let start = Instant::now();
    // No thread sends: the channel closes when the last one ends.
    while finished.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        bar.set_position(bytes.load(Ordering::Relaxed));
        if bar.is_hidden() && start.elapsed() > SHORT {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
    bar.finish_and_clear();
}
