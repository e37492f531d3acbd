//! The rule for strings of an attacker, over the table that the npm command and the page are tested with too.

use modelseal::{escape_json, escape_text};
use modelseal_core_tests::repository;
use serde_json::Value;

#[test]
fn every_case_of_the_table() {
    let text = std::fs::read_to_string(repository().join("tests/escapes.json")).expect("the table");
    let cases: Vec<Value> = serde_json::from_str(&text).expect("a list");
    assert!(cases.len() > 30);
    for case in cases {
        let text = case["text"].as_str().expect("a string");
        assert_eq!(
            escape_text(text),
            case["escaped"].as_str().expect("a string"),
            "{}",
            case["name"]
        );
        // In JSON nothing is left that a terminal acts on or an eye does not see, and it says the same.
        let json = Value::from(text).to_string();
        let escaped = escape_json(&json);
        assert_eq!(
            escape_text(&escaped).replace("\\\\", "\\"),
            escaped,
            "{}",
            case["name"]
        );
        assert_eq!(
            serde_json::from_str::<Value>(&escaped).expect("JSON"),
            Value::from(text)
        );
    }
}
