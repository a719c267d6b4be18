#!/usr/bin/env python3
"""Opens /docs in a real, headless Chromium, wide and narrow: it shows every operation,
loads nothing but the document, and sends a request with a key that one gives it.
Stops at the first thing wrong, with exit status 1 and what it was.

usage: docs.py URL KEY

Needs: Chromium (Debian: `chromium`) and `pip install playwright`, which needs no
browser of its own here.
"""

import json
import shutil
import sys
import urllib.request

from playwright.sync_api import sync_playwright

WIDTHS = [1280, 360]


def require(condition, message):
    if not condition:
        sys.exit(f"docs: {message}")


def open_page(browser, url, width):
    """The page, once it shows the document, and what it asked for."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_default_timeout(20_000)
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{url}/docs")
    page.locator(".opblock").first.wait_for()
    require(asked == [f"{url}/docs", f"{url}/openapi.json"], f"it asked for {asked}")
    return page, faults


def scrolled(page):
    """The page at each place that one comes to by scrolling: what is not in sight is not there,
    as there are so many operations."""
    page.evaluate("window.scrollTo(0, 0)")
    while True:
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        yield page
        if page.evaluate("scrollY + innerHeight + 2 > document.documentElement.scrollHeight"):
            return
        page.evaluate("window.scrollBy(0, innerHeight / 2)")


def operations(page):
    """All operations that it shows: method and path."""
    found = set()
    for place in scrolled(page):
        shown = place.locator(".opblock-summary-control").all_inner_texts()
        found.update(tuple(text.split()[:2]) for text in shown)
    return found


def list_users(page, key):
    """Sends `GET /v2/users` as somebody does who tries the API out."""
    page.click("button.authorize")
    page.locator(".auth-container input").first.fill(key)
    page.locator(".auth-container button.authorize").first.click()
    page.locator("button.btn-done").first.click()
    operation = page.locator("#operations-Users-scheduling-list-users")
    for _ in scrolled(page):
        if operation.is_visible():
            break
    operation.locator(".opblock-summary-control").click()
    operation.locator(".try-out__btn").click()
    operation.locator("button.execute").click()
    return operation.locator(".live-responses-table .response-col_status").last.inner_text()


def main(url, key):
    with urllib.request.urlopen(f"{url}/openapi.json") as answer:
        paths = json.load(answer)["paths"]
    count = sum(len(operations) for operations in paths.values())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for width in WIDTHS:
            page, faults = open_page(browser, url, width)
            shown = len(operations(page))
            require(shown == count, f"{shown} of {count} operations are shown at {width} px")
            status = list_users(page, key)
            require(status.startswith("200"), f"trying an operation out answered {status!r}")
            require(not faults, f"the browser complains: {faults}")
        browser.close()
    print(f"docs: {count} operations, and a request sent, at {WIDTHS} px")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
