//! Reading the table's stream, shard by shard, through the API that AWS has
//! for it.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodbstreams::{
    Client,
    types::{AttributeValue, Record, ShardIteratorType},
};
use roster_store::{
    Table,
    keys::{Key, PK, SK},
};
use serde_json::Value;

/// How many looks at the shards there are between two at their list.
const LOOKS: u32 = 50;

/// A change to an item.
#[derive(Debug, Clone)]
pub struct Change {
    /// `INSERT`, `MODIFY` or `REMOVE`.
    pub event_name: String,
    /// The item's key.
    pub key: Key,
    /// The item as it was, in DynamoDB's own JSON; none where it is new.
    pub old_image: Option<Value>,
    /// The item as it is; none where it is gone.
    pub new_image: Option<Value>,
    /// The change's place in its shard.
    pub sequence_number: String,
}

/// A reader of the table's stream, from its oldest record on.
#[derive(Debug)]
pub struct StreamReader {
    streams: Client,
    table: Table,
    /// ARN of the stream, once it is known.
    stream: Option<String>,
    looks: u32,
    /// Where to go on in each shard that is open.
    iterators: HashMap<String, Position>,
    /// Shards that were read to their end.
    ended: HashSet<String>,
}

/// Where to go on in a shard.
#[derive(Debug, Clone, Default)]
struct Position {
    iterator: Option<String>,
    /// Sequence number of the last record that was read.
    last: Option<String>,
}

impl StreamReader {
    /// A reader of a table's stream.
    #[must_use]
    pub fn new(streams: Client, table: Table) -> Self {
        Self {
            streams,
            table,
            stream: None,
            looks: 0,
            iterators: HashMap::new(),
            ended: HashSet::new(),
        }
    }

    /// The records that come next; none at the end of the
    /// stream, for now.
    ///
    /// # Errors
    /// When the engine cannot be reached or refuses; the text is for the log.
    /// The next call goes on where this one failed.
    pub async fn next(&mut self) -> Result<Option<Vec<Change>>, String> {
        if self.looks.is_multiple_of(LOOKS) {
            self.find_shards().await?;
        }
        self.looks = self.looks.wrapping_add(1);
        let shards: Vec<_> = self.iterators.keys().cloned().collect();
        let (mut changes, mut read) = (Vec::new(), false);
        for shard in shards {
            let records = self.read(&shard).await?;
            read |= !records.is_empty();
            changes.extend(records.iter().filter_map(change));
        }
        Ok(read.then_some(changes))
    }

    async fn find_shards(&mut self) -> Result<(), String> {
        let stream = self.stream().await?;
        let mut after = None;
        loop {
            let page = self
                .streams
                .describe_stream()
                .stream_arn(&stream)
                .set_exclusive_start_shard_id(after)
                .send()
                .await
                .map_err(shown)?;
            let Some(page) = page.stream_description else {
                return Ok(());
            };
            let found = page.shards.unwrap_or_default().into_iter();
            for shard in found.filter_map(|shard| shard.shard_id) {
                if !self.ended.contains(&shard) {
                    self.iterators.entry(shard).or_default();
                }
            }
            after = page.last_evaluated_shard_id;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    async fn stream(&mut self) -> Result<String, String> {
        if let Some(stream) = &self.stream {
            return Ok(stream.clone());
        }
        let described = self
            .table
            .client()
            .describe_table()
            .table_name(self.table.name())
            .send()
            .await
            .map_err(shown)?;
        let stream = described
            .table
            .and_then(|table| table.latest_stream_arn)
            .ok_or("the table has no stream")?;
        self.stream = Some(stream.clone());
        Ok(stream)
    }

    async fn read(&mut self, shard: &str) -> Result<Vec<Record>, String> {
        let position = self.iterators.get(shard).cloned().unwrap_or_default();
        let iterator = match position.iterator {
            Some(iterator) => iterator,
            None => self.iterator(shard, position.last.as_deref()).await?,
        };
        let got = self
            .streams
            .get_records()
            .shard_iterator(iterator)
            .send()
            .await;
        let got = match got {
            Ok(got) => got,
            Err(error) => {
                // Iterators run out: the next one begins where this one was.
                if let Some(position) = self.iterators.get_mut(shard) {
                    position.iterator = None;
                }
                return Err(shown(error));
            }
        };
        let records = got.records.unwrap_or_default();
        let last = records.last().and_then(sequence_number).or(position.last);
        if got.next_shard_iterator.is_some() {
            let iterator = got.next_shard_iterator;
            self.iterators
                .insert(shard.to_owned(), Position { iterator, last });
        } else {
            self.iterators.remove(shard);
            self.ended.insert(shard.to_owned());
        }
        Ok(records)
    }

    async fn iterator(&mut self, shard: &str, last: Option<&str>) -> Result<String, String> {
        let kind = match last {
            Some(_) => ShardIteratorType::AfterSequenceNumber,
            None => ShardIteratorType::TrimHorizon,
        };
        let got = self
            .streams
            .get_shard_iterator()
            .stream_arn(self.stream().await?)
            .shard_id(shard)
            .shard_iterator_type(kind)
            .set_sequence_number(last.map(str::to_owned))
            .send()
            .await
            .map_err(shown)?;
        got.shard_iterator
            .ok_or_else(|| "the stream gave no iterator".to_owned())
    }
}

fn sequence_number(record: &Record) -> Option<String> {
    record.dynamodb.as_ref()?.sequence_number.clone()
}

/// A record, as event sources filter it.
fn change(record: &Record) -> Option<Change> {
    let event_name = record.event_name.as_ref()?;
    let changed = record.dynamodb.as_ref()?;
    let keys = changed.keys.as_ref()?;
    let text = |name| match keys.get(name) {
        Some(AttributeValue::S(text)) => Some(text.clone()),
        _ => None,
    };
    let (pk, sk) = (text(PK)?, text(SK)?);
    let key = Key { pk, sk };
    Some(Change {
        event_name: event_name.as_str().to_owned(),
        key,
        old_image: changed.old_image.as_ref().and_then(image),
        new_image: changed.new_image.as_ref().and_then(image),
        sequence_number: sequence_number(record)?,
    })
}

fn image(item: &HashMap<String, AttributeValue>) -> Option<Value> {
    serde_json::to_value(serde_dynamo::Item::from(item.clone())).ok()
}

fn shown<E: std::error::Error>(error: E) -> String {
    DisplayErrorContext(error).to_string()
}
