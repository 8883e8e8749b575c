//! What the compiler says about wrong listings and wrong programs: `ui/<theme>/<mistake>.rs` and the text beside it.
//!
//! The texts are those of the toolchain in `rust-toolchain.toml`; `TRYBUILD=overwrite` writes them anew.

#[test]
fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("ui/*/*.rs");
}

/// The chapter shows what the compiler really says.
#[test]
fn the_documentation_quotes_the_tests() {
    let chapter = include_str!("../../docs/errors.md");
    let entries: Vec<&str> = chapter.split("```text\n").skip(1).collect();
    assert_eq!(entries.len(), 20);
    for entry in entries {
        let (shown, rest) = entry.split_once("\n```\n[").unwrap();
        let name = rest.split_once(".rs]").unwrap().0;
        let said = std::fs::read_to_string(format!("ui/{name}.stderr")).unwrap();
        match shown.strip_suffix('…') {
            Some(beginning) => assert!(said.starts_with(beginning), "{name}: {said}"),
            None => assert_eq!(said.trim_end(), shown, "{name}"),
        }
    }
}
