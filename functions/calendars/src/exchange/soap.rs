//! What Exchange Web Services are asked and answer: SOAP 1.1 and the schemas of 2006.

use roxmltree::{Document, Node};

const ENVELOPE: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const MESSAGES: &str = "http://schemas.microsoft.com/exchange/services/2006/messages";
/// Elements of what is asked for and answered.
pub(super) const TYPES: &str = "http://schemas.microsoft.com/exchange/services/2006/types";

/// A request. `operation` has the prefixes `m` and `t`.
pub(super) fn envelope(operation: &str) -> String {
    // What Exchange has known since 2010 is enough, and all that is newer knows it.
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="{ENVELOPE}" xmlns:m="{MESSAGES}" xmlns:t="{TYPES}"><s:Header>
<t:RequestServerVersion Version="Exchange2010_SP1"/></s:Header>
<s:Body>{operation}</s:Body></s:Envelope>"#
    )
}

/// A text as it stands in XML.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML 1.0 has no other characters below the blank.
            '\n' | '\r' | '\t' => escaped.push(letter),
            _ if letter < ' ' => {}
            _ => escaped.push(letter),
        }
    }
    escaped
}

/// The answers to a request, one to each thing that was asked.
///
/// # Errors
/// What Exchange says is wrong: a sentence for the owner of the calendar.
pub(super) fn answers<'a>(document: &'a Document<'a>) -> Result<Vec<Node<'a, 'a>>, String> {
    let body = child(document.root_element(), ENVELOPE, "Body").ok_or_else(unreadable)?;
    if let Some(fault) = child(body, ENVELOPE, "Fault") {
        let code = fault
            .descendants()
            .find(|it| it.tag_name().name() == "ResponseCode");
        return Err(code.and_then(|it| it.text()).map_or_else(unreadable, wrong));
    }
    let messages = body
        .descendants()
        .find(|it| it.has_tag_name((MESSAGES, "ResponseMessages")));
    let messages = messages.ok_or_else(unreadable)?;
    let answers = messages.children().filter(Node::is_element);
    let answers = answers.map(|answer| {
        if answer.attribute("ResponseClass") == Some("Success") {
            return Ok(answer);
        }
        let code = child(answer, MESSAGES, "ResponseCode").and_then(|it| it.text());
        Err(code.map_or_else(unreadable, wrong))
    });
    answers.collect()
}

/// The first child with a name.
pub(super) fn child<'a>(
    node: Node<'a, 'a>,
    namespace: &'static str,
    name: &str,
) -> Option<Node<'a, 'a>> {
    let mut children = node.children();
    children.find(|it| it.has_tag_name((namespace, name)))
}

/// The text of a child of [`TYPES`].
pub(super) fn text<'a>(node: Node<'a, 'a>, name: &str) -> Option<&'a str> {
    child(node, TYPES, name)?.text().map(str::trim)
}

fn wrong(code: &str) -> String {
    let code: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(60)
        .collect();
    format!("Exchange answers with the error {code}.")
}

/// That an answer is none of Exchange's.
pub(super) fn unreadable() -> String {
    "The server does not answer as Exchange does.".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_exchange_says_is_wrong_is_told_by_its_code() {
        let fault = format!(
            r#"<s:Envelope xmlns:s="{ENVELOPE}"><s:Body><s:Fault><faultcode>a</faultcode>
            <detail><e:ResponseCode xmlns:e="errors">ErrorServerBusy</e:ResponseCode></detail>
            </s:Fault></s:Body></s:Envelope>"#
        );
        let message = format!(
            r#"<s:Envelope xmlns:s="{ENVELOPE}" xmlns:m="{MESSAGES}"><s:Body>
            <m:FindItemResponse><m:ResponseMessages>
            <m:FindItemResponseMessage ResponseClass="Error"><m:ResponseCode>ErrorServerBusy
            </m:ResponseCode></m:FindItemResponseMessage></m:ResponseMessages>
            </m:FindItemResponse></s:Body></s:Envelope>"#
        );
        for answer in [fault, message] {
            let document = Document::parse(&answer).expect("XML");
            let why = answers(&document).expect_err("an error");
            assert_eq!(why, "Exchange answers with the error ErrorServerBusy.");
        }
        let page = Document::parse("<html/>").expect("XML");
        assert_eq!(answers(&page).expect_err("a page"), unreadable());
    }

    #[test]
    fn a_text_stands_in_xml_as_it_is() {
        let text = "a<b>&\"c\"\u{1}\né";
        let document = format!("<a>{}</a>", escaped(text));
        let read = Document::parse(&document).expect("XML");
        assert_eq!(read.root_element().text(), Some("a<b>&\"c\"\né"));
    }
}
