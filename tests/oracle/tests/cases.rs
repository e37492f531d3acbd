//! Every case, put to the second verifier: where it differs, the case says why.

use modelseal_forge_sigstore::Sigstore;
use modelseal_forge_sigstore::cases::{self, Second};
use modelseal_oracle::Oracle;

#[test]
fn the_second_verifier_differs_where_the_cases_say_so() {
    let sigstore = Sigstore::new("little");
    let mut faults = Vec::new();
    for case in cases::all() {
        let forged = case.forge(&sigstore);
        let said = Oracle::new(&forged.root.to_string()).and_then(|oracle| {
            let bundle = forged.bundle.to_string();
            oracle.verify(&bundle, &forged.artifact, case.issuer, case.identity)
        });
        let as_expected = match case.second {
            Second::Same => said.is_ok() == case.code.is_none(),
            Second::Accepts(_) => said.is_ok() && case.code.is_some(),
            Second::Rejects(_) => said.is_err() && case.code.is_none(),
        };
        if !as_expected {
            let (name, code, second) = (case.name, case.code, case.second);
            faults.push(format!("{name} ({code:?}, {second:?}): {said:?}"));
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults\n{}",
        faults.len(),
        faults.join("\n")
    );
}
