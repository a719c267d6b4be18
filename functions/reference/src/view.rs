//! The document as the page shows it. What it has is read leniently: the tests
//! of `infra/openapi` hold the document to its form.

mod shape;

use pulldown_cmark::{Parser, html};
use serde_json::Value;

pub(crate) use shape::Shape;

/// All of it.
pub(crate) struct Document {
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) about: String,
    pub(crate) keys: Vec<(String, String)>,
    pub(crate) groups: Vec<Group>,
    pub(crate) schemas: Vec<(String, Shape)>,
}

/// The operations of one tag.
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) operations: Vec<Operation>,
}

/// One operation.
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) summary: String,
    pub(crate) about: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Vec<Content>,
    pub(crate) body_required: bool,
    pub(crate) answers: Vec<Answer>,
}

/// One parameter.
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) place: String,
    pub(crate) required: bool,
    pub(crate) about: String,
    pub(crate) shape: Shape,
}

/// One status.
pub(crate) struct Answer {
    pub(crate) status: String,
    pub(crate) about: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) contents: Vec<Content>,
}

/// A body in one media type.
pub(crate) struct Content {
    pub(crate) media_type: String,
    pub(crate) shape: Shape,
    pub(crate) examples: Vec<(String, String)>,
}

/// `CommonMark` as HTML.
fn markdown(text: &str) -> String {
    let mut out = String::new();
    html::push_html(&mut out, Parser::new(text));
    out
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn about(value: &Value) -> String {
    markdown(value["description"].as_str().unwrap_or_default())
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn elements(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// What stands at a JSON pointer; null where nothing does.
fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

/// What a reference leads to; anything else stands for itself.
fn resolve<'a>(root: &'a Value, value: &'a Value) -> &'a Value {
    value["$ref"]
        .as_str()
        .and_then(|reference| root.pointer(reference.strip_prefix('#')?))
        .unwrap_or(value)
}

impl Document {
    /// Reads the document.
    pub(crate) fn read(root: &Value) -> Self {
        let components = &root["components"];
        let group = |tag: &Value| Group {
            name: text(&tag["name"]),
            about: about(tag),
            operations: operations(root, &tag["name"]),
        };
        let key = |(name, scheme): (&String, &Value)| (name.clone(), about(scheme));
        let schema = |(name, schema): (&String, &Value)| (name.clone(), Shape::read(schema));
        Self {
            title: text(at(root, "/info/title")),
            version: text(at(root, "/info/version")),
            about: about(&root["info"]),
            keys: entries(&components["securitySchemes"]).map(key).collect(),
            groups: elements(&root["tags"]).iter().map(group).collect(),
            schemas: entries(&components["schemas"]).map(schema).collect(),
        }
    }
}

fn operations(root: &Value, tag: &Value) -> Vec<Operation> {
    let all = entries(&root["paths"])
        .flat_map(|(path, item)| entries(item).map(move |(method, op)| (path, method, op)));
    all.filter(|(_, _, op)| elements(&op["tags"]).contains(tag))
        .map(|(path, method, op)| operation(root, path, method, op))
        .collect()
}

fn operation(root: &Value, path: &str, method: &str, op: &Value) -> Operation {
    let parameter = |parameter: &Value| Parameter {
        name: text(&parameter["name"]),
        place: text(&parameter["in"]),
        required: parameter["required"] == true,
        about: about(parameter),
        shape: Shape::read(&parameter["schema"]),
    };
    let answer = |(status, response): (&String, &Value)| {
        let response = resolve(root, response);
        let header =
            |(name, header): (&String, &Value)| (name.clone(), about(resolve(root, header)));
        Answer {
            status: status.clone(),
            about: about(response),
            headers: entries(&response["headers"]).map(header).collect(),
            contents: contents(&response["content"]),
        }
    };
    Operation {
        id: text(&op["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&op["summary"]),
        about: about(op),
        parameters: elements(&op["parameters"]).iter().map(parameter).collect(),
        body: contents(at(op, "/requestBody/content")),
        body_required: at(op, "/requestBody/required") == true,
        answers: entries(&op["responses"]).map(answer).collect(),
    }
}

fn contents(of: &Value) -> Vec<Content> {
    let example = |(name, example): (&String, &Value)| {
        let value = &example["value"];
        let pretty = || serde_json::to_string_pretty(value).unwrap_or_default();
        let text = value.as_str().map_or_else(pretty, str::to_owned);
        (name.clone(), text)
    };
    let content = |(media_type, content): (&String, &Value)| Content {
        media_type: media_type.clone(),
        shape: Shape::read(&content["schema"]),
        examples: entries(&content["examples"]).map(example).collect(),
    };
    entries(of).map(content).collect()
}
