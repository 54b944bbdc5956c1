//! The only code that knows how actors start, fail and come back.

pub mod address;
mod backoff;
pub mod reconciler;
pub mod supervisor;
pub mod tasks;
pub mod tree;

pub use address::{Address, CallError, respond};
pub use backoff::Backoff;
pub use reconciler::{Reconciler, Run};
pub use supervisor::{Budget, ChildSpec, Supervisor};
pub use tasks::{RunError, Task, Tasks};
pub use tree::{ActorObserver, ActorStatus, ActorTree, NoObserver};
