"""When the owner of each calendar of shared/busy/corpus is busy, as a library says
that is not ours (recurring-ical-events): what shared/busy is held to.

Usage: corpus.py write | check | show NAME
"""

import datetime
import pathlib
import sys
import warnings
import zlib
import zoneinfo

import icalendar
import recurring_ical_events

warnings.simplefilter("ignore")

FOLDER = pathlib.Path(__file__).parents[3] / "shared/busy/corpus"
UTC = datetime.timezone.utc
# Three years, with a 29 February.
FROM = datetime.datetime(2026, 1, 1, tzinfo=UTC)
UNTIL = datetime.datetime(2029, 1, 1, tzinfo=UTC)
OWNER = "me@example.com"
OWN_DOMAIN = "@roster.example"


def cases(path):
    """The name, the zone and the text of each case of a file."""
    for block in path.read_text().split("== ")[1:]:
        head, body = block.split("\n", 1)
        name, _, zone = head.partition(" | zone=")
        if not body.startswith("BEGIN:"):
            body = f"BEGIN:VEVENT\nUID:case\nDTSTAMP:20260101T000000Z\n{body}END:VEVENT\n"
        if not body.startswith("BEGIN:VCALENDAR"):
            body = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:corpus\n{body}END:VCALENDAR\n"
        yield name, zone or "Europe/Paris", body.replace("\n", "\r\n")


def instant(value, zone):
    if not isinstance(value, datetime.datetime):
        value = datetime.datetime(value.year, value.month, value.day, tzinfo=zone)
    elif value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    return value.astimezone(UTC)


def kind(event):
    """The kind of the time that an event takes, none where it takes none."""
    shown = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", ""))
    if event.get("TRANSP") == "TRANSPARENT" or event.get("STATUS") == "CANCELLED" or shown == "FREE":
        return None
    if str(event.get("UID", "")).endswith(OWN_DOMAIN):
        return None
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    said = [who.params.get("PARTSTAT", "NEEDS-ACTION") for who in attendees if str(who).lower() == f"mailto:{OWNER}"]
    if "DECLINED" in said:
        return None
    tentative = event.get("STATUS") == "TENTATIVE" or shown == "TENTATIVE" or bool({"TENTATIVE", "NEEDS-ACTION"} & set(said))
    all_day = not isinstance(event["DTSTART"].dt, datetime.datetime)
    return ("day" if all_day else "time") + (" tentative" if tentative else "")


def busy(text, zone):
    """Lines of a kind, a start and an end; of each kind in order and apart."""
    zone = zoneinfo.ZoneInfo(zone)
    spans = {}
    for calendar in icalendar.Calendar.from_ical(text, multiple=True):
        # One day more on each side: days are of the owner's zone.
        day = datetime.timedelta(days=1)
        query = recurring_ical_events.of(calendar, components=["VEVENT"])
        for event in query.between(FROM - day, UNTIL + day):
            name = kind(event)
            start, end = (instant(event[which].dt, zone) for which in ("DTSTART", "DTEND"))
            if name and start < end and start < UNTIL and FROM < end:
                spans.setdefault(name, []).append((start, end))
    for name in sorted(spans):
        joined = []
        for start, end in sorted(spans[name]):
            if joined and start <= joined[-1][1]:
                joined[-1][1] = max(joined[-1][1], end)
            else:
                joined.append([start, end])
        for start, end in joined:
            yield f"{name} {start:%Y-%m-%dT%H:%M:%SZ} {end:%Y-%m-%dT%H:%M:%SZ}\n"


def expected(path):
    lines = []
    for name, zone, text in cases(path):
        spans = list(busy(text, zone))
        digest = zlib.crc32("".join(spans).encode())
        lines.append(f"{len(spans)} {digest:08x} {name}\n")
    return "".join(lines)


def main():
    command, *names = sys.argv[1:]
    files = sorted(FOLDER.glob("*.txt"))
    assert files, FOLDER
    wrong = []
    for path in files:
        if command == "show":
            for name, zone, text in cases(path):
                if name in names:
                    sys.stdout.writelines(busy(text, zone))
            continue
        beside, says = path.with_suffix(".expected"), expected(path)
        if command == "write":
            beside.write_text(says)
        elif beside.read_text() != says:
            wrong.append(beside.name)
    assert not wrong, f"the library says something else than {wrong}"
    print(f"{sum(1 for path in files for _ in cases(path))} calendars")


main()
