//! Which addresses of the Internet Protocol are public: what an organization asks us to
//! call must not lead into the network that we run in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Blocks of IPv4 that are not public, and what they are (IANA's special-purpose registry,
/// RFC 6890, and multicast).
const NOT_PUBLIC_V4: [(Ipv4Addr, u32, &str); 16] = [
    (Ipv4Addr::UNSPECIFIED, 8, "this network"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "shared by a carrier"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "reserved"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "for documentation"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "reserved"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "for benchmarks"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "for documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "for documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
    (Ipv4Addr::new(168, 63, 129, 16), 32, "of a cloud's platform"),
];

/// Blocks of IPv6 within the one that is routed (`2000::/3`) that are not public.
const NOT_PUBLIC_V6: [(Ipv6Addr, u32, &str); 5] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "reserved"),
    (
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0),
        32,
        "for documentation",
    ),
    (
        Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0),
        16,
        "a tunnel (6to4)",
    ),
    (
        Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0),
        20,
        "for documentation",
    ),
    (Ipv6Addr::new(0x3ffe, 0, 0, 0, 0, 0, 0, 0), 16, "reserved"),
];

/// What an address is that is not public; none where it is.
///
/// ```
/// # use roster_domain::hooks::public_address::why_not_public;
/// let why = |text: &str| why_not_public(text.parse().expect("an address"));
/// assert_eq!(why("93.184.216.34"), None);
/// assert_eq!(why("::ffff:169.254.169.254"), Some("link-local"));
/// ```
#[must_use]
pub fn why_not_public(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => why_not_public_v4(address),
        IpAddr::V6(address) => why_not_public_v6(address),
    }
}

fn why_not_public_v4(address: Ipv4Addr) -> Option<&'static str> {
    let bits = address.to_bits();
    let is_in = |block: Ipv4Addr, length: u32| (bits ^ block.to_bits()) >> (32 - length) == 0;
    let mut blocks = NOT_PUBLIC_V4.iter();
    let found = blocks.find(|(block, length, _)| is_in(*block, *length))?;
    Some(found.2)
}

fn why_not_public_v6(address: Ipv6Addr) -> Option<&'static str> {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return why_not_public_v4(mapped);
    }
    let bits = address.to_bits();
    let is_in = |block: Ipv6Addr, length: u32| (bits ^ block.to_bits()) >> (128 - length) == 0;
    // Of a network without IPv4 (RFC 6052): it leads where the address within it does.
    let translated = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0);
    if is_in(translated, 96) {
        let [.., a, b, c, d] = address.octets();
        return why_not_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    if address.is_loopback() {
        return Some("loopback");
    }
    if address.is_multicast() {
        return Some("multicast");
    }
    if is_in(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10) {
        return Some("link-local");
    }
    if is_in(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7) {
        return Some("private");
    }
    if !is_in(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3) {
        return Some("reserved");
    }
    let mut blocks = NOT_PUBLIC_V6.iter();
    let found = blocks.find(|(block, length, _)| is_in(*block, *length))?;
    Some(found.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edges_of_each_block_are_where_the_registry_has_them() {
        for (inside, outside) in [
            ("10.0.0.0", "9.255.255.255"),
            ("10.255.255.255", "11.0.0.0"),
            ("100.64.0.0", "100.63.255.255"),
            ("100.127.255.255", "100.128.0.0"),
            ("127.255.255.255", "128.0.0.0"),
            ("169.254.0.0", "169.253.255.255"),
            ("172.16.0.0", "172.15.255.255"),
            ("172.31.255.255", "172.32.0.0"),
            ("192.168.255.255", "192.169.0.0"),
            ("198.19.255.255", "198.20.0.0"),
            ("224.0.0.0", "223.255.255.255"),
            ("::1", "2606:4700::1111"),
            ("2001:1ff:ffff::", "2001:200::"),
            ("2002:7f00:1::", "2003::"),
            ("64:ff9b::7f00:1", "64:ff9b::808:808"),
            ("::ffff:10.0.0.1", "::ffff:8.8.8.8"),
        ] {
            let why = |text: &str| why_not_public(text.parse().expect("an address"));
            assert!(why(inside).is_some(), "{inside}");
            assert_eq!(why(outside), None, "{outside}");
        }
    }
}
