#!/usr/bin/env python3
"""Goes through the page of an event in a real, headless Chromium.

Books events by the API, and does on their pages all that guests can do, on a wide
and on a narrow screen and by the keyboard: votes, suggests a date, writes, chooses a
zone, accepts, declines, moves and cancels. What the API says of the event afterwards
decides. Links that are not good (any more) open nothing.

Needs what visit.py needs.
"""

import contextlib
import datetime
import json
import urllib.request

from visit import NARROW, WIDE, Visit, main, require

LANGUAGES = ["da", "de", "en", "es", "fr", "it", "nl", "pt", "sv"]
MESSAGE = "Zoë: <b>bring</b> the “papers” & pens;\nfloor 2 = 50 %"
GUEST, OTHER = "guest@example.org", "other@example.org"


def in_days(days, hour):
    day = datetime.date.today() + datetime.timedelta(days=days)
    return f"{day.isoformat()}T{hour:02}:00"


class Api:
    """The API, as the organization's key uses it."""

    def __init__(self, url, key):
        self.url, self.key = url, key

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": self.key, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            text = answer.read().decode()
        return json.loads(text) if text[:1] in "{[" else text

    def team(self):
        user = {"email": "ann@example.com", "first_name": "Ann", "last_name": "Lee"}
        user["timezone"] = "Europe/Paris"
        member = self.call("POST", "/v2/users", {"user": user})["user"]["_id"]
        team = {"name": "Sales", "extid": "browser", "members": [{"_id": member}]}
        return self.call("POST", "/v2/teams", team)["_id"]

    def book(self, team, *starts):
        """Books, and answers the event and the links of its guests by address."""
        booking = {
            "title": "A first meeting",
            "timezone": "Europe/Paris",
            "created_by": {"email": GUEST},
            "dates": [{"date": start, "end_date": start.replace(":00", ":30")} for start in starts],
            "places": [
                {"name": "Office", "address": "1 Main Street"},
                {"name": "Call", "address": "https://meet.example.com/a"},
            ],
            "invitees": [{"email": GUEST, "full_name": "Gus Guest"}, {"email": OTHER}],
        }
        event = self.call("POST", f"/v2/teams/{team}/events", booking)
        keys = event["key_store"]["hash"]
        links = {
            each["email"]: f"{self.url}/e/{event['_id']}?k={keys[each['_id']]}"
            for each in event["invitees"]
            if not each["su"]
        }
        return event["_id"], links

    def event(self, event):
        return self.call("GET", f"/v2/events/{event}")


def press(visit, action, status=2):
    visit.submit("event", status, f"button[value={action}]")


def notice(visit):
    require(visit.page.locator("[role=status]").is_visible(), "nothing says what was done")
    require(visit.focused() == "notice", f"the notice has no focus, but {visit.focused()}")


def problem(visit, field):
    summary = visit.page.locator("[role=alert]")
    require(summary.is_visible(), "nothing says what is wrong")
    require(visit.focused() == "notice", f"the summary has no focus, but {visit.focused()}")
    summary.locator("a").click()
    here = visit.page.evaluate("location.hash")
    require(here == f"#{field}", f"the summary leads to {here}")


def votes(api, event, date):
    own = api.event(event)["dates"][date]["votes"]
    return len(own["yes"]), len(own["no"])


def check_open(visit, api, event):
    """An event with a choice of dates: votes, a suggestion, a message, a zone."""
    page = visit.page
    visit.open("event", 2)
    require(page.locator("main").get_attribute("data-state") == "open", "it is not open")
    visit.shoot("event-1-open")
    press(visit, "vote", status=4)
    problem(visit, "vote")

    dates = page.locator("fieldset input")
    dates.nth(0).focus()
    page.keyboard.press("Space")
    dates.nth(2).focus()
    page.keyboard.press("ArrowRight")
    press(visit, "vote")
    notice(visit)
    require(dates.nth(0).is_checked() and dates.nth(3).is_checked(), "the votes are not shown")

    page.evaluate("document.querySelector('#suggestion').required = false")
    press(visit, "suggest", status=4)
    problem(visit, "suggestion")
    page.fill("#suggestion", in_days(40, 14))
    press(visit, "suggest")
    notice(visit)
    require("Suggested by: Gus Guest" in page.inner_text("main"), "nobody suggested it")

    page.fill("#message", MESSAGE)
    press(visit, "message")
    notice(visit)
    shown = page.locator(".message").last.inner_text()
    require(shown == MESSAGE, f"the message is {shown!r}")
    written = api.event(event)["messages"][-1]
    require(written["body"] == MESSAGE and written["from"] == GUEST, f"it is {written}")

    page.locator("summary").first.press("Enter")
    page.select_option("#timezone", "America/New_York")
    press(visit, "timezone")
    notice(visit)
    require("3:00" in page.inner_text("#vote"), "the dates are in the old zone")
    visit.shoot("event-2-voted")


def check_confirmed(guest, other, api, event):
    """An event with one date: an answer, a move, an end."""
    for visit in (guest, other):
        visit.open("event", 2)
        state = visit.page.locator("main").get_attribute("data-state")
        require(state == "confirmed", f"it is {state}")
    guest.shoot("event-3-confirmed")
    require(other.page.locator("button[value=cancel]").count() == 0, "any guest can cancel")
    require(other.page.locator("button[value=move]").count() == 0, "any guest can move it")

    press(other, "accept")
    notice(other)
    press(other, "decline")
    notice(other)
    declined = api.event(event)["declines"]
    require(len(declined) == 1, f"declined have {declined}")
    press(other, "accept")

    guest.page.fill("#new-date", in_days(21, 9))
    press(guest, "move", status=4)
    problem(guest, "new-date")
    guest.shoot("event-4-not-free")
    kept = guest.value("new-date")
    require(kept == in_days(21, 9), f"what was entered is now {kept}")
    guest.page.fill("#new-date", in_days(22, 15))
    press(guest, "move")
    notice(guest)
    moved = api.event(event)["dates"]
    require(len(moved) == 1 and moved[0]["confirmed"], f"the dates are {moved}")

    guest.page.locator("summary").last.press("Enter")
    press(guest, "cancel")
    notice(guest)
    state = guest.page.locator("main").get_attribute("data-state")
    require(state == "cancelled" and "cancelled" in api.event(event), "it is not cancelled")
    require(guest.page.locator("button").count() == 1, "something can still be done")
    guest.shoot("event-5-cancelled")


def check_dead(visit_of, api, event, links):
    own = links[GUEST]
    wrong = own[:-1] + ("A" if own[-1] != "A" else "B")
    elsewhere = own.replace(event, f"{int(event, 16) + 1:024x}")
    invitee = next(each for each in api.event(event)["invitees"] if each["email"] == OTHER)
    api.call("DELETE", f"/v2/events/{event}/invitees/{invitee['_id']}")
    for link in (wrong, own.partition("?")[0], elsewhere, links[OTHER]):
        visit = visit_of(link, NARROW, "light")
        visit.open("dead-link", 4)
    visit.shoot("event-6-dead-link")


def run(browser, arguments):
    api = Api(arguments.url, arguments.key)
    with contextlib.ExitStack() as stack:

        def visit_of(link, width, scheme, locale="en-US"):
            opened = Visit(browser, link, width, scheme, arguments.screenshots, locale)
            stack.callback(opened.context.close)
            return opened

        team = api.team()
        for width, scheme in ((WIDE, "light"), (NARROW, "dark")):
            event, links = api.book(team, in_days(20, 9), in_days(20, 11))
            check_open(visit_of(links[GUEST], width, scheme), api, event)
            for date, expected in enumerate([(2, 0), (1, 1)]):
                found = votes(api, event, date)
                require(found == expected, f"the votes for date {date} are {found}")
        for locale in LANGUAGES:
            visit = visit_of(links[OTHER], NARROW, "light", locale)
            visit.open("event", 2)
            shown = visit.page.locator("html").get_attribute("lang")
            require(shown == locale, f"a browser in {locale} is answered in {shown}")
            visit.shoot(f"event-{locale}")
        check_dead(visit_of, api, event, links)

        api.book(team, in_days(21, 9))
        event, links = api.book(team, in_days(22, 9))
        api.call("POST", f"/v2/events/{event}/confirm")
        guest = visit_of(links[GUEST], WIDE, "dark")
        check_confirmed(guest, visit_of(links[OTHER], NARROW, "light"), api, event)


if __name__ == "__main__":
    main(
        __doc__,
        {
            "--url": "the server: http://127.0.0.1:3000",
            "--key": "an organization's key",
        },
        run,
    )
