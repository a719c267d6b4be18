//! A page of a list.

/// Some of a list, and where it goes on.
#[derive(Debug)]
pub struct Page<T, Id> {
    /// What is on the page.
    pub items: Vec<T>,
    /// Id of the last thing before the next page; none at the end of the list.
    pub next: Option<Id>,
}
