"""A window of a real, headless Chromium, and what every page must be in it.

Needs: Chromium (Debian: `chromium`) and `pip install playwright`, which needs
no browser of its own here.
"""

import argparse
import contextlib
import pathlib
import shutil
import sys
from urllib.parse import urlsplit

from playwright.sync_api import Error, sync_playwright

WIDE, NARROW = 1280, 360


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

    def __init__(self, browser, link, width, scheme, screenshots, locale="en-US", **options):
        self.link, self.width, self.scheme = link, width, scheme
        self.screenshots = screenshots
        self.faults = []
        self.context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            locale=locale,
            **options,
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
        own = message.location.get("url", "").startswith(self.link)
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

    def submit(self, expected, status, button="form button"):
        # The press of a key, as a keyboard's user would do it.
        with self.page.expect_navigation() as navigation:
            self.page.locator(button).press("Enter")
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
        for element in self.page.locator("input:not([type=hidden]), select, textarea").all():
            name = element.get_attribute("id")
            label = element.evaluate("e => [...e.labels].map(l => l.textContent.trim()).join(' ')")
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

    def value(self, name):
        return self.page.input_value(f"#{name}")

    def focused(self):
        return self.page.evaluate("document.activeElement.id || document.activeElement.tagName")

    def shoot(self, step):
        path = self.screenshots / f"{step}-{self.width}-{self.scheme}.png"
        self.page.screenshot(path=path, full_page=True)


def main(about, options, run):
    """Calls `run(browser, arguments)`; stops with what was wrong."""
    parser = argparse.ArgumentParser(description=about.split("\n", maxsplit=1)[0])
    for name, meaning in options.items():
        parser.add_argument(name, required=True, help=meaning)
    parser.add_argument("--screenshots", required=True, type=pathlib.Path, help="a directory")
    parser.add_argument("--chromium", default="chromium", help="Chromium's program")
    arguments = parser.parse_args()
    chromium = shutil.which(arguments.chromium)
    program = pathlib.Path(sys.argv[0]).stem
    try:
        require(chromium, f"{arguments.chromium} was not found")
        arguments.screenshots.mkdir(parents=True, exist_ok=True)
        with sync_playwright() as playwright:
            with contextlib.closing(
                playwright.chromium.launch(executable_path=chromium)
            ) as browser:
                run(browser, arguments)
    except (Wrong, Error) as error:
        sys.exit(f"{program}: {error}")
    print(f"{program}: every page is as it must be")
