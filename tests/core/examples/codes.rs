//! Prints `npm/src/types/codes.ts`: what the core's tables call errors, stages and notes. Run by
//! `cargo xtask codes`.

use modelseal::{Error, Stage, verdict::Note};

fn main() {
    println!("// Written by `cargo xtask codes` from the core's tables: do not change it by hand.");
    union(
        "The step of verification in which an error arose, in the order of the data.",
        "Stage",
        Stage::ALL.iter().map(|stage| stage.name().to_owned()),
    );
    union(
        "The stable code of an error, and of a reason in a verdict.",
        "ErrorCode",
        Error::ALL.iter().map(|error| error.code().to_owned()),
    );
    union(
        "A harmless observation in a verdict.",
        "Note",
        Note::ALL.iter().map(name),
    );
}

/// What serde writes.
fn name(value: &impl serde::Serialize) -> String {
    let json = serde_json::to_value(value).expect("a name");
    json.as_str().expect("a string").to_owned()
}

fn union(doc: &str, name: &str, members: impl Iterator<Item = String>) {
    println!("\n/** {doc} */\nexport type {name} =");
    let members: Vec<_> = members.map(|member| format!("  | \"{member}\"")).collect();
    println!("{};", members.join("\n"));
}
