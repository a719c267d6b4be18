//! The operations that serve this document.

use crate::{
    errors::PAGE,
    operation::{Answer, AnswerHeader, JSON, Operation, Style, operation},
    schema::{Part, anything, map, string},
};

/// The descriptions.
pub(crate) fn operations() -> Vec<Operation> {
    let document: Part = map(anything(), None, None);
    vec![
        kept(
            "reference-openapi",
            "Get the OpenAPI document",
            "The OpenAPI document.",
            (JSON, document),
        ),
        kept(
            "reference-docs",
            "Browse the API",
            "A page to browse and try the API.",
            (PAGE, string()),
        ),
    ]
}

fn kept(
    binary: &'static str,
    summary: &'static str,
    about: &'static str,
    content: (&'static str, Part),
) -> Operation {
    operation(binary, "Reference", Style::Problem, summary)
        .answer(Answer {
            status: 200,
            about,
            content: Some(content),
            example: None,
            headers: vec![AnswerHeader::Tag, AnswerHeader::CacheControl],
        })
        .or_not_modified()
}
