//! Name constraints (RFC 5280 section 4.2.1.10).

use alloc::vec::Vec;
use core::mem::discriminant;

use der::{Tag, asn1::AnyRef};

use super::{
    name::{GeneralName, Name},
    names::{self, Comparison},
};
use crate::{
    budget::Budget,
    der::{Fields, constructed, error, expect},
    error::Error,
};

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
    /// Reads constraints. An empty list is an error, and so are distances and malformed names.
    pub(super) fn read(constraints: AnyRef<'_>) -> der::Result<Self> {
        let mut fields = Fields::of(constraints, Tag::Sequence)?;
        let permitted = fields.optional(constructed(0))?;
        let excluded = fields.optional(constructed(1))?;
        fields.finish()?;
        expect(permitted.is_some() || excluded.is_some())?;
        Ok(Self {
            permitted: read_subtrees(permitted)?,
            excluded: read_subtrees(excluded)?,
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
                GeneralName::Directory(name) => Subject::Directory(name),
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
            let mailbox = attribute.text();
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
            Self::Directory(_) => matches!(base, GeneralName::Directory(_)),
            Self::Mailbox(_) => matches!(base, GeneralName::Mailbox(_)),
            Self::Other(name) => discriminant(*name) == discriminant(base),
        }
    }

    /// Steps for a comparison beyond the first: longer names cost more, and the members of a set
    /// are compared each with each.
    fn cost(&self) -> usize {
        let octets = match self {
            Self::Directory(name) => {
                let parts = name.parts().iter();
                let members = parts.map(|part| part.len().saturating_mul(part.len()));
                let values = name.attributes().map(|attribute| attribute.encoded().len());
                members.chain(values).fold(0, usize::saturating_add)
            }
            Self::Mailbox(mailbox) => mailbox.map_or(0, str::len),
            Self::Other(GeneralName::Mailbox(mailbox)) => mailbox.len(),
            Self::Other(GeneralName::Uri(uri)) => uri.len(),
            Self::Other(_) => 0,
        };
        octets / 256
    }

    fn is_within(&self, base: &GeneralName, list: List) -> bool {
        match (self, base) {
            (Self::Directory(name), GeneralName::Directory(base)) => {
                match names::is_below(name, base) {
                    Comparison::Same => true,
                    Comparison::Different => false,
                    Comparison::Undecided => list == List::Excluded,
                }
            }
            (Self::Mailbox(Some(mailbox)), GeneralName::Mailbox(base)) => {
                is_mailbox_within(mailbox, base, list)
            }
            (Self::Other(name), base) => is_other_within(name, base, list),
            _ => list == List::Excluded,
        }
    }
}

fn is_other_within(name: &GeneralName, base: &GeneralName, list: List) -> bool {
    match (name, base) {
        (GeneralName::Dns(name), GeneralName::Dns(base)) => is_dns_within(name, base, list),
        (GeneralName::Mailbox(mailbox), GeneralName::Mailbox(base)) => {
            is_mailbox_within(mailbox, base, list)
        }
        (GeneralName::Uri(uri), GeneralName::Uri(base)) => match host_of(uri) {
            Some(host) => is_host_within(host, base),
            // "MUST reject": there is no host to compare.
            None => list == List::Excluded,
        },
        (GeneralName::Address(address), GeneralName::Address(base)) => {
            is_address_within(address, base)
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

fn read_subtrees(subtrees: Option<AnyRef<'_>>) -> der::Result<Vec<GeneralName>> {
    match subtrees {
        Some(subtrees) => {
            let tag = der::Tagged::tag(&subtrees);
            Fields::of(subtrees, tag)?.each(read_subtree)
        }
        None => Ok(Vec::new()),
    }
}

/// The base of a subtree. Section 4.2.1.10: the minimum is zero, which is its default, and there is no
/// maximum.
fn read_subtree(subtree: AnyRef<'_>) -> der::Result<GeneralName> {
    let mut fields = Fields::of(subtree, Tag::Sequence)?;
    let base = GeneralName::read(fields.any()?)?;
    fields.finish()?;
    let host = |host: &str| host.is_empty() || names::is_host(host);
    let hosts = |base: &str| host(base.strip_prefix('.').unwrap_or(base));
    let well_formed = match &base {
        GeneralName::Dns(base) => host(base),
        GeneralName::Mailbox(base) if base.contains('@') => names::is_mailbox(base),
        GeneralName::Mailbox(base) | GeneralName::Uri(base) => hosts(base),
        GeneralName::Address(base) => is_network(base),
        GeneralName::Directory(_)
        | GeneralName::EdiParty
        | GeneralName::Other(..)
        | GeneralName::RegisteredId => true,
    };
    if well_formed { Ok(base) } else { Err(error()) }
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
