//! No request can end a process. `tests/proofs/odd-requests/run` sends thousands to the
//! program; here are those that once ended it.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::harness::Api;

/// Sends bytes, and answers the status that comes back.
async fn raw(api: &Api, request: &[u8]) -> u16 {
    let address = api.url();
    let address = address.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let text = String::from_utf8_lossy(&answer);
    let status = text
        .strip_prefix("HTTP/1.1 ")
        .and_then(|text| text.get(..3));
    let status = status.unwrap_or_else(|| panic!("no answer to {request:?}: {text}"));
    status.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_or_a_query_that_no_uri_can_have_is_answered() {
    let api = Api::start().await;
    let key = roster_local::setup::ORGANIZATION_KEY;
    for host in [
        "", "[", "a b", "\"", "<>", "a:b", "%", "@", "a:99999", "[::1", "\\", "é", "{}",
    ] {
        let request = format!(
            "GET /v2/users HTTP/1.1\r\nHost: {host}\r\nAuthorization: {key}\r\nConnection: close\r\n\r\n"
        );
        assert_eq!(raw(&api, request.as_bytes()).await, 200, "Host: {host}");
    }
    for query in [
        "extid=\"",
        "extid=\"<>\"",
        "extid=%",
        "extid=%zz%ff",
        "extid=a|b^c`{}\\",
        "extid=\u{e9}",
        "\"",
        "<",
        ">",
    ] {
        let request = format!(
            "GET /v2/users?{query} HTTP/1.1\r\nHost: x\r\nAuthorization: {key}\r\nConnection: close\r\n\r\n"
        );
        // Some of it is no HTTP, and refused before anything reads it.
        let status = raw(&api, request.as_bytes()).await;
        assert!([200, 400].contains(&status), "{query}: {status}");
    }
    let absolute = format!(
        "GET gopher://user@evil.example:1/v2/users HTTP/1.1\r\nHost: <\r\nAuthorization: {key}\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(raw(&api, absolute.as_bytes()).await, 200);
    api.organization().get("/v2/users").await.ok();
}
