//! The pages that people open from a link: HTML without any script and without any other
//! resource, in nine languages.

pub mod accept_language;
#[cfg(feature = "check")]
pub mod check;
pub mod dates;
mod page;
mod texts;

pub use self::{
    page::{Message, STYLE, dead_link, headers, render, render_error, reply},
    texts::{CommonTexts, common_texts},
};
