//! Each case breaks one rule of the standard. Its twin keeps the rule, and is made by the same lines.

mod delegations;
mod every_role;
mod keys;
mod limits;
mod roots;
mod targets;
mod workflow;

use crate::world::World;

/// A case.
pub struct Case {
    /// Its name.
    pub name: String,
    /// The rule that it breaks, and where it stands.
    pub rule: &'static str,
    /// The code of the error.
    pub code: &'static str,
    /// Makes the case, or its twin.
    pub build: Build,
}

/// What makes a case, or its twin.
type Build = Box<dyn Fn(&mut World, bool)>;

/// A row of a table: name, rule, code, and what makes case and twin.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    fn(&mut World, bool),
);

impl Case {
    fn of((name, rule, code, build): Row) -> Self {
        Self {
            name: name.to_owned(),
            rule,
            code,
            build: Box::new(build),
        }
    }
}

/// Every case.
pub fn cases() -> Vec<Case> {
    let tables = [
        roots::ROWS,
        workflow::ROWS,
        keys::ROWS,
        delegations::ROWS,
        targets::ROWS,
        limits::ROWS,
    ];
    let mut cases = every_role::cases();
    cases.extend(tables.concat().into_iter().map(Case::of));
    cases
}
