//! `full_name` of a user in a request: first and last name as one text.

use crate::{
    error::{Location, Unacceptable, Violation},
    text::Name,
    users::profile::Profile,
};

/// First and last name as one text. Answers show it beside the two; a body may
/// have it alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FullName {
    /// Where it stands in the body.
    pub pointer: String,
    /// The text; empty: neither name.
    pub text: String,
}

impl FullName {
    /// Makes the change. Alone, the first word is the first name, and the rest
    /// the last name (`Ludwig van Beethoven`); the names that the user has stay
    /// as they are where they read the same. Beside `first_name` or `last_name`
    /// (`is_split`), those count, and this is what an answer showed before or
    /// would show after them.
    ///
    /// `before` is the profile as it was; none for a new user.
    ///
    /// # Errors
    /// Where it contradicts the names beside it, or is too long to be split.
    pub fn apply(
        &self,
        before: Option<&Profile>,
        is_split: bool,
        to: &mut Profile,
    ) -> Result<(), Violation> {
        let text = one_blank(&self.text);
        let shows = |profile: &Profile| one_blank(&profile.full_name()) == text;
        if shows(to) || before.is_some_and(shows) {
            return Ok(());
        }
        let refused =
            |detail: String| Violation::unacceptable(Location::body(&*self.pointer), detail);
        if is_split {
            let names = |profile: &Profile| (profile.first_name.clone(), profile.last_name.clone());
            // Somebody else may have changed the names since they were read:
            // then it is old, and the names that come with it are not.
            let is_old = before.is_some_and(|before| names(before) != names(to));
            let detail = "must be first_name and last_name, with a blank between them; \
                          leave either it or them out";
            return if is_old {
                Ok(())
            } else {
                Err(refused(detail.to_owned()))
            };
        }
        let (first, last) = text.split_once(' ').unwrap_or((&text, ""));
        let name = |text: &str| -> Result<Option<Name>, Violation> {
            if text.is_empty() {
                return Ok(None);
            }
            let read = text.parse().map(Some);
            read.map_err(|Unacceptable(detail)| refused(format!("each name {detail}")))
        };
        (to.first_name, to.last_name) = (name(first)?, name(last)?);
        Ok(())
    }
}

/// The words of a text, with one blank between them.
fn one_blank(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(first: &str, last: &str) -> Profile {
        Profile {
            first_name: first.parse().ok(),
            last_name: last.parse().ok(),
            ..Profile::default()
        }
    }

    fn full_name(text: &str) -> FullName {
        FullName {
            pointer: "/user/full_name".to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_full_name_alone_is_split_behind_its_first_word() {
        for (text, first, last) in [
            ("Ludwig van Beethoven", "Ludwig", "van Beethoven"),
            ("  Jean \t Dupont ", "Jean", "Dupont"),
            ("Madonna", "Madonna", ""),
            ("", "", ""),
        ] {
            let before = profile("Old", "Name");
            let mut to = before.clone();
            let done = full_name(text).apply(Some(&before), false, &mut to);
            assert_eq!((done, to), (Ok(()), profile(first, last)), "{text:?}");
        }
        let mut to = Profile::default();
        let long = "x".repeat(101);
        assert!(full_name(&long).apply(None, false, &mut to).is_err());
    }

    #[test]
    fn names_that_read_the_same_are_not_split_anew() {
        let before = profile("Jean Paul", "Dupont");
        let mut to = before.clone();
        let done = full_name("Jean Paul Dupont").apply(Some(&before), false, &mut to);
        assert_eq!((done, to), (Ok(()), before));
    }

    #[test]
    fn a_full_name_beside_the_names_agrees_with_them_or_is_the_one_before() {
        let (old, new) = (profile("Jean", "Dupont"), profile("Jean", "Snow"));
        for (text, before, after, is_fine) in [
            ("Jean Snow", Some(&old), &new, true),
            ("Jean Dupont", Some(&old), &new, true),
            ("Jean Older", Some(&old), &new, true),
            ("Arya Stark", Some(&old), &old, false),
            ("Jean Snow", None, &new, true),
            ("Arya Stark", None, &new, false),
        ] {
            let mut to = after.clone();
            let done = full_name(text).apply(before, true, &mut to);
            assert_eq!((done.is_ok(), &to), (is_fine, after), "{text:?}");
        }
    }
}
