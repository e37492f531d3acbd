//! What a file is that is not what it should be: a mistake is easier to mend when it is named.

use core::fmt;

/// What was found in place of a bundle, a key, a certificate or a trust root.
///
/// Its `Display` completes a sentence. It repeats nothing of the file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum FileKind {
    /// An answer of GitHub's attestations API, with bundles inside.
    AttestationsAnswer,
    /// Base64 of something.
    Base64,
    /// Bytes of a kind that is not known.
    Binary,
    /// A Sigstore bundle, in place of something else.
    Bundle,
    /// A certificate, in place of something else.
    Certificate,
    /// An EC key whose point is compressed.
    CompressedPoint,
    /// A signature in the form that cosign wrote before bundles.
    CosignSignature,
    /// DER without PEM around it.
    Der,
    /// A key of Ed25519.
    Ed25519,
    /// No bytes at all.
    Empty,
    /// A DSSE envelope without a bundle around it.
    Envelope,
    /// A Git LFS pointer, in place of the file itself.
    GitLfsPointer,
    /// Data compressed with gzip.
    Gzip,
    /// An HTML page.
    Html,
    /// An in-toto statement without a signature.
    InTotoStatement,
    /// JSON of a kind that is not known.
    Json,
    /// Several JSON documents, one a line.
    JsonLines {
        /// How many there are.
        count: usize,
    },
    /// A public key in the form of OpenSSH.
    OpenSsh,
    /// A certificate that is malformed, or breaks a rule of RFC 5280.
    OtherCertificate,
    /// A key on a curve that is not accepted.
    OtherCurve,
    /// A public key of a kind or size that is not accepted.
    OtherKey,
    /// PEM with a block of another kind.
    OtherPem,
    /// The path of a file, or a name.
    Path,
    /// PEM with a missing end, a header or base64 that is not canonical.
    PemBroken,
    /// Certificates in a PKCS #7 container.
    Pkcs7,
    /// A private key.
    PrivateKey,
    /// A public key, in place of something else.
    PublicKey,
    /// An attestation in the form of PyPI (PEP 740).
    PypiAttestation,
    /// A key of RSA.
    Rsa,
    /// More than one key.
    SeveralKeys,
    /// Text of a kind that is not known.
    Text,
    /// A trust root, in place of something else.
    TrustRoot,
    /// An address.
    Url,
    /// Text in UTF-16.
    Utf16,
    /// A ZIP archive.
    Zip,
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::JsonLines { count } = self {
            return write!(
                f,
                "it holds {count} JSON documents, one a line; give one of them"
            );
        }
        f.write_str(match self {
            Self::AttestationsAnswer => {
                "it is the answer of an attestations API; give one of the bundles inside"
            }
            Self::Base64 => "it is base64; decode it first",
            Self::Binary => "it is binary data of an unknown kind",
            Self::Bundle => "it is a signature bundle",
            Self::Certificate => "it is a certificate",
            Self::CompressedPoint => {
                "it has a compressed point; convert it with `openssl ec -pubin -conv_form uncompressed`"
            }
            Self::CosignSignature => {
                "it is a signature in cosign's older format; sign again with `--new-bundle-format`"
            }
            Self::Der => "it is in DER; convert it to PEM",
            Self::Ed25519 => "it is an Ed25519 key, which is not accepted here",
            Self::Empty => "it is empty",
            Self::Envelope => "it is a DSSE envelope without a bundle around it",
            Self::GitLfsPointer => {
                "it is a Git LFS pointer, not the file itself; run `git lfs pull`"
            }
            Self::Gzip => "it is compressed with gzip; decompress it first",
            Self::Html => "it is an HTML page, perhaps an error page of a server",
            Self::InTotoStatement => "it is an in-toto statement without a signature",
            Self::Json | Self::JsonLines { .. } => "it is JSON of another kind, without a mediaType",
            Self::OpenSsh => "it is an OpenSSH key; convert it with `ssh-keygen -e -m PKCS8`",
            Self::OtherCertificate => "it is a certificate that is malformed or breaks RFC 5280",
            Self::OtherCurve => "it is on a curve other than P-256, P-384 and P-521",
            Self::OtherKey => "it is a key of a kind or size that is not accepted",
            Self::OtherPem => "it is PEM of another kind",
            Self::Path => "it looks like a path or a name; give the content of the file",
            Self::PemBroken => "it is PEM that cannot be read",
            Self::Pkcs7 => "it is PKCS #7; extract the certificates as PEM",
            Self::PrivateKey => {
                "it is a private key; keep it secret, and give its public half"
            }
            Self::PublicKey => "it is a public key",
            Self::PypiAttestation => "it is a PyPI attestation, not a Sigstore bundle",
            Self::Rsa => "it is an RSA key, which is not accepted here",
            Self::SeveralKeys => "it holds more than one key",
            Self::Text => "it is text of an unknown kind",
            Self::TrustRoot => "it is a trust root",
            Self::Url => "it looks like an address; give the content behind it",
            Self::Utf16 => "it is in UTF-16; save it as UTF-8",
            Self::Zip => "it is a ZIP archive",
        })
    }
}

/// The three bytes of a UTF-8 byte order mark.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Skips one byte order mark: editors on Windows write it before PEM and JSON.
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)
}

impl FileKind {
    /// What `bytes` are, by how they begin. For input that is neither JSON nor PEM.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let bytes = without_mark(bytes);
        if bytes.trim_ascii().is_empty() {
            return Self::Empty;
        }
        match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Self::Utf16,
            [0x1f, 0x8b, ..] => return Self::Gzip,
            [b'P', b'K', 3, 4, ..] => return Self::Zip,
            // A SEQUENCE of at least 128 bytes, as keys and certificates are.
            [0x30, 0x80..=0x84, ..] => return Self::Der,
            // ASCII characters with a zero byte after each, or before each.
            [0, second, 0, ..] | [second, 0, _, 0, ..] if second.is_ascii_graphic() => {
                return Self::Utf16;
            }
            _ => {}
        }
        match core::str::from_utf8(bytes) {
            Ok(text) => Self::of_text(text.trim()),
            Err(_) => Self::Binary,
        }
    }

    fn of_text(text: &str) -> Self {
        let begins = |start: &str| {
            let head = text.get(..start.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(start))
        };
        if text.starts_with('<') {
            return Self::Html;
        }
        if begins("version https://git-lfs") {
            return Self::GitLfsPointer;
        }
        if begins("https://") || begins("http://") || begins("file:") {
            return Self::Url;
        }
        if begins("ssh-") || begins("ecdsa-sha2-") {
            return Self::OpenSsh;
        }
        if text.contains("-----BEGIN ") {
            return Self::of_pem(text);
        }
        if text.starts_with(['{', '[', '"']) {
            return Self::Json;
        }
        let one_line = !text.contains('\n') && text.len() <= 4096;
        let in_alphabet = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=\r\n".contains(&byte);
        if text.len() >= 64 && text.bytes().all(in_alphabet) {
            Self::Base64
        } else if one_line && text.contains(['/', '\\', '.']) {
            Self::Path
        } else {
            Self::Text
        }
    }

    /// What PEM is, by the first label that tells.
    fn of_pem(text: &str) -> Self {
        let kinds = [
            ("PRIVATE KEY-----", Self::PrivateKey),
            ("-----BEGIN CERTIFICATE-----", Self::Certificate),
            ("-----BEGIN PUBLIC KEY-----", Self::PublicKey),
            ("-----BEGIN RSA PUBLIC KEY-----", Self::Rsa),
            ("-----BEGIN PKCS7-----", Self::Pkcs7),
            ("-----BEGIN CMS-----", Self::Pkcs7),
        ];
        let mut kinds = kinds.into_iter();
        let found = kinds.find(|(label, _)| text.contains(label));
        found.map_or(Self::OtherPem, |(_, kind)| kind)
    }
}
