//! What can be wrong with what a user enters on the sign-up page.

use roster_domain::users::language::Language;

use crate::signup_texts::texts;

/// An input of the sign-up page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The name to log in with. Only shown: the form does not send it.
    LoginName,
    /// The first name.
    FirstName,
    /// The last name.
    LastName,
    /// The password.
    Password,
    /// The password once more.
    PasswordConfirmation,
}

impl Field {
    /// The input's `id`, and the name that the form sends its value under.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::LoginName => "login_name",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Password => "password",
            Self::PasswordConfirmation => "password_confirmation",
        }
    }
}

/// A reason not to take what a user entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No first name, or only blanks.
    FirstNameMissing,
    /// A first name that is no [`Name`](roster_domain::text::Name).
    FirstNameInvalid,
    /// No last name, or only blanks.
    LastNameMissing,
    /// A last name that is no [`Name`](roster_domain::text::Name).
    LastNameInvalid,
    /// A password of fewer than 8 or more than 128 characters.
    PasswordLength,
    /// A password with a character that none can have (U+0000).
    PasswordInvalid,
    /// The second password is not the first.
    PasswordsDiffer,
    /// Somebody else has taken the login name since the invitation.
    LoginNameTaken,
}

impl Problem {
    /// The field that it is about.
    #[must_use]
    pub fn field(self) -> Field {
        match self {
            Self::FirstNameMissing | Self::FirstNameInvalid => Field::FirstName,
            Self::LastNameMissing | Self::LastNameInvalid => Field::LastName,
            Self::PasswordLength | Self::PasswordInvalid => Field::Password,
            Self::PasswordsDiffer => Field::PasswordConfirmation,
            Self::LoginNameTaken => Field::LoginName,
        }
    }

    /// What the user is told.
    #[must_use]
    pub fn message(self, language: Language) -> &'static str {
        let texts = texts(language);
        match self {
            Self::FirstNameMissing => texts.first_name_missing,
            Self::FirstNameInvalid => texts.first_name_invalid,
            Self::LastNameMissing => texts.last_name_missing,
            Self::LastNameInvalid => texts.last_name_invalid,
            Self::PasswordLength => texts.password_length,
            Self::PasswordInvalid => texts.password_invalid,
            Self::PasswordsDiffer => texts.passwords_differ,
            Self::LoginNameTaken => texts.login_name_taken,
        }
    }
}
