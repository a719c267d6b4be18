//! Comparing an answer with a sample: the same names, the same JSON types, the
//! same values. Whatever else there is must be allowed by name, and an
//! allowance that nothing needs is a difference too.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// Where an answer may differ: JSON pointers, `*` for any place in an array.
#[derive(Clone, Default)]
pub struct Allowed<'a> {
    /// What stands before every pointer below.
    pub at: &'a str,
    /// Names that the answer has and the sample has not.
    pub added: &'a [&'a str],
    /// Names that the sample has and the answer has not.
    pub left_out: &'a [&'a str],
    /// Values of this run, of the sample's form: new ids, times, addresses.
    pub of_this_run: &'a [&'a str],
    /// What the answer has instead of the sample's value.
    pub instead: &'a [(&'a str, Value)],
}

/// Every difference between an answer and a sample, each with its place.
pub(super) fn differences(sample: &Value, answer: &Value, allowed: &Allowed<'_>) -> Vec<String> {
    let mut walk = Walk {
        allowed,
        used: BTreeSet::new(),
        found: Vec::new(),
    };
    walk.value("", sample, answer);
    let Walk {
        used, mut found, ..
    } = walk;
    let instead = allowed.instead.iter().map(|(pointer, _)| pointer);
    let all = allowed.added.iter().chain(allowed.left_out);
    let all = all.chain(allowed.of_this_run).chain(instead);
    let unused = all.filter(|pointer| !used.contains(**pointer));
    found.extend(unused.map(|pointer| format!("{pointer} is allowed to differ and does not")));
    found
}

struct Walk<'a> {
    allowed: &'a Allowed<'a>,
    used: BTreeSet<&'a str>,
    found: Vec<String>,
}

impl<'a> Walk<'a> {
    fn value(&mut self, pointer: &str, sample: &Value, answer: &Value) {
        let allowed = self.allowed;
        let place = pointer.strip_prefix(allowed.at);
        let mut instead = allowed.instead.iter();
        if let Some((name, value)) = instead.find(|(name, _)| place == Some(name)) {
            if sample != value {
                self.used.insert(name);
            }
            self.equal(pointer, value, answer);
            return;
        }
        if self.is_in(allowed.of_this_run, pointer) {
            let (wanted, got) = (form(sample), form(answer));
            if wanted != got {
                let note = format!("{pointer} is {answer}, {got}; the sample's is {wanted}");
                self.found.push(note);
            }
            return;
        }
        match (sample, answer) {
            (Value::Object(wanted), Value::Object(got)) => {
                for (name, value) in wanted {
                    let pointer = format!("{pointer}/{name}");
                    match got.get(name) {
                        Some(answer) => self.value(&pointer, value, answer),
                        None if self.is_in(allowed.left_out, &pointer) => {}
                        None => self.found.push(format!("{pointer} is missing")),
                    }
                }
                for name in got.keys().filter(|name| !wanted.contains_key(*name)) {
                    let pointer = format!("{pointer}/{name}");
                    if !self.is_in(allowed.added, &pointer) {
                        self.found.push(format!("{pointer} is not in the sample"));
                    }
                }
            }
            (Value::Array(wanted), Value::Array(got)) if wanted.len() == got.len() => {
                let pointer = format!("{pointer}/*");
                for (sample, answer) in wanted.iter().zip(got) {
                    self.value(&pointer, sample, answer);
                }
            }
            _ => self.equal(pointer, sample, answer),
        }
    }

    fn equal(&mut self, pointer: &str, sample: &Value, answer: &Value) {
        if sample != answer {
            let note = format!("{pointer} is {answer}, in the sample {sample}");
            self.found.push(note);
        }
    }

    fn is_in(&mut self, pointers: &'a [&'a str], pointer: &str) -> bool {
        let place = pointer.strip_prefix(self.allowed.at);
        let found = pointers.iter().find(|name| place == Some(name));
        self.used.extend(found);
        found.is_some()
    }
}

/// What kind of value this is, as far as a reader of the samples can tell.
fn form(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
        Value::String(text) => text_form(text),
    }
}

fn text_form(text: &str) -> &'static str {
    let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    if text.len() == 24 && text.bytes().all(is_hex) {
        "an id"
    } else if shape == "0000-00-00T00:00:00.000Z" {
        "an instant"
    } else if shape == "0000-00-00 00:00:00" {
        "a time"
    } else if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        "digits"
    } else if text.starts_with("https://") || text.starts_with("http://") {
        "a URL"
    } else {
        "a text"
    }
}

#[test]
fn the_comparison_tells_every_difference_and_where_it_is() {
    let sample = json!({
        "_id": "5f2d28fb1e0662e70071d46b",
        "admin": true,
        "days": 14,
        "when": "2020-08-07T10:12:11.260Z",
        "url": "https://my-page.vyte.in",
        "people": [{ "name": "John" }, { "name": "Jane" }],
    });
    let none = Allowed::default();
    assert_eq!(differences(&sample, &sample, &none), Vec::<String>::new());
    let cases = [
        ("/admin", json!("true"), "/admin is \"true\""),
        ("/admin", json!(false), "/admin is false"),
        ("/days", json!(14.0), "/days is 14.0"),
        ("/days", json!(null), "/days is null"),
        ("/people", json!([]), "/people is []"),
        (
            "/people/1/name",
            json!("Joan"),
            "/people/*/name is \"Joan\"",
        ),
        ("/people/1", json!({}), "/people/*/name is missing"),
        (
            "/people/0",
            json!({ "name": "John", "x": 1 }),
            "/people/*/x is not",
        ),
    ];
    for (pointer, value, difference) in cases {
        let mut answer = sample.clone();
        *answer.pointer_mut(pointer).unwrap() = value;
        let found = differences(&sample, &answer, &none);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(difference), "{found:?}");
    }
}

#[test]
fn a_value_of_this_run_must_have_the_samples_form() {
    let form_of = |pointer: &str, value: Value| {
        let sample = json!({
            "_id": "5f2d28fb1e0662e70071d46b",
            "when": "2020-08-07T10:12:11.260Z",
            "url": "https://my-page.vyte.in",
            "__v": 69,
        });
        let mut answer = sample.clone();
        *answer.pointer_mut(pointer).unwrap() = value;
        let of_this_run = &[pointer];
        let allowed = Allowed {
            of_this_run,
            ..Allowed::default()
        };
        differences(&sample, &answer, &allowed)
    };
    for (pointer, fine, wrong) in [
        (
            "/_id",
            "5f2d28fb1e0662e70071d46c",
            "5F2D28FB1E0662E70071D46B",
        ),
        ("/when", "2026-01-02T03:04:05.006Z", "2026-01-02T03:04:05Z"),
        ("/url", "http://127.0.0.1:9000", "127.0.0.1"),
    ] {
        assert_eq!(form_of(pointer, json!(fine)), Vec::<String>::new());
        assert_eq!(form_of(pointer, json!(wrong)).len(), 1, "{wrong}");
    }
    assert_eq!(form_of("/__v", json!(0)), Vec::<String>::new());
    assert_eq!(form_of("/__v", json!("0")).len(), 1);
}

#[test]
fn an_allowance_covers_its_place_alone_and_must_be_needed() {
    let (sample, answer) = (json!({ "a": "x", "b": 1 }), json!({ "a": false, "c": 2 }));
    let exact = Allowed {
        added: &["/c"],
        left_out: &["/b"],
        instead: &[("/a", json!(false))],
        ..Allowed::default()
    };
    assert_eq!(differences(&sample, &answer, &exact), Vec::<String>::new());
    assert_eq!(differences(&sample, &answer, &Allowed::default()).len(), 3);
    let wrong = Allowed {
        instead: &[("/a", json!(true))],
        ..exact.clone()
    };
    assert_eq!(differences(&sample, &answer, &wrong).len(), 1);
    let nested = json!([sample]);
    let answers = json!([answer]);
    let below = Allowed {
        at: "/*",
        ..exact.clone()
    };
    assert_eq!(differences(&nested, &answers, &below), Vec::<String>::new());
    assert_eq!(differences(&sample, &answer, &below).len(), 6);
    let unneeded = differences(&sample, &sample, &exact);
    assert_eq!(unneeded.len(), 3, "{unneeded:?}");
}
