//! The procedural macros of graven.
