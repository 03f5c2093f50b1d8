//! Copies as they are read and planned; whole plans are carried out against registries in memory and on the disk.

mod planning;
mod platforms;
mod properties;
mod reading;
mod worlds;
