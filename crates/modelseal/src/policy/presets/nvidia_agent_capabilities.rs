//! NVIDIA's agent skills. Source: the signatures in the repository `NVIDIA/skills`, which contain the root.

use super::super::Policy;
use crate::{error::Error, x509::Anchors};

pub(crate) const NAME: &str = "nvidia-agent-capabilities";

/// The anchor under which NVIDIA signs agent skills: the SHA-256 of its DER.
const ROOT: [u8; 32] = [
    0x6f, 0x1b, 0xb8, 0x75, 0xb7, 0x7a, 0xea, 0x3f, 0xc8, 0x78, 0xa7, 0xa3, 0x23, 0x74, 0x97, 0x23,
    0x5c, 0x53, 0x65, 0x76, 0x01, 0x37, 0x5c, 0x0e, 0xf4, 0xbd, 0xcd, 0xe6, 0x9e, 0x84, 0x37, 0x82,
];

pub(crate) fn policy() -> Result<Policy, Error> {
    Policy::certificate(Anchors::pinned([ROOT])?)
}
