#!/usr/bin/env python3
"""Reads the mails about events in a real, headless Chromium, as a mail program shows them.

Books, moves, writes and cancels by the API, with titles and messages of all kinds, and
opens the HTML of every mail that comes of it: wide and narrow, light and dark.

Needs what visit.py needs.
"""

import contextlib
import json
import time
import urllib.request

from event import Api, in_days
from visit import NARROW, WIDE, main, require

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverleihung " * 2
HOST = "mia@example.com"


def mails(url, title, at_least):
    """The mails with this subject, the oldest first, once there are so many."""
    for _ in range(100):
        with urllib.request.urlopen(url + "/_local/mail.json") as answer:
            found = [mail for mail in json.load(answer) if mail["subject"] == title][::-1]
        if len(found) >= at_least:
            return found
        time.sleep(0.1)
    raise SystemExit(f"mail: {len(found)} mails came of {at_least}")


def written(api):
    """Mails of each kind: of an event with a choice of dates, and of one with a date."""
    user = {"email": HOST, "first_name": "Mia", "last_name": "Çelik", "timezone": "Europe/Berlin", "language": "de"}
    member = api.call("POST", "/v2/users", {"user": user})["user"]["_id"]
    team = api.call("POST", "/v2/teams", {"name": "Support", "extid": "mails", "members": [member]})["_id"]
    guests = [{"email": "gus@mails.example", "full_name": "Gus <i>Guest</i>"}, {"email": "lea@mails.example"}]
    booking = {
        "title": LONG.strip(), "created_by": {"email": guests[0]["email"]}, "invitees": guests,
        "places": [{"name": "Call", "address": "https://meet.example.com/" + "a" * 90}],
        "messages": [{"body": "Line one\n  <script>alert(1)</script> & more\n" + "x" * 200}],
    }
    dates = [{"date": in_days(40 + n, 9), "end_date": in_days(40 + n, 10)} for n in range(3)]
    choice = api.call("POST", f"/v2/teams/{team}/events", {**booking, "dates": dates})
    certain = {**booking, "title": "A review", "dates": dates[2:], "confirmed": {"flag": True}}
    certain = api.call("POST", f"/v2/teams/{team}/events", certain)
    path = f"/v2/events/{certain['_id']}"
    # What is not so any more is not told: each mail is waited for.
    mails(api.url, "A review", 3)
    api.call("POST", f"{path}/reschedule", {"date": in_days(50, 9), "end_date": in_days(51, 9)})
    mails(api.url, "A review", 6)
    api.call("POST", f"{path}/cancel")
    return mails(api.url, choice["title"], 3) + mails(api.url, "A review", 9)


def check(page, mail):
    require(page.locator("h1").count() == 1, "there must be one h1")
    require(page.locator("html").get_attribute("lang"), "the mail names no language")
    require(page.locator("h1").inner_text() == mail["subject"], "the heading is the title")
    require(page.locator("script, img, link, iframe, form").count() == 0, "it has what mails must not have")
    scroll, client = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    require(scroll <= client, f"it scrolls sideways: {scroll} px in {client} px")
    for link in page.locator("a").all():
        require(link.get_attribute("href") == mail["link"], "a link leads elsewhere")
        box = link.bounding_box()
        require(box["height"] >= 44, f"the link is {box['height']} px high")


def run(browser, arguments):
    found = written(Api(arguments.url, arguments.key))
    for width in (WIDE, NARROW):
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
            with contextlib.closing(context):
                page = context.new_page()
                faults = []
                page.on("request", lambda request: faults.append(request.url))
                for number, mail in enumerate(found):
                    page.set_content(mail["html"])
                    check(page, mail)
                    name = f"mail-{number:02}-{mail['to'].split('@')[0]}-{width}-{scheme}.png"
                    page.screenshot(path=arguments.screenshots / name, full_page=True)
                require(not faults, f"a mail asks for {faults}")


if __name__ == "__main__":
    main(__doc__, {"--url": "the API", "--key": "a key of an organization"}, run)
