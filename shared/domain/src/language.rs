//! The languages a user can have.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::error::Unacceptable;

/// An ISO 639-1 code of one of the nine languages that the surfaces know
/// between them: S1 lists eight, S3 four. A surface accepts its own list and
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
    /// One of the eight languages of S1 and S2.
    SchedulingLanguage, [Fr, En, Es, It, Pt, De, Sv, Nl], "fr, en, es, it, pt, de, sv, nl"
);
surface_language!(
    /// One of the four languages of S3.
    AccountsLanguage, [En, Fr, Da, De], "en, fr, da, de"
);
