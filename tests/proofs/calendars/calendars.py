"""Books, moves, hands over and cancels events, and reads what the calendars of those who
take part are told, and the feeds of all of it, with two libraries: icalendar and vobject.

usage: calendars.py --url URL --key KEY"""

import argparse
import datetime as dt
import json
import random
import re
import time
import urllib.request
import zoneinfo

import icalendar
import vobject

GUEST = "gus@example.org"
MEMBERS = ["ada@example.com", "bob@example.com"]
# What clients and people put into titles and places.
WORDS = [
    "Demo", "Réunion", "会議", "🎉🎉", "naïve", 'the "big" one', "a, b; c", "back\\slash", "C:\\new",
    "x" * 90, "é" * 60, "𝄞" * 40, "tab\there", "semi;colon", "100 %", "END:VEVENT", "BEGIN:VALARM",
    "zero\u200dwidth", "שלום", "%0D%0A", "\\n", "^n^'", "=?utf-8?Q?x?=", "<b>bold</b>", "'quoted'",
]
ZONES = ["Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]


class Api:
    def __init__(self, url, key):
        self.url, self.key = url, key

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": self.key, "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read().decode()
        return json.loads(text) if text.startswith(("{", "[")) else text

    def mails(self, at_least):
        """All mails, the oldest first, once there are so many."""
        for _ in range(300):
            with urllib.request.urlopen(self.url + "/_local/mail.json", timeout=30) as answer:
                mails = json.load(answer)
            if len(mails) >= at_least:
                return mails[::-1]
            time.sleep(0.1)
        raise SystemExit(f"calendars: {len(mails)} mails came of {at_least}")


def check_lines(text):
    """Lines as RFC 5545, 3.1 has them."""
    raw = text.encode()
    assert raw.endswith(b"END:VCALENDAR\r\n"), raw[-60:]
    for line in raw.split(b"\r\n"):
        assert len(line) <= 75, line
        assert b"\n" not in line and b"\r" not in line, line
        # No character is cut in two.
        line.decode()


def instant(value):
    if isinstance(value, dt.datetime):
        assert value.tzinfo is not None, f"{value} floats"
        return value.astimezone(dt.timezone.utc)
    return value


def read(calendar):
    """What both libraries read in a part of a mail."""
    text = calendar["text"]
    check_lines(text)
    one = icalendar.Calendar.from_ical(text)
    two = vobject.readOne(text)
    (event,) = one.walk("VEVENT")
    other = two.vevent
    assert not event.errors, event.errors
    read = {
        "method": str(one["METHOD"]),
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "stamp": instant(event.decoded("DTSTAMP")),
        "summary": str(event["SUMMARY"]),
        "status": str(event["STATUS"]),
        "location": str(event.get("LOCATION", "")),
        "organizer": str(event["ORGANIZER"]),
        "attendees": sorted(
            (str(who), who.params["ROLE"], who.params["PARTSTAT"])
            for who in (event["ATTENDEE"] if isinstance(event["ATTENDEE"], list) else [event["ATTENDEE"]])
        ),
        "start": instant(event.decoded("DTSTART")) if "DTSTART" in event else None,
        "end": instant(event.decoded("DTEND")) if "DTEND" in event else None,
    }
    again = {
        "method": two.method.value,
        "uid": other.uid.value,
        "sequence": int(other.sequence.value),
        "stamp": instant(other.dtstamp.value),
        "summary": other.summary.value,
        "status": other.status.value,
        "location": other.location.value if hasattr(other, "location") else "",
        "organizer": other.organizer.value,
        "attendees": sorted((who.value, who.role_param, who.partstat_param) for who in other.attendee_list),
        "start": instant(other.dtstart.value) if hasattr(other, "dtstart") else None,
        "end": instant(other.dtend.value) if hasattr(other, "dtend") else None,
    }
    assert read == again, (read, again)
    assert read["method"] == calendar["method"]
    return read


class Calendar:
    """What a calendar program makes of the messages it gets (RFC 5546, 2.1.5)."""

    def __init__(self):
        self.entries, self.seen = {}, {}

    def take(self, message):
        uid = message["uid"]
        if uid in self.seen:
            assert message["sequence"] > self.seen[uid]["sequence"], f"the sequence must rise: {message}"
            assert message["stamp"] >= self.seen[uid]["stamp"], message
            assert message["organizer"] == self.seen[uid]["organizer"], message
        self.seen[uid] = message
        if message["method"] == "CANCEL":
            self.entries.pop(uid, None)
        else:
            self.entries[uid] = message


def booking(title, date, place="Zoom, Room; 1", zone=None, guest=GUEST):
    body = {
        "title": title, "created_by": {"email": guest}, "dates": [date],
        "invitees": [{"email": guest, "full_name": 'Gus "the guest", Esq.; 好'}],
        "places": [{"name": place, "address": "https://meet.example.com/a?b=c,d;e"}],
        "confirmed": {"flag": True},
    }
    if zone:
        body["timezone"] = zone
    return body


def life(api, team):
    """One event's whole life ends as one entry that is gone."""
    date = {"date": "2030-03-30T23:30:00Z", "end_date": "2030-03-31T02:30:00Z"}
    event = api.call("POST", f"/v2/teams/{team}/events", booking("A life; of, an event", date))
    path = f"/v2/events/{event['_id']}"
    before = {event["created_by"]["email"]}
    api.mails(2)
    moved = {"date": "2030-10-26T23:30:00Z", "end_date": "2030-10-27T02:30:00Z"}
    api.call("POST", f"{path}/reschedule", moved)
    api.mails(4)
    again = api.call("POST", f"/v2/teams/{team}/events/{event['_id']}/reassign")
    after = again["created_by"]["email"]
    assert after not in before, again
    api.mails(7)
    api.call("PUT", path, {"title": "Another title"})
    api.mails(9)
    calendars = {}
    for mail in api.mails(9):
        calendars.setdefault(mail["to"], Calendar()).take(read(mail["calendar"]))
    (entry,) = calendars[GUEST].entries.values()
    assert entry["start"].isoformat() == "2030-10-26T23:30:00+00:00", entry
    assert entry["summary"] == "Another title", entry
    # Guests see themselves; who holds it sees all.
    assert [who for who, _, _ in entry["attendees"]] == [f"mailto:{GUEST}"], entry
    assert not calendars[before.pop()].entries, "who had it before has it no more"
    (held,) = calendars[after].entries.values()
    assert [(who, role) for who, role, _ in held["attendees"]] == sorted(
        [(f"mailto:{after}", "CHAIR"), (f"mailto:{GUEST}", "REQ-PARTICIPANT")]
    ), held
    api.call("POST", f"{path}/cancel")
    for mail in api.mails(11)[9:]:
        calendars[mail["to"]].take(read(mail["calendar"]))
    assert all(not calendar.entries for calendar in calendars.values())
    assert {len(calendar.seen) for calendar in calendars.values()} == {1}, "one UID for ever"


def shapes(api, team, seed):
    """Titles, places, dates and zones of all kinds are read as they were written."""
    lot = random.Random(seed)
    seen = len(api.mails(0))
    expected = {}
    for number in range(60):
        title = " ".join(lot.sample(WORDS, 3)).replace("\t", " ")
        day = dt.date(2031, 1, 1) + dt.timedelta(days=6 * number)
        zone = lot.choice(ZONES)
        if number % 4 == 0:
            last = day + dt.timedelta(days=lot.randrange(3))
            date = {"date": str(day), "end_date": str(last), "all_day": True}
            span = (day, last + dt.timedelta(days=1))
        else:
            local = dt.datetime.combine(day, dt.time(lot.randrange(24), lot.choice([0, 15, 30])))
            start = local.replace(tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(dt.timezone.utc)
            end = start + dt.timedelta(minutes=lot.choice([15, 60, 1500]))
            date = {"date": start.strftime("%Y-%m-%dT%H:%M:%SZ"), "end_date": end.strftime("%Y-%m-%dT%H:%M:%SZ")}
            span = (start, end)
        # A guest gets only so many mails an hour.
        body = booking(title, date, lot.choice(WORDS[:10]), zone, f"guest{number // 20}@example.org")
        event = api.call("POST", f"/v2/teams/{team}/events", body)
        expected[event["_id"]] = (event["title"], span)
    mails = api.mails(seen + 2 * len(expected))[seen:]
    for mail in mails:
        entry = read(mail["calendar"])
        title, span = expected[entry["uid"].split("@")[0]]
        assert entry["summary"] == title, (entry["summary"], title)
        assert (entry["start"], entry["end"]) == span, (entry, span)
    feeds(api, f"/v2/teams/{team}", expected)
    return len(mails)


def fetched(api, path):
    with urllib.request.urlopen(path, timeout=30) as answer:
        text = answer.read().decode()
    check_lines(text)
    return icalendar.Calendar.from_ical(text), vobject.readOne(text)


def feeds(api, whose, expected):
    """The feed of a team has its events as they are."""
    made = api.call("POST", f"{whose}/feed", {})
    one, two = fetched(api, made["calendar"])
    name = api.call("GET", whose)["name"]
    # Neither library knows that these are texts.
    names = {re.sub(r"\\(.)", r"\1", str(one[field])) for field in ("NAME", "X-WR-CALNAME")}
    assert names == {name}, names
    assert one.walk("VEVENT") and len(one.walk("VEVENT")) == len(two.vevent_list) == len(expected)
    for event, other in zip(one.walk("VEVENT"), two.vevent_list):
        assert not event.errors, event.errors
        title, span = expected[str(event["UID"]).split("@")[0]]
        assert str(event["SUMMARY"]) == other.summary.value == title
        own = (instant(event.decoded("DTSTART")), instant(event.decoded("DTEND")))
        assert own == (instant(other.dtstart.value), instant(other.dtend.value)) == span, (own, span)
    soon = (dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    member = api.call("GET", whose)["members"][0]
    busy = {"title": "Busy", "created_by": {"user": member}, "confirmed": {"flag": True}, "dates": [
        {"date": soon.isoformat(), "end_date": (soon + dt.timedelta(hours=1)).isoformat()},
    ]}
    api.call("POST", "/v2/events", busy)
    made = api.call("POST", f"/v2/users/{member}/feed", {})
    one, two = fetched(api, made["freebusy"])
    (free,) = one.walk("VFREEBUSY")
    period = free["FREEBUSY"]
    period = period[0] if isinstance(period, list) else period
    start, end = period.dt if hasattr(period, "dt") else (period.start, period.end)
    assert (instant(start), instant(end)) == (soon, soon + dt.timedelta(hours=1)), free
    assert two.vfreebusy.freebusy.value == [(soon, soon + dt.timedelta(hours=1))], two.vfreebusy.freebusy
    assert instant(free.decoded("DTSTART")) == two.vfreebusy.dtstart.value


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--key", required=True)
    arguments = parser.parse_args()
    api = Api(arguments.url, arguments.key)
    members = [
        api.call("POST", "/v2/users", {"user": {"email": email, "first_name": "Zoë; \"A\"", "timezone": "Europe/Paris"}})["user"]["_id"]
        for email in MEMBERS
    ]
    team = api.call("POST", "/v2/teams", {"extid": "1", "name": "Sales; EU, \"A\" \\ é", "members": members})["_id"]
    life(api, team)
    read = shapes(api, team, 7)
    print(f"calendars: {read + 11} parts read alike by icalendar and vobject")


main()
