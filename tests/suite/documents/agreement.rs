//! What is said in more than one place, and not generated, is the same in each: the
//! routes in code, and the hand-written part of the template.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use aws_sdk_dynamodb::types::{KeyType, ScalarAttributeType};
use jiff::Timestamp;
use roster_domain::{DeliveryId, EventId, HookId, MailId, OrganizationId, TeamId, UserId};
use roster_local::setup;
use roster_runtime::{function::deployment::LONGEST, request::edge};
use roster_store::{dynamodb::schema, keys};
use serde_yaml_ng::Value;

use crate::harness::Api;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn template() -> Value {
    serde_yaml_ng::from_str(&read("infra/template.yaml")).expect("the template is YAML")
}

/// Resources of one type, by logical id.
fn resources<'a>(template: &'a Value, kind: &str) -> BTreeMap<&'a str, &'a Value> {
    let resources = template["Resources"].as_mapping().unwrap();
    let of_kind = resources
        .iter()
        .filter(|(_, resource)| resource["Type"] == kind);
    of_kind
        .map(|(id, resource)| (id.as_str().unwrap(), resource))
        .collect()
}

/// A value without its tag: `!Ref Table` as `Table`.
fn plain(value: &Value) -> &Value {
    match value {
        Value::Tagged(tagged) => &tagged.value,
        other => other,
    }
}

fn functions(template: &Value) -> BTreeMap<String, Value> {
    let functions = resources(template, "AWS::Serverless::Function");
    let binary = |function: &Value| {
        function["Metadata"]["BuildProperties"]["Binary"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    functions
        .into_values()
        .map(|function| (binary(function), function.clone()))
        .collect()
}

#[test]
fn new_mails_and_changed_events_are_brought_to_the_function_that_sends_mails() {
    let template = template();
    let functions = functions(&template);
    let mappings = resources(&template, "AWS::Lambda::EventSourceMapping");
    let properties = &mappings["MailOutbox"]["Properties"];
    let sources: Vec<_> = mappings.keys().copied().collect();
    let expected = [
        "MailOutbox",
        "MailRetriesSource",
        "WebhooksChanges",
        "WebhooksDeliveries",
    ];
    assert_eq!(sources, expected);
    assert_eq!(plain(&properties["FunctionName"]), "MailSendFunction");
    let filters = properties["FilterCriteria"]["Filters"].as_sequence();
    let patterns = filters.unwrap().iter().map(|filter| {
        let pattern = filter["Pattern"].as_str().unwrap();
        let pattern: serde_json::Value = serde_json::from_str(pattern).unwrap();
        let prefix = &pattern["dynamodb"]["Keys"]["sk"]["S"][0]["prefix"];
        let prefix = prefix.as_str().unwrap().to_owned();
        (prefix, pattern["eventName"].clone())
    });
    let organization: OrganizationId = setup::ORGANIZATION.parse().unwrap();
    let (mail, event, hook) = (
        MailId::generate(Timestamp::now()),
        EventId::generate(Timestamp::now()),
        HookId::generate(Timestamp::now()),
    );
    let prefix = |sk: &str, id: String| sk.strip_suffix(&id).unwrap().to_owned();
    let expected = [
        (
            prefix(&keys::mail(organization, mail).sk, mail.to_string()),
            serde_json::json!(["INSERT"]),
        ),
        (
            prefix(&keys::event(organization, event).sk, event.to_string()),
            serde_json::json!(["INSERT", "MODIFY"]),
        ),
        (
            prefix(&keys::hook(organization, hook).sk, hook.to_string()),
            serde_json::json!(["MODIFY"]),
        ),
    ];
    assert_eq!(patterns.collect::<Vec<_>>(), expected);
    // Without it, one mail that fails would hold up those of its batch.
    assert_eq!(
        properties["FunctionResponseTypes"][0],
        "ReportBatchItemFailures"
    );

    let may_send = |function: &&Value| {
        serde_yaml_ng::to_string(&function["Properties"]["Policies"])
            .unwrap()
            .contains("ses:")
    };
    assert_eq!(functions.values().filter(may_send).count(), 1);
}

#[test]
fn a_key_is_asked_for_unless_a_route_says_otherwise() {
    let template = template();
    let apis = resources(&template, "AWS::Serverless::HttpApi");
    assert_eq!(apis.len(), 1);
    let auth = &apis.values().next().unwrap()["Properties"]["Auth"];
    let name = auth["DefaultAuthorizer"].as_str().unwrap();
    let authorizer = &auth["Authorizers"][name];
    assert_eq!(
        authorizer["AuthorizerPayloadFormatVersion"]
            .as_str()
            .map(str::to_owned)
            .or_else(|| authorizer["AuthorizerPayloadFormatVersion"]
                .as_f64()
                .map(|v| format!("{v:.1}"))),
        Some("2.0".to_owned())
    );
    assert_eq!(authorizer["EnableSimpleResponses"], true);
    assert_eq!(authorizer["Identity"]["Headers"][0], "Authorization");
}

#[test]
fn one_function_alone_may_send_mail_and_three_open_what_is_sealed_for_them() {
    for (name, function) in functions(&template()) {
        let policies = serde_yaml_ng::to_string(&function["Properties"]["Policies"]).unwrap();
        assert_eq!(policies.contains("ses:"), name == "mail-send", "{name}");
        let opens = policies.contains("kms:Decrypt");
        let context = match name.as_str() {
            "mail-send" => Some("mail"),
            "webhooks-deliver" => Some("hook"),
            "calendars-refresh" => Some("user"),
            _ => None,
        };
        assert_eq!(opens, context.is_some(), "{name}");
        if let Some(context) = context {
            let contexts = format!("kms:EncryptionContextKeys:\n        - {context}\n");
            assert!(policies.contains(&contexts), "{name}: {policies}");
        }
    }
}

#[test]
fn changed_resources_and_new_deliveries_are_brought_to_the_function_that_numbers_changes() {
    let template = template();
    let mappings = resources(&template, "AWS::Lambda::EventSourceMapping");
    let properties = &mappings["WebhooksChanges"]["Properties"];
    assert_eq!(plain(&properties["FunctionName"]), "WebhooksFollowFunction");
    // Changes are numbered in their order, and none is passed over.
    assert_eq!(properties["ParallelizationFactor"], 1);
    assert_eq!(properties["MaximumRetryAttempts"], -1);
    let filters = properties["FilterCriteria"]["Filters"].as_sequence();
    let patterns: Vec<serde_json::Value> = filters
        .unwrap()
        .iter()
        .map(|filter| serde_json::from_str(filter["Pattern"].as_str().unwrap()).unwrap())
        .collect();
    let now = Timestamp::now();
    let organization: OrganizationId = setup::ORGANIZATION.parse().unwrap();
    let (hook, delivery) = (HookId::generate(now), DeliveryId::generate(now));
    let (user, team) = (UserId::generate(now), TeamId::generate(now));
    let wanted = [
        (keys::user(organization, user), "MODIFY"),
        (keys::user(organization, user), "REMOVE"),
        (keys::team(organization, team), "REMOVE"),
        (keys::person(organization, team, user), "INSERT"),
        (keys::event(organization, EventId::generate(now)), "INSERT"),
        (keys::hook(organization, hook), "MODIFY"),
        (keys::delivery(organization, hook, delivery), "INSERT"),
    ];
    let unwanted = [
        (keys::delivery(organization, hook, delivery), "MODIFY"),
        (keys::body(organization, delivery), "INSERT"),
        (keys::hook_count(organization), "MODIFY"),
        (keys::last_change(organization), "MODIFY"),
        (keys::organization(organization), "MODIFY"),
        (keys::mail(organization, MailId::generate(now)), "INSERT"),
    ];
    let passes = |key: &keys::Key, name: &str| {
        patterns.iter().any(|pattern| {
            let names = pattern["eventName"].as_array();
            let is_named = names.is_none_or(|names| names.iter().any(|one| one == name));
            let begins = |attribute: &str, text: &str| {
                let prefixes = pattern["dynamodb"]["Keys"][attribute]["S"].as_array();
                prefixes.is_none_or(|prefixes| {
                    let mut prefixes = prefixes.iter();
                    prefixes.any(|one| text.starts_with(one["prefix"].as_str().unwrap()))
                })
            };
            is_named && begins("pk", &key.pk) && begins("sk", &key.sk)
        })
    };
    for (key, name) in wanted {
        assert!(passes(&key, name), "{name} {key:?}");
    }
    for (key, name) in unwanted {
        assert!(!passes(&key, name), "{name} {key:?}");
    }
}

#[test]
fn each_function_has_a_role_of_its_own_and_no_wildcard_action() {
    for (name, function) in functions(&template()) {
        let properties = &function["Properties"];
        assert!(properties.get("Role").is_none(), "{name} shares no role");
        let policies = properties["Policies"].as_sequence().expect(&name);
        let statements = policies
            .iter()
            .flat_map(|policy| match &policy["Statement"] {
                Value::Sequence(statements) => statements.clone(),
                other => vec![other.clone()],
            });
        for statement in statements {
            let actions = match &statement["Action"] {
                Value::Sequence(actions) => actions.clone(),
                other => vec![other.clone()],
            };
            for action in actions {
                let action = action.as_str().unwrap();
                assert!(!action.contains('*'), "{name} may {action}");
                assert_ne!(action, "dynamodb:Scan", "nothing scans");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_template_defines_the_table_that_the_store_creates() {
    let api = Api::start().await;
    let client = api.dynamodb();
    let name = format!("{}-definition", api.table);
    schema::create(&client, &name).await.unwrap();
    let made = client
        .describe_table()
        .table_name(&name)
        .send()
        .await
        .unwrap();
    let made = made.table().unwrap();
    let template = template();
    let tables = resources(&template, "AWS::DynamoDB::Table");
    assert_eq!(tables.len(), 1);
    let table = *tables.values().next().unwrap();
    let properties = &table["Properties"];

    let schema_of = |elements: &Value| -> Vec<(String, String)> {
        let element = |e: &Value| {
            (
                e["AttributeName"].as_str().unwrap().to_owned(),
                e["KeyType"].as_str().unwrap().to_owned(),
            )
        };
        elements
            .as_sequence()
            .unwrap()
            .iter()
            .map(element)
            .collect()
    };
    let made_schema =
        |elements: &[aws_sdk_dynamodb::types::KeySchemaElement]| -> Vec<(String, String)> {
            let kind = |kind: &KeyType| kind.as_str().to_owned();
            elements
                .iter()
                .map(|e| (e.attribute_name().to_owned(), kind(e.key_type())))
                .collect()
        };
    assert_eq!(
        schema_of(&properties["KeySchema"]),
        made_schema(made.key_schema())
    );

    let attributes: BTreeMap<_, _> = properties["AttributeDefinitions"]
        .as_sequence()
        .unwrap()
        .iter()
        .map(|a| {
            (
                a["AttributeName"].as_str().unwrap(),
                a["AttributeType"].as_str().unwrap(),
            )
        })
        .collect();
    let made_attributes = made.attribute_definitions().iter().map(|a| {
        let kind: &ScalarAttributeType = a.attribute_type();
        (a.attribute_name(), kind.as_str())
    });
    assert_eq!(attributes, made_attributes.collect());

    let indexes = properties["GlobalSecondaryIndexes"].as_sequence().unwrap();
    assert_eq!(indexes.len(), made.global_secondary_indexes().len());
    for (index, made) in indexes.iter().zip(made.global_secondary_indexes()) {
        assert_eq!(index["IndexName"].as_str(), made.index_name());
        assert_eq!(
            schema_of(&index["KeySchema"]),
            made_schema(made.key_schema())
        );
        let projection = made.projection().and_then(|p| p.projection_type()).unwrap();
        assert_eq!(index["Projection"]["ProjectionType"], projection.as_str());
    }
    let images = made
        .stream_specification()
        .and_then(|s| s.stream_view_type())
        .unwrap();
    assert_eq!(
        properties["StreamSpecification"]["StreamViewType"],
        images.as_str()
    );
    assert_eq!(
        properties["TimeToLiveSpecification"]["AttributeName"],
        schema::TIME_TO_LIVE
    );
    assert_eq!(properties["TimeToLiveSpecification"]["Enabled"], true);
    assert_eq!(properties["BillingMode"], "PAY_PER_REQUEST");
    assert_eq!(properties["DeletionProtectionEnabled"], true);
    let recovery = &properties["PointInTimeRecoverySpecification"];
    assert_eq!(recovery["PointInTimeRecoveryEnabled"], true);
    assert_eq!(table["DeletionPolicy"], "Retain");
    assert_eq!(table["UpdateReplacePolicy"], "Retain");
}

#[test]
fn every_log_group_has_a_retention_and_every_package_one_of_its_own() {
    let template = template();
    let groups = resources(&template, "AWS::Logs::LogGroup");
    for (id, group) in &groups {
        assert!(group["Properties"].get("RetentionInDays").is_some(), "{id}");
    }
    let mut used = BTreeMap::new();
    for (name, function) in functions(&template) {
        let group = plain(&function["Properties"]["LoggingConfig"]["LogGroup"]);
        let group = group.as_str().expect(&name).to_owned();
        assert!(
            groups.contains_key(group.as_str()),
            "{name} logs to {group}"
        );
        let (package, _) = name.split_once('-').unwrap();
        let known = used.entry(package.to_owned()).or_insert(group.clone());
        assert_eq!(*known, group, "{name}");
    }
    let distinct: BTreeSet<_> = used.values().collect();
    assert_eq!(distinct.len(), used.len(), "{used:?}");
}

#[test]
fn cloudfront_sends_the_secret_and_the_viewers_address_as_functions_read_them() {
    let text = read("infra/edge.yaml");
    let template: Value = serde_yaml_ng::from_str(&text).unwrap();
    let config = &template["Resources"]["Distribution"]["Properties"]["DistributionConfig"];
    let headers = &config["Origins"][0]["OriginCustomHeaders"];
    assert_eq!(headers[0]["HeaderName"], edge::SECRET);
    assert_eq!(plain(&headers[0]["HeaderValue"]), "EdgeSecret");
    let code = &template["Resources"]["Viewer"]["Properties"]["FunctionCode"];
    let sets = format!(
        "request.headers['{}'] = {{ value: event.viewer.ip }};",
        edge::VIEWER
    );
    assert!(code.as_str().unwrap().contains(&sets), "{code:?}");
    // It answers for longer than a function may take.
    let longest = &config["Origins"][0]["CustomOriginConfig"]["OriginReadTimeout"];
    assert!(longest.as_u64() >= Some(LONGEST.duration().as_secs()));
}
