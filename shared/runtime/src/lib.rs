//! What every function shares: configuration, routes, reading requests,
//! writing answers and problems, logging, and the Lambda loop.

pub mod answer;
pub mod function;
pub mod json;
pub mod request;
#[cfg(feature = "schema")]
pub mod schema;
pub mod wire;

pub use answer::repeats::Repeats;
pub use answer::reply::Reply;
pub use function::app::App;
pub use function::clock::Clock;
pub use function::route::{Access, Route};
pub use request::call::Call;
