//! What is inside layers: streams them once through the push parsers and keeps the result by digest.
//!
//! Must not depend on `application`, and writes to no registry.
