//! What the compiler says about wrong listings and wrong programs: `ui/<theme>/<mistake>.rs` and the text beside it.
//!
//! The texts are those of the toolchain in `rust-toolchain.toml`; `TRYBUILD=overwrite` writes them anew.

#[test]
fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("ui/*/*.rs");
}
