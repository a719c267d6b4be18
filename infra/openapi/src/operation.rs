//! The description of one operation, without what its route says already.

use serde_json::Value;
use utoipa::openapi::path::Parameter;

use crate::schema::{Part, named};

/// How a surface tells what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Style {
    /// Problem details (`/v2`).
    Problem,
    /// `{"error": true, "message", "statusCode"}` (`/api/v2`).
    Accounts,
    /// `{"error"}` (`/api/v1`).
    Directory,
    /// A page for a browser.
    Page,
}

/// A header that an answer can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnswerHeader {
    /// `Link`: the rest of a list.
    Link,
    /// `ETag`.
    Tag,
    /// `Cache-Control`.
    CacheControl,
    /// `Idempotent-Replayed`.
    Replayed,
}

/// An answer that is no error.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) about: &'static str,
    /// Media type and schema; none where there is no body.
    pub(crate) content: Option<(&'static str, Part)>,
    pub(crate) example: Option<Value>,
    pub(crate) headers: Vec<AnswerHeader>,
}

/// What a request carries.
pub(crate) struct Body {
    /// Media types, each with a schema.
    pub(crate) content: Vec<(&'static str, Part)>,
    pub(crate) required: bool,
    /// Examples of the first media type, by name.
    pub(crate) examples: Vec<(&'static str, Value)>,
}

/// The description of one operation.
pub(crate) struct Operation {
    pub(crate) binary: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) style: Style,
    pub(crate) summary: &'static str,
    pub(crate) about: String,
    /// Query parameters and headers; those of the path are known by name.
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) answers: Vec<Answer>,
    /// What the function refuses with, besides what every request can get.
    pub(crate) errors: Vec<u16>,
}

pub(crate) const JSON: &str = "application/json";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// Describes the operation of a binary.
pub(crate) fn operation(
    binary: &'static str,
    tag: &'static str,
    style: Style,
    summary: &'static str,
) -> Operation {
    Operation {
        binary,
        tag,
        style,
        summary,
        about: String::new(),
        parameters: Vec::new(),
        body: None,
        answers: Vec::new(),
        errors: Vec::new(),
    }
}

impl Operation {
    /// What a caller should know, as `CommonMark`.
    pub(crate) fn about(mut self, text: impl Into<String>) -> Self {
        self.about = text.into();
        self
    }

    /// Query parameters and headers. One of the wrong form, an unknown and a
    /// repeated one are refused.
    pub(crate) fn takes(mut self, parameters: impl IntoIterator<Item = Parameter>) -> Self {
        self.parameters.extend(parameters);
        self
    }

    /// A JSON body that must be there.
    pub(crate) fn body(self, part: Part, examples: Vec<(&'static str, Value)>) -> Self {
        self.bodies(vec![(JSON, part)], true, examples)
    }

    /// A body of one of some media types.
    pub(crate) fn bodies(
        mut self,
        content: Vec<(&'static str, Part)>,
        required: bool,
        examples: Vec<(&'static str, Value)>,
    ) -> Self {
        self.body = Some(Body {
            content,
            required,
            examples,
        });
        self.refuses([400, 413, 415, 422])
    }

    /// An answer with a JSON body.
    pub(crate) fn answers(
        self,
        status: u16,
        about: &'static str,
        part: Part,
        example: Value,
    ) -> Self {
        self.answer(Answer {
            status,
            about,
            content: Some((JSON, part)),
            example: Some(example),
            headers: Vec::new(),
        })
    }

    /// An answer with the object of this name.
    pub(crate) fn shows(self, about: &'static str, name: &str, example: Value) -> Self {
        self.answers(200, about, named(name), example)
    }

    /// Any answer.
    pub(crate) fn answer(mut self, answer: Answer) -> Self {
        self.answers.push(answer);
        self
    }

    /// A header of the last answer.
    pub(crate) fn with(mut self, header: AnswerHeader) -> Self {
        if let Some(answer) = self.answers.last_mut() {
            answer.headers.push(header);
        }
        self
    }

    /// What a caller gets who has the answer already.
    pub(crate) fn or_not_modified(self) -> Self {
        self.answer(Answer {
            status: 304,
            about: "Not modified.",
            content: None,
            example: None,
            headers: vec![AnswerHeader::Tag, AnswerHeader::CacheControl],
        })
    }

    /// What the function refuses with.
    pub(crate) fn refuses(mut self, statuses: impl IntoIterator<Item = u16>) -> Self {
        self.errors.extend(statuses);
        self
    }
}
