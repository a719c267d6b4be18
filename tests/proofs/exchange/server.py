"""An Exchange server as far as Roster needs one, after the documents of Exchange Web Services:
folders of calendars, views of them, and entries that are made, changed and deleted. No Exchange
was met: that it speaks as one does is what client.py shows, whose exchangelib knows real ones.

People are let in with NTLM or Basic, at addresses of their own:
    /EWS/Exchange.asmx      NTLM and Basic
    /basic/Exchange.asmx    Basic alone

Usage: server.py PORT USERS [CERTIFICATE KEY]    USERS: a file of lines DOMAIN:NAME:PASSWORD
With a certificate it speaks TLS, and lets in with NTLM only whose login is bound to it.
"""

import base64
import hashlib
import http.server
import os
import ssl
import sys
import threading
import uuid
from datetime import datetime, timezone

import spnego
from cryptography import x509
from lxml import etree
from spnego.channel_bindings import GssChannelBindings

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
M = "http://schemas.microsoft.com/exchange/services/2006/messages"
T = "http://schemas.microsoft.com/exchange/services/2006/types"
NAMES = {"s": SOAP, "m": M, "t": T}

FOLDERS = {
    # id: (element, name, class, whether its owner may write)
    "root": ("Folder", "Root", "", False),
    "msgfolderroot": ("Folder", "Top of Information Store", "IPF", False),
    "calendar": ("CalendarFolder", "Calendar", "IPF.Appointment", True),
    "choir": ("CalendarFolder", "Choir & friends", "IPF.Appointment", False),
}
# Entries that one view answers at most.
MOST = 40

lock = threading.Lock()
items = {}


class Wrong(Exception):
    """What is wrong with a request: a ResponseCode."""


def folder_of(node):
    if (distinguished := node.find("t:DistinguishedFolderId", NAMES)) is not None:
        return distinguished.get("Id")
    return node.find("t:FolderId", NAMES).get("Id").removeprefix("folder-")


def folder_xml(folder):
    if folder not in FOLDERS:
        raise Wrong("ErrorFolderNotFound")
    element, name, kind, writable = FOLDERS[folder]
    node = etree.Element(f"{{{T}}}{element}")
    etree.SubElement(node, f"{{{T}}}FolderId", Id=f"folder-{folder}", ChangeKey="AQ==")
    if folder != "root":
        etree.SubElement(node, f"{{{T}}}ParentFolderId", Id="folder-msgfolderroot", ChangeKey="AQ==")
    if kind:
        etree.SubElement(node, f"{{{T}}}FolderClass").text = kind
    etree.SubElement(node, f"{{{T}}}DisplayName").text = name
    etree.SubElement(node, f"{{{T}}}TotalCount").text = "0"
    etree.SubElement(node, f"{{{T}}}ChildFolderCount").text = "0"
    rights = etree.SubElement(node, f"{{{T}}}EffectiveRights")
    for right in ["CreateAssociated", "CreateContents", "CreateHierarchy", "Delete", "Modify", "Read"]:
        may = writable or right == "Read"
        etree.SubElement(rights, f"{{{T}}}{right}").text = str(may).lower()
    return node


def field(node):
    """The name of a field: that of its URI, or of a named property."""
    uri = node if node.tag == f"{{{T}}}FieldURI" else node.find("t:FieldURI", NAMES)
    if uri is not None:
        return uri.get("FieldURI")
    own = node if node.tag == f"{{{T}}}ExtendedFieldURI" else node.find("t:ExtendedFieldURI", NAMES)
    return None if own is None else property_of(own)


def property_of(own):
    if own.get("PropertyType") != "String":
        raise Wrong("ErrorInvalidExtendedProperty")
    return "property:" + own.get("PropertySetId", "") + own.get("DistinguishedPropertySetId", "") + ":" + own.get("PropertyName")


# In the order of the schema.
ORDER = [
    ("item:Subject", "Subject"), ("item:Body", "Body"),
    ("item:ReminderIsSet", "ReminderIsSet"),
    ("calendar:UID", "UID"), ("calendar:Start", "Start"), ("calendar:End", "End"),
    ("calendar:IsAllDayEvent", "IsAllDayEvent"),
    ("calendar:LegacyFreeBusyStatus", "LegacyFreeBusyStatus"),
    ("calendar:Location", "Location"), ("calendar:IsCancelled", "IsCancelled"),
    ("calendar:MyResponseType", "MyResponseType"),
    ("calendar:StartTimeZone", "StartTimeZone"), ("calendar:EndTimeZone", "EndTimeZone"),
]
WRITABLE = {name: uri for uri, name in ORDER if name not in ("IsCancelled", "MyResponseType")}


def item_xml(item, shape):
    asked = [field(one) for one in shape.iterfind("t:AdditionalProperties/*", NAMES)]
    node = etree.Element(f"{{{T}}}CalendarItem")
    etree.SubElement(node, f"{{{T}}}ItemId", Id=item["id"], ChangeKey=item["key"])
    for uri, name in ORDER[:3]:
        if uri in asked and uri in item["fields"]:
            one = etree.SubElement(node, f"{{{T}}}{name}")
            one.text = item["fields"][uri]
            if name == "Body":
                one.set("BodyType", "Text")
    for one in shape.iterfind("t:AdditionalProperties/t:ExtendedFieldURI", NAMES):
        if property_of(one) in item["fields"]:
            own = etree.SubElement(node, f"{{{T}}}ExtendedProperty")
            own.append(etree.fromstring(etree.tostring(one)))
            etree.SubElement(own, f"{{{T}}}Value").text = item["fields"][property_of(one)]
    for uri, name in ORDER[3:]:
        if uri in asked and uri in item["fields"]:
            one = etree.SubElement(node, f"{{{T}}}{name}")
            if name.endswith("Zone"):
                one.set("Id", item["fields"][uri])
            else:
                one.text = item["fields"][uri]
    return node


def instant(text):
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc)


def put(item, node):
    """Writes the fields that stand in a node into an item."""
    name = etree.QName(node).localname
    if name == "ExtendedProperty":
        uri = property_of(node.find("t:ExtendedFieldURI", NAMES))
        item["fields"][uri] = node.findtext("t:Value", namespaces=NAMES)
    elif name in WRITABLE:
        # A zone is named by an attribute.
        value = node.text or node.get("Id") or ""
        if name == "Body" and node.get("BodyType") != "Text":
            raise Wrong("ErrorSchemaValidation")
        if name in ("IsAllDayEvent", "ReminderIsSet"):
            value = str(value in ("1", "true")).lower()
        if name in ("Start", "End"):
            value = instant(value).strftime("%Y-%m-%dT%H:%M:%SZ")
        item["fields"][WRITABLE[name]] = value
    item["key"] = uuid.uuid4().hex


def span(item):
    return instant(item["fields"]["calendar:Start"]), instant(item["fields"]["calendar:End"])


def get_folder(request):
    for node in request.find("m:FolderIds", NAMES):
        yield [folder_xml(folder_of(wrapped(node)))], "Folders"


def wrapped(node):
    parent = etree.Element("one")
    parent.append(etree.fromstring(etree.tostring(node)))
    return parent


def find_folder(request):
    kind = request.find(".//t:Constant", NAMES)
    found = [
        folder_xml(folder) for folder, (_, _, own, _) in FOLDERS.items()
        if folder not in ("root", "msgfolderroot") and (kind is None or kind.get("Value") == own)
    ]
    yield found, "Folders"


def find_item(request):
    folder = folder_of(request.find("m:ParentFolderIds", NAMES))
    if folder not in FOLDERS:
        raise Wrong("ErrorFolderNotFound")
    own = [item for item in items.values() if item["folder"] == folder]
    shape = request.find("m:ItemShape", NAMES)
    view = request.find("m:CalendarView", NAMES)
    is_all = True
    if view is not None:
        if request.find("m:Restriction", NAMES) is not None:
            raise Wrong("ErrorInvalidRequest")
        start, end = instant(view.get("StartDate")), instant(view.get("EndDate"))
        own = [item for item in own if span(item)[0] < end and span(item)[1] > start]
        own.sort(key=span)
        most = min(int(view.get("MaxEntriesReturned", MOST)), MOST)
        is_all, own = len(own) <= most, own[:most]
    elif (restriction := request.find("m:Restriction/t:IsEqualTo", NAMES)) is not None:
        value = restriction.find(".//t:Constant", NAMES).get("Value")
        own = [item for item in own if item["fields"].get(field(restriction)) == value]
    yield [item_xml(item, shape) for item in own], ("Items", is_all)


def get_item(request):
    for node in request.find("m:ItemIds", NAMES):
        yield [item_xml(known(node), request.find("m:ItemShape", NAMES))], "Items"


def known(node):
    item = items.get(node.get("Id"))
    if item is None:
        raise Wrong("ErrorItemNotFound")
    return item


def create_item(request):
    if request.get("SendMeetingInvitations") != "SendToNone":
        raise Wrong("ErrorInvalidRequest")
    folder = folder_of(request.find("m:SavedItemFolderId", NAMES))
    if not FOLDERS[folder][3]:
        raise Wrong("ErrorCreateItemAccessDenied")
    for node in request.find("m:Items", NAMES):
        item = {"id": f"item-{uuid.uuid4().hex}", "folder": folder, "fields": {
            "calendar:IsAllDayEvent": "false", "calendar:LegacyFreeBusyStatus": "Busy",
            "calendar:IsCancelled": "false", "calendar:MyResponseType": "Organizer",
            "calendar:UID": uuid.uuid4().hex,
        }}
        for part in node:
            put(item, part)
        if span(item)[0] > span(item)[1]:
            raise Wrong("ErrorCalendarEndDateIsEarlierThanStartDate")
        items[item["id"]] = item
        yield [item_xml(item, etree.Element("none"))], "Items"


def update_item(request):
    if request.get("SendMeetingInvitationsOrCancellations") != "SendToNone":
        raise Wrong("ErrorInvalidRequest")
    for change in request.find("m:ItemChanges", NAMES):
        item = known(change.find("t:ItemId", NAMES))
        for update in change.find("t:Updates", NAMES):
            # One field each, which is the one that is named.
            (content,) = update.findall("t:CalendarItem/*", NAMES)
            name = etree.QName(content).localname
            if name != "ExtendedProperty" and WRITABLE.get(name) != field(update):
                raise Wrong("ErrorUpdatePropertyMismatch")
            put(item, content)
        yield [item_xml(item, etree.Element("none"))], "Items"


def delete_item(request):
    if request.get("SendMeetingCancellations") != "SendToNone":
        raise Wrong("ErrorInvalidRequest")
    for node in request.find("m:ItemIds", NAMES):
        del items[known(node)["id"]]
        yield [], None


OPERATIONS = {
    "GetFolder": get_folder, "FindFolder": find_folder, "FindItem": find_item, "GetItem": get_item,
    "CreateItem": create_item, "UpdateItem": update_item, "DeleteItem": delete_item,
}


def answer(body):
    request = etree.fromstring(body).find("s:Body", NAMES)[0]
    name = etree.QName(request).localname
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap=NAMES)
    header = etree.SubElement(envelope, f"{{{SOAP}}}Header")
    etree.SubElement(
        header, f"{{{T}}}ServerVersionInfo", MajorVersion="15", MinorVersion="1",
        MajorBuildNumber="2507", MinorBuildNumber="6", Version="V2017_07_11",
    )
    response = etree.SubElement(etree.SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{M}}}{name}Response")
    messages = etree.SubElement(response, f"{{{M}}}ResponseMessages")

    def message(kind, code):
        one = etree.SubElement(messages, f"{{{M}}}{name}ResponseMessage", ResponseClass=kind)
        if kind == "Error":
            etree.SubElement(one, f"{{{M}}}MessageText").text = "It cannot be done."
        etree.SubElement(one, f"{{{M}}}ResponseCode").text = code
        return one

    with lock:
        try:
            for found, where in OPERATIONS[name](request):
                one = message("Success", "NoError")
                inner = one
                if name in ("FindFolder", "FindItem"):
                    is_all = where == "Folders" or where[1]
                    inner = etree.SubElement(
                        one, f"{{{M}}}RootFolder", TotalItemsInView=str(len(found)),
                        IncludesLastItemInRange=str(is_all).lower(),
                    )
                    where = "Folders" if where == "Folders" else "Items"
                    inner = etree.SubElement(inner, f"{{{T}}}{where}")
                elif where:
                    inner = etree.SubElement(one, f"{{{M}}}{where}")
                inner.extend(found)
        except Wrong as wrong:
            message("Error", str(wrong))
    return etree.tostring(envelope, xml_declaration=True, encoding="utf-8")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Of this connection.
    context = None
    is_in = False

    def log_message(self, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.lower() not in ("/ews/exchange.asmx", "/basic/exchange.asmx"):
            return self.say(404)
        if not self.is_in and not self.let_in():
            return None
        return self.say(200, answer(body), [("Content-Type", "text/xml; charset=utf-8")])

    def let_in(self):
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        is_ntlm = self.path.lower().startswith("/ews")
        if scheme == "Basic":
            return base64.b64decode(token).decode() in people() or self.refuse(is_ntlm)
        if scheme != "NTLM" or not is_ntlm:
            return self.refuse(is_ntlm)
        try:
            if self.context is None:
                bindings = self.server.bindings
                self.context = spnego.server(protocol="ntlm", channel_bindings=bindings)
            token = self.context.step(base64.b64decode(token))
        except spnego.exceptions.SpnegoError as error:
            print("not let in:", error, flush=True)
            self.context = None
            return self.refuse(is_ntlm)
        if self.context.complete:
            self.is_in = True
            return True
        self.say(401, headers=[("WWW-Authenticate", "NTLM " + base64.b64encode(token).decode())])
        return False

    def refuse(self, is_ntlm):
        ways = ["Negotiate", "NTLM"] if is_ntlm else []
        ways.append('Basic realm="mail"')
        self.say(401, headers=[("WWW-Authenticate", way) for way in ways])
        return False

    def say(self, status, body=b"", headers=()):
        self.send_response(status)
        for header in headers:
            self.send_header(*header)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def people():
    """Who is let in, as Basic says it."""
    lines = [line.split(":") for line in open(os.environ["NTLM_USER_FILE"]).read().split()]
    return {f"{name}:{password}" for _, name, password in lines} | {
        f"{domain}\\{name}:{password}" for domain, name, password in lines
    }


def main():
    port, users, *tls = sys.argv[1:]
    os.environ["NTLM_USER_FILE"] = users
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
    server.daemon_threads = True
    server.bindings = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        certificate = x509.load_pem_x509_certificate(open(tls[0], "rb").read())
        der = ssl.PEM_cert_to_DER_cert(open(tls[0]).read())
        digest = hashlib.new(certificate.signature_hash_algorithm.name, der).digest()
        server.bindings = GssChannelBindings(application_data=b"tls-server-end-point:" + digest)
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
