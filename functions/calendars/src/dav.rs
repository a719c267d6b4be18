//! What servers say of collections: the answers of WebDAV (RFC 4918, 13).

use roxmltree::{Document, Node};

/// Elements of WebDAV.
pub(crate) const DAV: &str = "DAV:";
/// Elements of CalDAV (RFC 4791).
pub(crate) const CALDAV: &str = "urn:ietf:params:xml:ns:caldav";
/// Elements that Apple brought into use: the colour of a calendar.
pub(crate) const APPLE: &str = "http://apple.com/ns/ical/";
/// Elements of Calendar Server: the tag of a calendar, from before there were sync-tokens.
pub(crate) const CALENDAR_SERVER: &str = "http://calendarserver.org/ns/";

/// One resource of an answer.
#[derive(Debug)]
pub(crate) struct Resource<'a> {
    /// Where it is, as the server says it.
    pub(crate) href: String,
    properties: Vec<Node<'a, 'a>>,
}

/// The resources of an answer, with the properties that they have.
///
/// # Errors
/// Where it is no answer of WebDAV.
pub(crate) fn resources<'a>(answer: &'a Document<'a>) -> Result<Vec<Resource<'a>>, &'static str> {
    let root = answer.root_element();
    if !root.has_tag_name((DAV, "multistatus")) {
        return Err("the server does not answer as WebDAV asks");
    }
    let responses = root
        .children()
        .filter(|it| it.has_tag_name((DAV, "response")));
    Ok(responses.filter_map(resource).collect())
}

fn resource<'a>(response: Node<'a, 'a>) -> Option<Resource<'a>> {
    let is = |name: &'static str| move |it: &Node<'_, '_>| it.has_tag_name((DAV, name));
    let href = text(response.children().find(is("href"))?)?;
    let groups = response.children().filter(is("propstat"));
    // What the resource does not have is told with a status that is no success.
    let there = groups.filter(|group| {
        let status = group.children().find(is("status")).and_then(text);
        status.is_none_or(|status| {
            status
                .split(' ')
                .nth(1)
                .is_some_and(|it| it.starts_with('2'))
        })
    });
    let properties = there.flat_map(|group| {
        let all = group.children().filter(is("prop"));
        all.flat_map(|prop| prop.children().filter(Node::is_element))
    });
    Some(Resource {
        href,
        properties: properties.collect(),
    })
}

impl<'a> Resource<'a> {
    fn property(&self, namespace: &'static str, name: &'static str) -> Option<Node<'a, 'a>> {
        let mut all = self.properties.iter();
        all.find(|it| it.has_tag_name((namespace, name))).copied()
    }

    /// A property that is a text.
    pub(crate) fn text(&self, namespace: &'static str, name: &'static str) -> Option<String> {
        text(self.property(namespace, name)?)
    }

    /// The address in a property.
    pub(crate) fn href(&self, namespace: &'static str, name: &'static str) -> Option<String> {
        let property = self.property(namespace, name)?;
        let mut inner = property.children();
        text(inner.find(|it| it.has_tag_name((DAV, "href")))?)
    }

    /// Whether it is a calendar with events.
    pub(crate) fn is_calendar(&self) -> bool {
        let kinds = self.property(DAV, "resourcetype");
        let mut kinds = kinds.into_iter().flat_map(|it| it.children());
        let components = self.property(CALDAV, "supported-calendar-component-set");
        let has_events = components.is_none_or(|set| {
            let mut named = set.children().filter_map(|it| it.attribute("name"));
            named.any(|name| name.eq_ignore_ascii_case("VEVENT"))
        });
        has_events && kinds.any(|it| it.has_tag_name((CALDAV, "calendar")))
    }

    /// Whether who asked may write into it; none where the server does not say.
    pub(crate) fn is_writable(&self) -> bool {
        let granted = self.property(DAV, "current-user-privilege-set");
        let granted = granted.into_iter().flat_map(|it| it.descendants());
        let writes = ["write", "write-content", "all"];
        let mut granted = granted.filter(|it| it.tag_name().namespace() == Some(DAV));
        granted.any(|it| writes.contains(&it.tag_name().name()))
    }
}

/// The text in an element, without blanks around it; none where it is empty.
fn text(node: Node<'_, '_>) -> Option<String> {
    let parts = node.children().filter(Node::is_text);
    let text: String = parts.filter_map(|part| part.text()).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_that_a_resource_does_not_have_are_passed_over() {
        let answer = r#"<?xml version="1.0"?>
            <d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
              <d:response>
                <d:href> /ada/own/ </d:href>
                <d:propstat>
                  <d:prop>
                    <d:resourcetype><d:collection/><c:calendar/></d:resourcetype>
                    <d:displayname>Own &amp; shared</d:displayname>
                    <d:current-user-privilege-set>
                      <d:privilege><d:read/></d:privilege>
                    </d:current-user-privilege-set>
                  </d:prop>
                  <d:status>HTTP/1.1 200 OK</d:status>
                </d:propstat>
                <d:propstat>
                  <d:prop><d:sync-token>old</d:sync-token></d:prop>
                  <d:status>HTTP/1.1 404 Not Found</d:status>
                </d:propstat>
              </d:response>
            </d:multistatus>"#;
        let document = Document::parse(answer).expect("XML");
        let resources = resources(&document).expect("an answer");
        let [own] = resources.as_slice() else {
            panic!("one resource")
        };
        assert_eq!(own.href, "/ada/own/");
        assert!(own.is_calendar() && !own.is_writable());
        assert_eq!(
            own.text(DAV, "displayname").as_deref(),
            Some("Own & shared")
        );
        assert_eq!(own.text(DAV, "sync-token"), None);
    }

    #[test]
    fn a_calendar_without_events_is_none() {
        let calendar = |component: &str| {
            format!(
                r#"<multistatus xmlns="DAV:"><response><href>/a</href><propstat><prop>
                <resourcetype><calendar xmlns="urn:ietf:params:xml:ns:caldav"/></resourcetype>
                <supported-calendar-component-set xmlns="urn:ietf:params:xml:ns:caldav">
                <comp name="{component}"/></supported-calendar-component-set>
                </prop></propstat></response></multistatus>"#
            )
        };
        for (component, expected) in [("VEVENT", true), ("VTODO", false)] {
            let text = calendar(component);
            let document = Document::parse(&text).expect("XML");
            let resources = resources(&document).expect("an answer");
            assert_eq!(resources.first().map(Resource::is_calendar), Some(expected));
        }
    }

    #[test]
    fn what_is_no_answer_of_webdav_is_refused() {
        let page = Document::parse("<html/>").expect("XML");
        assert!(resources(&page).is_err());
        // No entity of a stranger's is expanded.
        let entities = r#"<!DOCTYPE d [<!ENTITY a "aaaa">]><d:multistatus xmlns:d="DAV:"/>"#;
        assert!(Document::parse(entities).is_err());
    }
}
