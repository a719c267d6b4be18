#!/usr/bin/env python3
"""Goes through the sign-up page in a real, headless Chromium.

Opens an invitation's link on a wide and on a narrow screen, makes a mistake,
corrects it, and opens the link once more. Stops at the first thing wrong, with
exit status 1 and what it was. The link is used up by that.

Needs what visit.py needs.
"""

import contextlib

from visit import NARROW, WIDE, Visit, main, origin, require

# Characters that HTML and forms must encode. They end up in the user's record.
FIRST_NAME = "Zoë “Z” & <b>"
LAST_NAME = "O'Neil + Søn;=%"
PASSWORD = "quicksilver & pass+phrase"
OTHER_PASSWORD = "marmalade & pass+phrase"

FORM_ORDER = ["first_name", "last_name", "password", "password_confirmation", "BUTTON"]


def fill(visit, password, confirmation):
    for name, value in [
        ("first_name", FIRST_NAME),
        ("last_name", LAST_NAME),
        ("password", password),
        ("password_confirmation", confirmation),
    ]:
        visit.page.fill(f"#{name}", value)


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
    fill(visit, PASSWORD, OTHER_PASSWORD)
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


def run(browser, arguments):
    link = arguments.signup_link
    require(origin(link) == origin(arguments.url), f"{link} is not on {arguments.url}")
    with contextlib.ExitStack() as stack:

        def visit(width, scheme):
            opened = Visit(browser, link, width, scheme, arguments.screenshots)
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
        fill(wide, PASSWORD, PASSWORD)
        wide.submit("finished", 2)
        text = wide.page.locator("main").inner_text()
        require(login_name in text, "the last page does not show the login name")
        wide.shoot("3-finished")
        for each in (wide, narrow):
            each.open("dead-link", 4)
            each.shoot("4-dead-link")


if __name__ == "__main__":
    main(
        __doc__,
        {
            "--url": "the server: http://127.0.0.1:3000",
            "--signup-link": "an unused link of an invitation",
        },
        run,
    )
