//! Builds and runs the program in `no_std/`, which has neither std nor an allocator.
#![cfg(target_os = "linux")] // The program names a C library and its start-up code.

use std::path::Path;
use std::process::Command;

#[test]
fn trains_and_predicts_without_std_and_allocator() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("no_std/Cargo.toml");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no_std");
    let status = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--release", "--manifest-path"])
        .arg(&manifest)
        .arg("--target-dir")
        .arg(&target)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(0), "the number says which check of no_std/src/main.rs failed");
}
