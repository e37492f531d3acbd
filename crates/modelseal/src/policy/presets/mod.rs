//! Policies that ship with modelseal: one file each, with the source of what it expects.

pub(super) mod ibm_granite;
pub(super) mod nvidia_agent_capabilities;
