//! How results look: JSON documents by the contract, tables for people, errors.

pub(crate) mod changes;
pub(crate) mod comparison;
pub(crate) mod documents;
pub(crate) mod errors;
pub(crate) mod files;
pub(crate) mod policies;
pub(crate) mod tables;
pub(crate) mod times;
pub(crate) mod version;
