use std::{
    net::IpAddr,
    sync::atomic::{AtomicUsize, Ordering},
};

use http::Method;

use super::*;

/// Leads elsewhere each time it is asked.
#[derive(Clone)]
struct Rebinding(Arc<AtomicUsize>, &'static [&'static [&'static str]]);

impl Lookup for Rebinding {
    async fn lookup(&self, _: String) -> std::io::Result<Vec<IpAddr>> {
        let asked = self.0.fetch_add(1, Ordering::Relaxed);
        let found = self.1.get(asked).or(self.1.last()).expect("an answer");
        let address = |text: &&str| text.parse().expect("an address");
        Ok(found.iter().map(address).collect())
    }
}

async fn sent(target: &str, found: &'static [&'static [&'static str]]) -> (Unanswered, usize) {
    let asked = Arc::new(AtomicUsize::default());
    let lookup = Rebinding(Arc::clone(&asked), found);
    let client = Client::resolving(Targets::Public, lookup).expect("a client");
    let target = TargetUrl::read(target, Targets::Any).expect("a target");
    let bounds = Bounds {
        time: Duration::from_secs(5),
        bytes: 10,
    };
    let answer = client
        .send(
            &target,
            Request::builder().method(Method::POST),
            "{}",
            bounds,
        )
        .await;
    let why = answer.expect_err("nobody may be reached");
    (why, asked.load(Ordering::Relaxed))
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_when_the_connection_is_made() {
    for found in [
        &[&["127.0.0.1"] as &[_]] as &[_],
        &[&["169.254.169.254"] as &[_]],
        &[&["::ffff:10.0.0.1"] as &[_]],
        &[&["93.184.216.34", "127.0.0.1"] as &[_]],
    ] {
        let (why, asked) = sent("https://rebinding.example/", found).await;
        assert!(
            why.to_string().contains("must lead to a public address"),
            "{why}"
        );
        assert_eq!(
            asked, 1,
            "the address that was checked is the one that is used"
        );
    }
}

#[tokio::test]
async fn a_literal_address_and_plain_http_are_held_to_the_rule_again() {
    for (target, reason) in [
        ("https://127.0.0.1/", "loopback"),
        ("https://[::1]/", "loopback"),
        ("https://2852039166/", "link-local"),
        ("http://www.example.com/", "https"),
    ] {
        let (why, asked) = sent(target, &[]).await;
        assert!(why.to_string().contains(reason), "{target}: {why}");
        assert!(matches!(why, Unanswered::NotAllowed(_)));
        assert_eq!(asked, 0);
    }
}
