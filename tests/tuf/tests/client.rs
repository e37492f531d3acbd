//! What the client asks for, and what it stores.

use modelseal_forge_tuf::{DELEGATED, Signer};
use modelseal_tuf::{Answer, Error, Limits, Refresh, Role, State, Trusted};
use modelseal_tuf_tests::{NOW, World, code};

#[test]
fn the_order_of_requests() {
    let mut world = World::new();
    world.target = Some(DELEGATED.to_owned());
    let run = world.run();
    assert_eq!(code(&run.result), "ok");
    let hash = modelseal_forge_tuf::hex(&modelseal_forge_tuf::sha256(b"the file of a"));
    assert_eq!(
        run.asked,
        [
            "metadata/2.root.json",
            "metadata/timestamp.json",
            "metadata/1.snapshot.json",
            "metadata/1.targets.json",
            "metadata/1.a.json",
            &format!("targets/a/{hash}.file"),
        ]
    );
    // A second run asks for what may have changed alone.
    world.state = run.state;
    world.target = None;
    let again = world.run();
    assert_eq!(
        again.asked,
        ["metadata/2.root.json", "metadata/timestamp.json"]
    );
}

/// Stored roots are not fetched again.
#[test]
fn stored_roots_come_first() {
    let mut world = World::new();
    world.target = None;
    for _ in 0..3 {
        world.repository.rotate(|_| {});
    }
    world.first_run();
    assert_eq!(world.state.roots.len(), 3);
    let run = world.run();
    assert_eq!(
        run.asked,
        ["metadata/5.root.json", "metadata/timestamp.json"]
    );
    // A broken one is fetched again, and what comes after it.
    world.state.roots[1] = b"{}".to_vec();
    let run = world.run();
    assert_eq!(run.asked[0], "metadata/3.root.json");
    assert_eq!(code(&run.result), "ok");
    assert_eq!(run.state.roots.len(), 3);
}

#[test]
fn as_many_rotations_as_the_limit_allows() {
    let mut world = World::new();
    world.target = None;
    world.limits.rotations = 2;
    for _ in 0..3 {
        world.repository.rotate(|_| {});
    }
    let run = world.run();
    assert_eq!(code(&run.result), "ok");
    assert_eq!(
        run.asked[..3],
        [
            "metadata/2.root.json",
            "metadata/3.root.json",
            "metadata/timestamp.json"
        ]
    );
    assert_eq!(Limits::default().rotations, 256);
}

/// What was verified before an error is stored: it protects the next refresh.
#[test]
fn what_is_verified_before_an_error_is_kept() {
    let mut world = World::new();
    world.first_run();
    world.repository.rotate(|_| {});
    world.repository.timestamp.set_version(2);
    world.repository.snapshot.set_version(2);
    world.repository.snapshot.signers.clear();
    let run = world.run();
    assert_eq!(code(&run.result), "tuf-threshold");
    assert_eq!(run.state.roots.len(), 1);
    assert_eq!(
        run.state.timestamp,
        Some(world.repository.timestamp.bytes())
    );
    assert_eq!(run.state.snapshot, world.state.snapshot);
}

/// Bytes are stored as they were received: white space and further members are kept.
#[test]
fn bytes_are_kept_as_received() {
    let mut world = World::new();
    world.repository.timestamp.signed["x-further"] = "kept".into();
    world.edit("metadata/timestamp.json", |file| {
        [b"\n\n".as_slice(), &file].concat()
    });
    let run = world.run();
    assert_eq!(code(&run.result), "ok");
    let mirror = world.mirror();
    assert_eq!(
        run.state.timestamp.as_ref(),
        mirror.files.get("metadata/timestamp.json")
    );
}

#[test]
fn a_refresh_that_has_not_ended_has_no_result() {
    let world = World::new();
    let start = world.repository.roots[0].bytes();
    let now = modelseal::UnixTime::from_seconds(NOW);
    let refresh = Refresh::new(&start, State::default(), now, Limits::default()).expect("a root");
    assert_eq!(refresh.finish().err(), Some(Error::Order));
}

#[test]
fn no_answer_counts_after_an_error() {
    let world = World::new();
    let start = world.repository.roots[0].bytes();
    let now = modelseal::UnixTime::from_seconds(NOW);
    let mut refresh =
        Refresh::new(&start, State::default(), now, Limits::default()).expect("a root");
    let role = Role::Root;
    assert_eq!(
        refresh.answer(Answer::Bytes(b"{".to_vec())),
        Err(Error::Json { role })
    );
    assert_eq!(refresh.wanted(), None);
    assert_eq!(refresh.answer(Answer::NotFound), Err(Error::Order));
    assert_eq!(refresh.finish().err(), Some(Error::Json { role }));
}

/// Each change to what is stored is found when it is used.
#[test]
fn a_poisoned_store_is_found() {
    let mut world = World::new();
    world
        .repository
        .rotate_key("timestamp", &Signer::p256("timestamp-2"));
    world.first_run();
    let start = world.repository.roots[0].bytes();
    let check = |state: State| Trusted::from_state(&start, state, Limits::default());
    assert!(check(world.state.clone()).is_ok());
    let mut other = World::new();
    other.repository.timestamp.set_version(9);
    other.repository.timestamp.signers = vec![Signer::p256("attacker")];
    let foreign = other.repository.timestamp.bytes();
    type Change = fn(&mut State, Vec<u8>);
    let changes: [(&str, Change); 7] = [
        ("no roots", |state, _| state.roots.clear()),
        ("a root twice", |state, _| {
            state.roots.push(state.roots[0].clone())
        }),
        ("a foreign timestamp", |state, foreign| {
            state.timestamp = Some(foreign)
        }),
        ("no timestamp", |state, _| state.timestamp = None),
        ("no snapshot", |state, _| state.snapshot = None),
        ("targets for a snapshot", |state, _| {
            state.snapshot = state.targets.clone()
        }),
        ("a cut targets", |state, _| {
            let targets = state.targets.as_mut().unwrap();
            targets.truncate(targets.len() - 3);
        }),
    ];
    for (name, change) in changes {
        let mut state = world.state.clone();
        change(&mut state, foreign.clone());
        assert!(check(state.clone()).is_err(), "{name}");
        // A refresh leaves it out, and gets the good one.
        world.state = state;
        let run = world.run();
        assert_eq!(code(&run.result), "ok", "{name}");
        assert!(check(run.state.clone()).is_ok(), "{name}");
        world.state = run.state;
    }
}

/// A clock far off: nothing panics, and nothing counts that has expired.
#[test]
fn a_clock_far_off() {
    let mut world = World::new();
    world.now = 0;
    assert_eq!(code(&world.run().result), "ok");
    world.now = u64::MAX;
    assert_eq!(code(&world.run().result), "tuf-expired");
}
