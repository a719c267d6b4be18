//! What all batches have in common.

use roster_scheduling::batch::{MAX_BATCH_BODY, MAX_ITEMS};
use serde_json::{Value, json};

use crate::{
    operation::Operation,
    schema::{Part, any_of, array, array_of, closed, must, named},
};

/// A kind of batch.
pub(super) struct Batch {
    /// The only field of an object that is a batch.
    pub(super) name: &'static str,
    /// Which items are processed in order.
    pub(super) together: &'static str,
    /// The schema of an entry.
    pub(super) entry: &'static str,
}

impl Batch {
    /// Describes an operation that takes such a batch.
    pub(super) fn of(
        &self,
        operation: Operation,
        item: Part,
        examples: Vec<(&'static str, Value)>,
        answer: Value,
    ) -> Operation {
        let items = array_of(item, MAX_ITEMS);
        let body = any_of([items.clone(), closed(vec![must(self.name, items)])]);
        let examples = examples.into_iter();
        let examples = examples.map(|(name, body)| (name, json!([body])));
        let about = format!(
            "At most {MAX_ITEMS}, and {MAX_BATCH_BODY} bytes. Each item succeeds or fails on its \
             own, and an invalid item does not affect the others. {}",
            self.together
        );
        operation
            .about(about)
            .body(body, examples.collect())
            .answers(
                207,
                "One entry for each item, in order.",
                array(named(self.entry)),
                answer,
            )
            .refuses([404])
    }
}
