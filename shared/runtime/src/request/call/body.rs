//! The body of a request: JSON or a form.

use std::collections::HashMap;

use lambda_http::{Body, http::header};
use roster_domain::{Error, Location, Result, Violation};
use serde_json::{Value, json};

use super::{Call, MAX_BODY};
use crate::{
    json::{
        read::{pointer_to, read_object},
        strict,
    },
    request::oversized::at_largest_field,
};

/// Media type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

impl Call<'_> {
    /// The JSON body, of at most `max` bytes.
    ///
    /// # Errors
    /// [`Error::UnsupportedMediaType`], [`Error::UnsupportedEncoding`],
    /// [`Error::TooLarge`], or [`Error::Invalid`] that says where the JSON
    /// breaks.
    pub fn json(&self, max: usize) -> Result<Value> {
        if !self.is_json() {
            return Err(Error::UnsupportedMediaType);
        }
        let bytes = self.body(max)?;
        strict::from_slice(bytes).map_err(|detail| {
            Error::Invalid(vec![Violation::malformed(Location::body(""), detail)])
        })
    }

    /// As [`Call::json`], where the body may be missing: an empty object then.
    ///
    /// # Errors
    /// As [`Call::json`].
    pub fn json_if_any(&self, max: usize) -> Result<Value> {
        if self.request.body().is_empty() {
            return Ok(json!({}));
        }
        self.json(max)
    }

    /// Holds the request of an operation that takes no fields to an empty body,
    /// or an empty object.
    ///
    /// # Errors
    /// As [`Call::json`]; [`Error::Invalid`] that names each field.
    pub fn no_fields(&self) -> Result<()> {
        read_object(&self.json_if_any(MAX_BODY)?, |_| Some(()))
    }

    /// The fields of a form of at most `max` bytes
    /// (`application/x-www-form-urlencoded`).
    ///
    /// # Errors
    /// [`Error::UnsupportedMediaType`], [`Error::TooLarge`], or
    /// [`Error::Invalid`] that names each field that is given twice or is not
    /// UTF-8.
    pub fn form(&self, max: usize) -> Result<HashMap<String, String>> {
        if self.media_type().as_deref() != Some(FORM) {
            return Err(Error::UnsupportedMediaType);
        }
        let mut fields = HashMap::new();
        let mut violations = Vec::new();
        let form = strict::without_mark(self.body(max)?);
        for (name, value) in url::form_urlencoded::parse(form) {
            let location = Location::body(pointer_to("", &name));
            // What stands in place of bytes that are not UTF-8: kept, it would
            // be another text than the one that was meant.
            if name.contains('\u{FFFD}') || value.contains('\u{FFFD}') {
                violations.push(Violation::malformed(location, "must be UTF-8"));
            } else if fields
                .insert(name.into_owned(), value.into_owned())
                .is_some()
            {
                violations.push(Violation::malformed(location, "must be given once"));
            }
        }
        if violations.is_empty() {
            Ok(fields)
        } else {
            Err(Error::Invalid(violations))
        }
    }

    /// The JSON body, or a form as an object of strings, so that one reader
    /// serves both (`/api/v1`). A body without a media type is taken for JSON.
    ///
    /// # Errors
    /// As [`Call::json`] and [`Call::form`].
    pub fn json_or_form(&self, max: usize) -> Result<Value> {
        if self.media_type().as_deref() != Some(FORM) {
            return self.json(max);
        }
        let fields = self.form(max)?.into_iter();
        Ok(fields
            .map(|(name, value)| (name, Value::String(value)))
            .collect())
    }

    /// An error that says that the request is too large to store, with the field
    /// that takes most of it.
    pub(crate) fn at_largest_field(&self, error: Error) -> Error {
        if !matches!(error, Error::Oversized { .. }) {
            return error;
        }
        match self.json_or_form(usize::MAX) {
            Ok(body) => at_largest_field(error, &body),
            Err(_) => error,
        }
    }

    fn body(&self, max: usize) -> Result<&[u8]> {
        if let Some(encoding) = self.only_header(&header::CONTENT_ENCODING)? {
            let is_plain = |name: &str| name.trim().eq_ignore_ascii_case("identity");
            if !encoding.split(',').all(is_plain) {
                return Err(Error::UnsupportedEncoding(encoding));
            }
        }
        let bytes: &[u8] = match self.request.body() {
            Body::Text(text) => text.as_bytes(),
            Body::Binary(bytes) => bytes,
            _ => &[],
        };
        if bytes.len() > max {
            let size = bytes.len();
            return Err(Error::TooLarge(format!(
                "the body has {size} bytes; the maximum is {max}"
            )));
        }
        Ok(bytes)
    }

    /// A body without a media type is taken for JSON.
    fn is_json(&self) -> bool {
        self.media_type().is_none_or(|media_type| {
            media_type == "application/json"
                || (media_type.starts_with("application/") && media_type.ends_with("+json"))
        })
    }

    /// The body's media type in lower case, without parameters.
    fn media_type(&self) -> Option<String> {
        // What was sent twice and differs is no media type.
        let text = self.only_header(&header::CONTENT_TYPE);
        let text = text.unwrap_or_else(|_| Some(String::new()))?;
        let media_type = text.split(';').next().unwrap_or_default();
        Some(media_type.trim().to_ascii_lowercase())
    }
}
