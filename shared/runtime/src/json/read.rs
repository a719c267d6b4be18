//! Reading a JSON body: every violation at once, each with its pointer, and no
//! field passed over in silence.

use std::{cell::RefCell, ops::RangeInclusive};

use roster_domain::{Error, Location, Patch, Result, Violation};
use serde_json::{Map, Value};

use crate::json::from_json;
pub use crate::json::from_json::{FromJson, Wrong};

/// What a body violates, collected while it is read.
#[derive(Debug, Default)]
pub struct Violations(RefCell<Vec<Violation>>);

impl Violations {
    /// Notes one.
    pub fn add(&self, violation: Violation) {
        self.0.borrow_mut().push(violation);
    }

    /// Notes a value that is not acceptable.
    pub fn unacceptable(&self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.add(Violation::unacceptable(Location::body(pointer), detail));
    }

    /// Notes a value of the wrong form.
    pub fn malformed(&self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.add(Violation::malformed(Location::body(pointer), detail));
    }

    /// What was read, unless something was violated.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that was noted.
    pub fn check<T>(self, read: T) -> Result<T> {
        let violations = self.0.into_inner();
        if violations.is_empty() {
            Ok(read)
        } else {
            Err(Error::Invalid(violations))
        }
    }
}

/// Reads a body that is one object, to its end.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_object<T>(body: &Value, read: impl FnOnce(&Object<'_>) -> Option<T>) -> Result<T> {
    let violations = Violations::default();
    let found = Node::body(body, &violations).object().and_then(|object| {
        let found = read(&object);
        object.end();
        found
    });
    violations
        .check(found)?
        .ok_or_else(|| Error::internal("a body was read as nothing"))
}

/// Longest text that an error repeats.
const MAX_REPEATED: usize = 40;

/// What was sent, for the error that says what should have been: a number and a
/// short text as they are where `shown`, otherwise their type.
fn got(value: &Value, shown: bool) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) if shown => number.to_string(),
        Value::Number(_) => "a number".to_owned(),
        Value::String(text) if shown && text.chars().count() <= MAX_REPEATED => value.to_string(),
        Value::String(_) => "a string".to_owned(),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// One JSON value and where it stands.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    /// Its JSON pointer.
    pub pointer: String,
    /// The value.
    pub value: &'a Value,
    violations: &'a Violations,
}

impl<'a> Node<'a> {
    /// The whole body.
    #[must_use]
    pub fn body(value: &'a Value, violations: &'a Violations) -> Self {
        Self {
            pointer: String::new(),
            value,
            violations,
        }
    }

    /// Reads a value.
    #[must_use]
    pub fn read<T: FromJson>(&self) -> Option<T> {
        match T::from_json(self.value) {
            Ok(value) => Some(value),
            Err(wrong) => {
                self.note(wrong);
                None
            }
        }
    }

    /// Reads a whole number in a range.
    #[must_use]
    pub fn integer(&self, range: &RangeInclusive<u32>) -> Option<u32> {
        let (start, end) = (range.start(), range.end());
        let got = || got(self.value, true);
        let Ok(number) = u64::from_json(self.value) else {
            let detail = format!(
                "must be a whole number from {start} to {end}, not {}",
                got()
            );
            self.violations.malformed(&*self.pointer, detail);
            return None;
        };
        let number = u32::try_from(number).ok();
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            self.unacceptable(format!("must be from {start} to {end}, not {}", got()));
        }
        number
    }

    /// Reads an object.
    #[must_use]
    pub fn object(&self) -> Option<Object<'a>> {
        let Some(map) = self.value.as_object() else {
            self.note(Wrong::Type("must be an object"));
            return None;
        };
        Some(Object {
            pointer: self.pointer.clone(),
            map,
            known: RefCell::default(),
            violations: self.violations,
        })
    }

    /// Reads an object whose names are the caller's own: each name, and what
    /// stands there.
    #[must_use]
    pub fn members(&self) -> Option<Vec<(String, Node<'a>)>> {
        let Some(map) = self.value.as_object() else {
            self.note(Wrong::Type("must be an object"));
            return None;
        };
        let member = |(name, value): (&String, &'a Value)| {
            let node = Node {
                pointer: pointer_to(&self.pointer, name),
                value,
                violations: self.violations,
            };
            (name.clone(), node)
        };
        Some(map.iter().map(member).collect())
    }

    /// Reads an array of at most `max` elements.
    #[must_use]
    pub fn array(&self, max: usize) -> Option<Vec<Node<'a>>> {
        let Some(elements) = self.value.as_array() else {
            self.note(Wrong::Type("must be an array"));
            return None;
        };
        if elements.len() > max {
            let count = elements.len();
            self.unacceptable(format!("must have at most {max} elements, has {count}"));
            return None;
        }
        let node = |(index, value)| Node {
            pointer: format!("{}/{index}", self.pointer),
            value,
            violations: self.violations,
        };
        Some(elements.iter().enumerate().map(node).collect())
    }

    /// Reads an array of at most `max` elements. Every element is read, also
    /// behind one that is wrong, so that everything wrong is told at once.
    #[must_use]
    pub fn elements<T>(
        &self,
        max: usize,
        read: impl FnMut(Node<'a>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let read: Vec<Option<T>> = self.array(max)?.into_iter().map(read).collect();
        read.into_iter().collect()
    }

    /// As [`Node::elements`], also of one element without the array: real clients send
    /// that.
    #[must_use]
    pub fn one_or_more<T>(
        self,
        max: usize,
        mut read: impl FnMut(Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        if self.value.is_object() {
            return read(self).map(|only| vec![only]);
        }
        self.elements(max, read)
    }

    /// Where violations go.
    #[must_use]
    pub fn violations(&self) -> &'a Violations {
        self.violations
    }

    /// Notes that the value has the wrong form or is not acceptable.
    pub fn note(&self, wrong: Wrong) {
        match wrong {
            Wrong::Type(detail) => {
                // What stands where a text should may be half of a password.
                let got = got(self.value, detail != from_json::STRING);
                self.violations
                    .malformed(&*self.pointer, format!("{detail}, not {got}"));
            }
            Wrong::Value(detail) => self.unacceptable(detail),
        }
    }

    /// Notes that the value has the wrong form.
    pub fn malformed(&self, detail: impl Into<String>) {
        self.violations.malformed(&*self.pointer, detail);
    }

    /// Notes that the value is not acceptable.
    pub fn unacceptable(&self, detail: impl Into<String>) {
        self.violations.unacceptable(&*self.pointer, detail);
    }
}

/// A JSON object that is being read. Every field must be asked for before
/// [`Object::end`], which refuses the others by name.
#[derive(Debug)]
pub struct Object<'a> {
    /// Its JSON pointer.
    pub pointer: String,
    map: &'a Map<String, Value>,
    known: RefCell<Vec<&'static str>>,
    violations: &'a Violations,
}

impl<'a> Object<'a> {
    /// A field, null or not; none where it is absent.
    #[must_use]
    pub fn node(&self, name: &'static str) -> Option<Node<'a>> {
        self.known.borrow_mut().push(name);
        let value = self.map.get(name)?;
        Some(Node {
            pointer: format!("{}/{name}", self.pointer),
            value,
            violations: self.violations,
        })
    }

    /// A field that may be absent, cleared with null, or set. What cannot be
    /// read counts as absent; it was noted.
    pub fn patch_with<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(Node<'a>) -> Option<T>,
    ) -> Patch<T> {
        match self.node(name) {
            None => Patch::Keep,
            Some(node) if node.value.is_null() => Patch::Clear,
            Some(node) => read(node).map_or(Patch::Keep, Patch::Set),
        }
    }

    /// A field that may be absent, cleared with null, or set.
    #[must_use]
    pub fn patch<T: FromJson>(&self, name: &'static str) -> Patch<T> {
        self.patch_with(name, |node| node.read())
    }

    /// Whether a field is there and is an empty text: what `/api/v2`, `/api/v1` and forms have
    /// for what is not set.
    #[must_use]
    pub fn is_empty(&self, name: &'static str) -> bool {
        self.node(name).is_some_and(|node| node.value == "")
    }

    /// A field that may be absent, and must have a value where it is there.
    pub fn optional_with<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(Node<'a>) -> Option<T>,
    ) -> Option<T> {
        let node = self.node(name)?;
        if node.value.is_null() {
            node.unacceptable("must not be null");
            return None;
        }
        read(node)
    }

    /// A field that may be absent, and must have a value where it is there.
    #[must_use]
    pub fn optional<T: FromJson>(&self, name: &'static str) -> Option<T> {
        self.optional_with(name, |node| node.read())
    }

    /// A field that must be there.
    pub fn required<T: FromJson>(&self, name: &'static str) -> Option<T> {
        self.require(name);
        self.optional(name)
    }

    /// Notes that a field must be there, where it is not.
    pub fn require(&self, name: &'static str) {
        if !self.map.contains_key(name) {
            self.violations
                .unacceptable(format!("{}/{name}", self.pointer), "is required");
        }
    }

    /// A nested object that may be absent.
    pub fn object(&self, name: &'static str) -> Option<Object<'a>> {
        self.optional_with(name, |node| node.object())
    }

    /// Fields that answers show and clients send back: read-only here.
    pub fn read_only(&self, names: &[&'static str]) {
        self.known.borrow_mut().extend(names);
    }

    /// Whether a field is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    /// Where violations go.
    #[must_use]
    pub fn violations(&self) -> &'a Violations {
        self.violations
    }

    /// Refuses the fields that were not asked for: a typo must not vanish.
    pub fn end(self) {
        let known = self.known.borrow();
        for name in self
            .map
            .keys()
            .filter(|name| !known.contains(&name.as_str()))
        {
            self.violations.malformed(
                pointer_to(&self.pointer, name),
                "is not a field of this object",
            );
        }
    }
}

/// The pointer to a name that a caller chose: RFC 6901 escapes two characters.
pub(crate) fn pointer_to(parent: &str, name: &str) -> String {
    let escaped = name.replace('~', "~0").replace('/', "~1");
    format!("{parent}/{escaped}")
}

#[cfg(test)]
mod tests;
