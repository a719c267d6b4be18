//! The pages that people open from a link: HTML without any script and without any other
//! resource, in nine languages.

pub mod accept_language;
#[cfg(feature = "check")]
pub mod check;
pub mod dates;
mod page;
mod texts;

pub use self::{
    page::{
        Message, STYLE, asked_language, dead_link, headers, render, render_error, reply, see_other,
    },
    texts::{CommonTexts, common_texts},
};
