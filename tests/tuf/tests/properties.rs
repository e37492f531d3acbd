//! Whatever a mirror serves of what was once signed, no version moves backwards, except where a verified new root
//! changed the keys.

use std::sync::LazyLock;

use modelseal_forge_tuf::{Mirror, Signer};
use modelseal_tuf::{Answer, Place, Wanted};
use modelseal_tuf_tests::World;
use proptest::prelude::*;

/// The generations of a repository. No keys of a role but root's change.
static GENERATIONS: LazyLock<Vec<Mirror>> = LazyLock::new(|| {
    let mut world = World::new();
    let mut generations = vec![world.mirror()];
    for index in 0..4 {
        match index {
            1 => {
                let new = Signer::p256("root-new");
                world.repository.rotate(|root| {
                    root.signed["keys"][&new.id] = new.object.clone();
                    root.signed["roles"]["root"]["keyids"][0] = new.id.clone().into();
                    root.signers.push(new.clone());
                });
            }
            2 => world.repository.with_hashes = true,
            _ => {}
        }
        world.repository.bump();
        generations.push(world.mirror());
    }
    generations
});

/// What is done to one answer.
#[derive(Clone, Copy, Debug)]
enum Trick {
    /// The file of a generation.
    Replay(usize),
    /// Another file of a generation.
    Other(usize, usize),
    /// The file, cut.
    Cut(usize, usize),
    Missing,
}

fn trick() -> impl Strategy<Value = Trick> {
    prop_oneof![
        8 => (0..5_usize).prop_map(Trick::Replay),
        1 => (0..5_usize, 0..8_usize).prop_map(|(a, b)| Trick::Other(a, b)),
        1 => (0..5_usize, 0..4000_usize).prop_map(|(a, b)| Trick::Cut(a, b)),
        1 => Just(Trick::Missing),
    ]
}

fn answer(trick: Trick, wanted: &Wanted) -> Answer {
    let below = match wanted.place {
        Place::Metadata => "metadata",
        Place::Targets => "targets",
    };
    let path = format!("{below}/{}", wanted.path);
    let of = |generation: usize| GENERATIONS[generation].files.get(&path).cloned();
    let bytes = match trick {
        Trick::Replay(generation) => of(generation),
        Trick::Other(generation, index) => {
            GENERATIONS[generation].files.values().nth(index).cloned()
        }
        Trick::Cut(generation, length) => of(generation).map(|mut bytes| {
            bytes.truncate(length);
            bytes
        }),
        Trick::Missing => None,
    };
    bytes.map_or(Answer::NotFound, Answer::Bytes)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_version_moves_backwards(runs in prop::collection::vec(prop::collection::vec(trick(), 12), 1..6)) {
        let mut world = World::new();
        world.target = None;
        let mut last = [0; 4];
        for tricks in runs {
            let mut tricks = tricks.into_iter();
            let run = world.run_with(|wanted| answer(tricks.next().unwrap_or(Trick::Missing), wanted));
            if let Some(versions) = run.versions {
                for (before, now) in last.iter().zip(&versions) {
                    prop_assert!(before <= now, "from {last:?} to {versions:?}");
                }
                last = versions;
            }
            // What is stored after an error counts, too.
            let kept = version(&run.state.timestamp);
            prop_assert!(kept >= version(&world.state.timestamp));
            prop_assert!(version(&run.state.snapshot) >= version(&world.state.snapshot));
            prop_assert!(run.state.roots.len() >= world.state.roots.len());
            world.state = run.state;
        }
    }
}

fn version(file: &Option<Vec<u8>>) -> u64 {
    let Some(file) = file else { return 0 };
    let value: serde_json::Value = serde_json::from_slice(file).expect("what is kept is verified");
    value["signed"]["version"].as_u64().expect("a version")
}
