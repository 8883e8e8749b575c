//! Neural networks graven into the binary.
#![no_std]
