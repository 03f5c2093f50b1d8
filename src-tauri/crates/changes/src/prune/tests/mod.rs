//! What plans delete and keep: each rule in tables, the closure and the steps in small repositories, and properties
//! over random ones.

mod choosing;
mod closing;
mod explaining;
mod grouping;
mod model;
mod properties;
mod random;
mod repository;
mod ruling;
mod size;
mod stepping;

use self::repository::{Repository, plan, tags_that_go};
