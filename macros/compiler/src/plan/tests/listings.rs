//! Random listings: all merges, shared layers, blocks; and what a user would write for them.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::layers::Merge;

/// The widths of the two inputs.
pub(super) const INPUTS: [usize; 2] = [3, 2];

/// One item of a random listing; what it reads are places among inputs and items before it.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) layer: Layer,
    pub(super) reads: Vec<usize>,
    pub(super) width: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Layer {
    /// With its name, by which its weights are found, and whether tanh follows.
    Dense(String, bool),
    Merge(Merge),
    Concat,
    Residual(String),
}

/// Any listing of up to `depth` items whose values are all used: those that nobody reads are put side by side at the end.
pub(super) fn items(depth: usize) -> impl Strategy<Value = Vec<Item>> {
    let choice = (0u8..12, 1usize..5, proptest::collection::vec(0usize..1000, 4));
    proptest::collection::vec(choice, 1..depth).prop_map(|choices| {
        let mut widths = INPUTS.to_vec();
        let mut items: Vec<Item> = Vec::new();
        for (kind, units, picks) in choices {
            let item = item(kind, units, &picks, &widths, items.len());
            widths.push(item.width);
            items.push(item);
        }
        let read: Vec<usize> = items.iter().flat_map(|item| item.reads.clone()).collect();
        let unread: Vec<usize> = (0..widths.len()).filter(|value| !read.contains(value)).collect();
        if unread.len() > 1 {
            let width = unread.iter().map(|value| widths[*value]).sum();
            items.push(Item { layer: Layer::Concat, reads: unread, width });
        }
        items
    })
}

fn item(kind: u8, units: usize, picks: &[usize], widths: &[usize], number: usize) -> Item {
    let first = picks[0] % widths.len();
    let width = widths[first];
    let alike: Vec<usize> = (0..widths.len()).filter(|value| widths[*value] == width).collect();
    let others = |count: usize| -> Vec<usize> {
        let others = picks[1..=count].iter().map(|pick| alike[pick % alike.len()]);
        std::iter::once(first).chain(others).collect()
    };
    let merge = |merge, count| Item { layer: Layer::Merge(merge), reads: others(count), width };
    match kind {
        0 | 1 => {
            Item { layer: Layer::Dense(format!("v{number}"), kind == 0), reads: vec![first], width: units }
        }
        // Declared once for each width, and shared.
        2 | 3 => Item { layer: Layer::Dense(format!("shared{width}"), true), reads: vec![first], width },
        4 => merge(Merge::Add, 1 + units % 3),
        5 => merge(Merge::Subtract, 1),
        6 => merge(Merge::Multiply, 1 + units % 2),
        7 => merge(Merge::Average, 1 + units % 3),
        8 => merge(Merge::Maximum, 1 + units % 2),
        9 => merge(Merge::Minimum, 1 + units % 2),
        10 if width < 40 => {
            let reads = vec![first, picks[1] % widths.len()];
            let width = reads.iter().map(|value| widths[*value]).sum();
            Item { layer: Layer::Concat, reads, width }
        }
        _ => Item { layer: Layer::Residual(format!("v{number}")), reads: vec![first], width },
    }
}

/// The listing as a user would write it.
pub(super) fn listing(items: &[Item]) -> String {
    let name = |value: usize| match value {
        0 => "x".to_owned(),
        1 => "y".to_owned(),
        _ => format!("v{}", value - 2),
    };
    let mut lines: BTreeMap<String, String> = BTreeMap::new();
    let mut text = String::new();
    for (number, item) in items.iter().enumerate() {
        let reads = item.reads.iter().map(|value| name(*value)).collect::<Vec<_>>().join(", ");
        let width = item.width;
        let line = match &item.layer {
            Layer::Dense(shared, _) if shared.starts_with("shared") => {
                lines.insert(shared.clone(), format!("{shared}: Dense({width}, tanh),\n"));
                format!("{shared}({reads})")
            }
            Layer::Dense(_, tanh) => format!("Dense({width}{})({reads})", if *tanh { ", tanh" } else { "" }),
            Layer::Merge(merge) => format!("{merge:?}({reads})"),
            Layer::Concat => format!("Concat({reads})"),
            Layer::Residual(name) => format!("Residual< {name}inner = Dense({width}, tanh) >({reads})"),
        };
        text += &format!("v{number} = {line},\n");
    }
    let declared: String = lines.into_values().collect();
    format!("#[scalar(f64)] pub Net(x: {}, y: {}) <\n{declared}{text}>", INPUTS[0], INPUTS[1])
}
