//! How Exchange is told a password without being sent it: `NTLMv2`, the messages of MS-NLMP.
//!
//! They are ours, as each crate for it either brings a hundred others, trusts what a server
//! says, or knows no channel bindings, which Exchange asks for since 2019 (CU14).

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use md4::Md4;
use md5::{Digest as _, Md5};
use roster_domain::access::secret::random_bytes;
use sha2::{Sha256, Sha384, Sha512};

const SIGNATURE: &[u8; 8] = b"NTLMSSP\0";
/// Unicode, the target's name, NTLM, signing, extended session security, target information,
/// a version, 128 and 56 bits (MS-NLMP 2.2.2.5).
const FLAGS: u32 = 0xA288_8205;
/// Windows 10, and revision 15 of NTLMSSP.
const VERSION: [u8; 8] = [10, 0, 0x63, 0x45, 0, 0, 0, 15];

/// Kinds of what a server says of itself (MS-NLMP 2.2.2.1).
mod pair {
    pub(super) const END: u16 = 0;
    pub(super) const FLAGS: u16 = 6;
    pub(super) const TIMESTAMP: u16 = 7;
    pub(super) const TARGET_NAME: u16 = 9;
    pub(super) const CHANNEL_BINDINGS: u16 = 10;
}

/// Says that the messages are protected by a code ([`pair::FLAGS`]).
const HAS_CODE: u32 = 2;

/// Who logs in.
#[derive(Debug)]
pub(super) struct Login<'a> {
    /// `DOMAIN\name`, or as it is without a domain.
    pub(super) username: &'a str,
    pub(super) password: &'a str,
}

/// What is known of the connection and the moment.
#[derive(Debug)]
pub(super) struct Situation<'a> {
    /// The host.
    pub(super) host: &'a str,
    /// The certificate that the server showed (DER).
    pub(super) certificate: Option<&'a [u8]>,
    pub(super) now: Timestamp,
    /// Roster's random number.
    pub(super) nonce: [u8; 8],
}

impl<'a> Situation<'a> {
    pub(super) fn new(host: &'a str, certificate: Option<&'a [u8]>, now: Timestamp) -> Self {
        Self {
            host,
            certificate,
            now,
            nonce: random_bytes(),
        }
    }
}

/// The first message: what Roster can.
pub(super) fn negotiate() -> Vec<u8> {
    let mut message = SIGNATURE.to_vec();
    message.extend(1_u32.to_le_bytes());
    message.extend(FLAGS.to_le_bytes());
    // Neither a domain nor a workstation.
    message.extend([0; 16]);
    message.extend(VERSION);
    message
}

/// The answer to a server's challenge, which was the answer to [`negotiate`]. None where it is
/// no challenge.
pub(super) fn authenticate(
    challenge: &[u8],
    login: &Login<'_>,
    situation: &Situation<'_>,
) -> Option<Vec<u8>> {
    let asked = Challenge::read(challenge)?;
    let (domain, name) = login
        .username
        .split_once('\\')
        .unwrap_or(("", login.username));
    let key = response_key(domain, name, login.password)?;
    let time = asked.time.unwrap_or_else(|| file_time(situation.now));
    let mut temp = vec![1, 1, 0, 0, 0, 0, 0, 0];
    temp.extend(time);
    temp.extend(situation.nonce);
    temp.extend([0; 4]);
    temp.extend(asked.answered(situation)?);
    temp.extend([0; 4]);
    let proof = keyed(&key, &[&asked.nonce, &temp])?;
    let session = keyed(&key, &[&proof])?;
    // What is older is not told where the server knows the time (MS-NLMP 3.1.5.1.2).
    let older = if asked.time.is_some() {
        vec![0; 24]
    } else {
        let proof = keyed(&key, &[&asked.nonce, &situation.nonce])?;
        [&proof[..], &situation.nonce].concat()
    };
    let response = [&proof[..], &temp].concat();
    let texts = [utf16(domain), utf16(name), Vec::new()];
    let payload = [&older, &response, &texts[0], &texts[1], &texts[2]];
    let message = |code: [u8; 16]| {
        let mut message = SIGNATURE.to_vec();
        message.extend(3_u32.to_le_bytes());
        let mut offset = HEADER;
        for part in payload.into_iter().chain([&Vec::new()]) {
            let length = u16::try_from(part.len()).ok()?.to_le_bytes();
            message.extend(length);
            message.extend(length);
            message.extend(u32::try_from(offset).ok()?.to_le_bytes());
            offset += part.len();
        }
        message.extend((FLAGS & asked.flags).to_le_bytes());
        message.extend(VERSION);
        message.extend(code);
        for part in payload {
            message.extend(part);
        }
        Some(message)
    };
    let bare = message([0; 16])?;
    if asked.time.is_none() {
        return Some(bare);
    }
    message(keyed(&session, &[&negotiate(), challenge, &bare])?)
}

/// Bytes before the payload of the last message.
const HEADER: usize = 88;

/// A server's challenge (MS-NLMP 2.2.1.2).
#[derive(Debug)]
struct Challenge<'a> {
    flags: u32,
    /// The server's random number.
    nonce: [u8; 8],
    /// What the server says of itself, without the end.
    pairs: Vec<(u16, &'a [u8])>,
    time: Option<[u8; 8]>,
}

impl<'a> Challenge<'a> {
    fn read(message: &'a [u8]) -> Option<Self> {
        let is_challenge =
            message.starts_with(SIGNATURE) && message.get(8..12)? == 2_u32.to_le_bytes();
        if !is_challenge {
            return None;
        }
        let length = usize::from(u16_at(message, 40)?);
        let offset = usize::try_from(u32_at(message, 44)?).ok()?;
        let mut rest = message.get(offset..offset.checked_add(length)?)?;
        let mut pairs = Vec::new();
        while let Some(kind) = u16_at(rest, 0).filter(|kind| *kind != pair::END) {
            let end = usize::from(u16_at(rest, 2)?) + 4;
            pairs.push((kind, rest.get(4..end)?));
            rest = rest.get(end..)?;
        }
        let time = pairs.iter().find(|(kind, _)| *kind == pair::TIMESTAMP);
        let time = time.and_then(|(_, time)| (*time).try_into().ok());
        Some(Self {
            flags: u32_at(message, 20)?,
            nonce: message.get(24..32)?.try_into().ok()?,
            pairs,
            time,
        })
    }

    /// What the server says of itself, and what it is to check.
    fn answered(&self, situation: &Situation<'_>) -> Option<Vec<u8>> {
        let flags = HAS_CODE.to_le_bytes();
        let bindings = situation.certificate.map_or(Some([0; 16]), bindings)?;
        let name = utf16(&format!("HTTP/{}", situation.host));
        let mut ours: Vec<(u16, &[u8])> = vec![
            (pair::CHANNEL_BINDINGS, &bindings),
            (pair::TARGET_NAME, &name),
        ];
        if self.time.is_some() {
            ours.push((pair::FLAGS, &flags));
        }
        let is_ours = |kind: u16| ours.iter().any(|(own, _)| *own == kind);
        let theirs = self.pairs.iter().filter(|(kind, _)| !is_ours(*kind));
        let mut all = Vec::new();
        for (kind, value) in theirs.chain(&ours) {
            all.extend(kind.to_le_bytes());
            all.extend(u16::try_from(value.len()).ok()?.to_le_bytes());
            all.extend(*value);
        }
        all.extend([0; 4]);
        Some(all)
    }
}

/// `NTOWFv2` (MS-NLMP 3.3.2).
fn response_key(domain: &str, name: &str, password: &str) -> Option<[u8; 16]> {
    let secret = Md4::digest(utf16(password));
    keyed(&secret, &[&utf16(&name.to_uppercase()), &utf16(domain)])
}

/// HMAC-MD5.
fn keyed(key: &[u8], parts: &[&[u8]]) -> Option<[u8; 16]> {
    let mut code = Hmac::<Md5>::new_from_slice(key).ok()?;
    for part in parts {
        code.update(part);
    }
    Some(code.finalize().into_bytes().into())
}

/// What binds a login to the connection (RFC 5929, `tls-server-end-point`), as GSS hashes it
/// (RFC 4121, 4.1.1.2). None where the certificate cannot be read.
fn bindings(certificate: &[u8]) -> Option<[u8; 16]> {
    let hash = match signed_with(certificate)? {
        Hash::Sha512 => Sha512::digest(certificate).to_vec(),
        Hash::Sha384 => Sha384::digest(certificate).to_vec(),
        Hash::Other => Sha256::digest(certificate).to_vec(),
    };
    let data = [&b"tls-server-end-point:"[..], &hash].concat();
    let mut all = vec![0; 16];
    all.extend(u32::try_from(data.len()).ok()?.to_le_bytes());
    all.extend(data);
    Some(Md5::digest(all).into())
}

/// Names of signatures begin so: with RSA (RFC 8017), where 12 is SHA-384 and 13 is SHA-512…
const RSA: [u8; 8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01];
/// …and with ECDSA and SHA-2 (RFC 5758), where 3 is SHA-384 and 4 is SHA-512.
const ECDSA: [u8; 7] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03];

/// What a certificate is signed with.
#[derive(Debug, PartialEq, Eq)]
enum Hash {
    Sha384,
    Sha512,
    /// SHA-256, and what RFC 5929 replaces by it.
    Other,
}

/// The algorithm of a certificate's signature: the second part of the whole (RFC 5280, 4.1).
fn signed_with(certificate: &[u8]) -> Option<Hash> {
    let (whole, _) = inside(certificate)?;
    let (_, behind) = inside(whole)?;
    let (algorithm, _) = inside(behind)?;
    let (name, _) = inside(algorithm)?;
    let kind = (name.strip_prefix(&RSA), name.strip_prefix(&ECDSA));
    Some(match kind {
        (Some([12]), _) | (_, Some([3])) => Hash::Sha384,
        (Some([13]), _) | (_, Some([4])) => Hash::Sha512,
        _ => Hash::Other,
    })
}

/// What is in the first element of DER, and what comes behind it (X.690).
fn inside(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (_, rest) = der.split_first()?;
    let (length, rest) = rest.split_first()?;
    if *length < 0x80 {
        return rest.split_at_checked(usize::from(*length));
    }
    let (bytes, rest) = rest.split_at_checked(usize::from(length & 0x7F))?;
    let length = bytes.iter().try_fold(0_usize, |sum, byte| {
        sum.checked_mul(256)?.checked_add(usize::from(*byte))
    })?;
    rest.split_at_checked(length)
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// An instant as Windows counts: tenths of microseconds since 1601.
fn file_time(now: Timestamp) -> [u8; 8] {
    let since_1601 = now.as_nanosecond() / 100 + 116_444_736_000_000_000;
    u64::try_from(since_1601).unwrap_or_default().to_le_bytes()
}

#[cfg(test)]
mod tests;
