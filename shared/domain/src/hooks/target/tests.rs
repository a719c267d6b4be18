use super::*;

/// What must be refused, and a word of the reason.
const REFUSED: [(&str, &str); 60] = [
    ("", "absolute"),
    ("www.example.com/hook", "absolute"),
    ("//www.example.com/hook", "absolute"),
    ("https://", "absolute"),
    ("https:///", "absolute"),
    ("https://exa mple.com/", "absolute"),
    ("https://www.example.com\\@127.0.0.1/", "absolute"),
    ("https://www.example.com/a\u{7f}b", "absolute"),
    ("https://www.example.com:99999/", "absolute"),
    ("https://[::1/", "absolute"),
    ("https://1.2.3.4.5/", "absolute"),
    ("https://256.256.256.256/", "absolute"),
    ("http://www.example.com/", "https"),
    ("HTTP://www.example.com/", "https"),
    ("ftp://www.example.com/", "https"),
    ("file:///etc/passwd", "https"),
    ("gopher://www.example.com/", "https"),
    ("javascript:alert(1)", "https"),
    ("data:text/plain,x", "https"),
    ("ws://www.example.com/", "https"),
    ("https://user@www.example.com/", "user name"),
    ("https://user:password@www.example.com/", "user name"),
    ("https://www.example.com@127.0.0.1/", "user name"),
    ("https://:password@www.example.com/", "user name"),
    ("https://www.example.com/#here", "fragment"),
    ("https://localhost/", "localhost"),
    ("https://LOCALHOST/", "localhost"),
    ("https://localhost./", "localhost"),
    ("https://a.localhost/", "localhost"),
    ("https://printer.local/", "local"),
    ("https://metadata.google.internal/", "internal"),
    ("https://router.home.arpa/", "home.arpa"),
    ("https://wiki.lan/", "lan"),
    ("https://metadata/", "public host"),
    ("https://dynamodb/", "public host"),
    ("https://127.0.0.1/", "loopback"),
    ("https://127.1/", "loopback"),
    ("https://2130706433/", "loopback"),
    ("https://0x7f000001/", "loopback"),
    ("https://0x7f.0.0.1/", "loopback"),
    ("https://0177.0.0.1/", "loopback"),
    ("https://017700000001/", "loopback"),
    ("https://127.0.0.1./", "loopback"),
    ("https://１２７.0.0.1/", "loopback"),
    ("https://127。0。0。1/", "loopback"),
    ("https://0.0.0.0/", "this network"),
    ("https://0/", "this network"),
    ("https://10.1.2.3/", "private"),
    ("https://172.20.0.1/", "private"),
    ("https://192.168.0.1:8443/", "private"),
    ("https://100.100.100.200/", "carrier"),
    ("https://169.254.169.254/latest/meta-data/", "link-local"),
    ("https://2852039166/", "link-local"),
    ("https://[::1]/", "loopback"),
    ("https://[::]/", "reserved"),
    ("https://[::ffff:169.254.169.254]/", "link-local"),
    ("https://[::ffff:7f00:1]/", "loopback"),
    ("https://[fd00:ec2::254]/", "private"),
    ("https://[fe80::1]/", "link-local"),
    ("https://[64:ff9b::a9fe:a9fe]/", "link-local"),
];

#[test]
fn sixty_targets_that_lead_inside_are_refused_with_the_reason() {
    for (text, reason) in REFUSED {
        match TargetUrl::read(text, Targets::Public) {
            Ok(_) => panic!("{text} is taken"),
            Err(Unacceptable(detail)) => assert!(detail.contains(reason), "{text}: {detail}"),
        }
    }
}

#[test]
fn a_public_target_is_kept_as_it_was_given() {
    for text in [
        "https://www.example.com",
        "https://www.example.com:8443/hooks/roster?token=a%20b",
        "https://93.184.216.34/",
        "https://[2606:4700::1111]/",
        "https://bücher.example/",
        "https://notlocal/.."
            .strip_suffix("/..")
            .map_or("", |_| "https://not-local.example/"),
    ] {
        let read = TargetUrl::read(text, Targets::Public).expect(text);
        assert_eq!(read.as_str(), text);
    }
}

#[test]
fn a_network_of_ones_own_may_be_reached_where_that_is_allowed() {
    for text in [
        "http://localhost:3000/",
        "http://10.0.0.1/",
        "https://wiki/",
    ] {
        assert!(TargetUrl::read(text, Targets::Any).is_ok(), "{text}");
    }
    for text in ["ftp://localhost/", "https://user@localhost/"] {
        assert!(TargetUrl::read(text, Targets::Any).is_err(), "{text}");
    }
    let metadata = IpAddr::from([169, 254, 169, 254]);
    assert!(Targets::Public.allow(metadata).is_err());
    assert!(Targets::Any.allow(metadata).is_ok());
}
