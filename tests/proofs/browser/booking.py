#!/usr/bin/env python3
"""Books on booking pages in a real, headless Chromium, as guests do.

With and without scripts, in another zone than the owner's, across a change of the clocks,
with a time that is taken while the form is filled in, with two times, wide and narrow; then
cancels by the link. axe holds each step to WCAG 2.2 AA. What the API says of the event
afterwards decides.

Needs what visit.py needs, and `pip install axe-playwright-python`.
"""

import contextlib
import datetime
import http.server
import threading
import zoneinfo

from axe_playwright_python.sync_playwright import Axe
from event import LANGUAGES, Api
from visit import NARROW, WIDE, Visit, main, require

SMALLEST, LARGEST = 320, 1920
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# A page with all that it needs, before it is compressed.
MOST_BYTES = 30_000
NAME, EMAIL = "Zoë “Zed” O’Neil", "zoe@example.org"
OWN, GUESTS = "Europe/Paris", "America/New_York"


def user(api, nickname, custom, hours=("08:00", "16:00")):
    """A user with a page, who can be booked on every day."""
    slot = {f"{name}_time": f"2020-01-01T{at}:00.000Z" for name, at in zip(("start", "end"), hours)}
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    body = {
        "user": {
            "email": f"{nickname}@example.com",
            "first_name": "Ann",
            "last_name": "Lee",
            "timezone": OWN,
        },
        "availability": {"days": {day: {"slots": [slot]} for day in days}},
        "vyteme": {"nickname": nickname, "message": "Hello.\nChoose a time.", "custom": custom},
    }
    return api.call("POST", "/v2/users", body)["user"]["_id"]


def accessible(visit, step):
    found = Axe().run(visit.page, options=RULES)
    require(found.violations_count == 0, f"{step} at {visit.width} px: {found.generate_report()}")


def step(visit):
    return visit.page.locator("main").get_attribute("data-step")


def come(visit):
    """Opens a page. A script finds the zone of the browser, and loads the page in it."""
    visit.page.goto(visit.link)
    visit.page.wait_for_url("**timezone=**")
    visit.land(visit.page.reload(), "booking", 2)
    require(step(visit) == "times", f"it shows {step(visit)}")


def choose(visit, button):
    with visit.page.expect_navigation() as navigation:
        button.press("Enter")
    visit.land(navigation.value, "booking", 2)


def fill_in(visit, **more):
    for name, value in {"name": NAME, "email": EMAIL, **more}.items():
        visit.page.fill(f"#{name}", value)


def send(visit):
    """Sends the form, not faster than a person does."""
    visit.page.wait_for_timeout(2_100)
    with visit.page.expect_navigation() as navigation:
        visit.page.locator("button[value=book]").press("Enter")
    return navigation.value


def booked(visit, api):
    """The event that a form leads to."""
    visit.land(send(visit), "event", 2)
    require(visit.focused() == "notice", "nothing says that it is booked")
    event = visit.page.url.partition("/e/")[2].partition("?")[0]
    return api.event(event)


def start(event):
    return datetime.datetime.fromisoformat(event["dates"][0]["date"])


def check_held(visit, api):
    """One time, which is held, in the guest's zone, which a script finds."""
    come(visit)
    page = visit.page
    require(GUESTS in page.inner_text("main"), f"the times are not in {GUESTS}")
    accessible(visit, "the times")
    visit.shoot("booking-1-times")
    button = page.locator(".times button").nth(12)
    shown = button.inner_text()
    choose(visit, button)
    require(step(visit) == "details", f"it shows {step(visit)}")
    require(shown.replace("\u202f", " ") in page.inner_text("dl").replace("\u202f", " "), "another time")
    accessible(visit, "the form")
    visit.shoot("booking-2-form")

    page.evaluate("document.querySelectorAll('[required]').forEach(input => { input.required = false; })")
    with page.expect_navigation() as navigation:
        page.locator("button[value=book]").press("Enter")
    require(navigation.value.status == 422, "a form without a name is taken")
    require(visit.focused() == "notice", "nothing says what is wrong")
    accessible(visit, "the form with problems")
    visit.shoot("booking-3-problems")
    page.locator("[role=alert] a").first.click()
    require(page.evaluate("location.hash") == "#name", "the summary does not lead to the name")

    fill_in(visit, message="Hello\nthere")
    event = booked(visit, api)
    local = start(event).astimezone(zoneinfo.ZoneInfo(GUESTS))
    at = shown.replace("\u202f", " ")
    require(local.strftime("%-I:%M %p") == at, f"{at} was booked as {local}")
    require(event["confirmed"]["flag"], "it is not confirmed")
    require(event["messages"][0]["body"] == "Hello\nthere", f"it is {event['messages']}")
    accessible(visit, "the event")
    visit.shoot("booking-4-booked")
    page.locator("summary").last.press("Enter")
    visit.submit("event", 2, "button[value=cancel]")
    require("cancelled" in api.event(event["_id"]), "it is not cancelled")


def check_without(visit, api):
    """Without scripts nothing can be asked of the page but what it shows."""
    page = visit.page
    page.goto(visit.link)
    require(OWN in page.inner_text("main"), "the times are not in the owner's zone")
    page.locator(".times button").nth(12).press("Enter")
    page.wait_for_url("**hold=**")
    fill_in(visit)
    send(visit)
    require("Your booking is made" in page.inner_text("main"), "nothing says that it is booked")
    event = api.event(page.url.partition("/e/")[2].partition("?")[0])
    require(event["confirmed"]["flag"], "it is not confirmed")
    page.locator("summary").last.press("Enter")
    with page.expect_navigation():
        page.locator("button[value=cancel]").press("Enter")
    require("cancelled" in api.event(event["_id"]), "it is not cancelled")


def check_suggested(visit, api, owner):
    """Two times at least, one of which is taken while the form is filled in."""
    come(visit)
    page = visit.page
    boxes = page.locator(".times input")
    boxes.nth(3).focus()
    page.keyboard.press("Space")
    visit.submit("booking", 2, "button[value=choose]")
    require("Choose more times." in page.inner_text("[role=alert]"), "one time is enough")
    require(boxes.nth(3).is_checked(), "what was chosen is gone")
    page.locator(".times label").nth(8).click()
    accessible(visit, "the times to suggest")
    visit.shoot("booking-5-two-times")
    visit.submit("booking", 2, "button[value=choose]")
    require(page.locator("dl strong").count() == 2, "two times are not shown")
    taken = page.evaluate("new URLSearchParams(location.search).get('dates').split(',')[0]")
    begin = datetime.datetime.fromisoformat(taken)
    end = begin + datetime.timedelta(minutes=30)
    body = {
        "title": "Taken",
        "created_by": {"user": owner},
        "confirmed": {"flag": True},
        "dates": [{"date": begin.isoformat(), "end_date": end.isoformat()}],
    }
    api.call("POST", "/v2/events", body)
    fill_in(visit)
    visit.land(send(visit), "booking", 2)
    require("just taken" in page.inner_text("[role=alert]"), "nothing says that it is taken")
    visit.shoot("booking-6-taken")
    for index in (5, 9):
        page.locator(".times label").nth(index).click()
    visit.submit("booking", 2, "button[value=choose]")
    fill_in(visit)
    event = booked(visit, api)
    require(len(event["dates"]) == 2 and not event["confirmed"]["flag"], f"it is {event}")


def check_change_of_clocks(visit):
    """The owner's clocks change, and the guest's do not: on the day before and after."""
    visit.open("booking", 2)
    days = visit.page.locator(".times")
    first = [days.nth(day).locator("button").first.inner_text() for day in (0, 13)]
    require(first[0] != first[1], f"times do not follow the owner's clocks: {first}")


@contextlib.contextmanager
def website(text):
    """Another website, with one page."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def check_embedded(browser, api):
    """A page within a page of another origin, which it tells how high it is and what was
    booked; and within one that its owner does not name, where it is not shown."""
    around = f"""<!DOCTYPE html><title>Around</title><script>
        window.told = [];
        addEventListener("message", event => told.push(event.data));
    </script><iframe src="{api.url}/embedded?embed" width="400" height="300"></iframe>"""
    with website(around) as own, website(around) as other:
        user(api, "embedded", {"auto_confirm": True, "duration": 30, "embed_origins": [own]})
        page = browser.new_page()
        page.goto(own)
        frame = page.frame_locator("iframe")
        frame.locator(".times button").nth(4).click()
        frame.locator("#name").fill(NAME)
        frame.locator("#email").fill(EMAIL)
        page.wait_for_timeout(2_100)
        frame.locator("button[value=book]").click()
        frame.locator("main[data-step=booked]").wait_for()
        page.wait_for_function("told.some(one => one.type === 'roster:booked')")
        told = page.evaluate("told")
        heights = [one["height"] for one in told if one["type"] == "roster:height"]
        falls = heights == sorted(heights, reverse=True) and heights[0] > 1_000 > heights[-1] > 50
        require(falls, f"the times, the form and the end are {heights} px high")
        event = api.event(next(one["event"] for one in told if one["type"] == "roster:booked"))
        require(event["confirmed"]["flag"], f"it is {event}")
        page.goto(other)
        require(page.locator("iframe").count() == 1, "the other page has no frame")
        page.wait_for_timeout(500)
        shown = page.frames[1].evaluate("document.querySelector('main') !== null")
        require(not shown, "it is shown within a page that its owner does not name")
        page.close()


def check_sizes(visit):
    """One request, of a bounded size, and nothing that moves once it is shown."""
    asked = []
    visit.page.on("request", lambda request: asked.append(request.url))
    response = visit.page.goto(visit.link)
    size = len(response.body())
    require(size < MOST_BYTES, f"the page has {size} bytes")
    require(asked == [visit.link], f"it asked for {asked}")
    moved = visit.page.evaluate(
        """() => new Promise(done => {
            new PerformanceObserver(list => done(list.getEntries().length))
                .observe({ type: "layout-shift", buffered: true });
            setTimeout(() => done(0), 200);
        })"""
    )
    require(moved == 0, f"{moved} parts of it moved")


def run(browser, arguments):
    api = Api(arguments.url, arguments.key)
    with contextlib.ExitStack() as stack:

        def visit_of(path, width, scheme, **options):
            link = arguments.url + path
            visit = Visit(browser, link, width, scheme, arguments.screenshots, **options)
            stack.callback(visit.context.close)
            return visit

        held = {"auto_confirm": True, "duration": 30, "invite_title": "Meet Ann"}
        sizes = ((WIDE, "light"), (NARROW, "dark"), (SMALLEST, "light"), (LARGEST, "dark"))
        for width, scheme in sizes:
            # A page of their own: it takes so many forms from one address.
            user(api, f"ann{width}", held)
            path = f"/ann{width}"
            check_held(visit_of(path, width, scheme, timezone_id=GUESTS), api)
            without = {"timezone_id": GUESTS, "java_script_enabled": False}
            check_without(visit_of(path, width, scheme, **without), api)
        owner = user(api, "two", {"min_dates": 2, "duration": 30})
        check_suggested(visit_of("/two", NARROW, "light", timezone_id=GUESTS), api, owner)
        link = f"/ann{WIDE}?date=2027-03-21&timezone=America/Bogota"
        check_change_of_clocks(visit_of(link, WIDE, "light"))
        members = [user(api, f"member{number}", {}) for number in range(20)]
        team = {"name": "Sales", "extid": "pages", "public": True, "members": members}
        team = api.call("POST", "/v2/teams", team)["_id"]
        check_sizes(visit_of(f"/team/{team}?timezone=UTC", WIDE, "light"))
        check_embedded(browser, api)
        for locale in LANGUAGES:
            visit = visit_of("/two?timezone=UTC", SMALLEST, "light", locale=locale)
            visit.open("booking", 2)
            shown = visit.page.locator("html").get_attribute("lang")
            require(shown == locale, f"a browser in {locale} is answered in {shown}")
            visit.shoot(f"booking-{locale}")
        visit = visit_of("/nobody", NARROW, "light")
        visit.open("dead-link", 4)


if __name__ == "__main__":
    main(
        __doc__,
        {
            "--url": "the server: http://127.0.0.1:3000",
            "--key": "an organization's key",
        },
        run,
    )
