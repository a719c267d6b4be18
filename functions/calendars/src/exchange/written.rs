//! What is said of an event that Roster writes into a calendar of Exchange.

use jiff::Timestamp;
use roster_calendar::entry::Entry;

use super::soap::escaped;

/// A property that Roster alone knows, as Exchange cannot look for a `UID`.
const OWN: &str = r#"<t:ExtendedFieldURI DistinguishedPropertySetId="PublicStrings"
 PropertyName="roster-uid" PropertyType="String"/>"#;

/// Looks for what was written for an event.
pub(super) fn find(folder: &str, uid: &str) -> String {
    let (folder, uid) = (escaped(folder), escaped(uid));
    format!(
        r#"<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>
</m:ItemShape><m:Restriction><t:IsEqualTo>{OWN}<t:FieldURIOrConstant><t:Constant Value="{uid}"/>
</t:FieldURIOrConstant></t:IsEqualTo></m:Restriction><m:ParentFolderIds>
<t:FolderId Id="{folder}"/></m:ParentFolderIds></m:FindItem>"#
    )
}

/// Makes an entry. Nobody is invited by it.
pub(super) fn create(folder: &str, entry: &Entry) -> String {
    let (folder, uid) = (escaped(folder), escaped(&entry.uid));
    let own = format!(
        "<t:ExtendedProperty>{OWN}<t:Value>{uid}</t:Value></t:ExtendedProperty><t:UID>{uid}</t:UID>"
    );
    let [title, people, rest @ ..] = fields(entry).map(|(_, content)| content);
    // In the order of the schema.
    let fields = [title, people, own].concat() + &rest.concat();
    format!(
        r#"<m:CreateItem SendMeetingInvitations="SendToNone"><m:SavedItemFolderId>
<t:FolderId Id="{folder}"/></m:SavedItemFolderId><m:Items><t:CalendarItem>{fields}
</t:CalendarItem></m:Items></m:CreateItem>"#
    )
}

/// Makes an entry that is there say what it is to say now.
pub(super) fn update(id: &str, entry: &Entry) -> String {
    let id = escaped(id);
    let updates = fields(entry).map(|(uri, content)| {
        format!(
            r#"<t:SetItemField><t:FieldURI FieldURI="{uri}"/><t:CalendarItem>{content}
</t:CalendarItem></t:SetItemField>"#
        )
    });
    let updates = updates.concat();
    format!(
        r#"<m:UpdateItem ConflictResolution="AlwaysOverwrite" MessageDisposition="SaveOnly"
 SendMeetingInvitationsOrCancellations="SendToNone"><m:ItemChanges><t:ItemChange>
<t:ItemId Id="{id}"/><t:Updates>{updates}</t:Updates></t:ItemChange></m:ItemChanges>
</m:UpdateItem>"#
    )
}

/// Takes an entry out.
pub(super) fn delete(id: &str) -> String {
    let id = escaped(id);
    format!(
        r#"<m:DeleteItem DeleteType="MoveToDeletedItems" SendMeetingCancellations="SendToNone">
<m:ItemIds><t:ItemId Id="{id}"/></m:ItemIds></m:DeleteItem>"#
    )
}

/// The fields of an entry in the order of the schema: what each is called, and the element.
/// What lasts all day is written with its hours: as all-day, Exchange would ask for a zone of
/// its own names, and move it in others.
fn fields(entry: &Entry) -> [(&'static str, String); 6] {
    let element =
        |name: &str, text: &str| format!("<t:{name}>{text}</t:{name}>", text = escaped(text));
    let at = |instant: Timestamp| instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let status = if entry.is_confirmed {
        "Busy"
    } else {
        "Tentative"
    };
    let people = escaped(&entry.people);
    let place = entry.place.as_deref().unwrap_or_default();
    let busy = element("LegacyFreeBusyStatus", status);
    [
        ("item:Subject", element("Subject", &entry.title)),
        (
            "item:Body",
            format!(r#"<t:Body BodyType="Text">{people}</t:Body>"#),
        ),
        ("calendar:Start", element("Start", &at(entry.span.start))),
        ("calendar:End", element("End", &at(entry.span.end))),
        ("calendar:LegacyFreeBusyStatus", busy),
        ("calendar:Location", element("Location", place)),
    ]
}
