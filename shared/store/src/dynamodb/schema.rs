//! The table's definition. infra/template.yaml says the same; a test compares.
//! What form its items have, and how that may change, is said in
//! [`crate::dynamodb::schema_version`].

use aws_sdk_dynamodb::{
    Client,
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType,
        Projection, ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType,
        TimeToLiveSpecification,
    },
};
use roster_domain::{Error, Result};

use crate::{
    dynamodb::failure::to_error,
    keys::{INDEX, INDEX_PK, INDEX_SK, PK, SK},
};

/// Attribute that says when an item is gone: seconds since 1970.
pub const TIME_TO_LIVE: &str = "expires_at";

fn attribute(name: &str) -> Result<AttributeDefinition> {
    AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(ScalarAttributeType::S)
        .build()
        .map_err(Error::internal)
}

fn key(name: &str, key_type: KeyType) -> Result<KeySchemaElement> {
    KeySchemaElement::builder()
        .attribute_name(name)
        .key_type(key_type)
        .build()
        .map_err(Error::internal)
}

/// Creates the table where it does not exist yet: for the local engine and for
/// tests. On AWS the template creates it.
pub async fn create(client: &Client, name: &str) -> Result<()> {
    let index = GlobalSecondaryIndex::builder()
        .index_name(INDEX)
        .key_schema(key(INDEX_PK, KeyType::Hash)?)
        .key_schema(key(INDEX_SK, KeyType::Range)?)
        .projection(
            Projection::builder()
                .projection_type(ProjectionType::All)
                .build(),
        )
        .build()
        .map_err(Error::internal)?;
    let images = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::NewAndOldImages)
        .build()
        .map_err(Error::internal)?;
    let created = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute(PK)?)
        .attribute_definitions(attribute(SK)?)
        .attribute_definitions(attribute(INDEX_PK)?)
        .attribute_definitions(attribute(INDEX_SK)?)
        .key_schema(key(PK, KeyType::Hash)?)
        .key_schema(key(SK, KeyType::Range)?)
        .global_secondary_indexes(index)
        .stream_specification(images.clone())
        .send()
        .await;
    match created {
        Ok(_) => {}
        Err(error)
            if error
                .as_service_error()
                .is_some_and(|e| e.is_resource_in_use_exception()) =>
        {
            return ensure_stream(client, name, images).await;
        }
        Err(error) => return Err(to_error(error)),
    }
    let time_to_live = TimeToLiveSpecification::builder()
        .enabled(true)
        .attribute_name(TIME_TO_LIVE)
        .build()
        .map_err(Error::internal)?;
    client
        .update_time_to_live()
        .table_name(name)
        .time_to_live_specification(time_to_live)
        .send()
        .await
        .map_err(to_error)?;
    Ok(())
}

/// Turns the stream on where a table was created without one, as local tables
/// once were.
async fn ensure_stream(client: &Client, name: &str, images: StreamSpecification) -> Result<()> {
    let described = client
        .describe_table()
        .table_name(name)
        .send()
        .await
        .map_err(to_error)?;
    let stream = described.table.and_then(|table| table.stream_specification);
    if stream.is_some_and(|stream| stream.stream_enabled) {
        return Ok(());
    }
    client
        .update_table()
        .table_name(name)
        .stream_specification(images)
        .send()
        .await
        .map_err(to_error)?;
    Ok(())
}
