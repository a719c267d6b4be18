//! Names in mails. Whoever invites chooses them, and mail clients make links of
//! whatever looks like one: a name must not become the link of somebody else.

/// Dots, also those that a browser takes for one in a domain (UTS 46), and those
/// that look like one.
const DOTS: [char; 6] = [
    '.', '\u{ff0e}', '\u{3002}', '\u{ff61}', '\u{2024}', '\u{fe52}',
];
/// What stands behind a scheme: `https:`, `mailto:`.
const COLONS: [char; 6] = [
    ':', '\u{ff1a}', '\u{fe55}', '\u{fe13}', '\u{2236}', '\u{a789}',
];
/// What makes an address.
const AT_SIGNS: [char; 3] = ['@', '\u{ff20}', '\u{fe6b}'];
/// What makes a path where there are two of them.
const SLASHES: [char; 7] = [
    '/', '\\', '\u{ff0f}', '\u{2044}', '\u{2215}', '\u{ff3c}', '\u{fe68}',
];

/// A text on one line of which no mail client makes a link: a blank stands
/// behind each dot and colon, and around each `@` and each run of slashes. What
/// does not print, or turns the direction of what follows, is left out.
pub(crate) fn unlinked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().filter(|c| !is_invisible(*c)).peekable();
    while let Some(c) = characters.next() {
        let next = characters.peek().copied();
        if ends_line(c) {
            out.push(' ');
        } else if AT_SIGNS.contains(&c) {
            separate(&mut out);
            out.push_str("(at)");
            out.extend(next.filter(|next| !next.is_whitespace()).map(|_| ' '));
        } else if DOTS.contains(&c) || COLONS.contains(&c) {
            out.push(c);
            out.extend(next.filter(|next| !next.is_whitespace()).map(|_| ' '));
        } else if SLASHES.contains(&c) && next.is_some_and(|next| SLASHES.contains(&next)) {
            while characters.next_if(|next| SLASHES.contains(next)).is_some() {}
            separate(&mut out);
        } else {
            out.push(c);
        }
    }
    out
}

fn separate(out: &mut String) {
    if !out.is_empty() && !out.ends_with(char::is_whitespace) {
        out.push(' ');
    }
}

/// So that a name can neither end a subject nor begin a paragraph.
fn ends_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Blanks without width, soft hyphens, and marks that turn the direction. Joiners
/// inside names of some scripts are needed, and stay.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_becomes_a_link_or_an_address() {
        for (name, shown) in [
            ("Click https://evil.example", "Click https: evil. example"),
            ("evil.example", "evil. example"),
            ("www.evil.com/path", "www. evil. com/path"),
            ("mailto:a@b.c", "mailto: a (at) b. c"),
            ("a@b", "a (at) b"),
            ("b\u{fc}cher.example", "b\u{fc}cher. example"),
            ("\u{43f}.\u{440}\u{444}", "\u{43f}. \u{440}\u{444}"),
            ("evil\u{ff0e}example", "evil\u{ff0e} example"),
            ("evil\u{3002}example", "evil\u{3002} example"),
            ("https\u{ff1a}\u{ff0f}\u{ff0f}evil", "https\u{ff1a} evil"),
            ("evil.\u{200b}example", "evil. example"),
            ("evil.\u{200d}example", "evil. \u{200d}example"),
            ("evil\u{202e}.elpmaxe", "evil. elpmaxe"),
            ("\\\\server\\share", "server\\share"),
            ("//evil", "evil"),
            ("http:2130706433", "http: 2130706433"),
            ("192.0.2.1:80", "192. 0. 2. 1: 80"),
            ("x.\ny", "x. y"),
            ("[click](http://e.x)", "[click](http: e. x)"),
        ] {
            assert_eq!(unlinked(name), shown, "{name:?}");
        }
    }

    #[test]
    fn a_name_that_is_none_of_that_stays_as_it_is() {
        for name in [
            "ACME",
            "Carlsberg A/S",
            "Dr. Zo\u{eb} \u{c5}ngstr\u{f6}m",
            "ACME Inc.",
            "A & B <b>",
            "{organization}",
            "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}",
        ] {
            assert_eq!(unlinked(name), name);
        }
    }
}
