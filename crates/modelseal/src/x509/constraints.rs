//! Name constraints (RFC 5280 section 4.2.1.10).

use alloc::vec::Vec;
use core::mem::discriminant;

use x509_cert::{
    ext::pkix::{
        self,
        constraints::name::{GeneralSubtree, GeneralSubtrees},
        name::GeneralName,
    },
    name::Name,
};

use super::names::{self, Comparison};
use crate::{budget::Budget, der::is_minimal, error::Error};

/// The names that an authority may certify.
#[derive(Clone, Debug)]
pub(super) struct NameConstraints {
    permitted: Vec<GeneralName>,
    excluded: Vec<GeneralName>,
}

/// Which list a subtree is in. In doubt a name is excluded, and is not permitted.
#[derive(Clone, Copy, Eq, PartialEq)]
enum List {
    Permitted,
    Excluded,
}

impl NameConstraints {
    /// Reads constraints; `None` for an empty list, for distances, and for malformed names.
    pub(super) fn read(constraints: pkix::NameConstraints) -> Option<Self> {
        if constraints.permitted_subtrees.is_none() && constraints.excluded_subtrees.is_none() {
            return None;
        }
        Some(Self {
            permitted: read_subtrees(constraints.permitted_subtrees)?,
            excluded: read_subtrees(constraints.excluded_subtrees)?,
        })
    }

    /// Section 6.1.3 (b) and (c): do a certificate's subject and alternative names lie where they may?
    pub(super) fn check(
        &self,
        subject: &Name,
        alt_names: &[GeneralName],
        budget: &Budget,
    ) -> Result<bool, Error> {
        for name in alt_names {
            let name = match name {
                GeneralName::DirectoryName(name) => Subject::Directory(name),
                name => Subject::Other(name),
            };
            if !self.allows(name, budget)? {
                return Ok(false);
            }
        }
        if !subject.is_empty() && !self.allows(Subject::Directory(subject), budget)? {
            return Ok(false);
        }
        // The section asks this of certificates without alternative names alone. The subject is
        // shown to people, so an address in it must be permitted in any case.
        for attribute in names::email_addresses(subject) {
            let mailbox = names::attribute_text(attribute);
            if !self.allows(Subject::Mailbox(mailbox), budget)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn allows(&self, name: Subject<'_>, budget: &Budget) -> Result<bool, Error> {
        let cost = name.cost();
        for base in &self.excluded {
            budget.step(cost)?;
            if name.is_of_form(base) && name.is_within(base, List::Excluded) {
                return Ok(false);
            }
        }
        let mut constrained = false;
        for base in &self.permitted {
            budget.step(cost)?;
            if !name.is_of_form(base) {
                continue;
            }
            if name.is_within(base, List::Permitted) {
                return Ok(true);
            }
            constrained = true;
        }
        Ok(!constrained)
    }
}

/// A name that a certificate has.
#[derive(Clone, Copy)]
enum Subject<'a> {
    Directory(&'a Name),
    /// An address in the subject; `None` where its string type is not understood.
    Mailbox(Option<&'a str>),
    Other(&'a GeneralName),
}

impl Subject<'_> {
    fn is_of_form(&self, base: &GeneralName) -> bool {
        match self {
            Self::Directory(_) => matches!(base, GeneralName::DirectoryName(_)),
            Self::Mailbox(_) => matches!(base, GeneralName::Rfc822Name(_)),
            Self::Other(name) => discriminant(*name) == discriminant(base),
        }
    }

    /// Steps for a comparison beyond the first: longer names cost more, and the members of a set
    /// are compared each with each.
    fn cost(&self) -> usize {
        let octets = match self {
            Self::Directory(name) => {
                let members = name
                    .iter_rdn()
                    .map(|part| part.len().saturating_mul(part.len()));
                let values = name.iter().map(|attribute| attribute.value.value().len());
                members.chain(values).fold(0, usize::saturating_add)
            }
            Self::Mailbox(mailbox) => mailbox.map_or(0, str::len),
            Self::Other(GeneralName::Rfc822Name(mailbox)) => mailbox.as_str().len(),
            Self::Other(GeneralName::UniformResourceIdentifier(uri)) => uri.as_str().len(),
            Self::Other(_) => 0,
        };
        octets / 256
    }

    fn is_within(&self, base: &GeneralName, list: List) -> bool {
        match (self, base) {
            (Self::Directory(name), GeneralName::DirectoryName(base)) => {
                match names::is_below(name, base) {
                    Comparison::Same => true,
                    Comparison::Different => false,
                    Comparison::Undecided => list == List::Excluded,
                }
            }
            (Self::Mailbox(Some(mailbox)), GeneralName::Rfc822Name(base)) => {
                is_mailbox_within(mailbox, base.as_str(), list)
            }
            (Self::Other(name), base) => is_other_within(name, base, list),
            _ => list == List::Excluded,
        }
    }
}

fn is_other_within(name: &GeneralName, base: &GeneralName, list: List) -> bool {
    match (name, base) {
        (GeneralName::DnsName(name), GeneralName::DnsName(base)) => {
            is_dns_within(name.as_str(), base.as_str(), list)
        }
        (GeneralName::Rfc822Name(mailbox), GeneralName::Rfc822Name(base)) => {
            is_mailbox_within(mailbox.as_str(), base.as_str(), list)
        }
        (
            GeneralName::UniformResourceIdentifier(uri),
            GeneralName::UniformResourceIdentifier(base),
        ) => match host_of(uri.as_str()) {
            Some(host) => is_host_within(host, base.as_str()),
            // "MUST reject": there is no host to compare.
            None => list == List::Excluded,
        },
        (GeneralName::IpAddress(address), GeneralName::IpAddress(base)) => {
            is_address_within(address.as_bytes(), base.as_bytes())
        }
        // Forms without a rule here: section 6.1 has the certificate refused where both a
        // constraint and a name of such a form appear.
        _ => list == List::Excluded,
    }
}

/// A domain and everything below it. A pattern covers every name that it can match (RFC 9525
/// section 6.3): it is excluded if one of them is, and permitted if all are.
fn is_dns_within(name: &str, base: &str, list: List) -> bool {
    match name.strip_prefix("*.") {
        Some(parent) => {
            is_below_domain(parent, base)
                || (list == List::Excluded && is_below_domain(base, parent))
        }
        None => is_below_domain(name, base),
    }
}

fn is_below_domain(name: &str, base: &str) -> bool {
    let Some(cut) = name.len().checked_sub(base.len()) else {
        return false;
    };
    name.split_at_checked(cut).is_some_and(|(head, tail)| {
        tail.eq_ignore_ascii_case(base)
            && (head.is_empty() || base.is_empty() || head.ends_with('.'))
    })
}

/// One mailbox, all of a host, or all of a domain's hosts.
fn is_mailbox_within(mailbox: &str, base: &str, list: List) -> bool {
    let Some((local, host)) = mailbox.split_once('@') else {
        return list == List::Excluded;
    };
    match base.split_once('@') {
        Some((base_local, base_host)) => {
            // RFC 5321 section 2.4: only the host knows whether case matters before the `@`.
            let same = local == base_local
                || (list == List::Excluded && local.eq_ignore_ascii_case(base_local));
            same && host.eq_ignore_ascii_case(base_host)
        }
        None => is_host_within(host, base),
    }
}

/// A host, or with a period in front all hosts below a domain.
fn is_host_within(host: &str, base: &str) -> bool {
    match base.strip_prefix('.') {
        Some(domain) => !host.eq_ignore_ascii_case(domain) && is_below_domain(host, domain),
        None => base.is_empty() || host.eq_ignore_ascii_case(base),
    }
}

/// The host of a URI (RFC 3986 section 3.2.2), where it is a name.
fn host_of(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?;
    names::is_host(host).then_some(host)
}

/// RFC 4632: an address and a mask, each as long as the name.
fn is_address_within(address: &[u8], base: &[u8]) -> bool {
    base.split_at_checked(address.len())
        .is_some_and(|(network, mask)| {
            mask.len() == address.len()
                && address
                    .iter()
                    .zip(network)
                    .zip(mask)
                    .all(|((address, network), mask)| address & mask == network & mask)
        })
}

fn read_subtrees(subtrees: Option<GeneralSubtrees>) -> Option<Vec<GeneralName>> {
    let Some(subtrees) = subtrees else {
        return Some(Vec::new());
    };
    if subtrees.is_empty() {
        return None;
    }
    subtrees.into_iter().map(read_subtree).collect()
}

fn read_subtree(subtree: GeneralSubtree) -> Option<GeneralName> {
    // "minimum MUST be zero, and maximum MUST be absent".
    let distances = subtree.minimum == 0 && subtree.maximum.is_none();
    let host = |host: &str| host.is_empty() || names::is_host(host);
    let hosts = |base: &str| host(base.strip_prefix('.').unwrap_or(base));
    let well_formed = match &subtree.base {
        GeneralName::DnsName(base) => host(base.as_str()),
        GeneralName::Rfc822Name(base) if base.as_str().contains('@') => {
            names::is_mailbox(base.as_str())
        }
        GeneralName::Rfc822Name(base) => hosts(base.as_str()),
        GeneralName::UniformResourceIdentifier(base) => hosts(base.as_str()),
        GeneralName::IpAddress(base) => is_network(base.as_bytes()),
        GeneralName::DirectoryName(_)
        | GeneralName::EdiPartyName(_)
        | GeneralName::OtherName(_) => true,
        GeneralName::RegisteredId(base) => is_minimal(base.as_bytes()),
    };
    (distances && well_formed).then_some(subtree.base)
}

/// An IPv4 or IPv6 address and a mask whose ones are in front.
fn is_network(base: &[u8]) -> bool {
    let (8 | 32, Some((_, mask))) = (base.len(), base.split_at_checked(base.len() / 2)) else {
        return false;
    };
    let mut rest = mask.iter().skip_while(|octet| **octet == 0xff);
    rest.next()
        .is_none_or(|octet| octet.leading_ones().saturating_add(octet.trailing_zeros()) >= 8)
        && rest.all(|octet| *octet == 0)
}
