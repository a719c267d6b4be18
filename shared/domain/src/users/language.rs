//! The languages a user can have.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::error::{Location, Unacceptable, Violation};

/// An ISO 639-1 code of one of the nine languages that the surfaces know
/// between them: `/v2/users` lists eight, `/api/v2` four. A surface accepts its own list and
/// answers whatever is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the codes are the standard's")]
pub enum Language {
    Da,
    De,
    En,
    Es,
    Fr,
    It,
    Nl,
    Pt,
    Sv,
}

impl Language {
    /// The language of whoever has not chosen one.
    pub const DEFAULT: Self = Self::En;

    /// The ISO 639-1 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Da => "da",
            Self::De => "de",
            Self::En => "en",
            Self::Es => "es",
            Self::Fr => "fr",
            Self::It => "it",
            Self::Nl => "nl",
            Self::Pt => "pt",
            Self::Sv => "sv",
        }
    }
}

impl Language {
    /// All of them, in the order of their codes.
    pub const ALL: [Self; 9] = [
        Self::Da,
        Self::De,
        Self::En,
        Self::Es,
        Self::Fr,
        Self::It,
        Self::Nl,
        Self::Pt,
        Self::Sv,
    ];

    /// The language of this code, whichever surface knows it.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|language| language.code() == code)
    }
}

/// What each language has its own of.
///
/// ```
/// # use roster_domain::users::language::{ByLanguage, Language};
/// static YES: ByLanguage<&str> =
///     ByLanguage::new(["ja", "ja", "yes", "sí", "oui", "sì", "ja", "sim", "ja"]);
/// assert_eq!(*YES.of(Language::Fr), "oui");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ByLanguage<T>([T; 9]);

impl<T> ByLanguage<T> {
    /// All of it, in the order of [`Language::ALL`].
    #[must_use]
    pub const fn new(all: [T; 9]) -> Self {
        Self(all)
    }

    /// What a language has.
    #[must_use]
    pub const fn of(&self, language: Language) -> &T {
        let [da, de, en, es, fr, it, nl, pt, sv] = &self.0;
        match language {
            Language::Da => da,
            Language::De => de,
            Language::En => en,
            Language::Es => es,
            Language::Fr => fr,
            Language::It => it,
            Language::Nl => nl,
            Language::Pt => pt,
            Language::Sv => sv,
        }
    }
}

/// A language in a body that the body's surface cannot choose. Its answers show
/// it all the same where another surface chose it, so it is right where it is
/// the user's already: what is answered can be sent back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownLanguage {
    /// The language.
    pub language: Language,
    /// Where it stands in the body.
    pub pointer: String,
    /// What is wrong with it where it is not the user's.
    pub detail: String,
}

impl ShownLanguage {
    /// Holds it to the language that the user has.
    ///
    /// # Errors
    /// Where the user has another one, or none.
    pub fn check(&self, stored: Option<Language>) -> Result<(), Violation> {
        if stored == Some(self.language) {
            return Ok(());
        }
        let location = Location::body(&*self.pointer);
        Err(Violation::unacceptable(location, &*self.detail))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

macro_rules! surface_language {
    ($(#[$doc:meta])* $name:ident, [$($language:ident),+], $list:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub Language);

        impl From<$name> for Language {
            fn from($name(language): $name) -> Self {
                language
            }
        }

        impl FromStr for $name {
            type Err = Unacceptable;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                [$(Language::$language),+]
                    .into_iter()
                    .find(|language| language.code() == text)
                    .map(Self)
                    .ok_or_else(|| Unacceptable::new(concat!("must be one of ", $list)))
            }
        }
    };
}

surface_language!(
    /// One of the eight languages of `/v2/users` and `/v2/teams`.
    SchedulingLanguage, [Fr, En, Es, It, Pt, De, Sv, Nl], "fr, en, es, it, pt, de, sv, nl"
);
surface_language!(
    /// One of the four languages of `/api/v2`.
    AccountsLanguage, [En, Fr, Da, De], "en, fr, da, de"
);
