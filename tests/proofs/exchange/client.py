"""Another client of the same Exchange server: exchangelib, which knows real ones.

Usage: client.py URL fill                   makes, moves and deletes entries
       client.py URL written                says whether the entries that Roster writes are there:
                                            lines of UID and "START END STATUS TITLE", or "none"
"""

import sys
from datetime import datetime, timedelta, timezone

from exchangelib import (
    DELEGATE, NTLM, UTC, Account, CalendarItem, Configuration, Credentials, EWSDateTime,
)
from exchangelib.version import EXCHANGE_2016, Version


def account(url):
    configuration = Configuration(
        service_endpoint=url, auth_type=NTLM, version=Version(build=EXCHANGE_2016),
        credentials=Credentials("CORP\\ada", "lovelace"),
    )
    return Account(
        "ada@example.com", config=configuration, autodiscover=False, access_type=DELEGATE,
        default_timezone=UTC,
    )


def at(ahead, hour, minute=0):
    day = datetime.now(timezone.utc).date() + timedelta(days=ahead)
    return EWSDateTime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def put(own, ahead, **more):
    item = CalendarItem(
        account=own, folder=own.calendar, subject="Dentist <&>", start=at(ahead, 10), end=at(ahead, 11),
        **more,
    )
    return item.save(send_meeting_invitations="SendToNone")


def fill(own):
    put(own, 30, legacy_free_busy_status="Busy")
    put(own, 31, legacy_free_busy_status="Tentative")
    put(own, 32, legacy_free_busy_status="Free")
    day = at(33, 0).date()
    CalendarItem(
        account=own, folder=own.calendar, subject="Away", is_all_day=True,
        start=day, end=day,
    ).save(send_meeting_invitations="SendToNone")
    put(own, 34, legacy_free_busy_status="OOF")
    put(own, 35, legacy_free_busy_status="WorkingElsewhere")
    put(own, 36).delete(send_meeting_cancellations="SendToNone")
    moved = put(own, 37)
    moved.start, moved.end = at(38, 10), at(38, 11)
    moved.save(update_fields=["start", "end"], send_meeting_invitations="SendToNone")
    # More than one view answers.
    for minute in range(0, 60):
        CalendarItem(
            account=own, folder=own.calendar, subject=str(minute),
            start=at(40, 8, minute), end=at(40, 8, minute) + timedelta(minutes=1),
        ).save(send_meeting_invitations="SendToNone")
    put(own, 41)


def written(own):
    """What Roster wrote, by its UID: as much as one view answers, for exchangelib asks for no more."""
    view = own.calendar.view(start=at(45, 0), end=at(60, 0))
    return {item.uid: item for item in view}


def main():
    url, task = sys.argv[1:]
    own = account(url)
    if task == "fill":
        fill(own)
        return
    there = written(own)
    for line in sys.stdin:
        uid, _, expected = line.strip().partition(" ")
        item = there.get(uid)
        shown = "none" if item is None else " ".join([
            item.start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            item.end.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            item.legacy_free_busy_status, item.subject,
        ])
        if shown != expected:
            sys.exit(f"{uid}: exchangelib reads {shown}, and not {expected}")


if __name__ == "__main__":
    main()
