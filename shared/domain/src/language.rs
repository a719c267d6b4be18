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

/// One of the eight languages of S1 and S2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchedulingLanguage(pub Language);

impl FromStr for SchedulingLanguage {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [
            Language::Fr,
            Language::En,
            Language::Es,
            Language::It,
            Language::Pt,
            Language::De,
            Language::Sv,
            Language::Nl,
        ]
        .into_iter()
        .find(|language| language.code() == text)
        .map(Self)
        .ok_or_else(|| Unacceptable::new("must be one of fr, en, es, it, pt, de, sv, nl"))
    }
}
