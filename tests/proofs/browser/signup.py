#!/usr/bin/env python3
"""Goes through the sign-up page in a real, headless Chromium.

Opens an invitation's link on a wide and on a narrow screen, makes a mistake,
corrects it, and opens the link once more. Stops at the first thing wrong, with
exit status 1 and what it was. The link is used up by that.

Needs: Chromium (Debian: `chromium`) and `pip install playwright`, which needs
no browser of its own here.
"""

import argparse
import contextlib
import pathlib
import shutil
import sys
from urllib.parse import urldefrag, urlsplit

from playwright.sync_api import Error, sync_playwright

# Characters that HTML and forms must encode. They end up in the user's record.
FIRST_NAME = "Zoë “Z” & <b>"
LAST_NAME = "O'Neil + Søn;=%"
PASSWORD = "quicksilver & pass+phrase"
OTHER_PASSWORD = "marmalade & pass+phrase"

WIDE, NARROW = 1280, 360
FORM_ORDER = ["first_name", "last_name", "password", "password_confirmation", "BUTTON"]


class Wrong(Exception):
    """Something on the page is not as it must be."""


def require(condition, message):
    if not condition:
        raise Wrong(message)


def origin(url):
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class Visit:
    """A window of some width, and everything that went wrong in it."""

    def __init__(self, browser, link, width, scheme, screenshots):
        self.link, self.width, self.scheme = link, width, scheme
        self.screenshots = screenshots
        self.faults = []
        self.context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("request", self._request)
        # A refused style or form is an issue in the developer tools, even where
        # the console stays silent.
        devtools = self.context.new_cdp_session(self.page)
        devtools.on("Audits.issueAdded", self._issue)
        devtools.send("Audits.enable")

    def _console(self, message):
        # A page that is answered with 4xx is told so in the console. Whether
        # that status is right, `land` decides.
        own = urldefrag(message.location.get("url", "")).url == self.link
        if own and message.text.startswith("Failed to load resource: the server responded with"):
            return
        if message.type in ("error", "warning"):
            self.faults.append(f"console {message.type}: {message.text}")

    def _request(self, request):
        if origin(request.url) != origin(self.link):
            self.faults.append(f"a request to another origin: {request.url}")

    def _issue(self, event):
        issue = event["issue"]
        if issue["code"] == "ContentSecurityPolicyIssue":
            details = issue["details"]["contentSecurityPolicyIssueDetails"]
            self.faults.append(f"CSP violation: {details}")

    def open(self, expected, status):
        self.land(self.page.goto(self.link), expected, status)

    def submit(self, expected, status):
        # The press of a key, as a keyboard's user would do it.
        with self.page.expect_navigation() as navigation:
            self.page.locator("form button").press("Enter")
        self.land(navigation.value, expected, status)

    def land(self, response, expected, status):
        """Checks what every page must be."""
        found = self.page.locator("main").get_attribute("data-page")
        answered = f"{response.status} {response.url}"
        require(found == expected, f"the page is {found!r}, not {expected!r} ({answered})")
        require(response.status // 100 == status, f"the answer to {expected!r} is {answered}")
        policy = response.headers.get("content-security-policy", "")
        require("default-src 'none'" in policy, f"Content-Security-Policy is {policy!r}")
        style = self.page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth")
        require(style != "none", "the style does not apply")
        require(self.page.locator("h1").count() == 1, "there must be one h1")
        require(self.page.locator("html").get_attribute("lang"), "the page names no language")
        for element in self.page.locator("input:not([type=hidden])").all():
            name = element.get_attribute("id")
            label = element.evaluate("e => [...e.labels].map(l => l.innerText.trim()).join(' ')")
            require(label, f"the input {name!r} has no label")
        scroll, client = self.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        require(scroll <= client, f"{expected!r} scrolls sideways: {scroll} px in {client} px")
        self.settle()

    def settle(self):
        # A round trip, so that what the browser has to report has arrived.
        self.page.wait_for_timeout(100)
        require(not self.faults, "; ".join(self.faults))

    def fill(self, password, confirmation):
        for name, value in [
            ("first_name", FIRST_NAME),
            ("last_name", LAST_NAME),
            ("password", password),
            ("password_confirmation", confirmation),
        ]:
            self.page.fill(f"#{name}", value)

    def value(self, name):
        return self.page.input_value(f"#{name}")

    def focused(self):
        return self.page.evaluate("document.activeElement.id || document.activeElement.tagName")

    def shoot(self, step):
        path = self.screenshots / f"{step}-{self.width}-{self.scheme}.png"
        self.page.screenshot(path=path, full_page=True)


def check_tab_order(visit):
    visit.page.focus("#first_name")
    order = [visit.focused()]
    for _ in FORM_ORDER[1:]:
        visit.page.keyboard.press("Tab")
        order.append(visit.focused())
    require(order == FORM_ORDER, f"the tab order is {order}")
    height = visit.page.locator("form button").bounding_box()["height"]
    require(height >= 44, f"the button is {height} px high")


def check_mistake(visit):
    """Two different passwords: the names are kept, the passwords are not."""
    page = visit.page
    visit.fill(PASSWORD, OTHER_PASSWORD)
    visit.submit("form", 4)
    summary = page.locator("[role=alert]")
    require(summary.is_visible(), "there is no error summary")
    require(visit.focused() == "DIV", f"the summary has no focus, but {visit.focused()}")
    for name, expected in [
        ("first_name", FIRST_NAME),
        ("last_name", LAST_NAME),
        ("password", ""),
        ("password_confirmation", ""),
    ]:
        value = visit.value(name)
        require(value == expected, f"{name} is {value!r}, not {expected!r}")
    for secret in (PASSWORD, OTHER_PASSWORD):
        # In any encoding the longest word stays what it is.
        word = max(secret.replace("+", " ").split(), key=len)
        require(word not in page.content(), "the page holds a password")
    wrong = page.locator("[aria-invalid=true]")
    ids = [element.get_attribute("id") for element in wrong.all()]
    require(ids == ["password_confirmation"], f"the inputs marked as wrong are {ids}")
    message = page.locator("#password_confirmation-problem").inner_text().strip()
    require(message in summary.inner_text(), "the field and the summary do not say the same")
    visit.shoot("2-mistake")
    summary.locator("a").click()
    focused = visit.focused()
    require(focused == "password_confirmation", f"the summary's link leads to {focused}")
    visit.settle()


def run(browser, link, screenshots):
    with contextlib.ExitStack() as stack:

        def visit(width, scheme):
            opened = Visit(browser, link, width, scheme, screenshots)
            stack.callback(opened.context.close)
            return opened

        wide, narrow = visit(WIDE, "light"), visit(NARROW, "dark")
        for each in (wide, narrow):
            each.open("form", 2)
            each.shoot("1-form")
            check_tab_order(each)
            check_mistake(each)
        login_name = wide.value("login_name")
        require(login_name, "the form shows no login name")
        wide.fill(PASSWORD, PASSWORD)
        wide.submit("finished", 2)
        text = wide.page.locator("main").inner_text()
        require(login_name in text, "the last page does not show the login name")
        wide.shoot("3-finished")
        for each in (wide, narrow):
            each.open("dead-link", 4)
            each.shoot("4-dead-link")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--url", required=True, help="the server: http://127.0.0.1:3000")
    parser.add_argument("--signup-link", required=True, help="an unused link of an invitation")
    parser.add_argument("--screenshots", required=True, type=pathlib.Path, help="a directory")
    parser.add_argument("--chromium", default="chromium", help="Chromium's program")
    arguments = parser.parse_args()
    chromium = shutil.which(arguments.chromium)
    try:
        require(chromium, f"{arguments.chromium} was not found")
        require(
            origin(arguments.signup_link) == origin(arguments.url),
            f"{arguments.signup_link} is not on {arguments.url}",
        )
        arguments.screenshots.mkdir(parents=True, exist_ok=True)
        with sync_playwright() as playwright:
            with contextlib.closing(
                playwright.chromium.launch(executable_path=chromium)
            ) as browser:
                run(browser, arguments.signup_link, arguments.screenshots)
    except (Wrong, Error) as error:
        sys.exit(f"signup_browser: {error}")
    print("signup_browser: form, mistake, finished and dead link are as they must be")


if __name__ == "__main__":
    main()
