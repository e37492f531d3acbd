//! DER taken apart, changed at one place, and put together again.

use crate::random::Random;

/// A value: its tag, and what is inside.
#[derive(Clone)]
struct Node {
    tag: u8,
    content: Content,
    /// How its length is written.
    length: Length,
}

#[derive(Clone)]
enum Content {
    Octets(Vec<u8>),
    /// Octets before the values: the number of unused bits of a BIT STRING.
    Values(Vec<u8>, Vec<Node>),
}

#[derive(Clone, Copy)]
enum Length {
    Shortest,
    OneOctetMore,
    Indefinite,
    OneTooMany,
}

/// Changes one place of a DER text.
pub(crate) fn mutate(der: &[u8], random: &mut Random) -> Vec<u8> {
    let Some(mut nodes) = read(der) else {
        return flip(der, random);
    };
    if random.once_in(12) {
        let mut whole = write(&nodes);
        match random.below(3) {
            0 => whole.push(0),
            1 => whole.truncate(whole.len() - 1),
            _ => whole = flip(&whole, random),
        }
        return whole;
    }
    let count = nodes.iter().map(Node::count).sum();
    let mut at = random.below(count);
    change(&mut nodes, &mut at, random);
    write(&nodes)
}

/// Flips one bit.
pub(crate) fn flip(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if !bytes.is_empty() {
        let at = random.below(bytes.len());
        bytes[at] ^= 1 << random.below(8);
    }
    bytes
}

impl Node {
    fn count(&self) -> usize {
        match &self.content {
            Content::Octets(_) => 1,
            Content::Values(_, nodes) => 1 + nodes.iter().map(Self::count).sum::<usize>(),
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        let content = match &self.content {
            Content::Octets(octets) => octets.clone(),
            Content::Values(before, nodes) => [before.clone(), write(nodes)].concat(),
        };
        out.push(self.tag);
        let length = match self.length {
            Length::OneTooMany => content.len() + 1,
            _ => content.len(),
        };
        let octets: Vec<u8> = length
            .to_be_bytes()
            .into_iter()
            .skip_while(|byte| *byte == 0)
            .collect();
        match self.length {
            Length::Indefinite => out.push(0x80),
            Length::OneOctetMore => {
                out.extend([0x81 + octets.len() as u8, 0]);
                out.extend(octets);
            }
            _ if length < 0x80 => out.push(length as u8),
            _ => {
                out.push(0x80 + octets.len() as u8);
                out.extend(octets);
            }
        }
        out.extend(content);
        if matches!(self.length, Length::Indefinite) {
            out.extend([0, 0]);
        }
    }
}

/// Changes the value at `at`, counted from the outside in.
fn change(nodes: &mut Vec<Node>, at: &mut usize, random: &mut Random) -> bool {
    for index in 0..nodes.len() {
        if *at == 0 {
            change_one(nodes, index, random);
            return true;
        }
        *at -= 1;
        if let Content::Values(_, inner) = &mut nodes[index].content
            && change(inner, at, random)
        {
            return true;
        }
    }
    false
}

fn change_one(nodes: &mut Vec<Node>, index: usize, random: &mut Random) {
    let other = random.below(nodes.len());
    match random.below(14) {
        0 => drop(nodes.remove(index)),
        1 => nodes.insert(index, nodes[index].clone()),
        2 => nodes.swap(index, other),
        3 => nodes[index] = nodes[other].clone(),
        4 => nodes[index].length = Length::OneOctetMore,
        5 => nodes[index].length = Length::Indefinite,
        6 => nodes[index].length = Length::OneTooMany,
        7 => nodes[index].tag ^= 1 << random.below(8),
        8 => {
            nodes[index].tag = *random.pick(&[
                0x01, 0x02, 0x03, 0x04, 0x05, 0x0c, 0x13, 0x17, 0x18, 0x30, 0x31, 0xa0, 0xa1,
            ])
        }
        9 => nodes.insert(
            index,
            Node {
                tag: 5,
                content: Content::Octets(Vec::new()),
                length: Length::Shortest,
            },
        ),
        _ => change_content(&mut nodes[index], random),
    }
}

fn change_content(node: &mut Node, random: &mut Random) {
    match &mut node.content {
        Content::Values(_, nodes) if nodes.is_empty() => {}
        Content::Values(_, nodes) => match random.below(3) {
            0 => nodes.reverse(),
            1 => drop(nodes.pop()),
            _ => {
                let at = random.below(nodes.len());
                change_content(&mut nodes[at], random);
            }
        },
        // A time stays a time.
        Content::Octets(octets) if matches!(node.tag, 0x17 | 0x18) && !octets.is_empty() => {
            let at = random.below(octets.len());
            octets[at] = *random.pick(b"0123456789Z");
        }
        Content::Octets(octets) => match random.below(5) {
            0 => octets.insert(0, 0),
            1 => octets.clear(),
            2 => octets.truncate(octets.len().saturating_sub(1)),
            _ => *octets = flip(octets, random),
        },
    }
}

fn write(nodes: &[Node]) -> Vec<u8> {
    let mut out = Vec::new();
    nodes.iter().for_each(|node| node.write(&mut out));
    out
}

/// Reads values to the end; none where it is not DER.
fn read(mut der: &[u8]) -> Option<Vec<Node>> {
    let mut nodes = Vec::new();
    while !der.is_empty() {
        let (tag, rest) = der.split_first()?;
        let (first, mut rest) = rest.split_first()?;
        let mut length = usize::from(*first);
        if *first >= 0x80 {
            let (octets, after) = rest.split_at_checked(usize::from(first & 0x7f))?;
            if octets.is_empty() || octets.len() > 4 {
                return None;
            }
            length = octets
                .iter()
                .fold(0, |length, octet| length << 8 | usize::from(*octet));
            rest = after;
        }
        let (content, after) = rest.split_at_checked(length)?;
        nodes.push(Node {
            tag: *tag,
            content: read_content(*tag, content)?,
            length: Length::Shortest,
        });
        der = after;
    }
    Some(nodes)
}

fn read_content(tag: u8, content: &[u8]) -> Option<Content> {
    if tag & 0x20 != 0 {
        return Some(Content::Values(Vec::new(), read(content)?));
    }
    // Extensions, signed content and signatures are DER inside strings.
    let skip = match tag {
        0x04 => 0,
        0x03 => 1,
        _ => return Some(Content::Octets(content.to_vec())),
    };
    let inner = content
        .get(skip..)
        .filter(|inner| inner.len() > 2 && matches!(inner[0], 0x02..=0x06 | 0x0c | 0x30));
    Some(match inner.and_then(read) {
        Some(nodes) => Content::Values(content[..skip].to_vec(), nodes),
        None => Content::Octets(content.to_vec()),
    })
}
