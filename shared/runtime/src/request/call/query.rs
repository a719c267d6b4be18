//! What the query of a request asks for.

use std::str::FromStr;

use lambda_http::RequestExt;
use roster_domain::{Error, Location, Result, Violation, error::Unacceptable};

use super::Call;

/// What is said of a text that would be right with a plus where it has a blank.
const LOST_PLUS: &str = "; it has a blank: a plus must be sent as %2B in a query";

impl Call<'_> {
    /// A query parameter; none where it is absent.
    ///
    /// # Errors
    /// [`Error::Invalid`] where it is given twice.
    pub fn query_parameter(&self, name: &str) -> Result<Option<String>> {
        let values = self
            .request
            .query_string_parameters_ref()
            .and_then(|query| query.all(name));
        match values.as_deref() {
            None | Some([]) => Ok(None),
            Some([value]) => Ok(Some((*value).to_owned())),
            Some(_) => Err(malformed_query(name, "must be given once")),
        }
    }

    /// A query parameter of some type; none where it is absent.
    ///
    /// # Errors
    /// [`Error::Invalid`] where it is not of the type.
    pub fn query_value<T: FromStr<Err = Unacceptable>>(&self, name: &str) -> Result<Option<T>> {
        let text = self.query_parameter(name)?;
        text.map(|text| {
            text.parse().map_err(|Unacceptable(detail)| {
                let has_lost_plus =
                    text.contains(' ') && text.replace(' ', "+").parse::<T>().is_ok();
                let hint = if has_lost_plus { LOST_PLUS } else { "" };
                malformed_query(name, format!("{detail}{hint}"))
            })
        })
        .transpose()
    }

    /// Every query parameter, as it was sent.
    #[must_use]
    pub fn query(&self) -> Vec<(String, String)> {
        let parameters = self.request.query_string_parameters_ref();
        parameters.map_or_else(Vec::new, |query| {
            query
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect()
        })
    }

    /// Refuses query parameters other than these and `organization`: a typo in
    /// a filter must not list everything.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names each.
    pub fn only_query(&self, known: &[&str]) -> Result<()> {
        self.exact_query(&[known, &["organization"]].concat())
    }

    /// As [`Call::only_query`], on a surface where a number says in which
    /// organization something is (`/api/v1`): `organization` is refused too.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names each.
    pub fn exact_query(&self, known: &[&str]) -> Result<()> {
        let unknown = self
            .query()
            .into_iter()
            .filter(|(name, _)| !known.contains(&name.as_str()));
        let violations: Vec<_> = unknown
            .map(|(name, _)| {
                Violation::malformed(
                    Location::query(name),
                    "is not a parameter of this operation",
                )
            })
            .collect();
        if violations.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(violations))
        }
    }
}

fn malformed_query(name: &str, detail: impl Into<String>) -> Error {
    Error::Invalid(vec![Violation::malformed(Location::query(name), detail)])
}
