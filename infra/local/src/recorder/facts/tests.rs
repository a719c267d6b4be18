use serde_json::json;

use super::*;

/// The lines of a call, as the function `f`.
fn lines(service: &str, target: &str, path: &str, body: &Value) -> Vec<Value> {
    let facts = facts(service, target, path, body.to_string().as_bytes()).expect("facts");
    let read = |fact: &Fact| serde_json::from_str(&fact.to_line("f")).expect("JSON");
    facts.iter().map(read).collect()
}

fn dynamodb(operation: &str, body: &Value) -> Vec<Value> {
    lines(
        "dynamodb",
        &format!("DynamoDB_20120810.{operation}"),
        "/",
        body,
    )
}

fn key(pk: &str) -> Value {
    json!({ "pk": { "S": pk }, "sk": { "S": "X" } })
}

#[test]
fn a_transaction_needs_the_right_to_each_of_its_writes() {
    let update = json!({
        "Key": key("ORG#1"),
        "UpdateExpression": "SET #a = :a",
        "ConditionExpression": "attribute_exists(#b)",
        "ExpressionAttributeNames": { "#a": "name", "#b": "pk" },
    });
    let body = json!({ "TransactItems": [
        { "Put": { "Item": key("ORG#1") } },
        { "Put": { "Item": key("MAIL#2") } },
        { "Update": update },
        { "Delete": { "Key": key("UNIQUE#3") } },
        { "ConditionCheck": { "Key": key("ORG#0"), "ConditionExpression": "x = :x" } },
    ] });
    let expected = [
        json!({ "function": "f", "action": "dynamodb:ConditionCheckItem", "keys": ["ORG#0"] }),
        json!({ "function": "f", "action": "dynamodb:DeleteItem", "keys": ["UNIQUE#"] }),
        json!({
            "function": "f",
            "action": "dynamodb:PutItem",
            "keys": ["MAIL#", "ORG#"],
            "attributes": ["pk", "sk"],
        }),
        json!({
            "function": "f",
            "action": "dynamodb:UpdateItem",
            "keys": ["ORG#"],
            "attributes": ["name", "pk", "sk"],
        }),
    ];
    assert_eq!(dynamodb("TransactWriteItems", &body), expected);
}

#[test]
fn a_read_needs_its_keys_and_its_index() {
    let read = |action: &str| json!({ "function": "f", "action": action, "keys": ["ORG#"] });
    let get = dynamodb("GetItem", &json!({ "Key": key("ORG#1") }));
    assert_eq!(get, [read("dynamodb:GetItem")]);
    let batch = json!({ "RequestItems": { "roster": { "Keys": [key("ORG#1"), key("ORG#2")] } } });
    let batch = dynamodb("BatchGetItem", &batch);
    assert_eq!(batch, [read("dynamodb:BatchGetItem")]);
    let query = json!({
        "IndexName": "gsi1",
        "ExpressionAttributeValues": { ":pk": { "S": "ORG#1" } },
    });
    let query = dynamodb("Query", &query);
    let mut expected = read("dynamodb:Query");
    expected["index"] = json!("gsi1");
    assert_eq!(query, [expected]);
}

#[test]
fn what_is_sealed_and_mailed_names_what_bounds_it() {
    let sealed = json!({ "EncryptionContext": { "user": "1" } });
    assert_eq!(
        lines("kms", "TrentService.Encrypt", "/", &sealed),
        [json!({ "function": "f", "action": "kms:Encrypt", "context": ["user"] })]
    );
    // Without a context it is recorded as well, and no policy allows it.
    assert_eq!(
        lines("kms", "TrentService.Decrypt", "/", &json!({})),
        [json!({ "function": "f", "action": "kms:Decrypt", "context": [] })]
    );
    assert_eq!(
        lines(
            "secretsmanager",
            "secretsmanager.PutSecretValue",
            "/",
            &json!({})
        ),
        [json!({ "function": "f", "action": "secretsmanager:PutSecretValue" })]
    );
    let mail = json!({ "FromEmailAddress": "roster@example.com" });
    assert_eq!(
        lines("ses", "", "/v2/email/outbound-emails", &mail),
        [json!({ "function": "f", "action": "ses:SendEmail", "from": "roster@example.com" })]
    );
}

#[test]
fn a_call_that_nobody_knows_is_an_error() {
    for (service, target, path, body) in [
        ("dynamodb", "DynamoDB_20120810.Scan", "/", "{}"),
        ("dynamodb", "DynamoDB_20120810.GetItem", "/", "{}"),
        ("dynamodb", "DynamoDB_20120810.GetItem", "/", "no JSON"),
        (
            "dynamodb",
            "DynamoDB_20120810.TransactWriteItems",
            "/",
            r#"{"TransactItems":[{"Touch":{}}]}"#,
        ),
        ("kms", "TrentService.CreateKey", "/", "{}"),
        ("ses", "", "/v2/email/identities", "{}"),
        ("ses", "", "/v2/email/outbound-emails", "{}"),
        ("sts", "", "/", "{}"),
    ] {
        let found = facts(service, target, path, body.as_bytes());
        assert!(found.is_err(), "{service} {target}: {found:?}");
    }
}
