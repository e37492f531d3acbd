//! Where the verifiers may differ, and why.

/// The second verifier's gaps: what its error says, and the standard that has what it lacks.
const GAPS: [(&str, &str); 1] = [(
    "unsupported Rekor entry format: dsse/0.0.2",
    "rekor-tiles has dsse 0.0.2 (`DSSERequestV002`)",
)];

/// Our errors for what the second verifier accepts, and why we do not.
pub const STRICTER: [(&str, &str); 1] = [("bundle-field-unknown", "ProtoJSON")];

/// The gap that this error shows.
pub fn gap(error: &str) -> Option<&'static str> {
    let found = GAPS.iter().find(|(part, _)| error.contains(part));
    found.map(|(_, standard)| *standard)
}

/// The code, if it is listed.
pub fn stricter(code: &str) -> Option<&'static str> {
    let found = STRICTER.iter().find(|(listed, _)| *listed == code);
    found.map(|(listed, _)| *listed)
}
