//! Every case breaks its rule with the code that it names, and its twin passes.

use std::collections::BTreeSet;

use modelseal_tuf_tests::{World, cases, code};

#[test]
fn each_case_breaks_its_rule_and_its_twin_passes() {
    let (mut wrong, mut names) = (Vec::new(), BTreeSet::new());
    for case in cases() {
        assert!(
            names.insert(case.name.clone()),
            "{} is there twice",
            case.name
        );
        for broken in [true, false] {
            let mut world = World::new();
            (case.build)(&mut world, broken);
            let run = world.run();
            let expected = if broken { case.code } else { "ok" };
            if code(&run.result) != expected {
                let which = if broken { "case" } else { "twin" };
                wrong.push(format!(
                    "{} ({}): the {which} is {:?}",
                    case.name, case.rule, run.result
                ));
            }
        }
    }
    println!("{} cases and as many twins", names.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(names.len() >= 120, "{}", names.len());
}
