//! Over mutated bundles ours never accepts what the second verifier rejects, but for its gaps; and
//! where ours is the stricter one, there is a reason.

mod der;
mod json;
mod lists;
mod random;
mod reforged;
mod seeds;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Mutex;
use std::{env, fs, thread};

use modelseal::{
    ArtifactDigests, ArtifactHasher, Bundle, Clock, Error, Identity, Limits, Policy, TrustRoot,
    UnixTime, verdict::Note,
};
use modelseal_forge_sigstore::{IDENTITY, ISSUER, Sigstore};
use modelseal_oracle::Oracle;
use serde_json::Value;

use random::Random;
use seeds::Seed;

/// Mutations of finished bundles, most of which a signature gives away.
const MUTATED: u64 = 18_000;
/// Mutations before signing.
const REFORGED: u64 = 3_000;
/// When ours judges: 2026-06-01. The second verifier's clock is the system's.
const NOW: u64 = 1_780_272_000;

/// A trust root as both verifiers have read it, with the expected signer and the artifact.
struct Judge {
    oracle: Oracle,
    policy: Policy,
    artifact: Vec<u8>,
    digests: ArtifactDigests,
    issuer: String,
    identity: String,
}

impl Judge {
    fn new(seed: &Seed) -> Self {
        let root = TrustRoot::parse(seed.root.as_bytes()).expect("a whole trust root");
        let identity = Identity::new(&seed.issuer, &seed.identity).expect("an identity");
        let mut hasher = ArtifactHasher::default();
        hasher.update(&seed.artifact);
        Self {
            oracle: Oracle::new(&seed.root).expect("a whole trust root"),
            policy: Policy::sigstore(root, vec![identity]).expect("one identity"),
            artifact: seed.artifact.clone(),
            digests: hasher.finish(),
            issuer: seed.issuer.clone(),
            identity: seed.identity.clone(),
        }
    }

    fn ours(&self, bundle: &str) -> Result<Accepted, Error> {
        let clock = Clock::now(UnixTime::from_seconds(NOW));
        let bundle = Bundle::parse(bundle.as_bytes(), &Limits::default())?;
        let artifact = bundle.verify_artifact(&self.policy, clock, &self.digests)?;
        let verdict = artifact.verdict();
        if verdict.notes().contains(&Note::TimestampIgnored) {
            Ok(Accepted::WithoutTimestamp)
        } else {
            Ok(Accepted::Wholly)
        }
    }

    fn theirs(&self, bundle: &str) -> Result<(), String> {
        self.oracle
            .verify(bundle, &self.artifact, &self.issuer, &self.identity)
    }
}

/// What ours accepts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Accepted {
    /// All of the bundle.
    Wholly,
    /// All but a timestamp of an authority that the trust root does not name.
    WithoutTimestamp,
}

/// How often the verifiers said what.
#[derive(Default)]
struct Tally {
    both_accept: usize,
    both_reject: usize,
    gaps: BTreeMap<&'static str, usize>,
    stricter: BTreeMap<&'static str, usize>,
    /// What happened, and the bundle.
    faults: Vec<(String, String)>,
}

impl Tally {
    fn count(&mut self, what: &str, judge: &Judge, bundle: &str) {
        match (judge.ours(bundle), judge.theirs(bundle)) {
            (Ok(_), Ok(())) => self.both_accept += 1,
            (Err(_), Err(_)) => self.both_reject += 1,
            (Ok(accepted), Err(error)) => match lists::gap(accepted, &error) {
                Some(gap) => *self.gaps.entry(gap).or_default() += 1,
                None => self.fault(format!("{what}: ours alone accepts; {error}"), bundle),
            },
            (Err(error), Ok(())) => match lists::stricter(error.code()) {
                Some(code) => *self.stricter.entry(code).or_default() += 1,
                None => self.fault(format!("{what}: ours alone rejects; {error:?}"), bundle),
            },
        }
    }

    fn fault(&mut self, what: String, bundle: &str) {
        self.faults.push((what, bundle.into()));
    }

    fn add(&mut self, other: Self) {
        self.both_accept += other.both_accept;
        self.both_reject += other.both_reject;
        for (gap, count) in other.gaps {
            *self.gaps.entry(gap).or_default() += count;
        }
        for (code, count) in other.stricter {
            *self.stricter.entry(code).or_default() += count;
        }
        self.faults.extend(other.faults);
    }

    fn total(&self) -> usize {
        let listed = self
            .gaps
            .values()
            .chain(self.stricter.values())
            .sum::<usize>();
        self.both_accept + self.both_reject + listed + self.faults.len()
    }
}

/// Shares the numbers below `count` among the machine's cores.
fn each(count: u64, work: impl Fn(u64, &mut Tally) + Sync) -> Tally {
    let total = Mutex::new(Tally::default());
    let threads = thread::available_parallelism().map_or(1, usize::from) as u64;
    thread::scope(|scope| {
        for first in 0..threads {
            let (total, work) = (&total, &work);
            scope.spawn(move || {
                let mut tally = Tally::default();
                (first..count)
                    .step_by(threads as usize)
                    .for_each(|number| work(number, &mut tally));
                total.lock().expect("no thread panicked").add(tally);
            });
        }
    });
    total.into_inner().expect("no thread panicked")
}

/// A finished bundle, changed at one or two places.
fn mutated(seeds: &[(Seed, Judge)], number: u64) -> (usize, String) {
    let mut random = Random::new(number);
    let chosen = random.below(seeds.len());
    let mut bundle = seeds[chosen].0.bundle.clone();
    for _ in 0..=random.below(2) {
        if random.once_in(3) {
            let other: &Value = &random.pick(seeds).0.bundle;
            json::swap(&mut bundle, other, &mut random);
        } else {
            json::mutate(&mut bundle, &mut random);
        }
    }
    (chosen, bundle.to_string())
}

#[test]
fn ours_accepts_nothing_that_the_second_verifier_rejects() {
    let real = seeds::real();
    if real.is_empty() {
        println!("the real bundles are skipped: there are no vectors");
    }
    let reals = real.len();
    let seeds: Vec<(Seed, Judge)> = seeds::forged()
        .into_iter()
        .chain(real)
        .map(|seed| {
            let judge = Judge::new(&seed);
            (seed, judge)
        })
        .collect();
    for (index, (seed, judge)) in seeds.iter().enumerate() {
        let bundle = seed.bundle.to_string();
        assert_eq!(
            (judge.ours(&bundle), judge.theirs(&bundle)),
            (Ok(Accepted::Wholly), Ok(())),
            "seed {index}"
        );
    }
    let mut tally = each(MUTATED, |number, tally| {
        let (chosen, bundle) = mutated(&seeds, number);
        tally.count(&format!("mutation {number}"), &seeds[chosen].1, &bundle);
    });
    let sigstore = Sigstore::new("little");
    tally.add(each(REFORGED, |number, tally| {
        let forged = sigstore.forge(&reforged::spec(Random::new(number)));
        let judge = Judge::new(&Seed {
            bundle: Value::Null,
            root: forged.root.to_string(),
            artifact: forged.artifact,
            issuer: ISSUER.into(),
            identity: IDENTITY.into(),
        });
        tally.count(
            &format!("forgery {number}"),
            &judge,
            &forged.bundle.to_string(),
        );
    }));
    report(&tally);
    assert_eq!(tally.total() as u64, MUTATED + REFORGED);
    complain(&tally.faults);
    let used: BTreeSet<_> = tally.stricter.keys().copied().collect();
    let listed: BTreeSet<_> = lists::STRICTER.iter().map(|(code, _)| *code).collect();
    // Without the real bundles other mutations are made.
    if reals > 0 {
        assert_eq!(used, listed, "a reason is listed for what happens alone");
    }
}

/// Fails if there are faults. `MODELSEAL_FAULTS=FOLDER` keeps their bundles.
fn complain(faults: &[(String, String)]) {
    if let Some(folder) = env::var_os("MODELSEAL_FAULTS").map(PathBuf::from) {
        for (number, (what, bundle)) in faults.iter().enumerate() {
            fs::write(folder.join(format!("{number}.json")), bundle).expect("a folder");
            fs::write(folder.join(format!("{number}.txt")), what).expect("a folder");
        }
    }
    let lines: Vec<&str> = faults.iter().map(|(what, _)| what.as_str()).collect();
    assert!(
        lines.is_empty(),
        "{}\n{} faults",
        lines.join("\n"),
        lines.len()
    );
}

fn report(tally: &Tally) {
    println!(
        "both accept {}, both reject {}",
        tally.both_accept, tally.both_reject
    );
    for (gap, count) in &tally.gaps {
        println!("a gap of the second verifier, {count} times: {gap}");
    }
    for (code, count) in &tally.stricter {
        println!("ours is stricter, {count} times: {code}");
    }
}
